"""The internet domain of a company, read from its website or from the e-mail addresses of its people."""

from __future__ import annotations

import re
from typing import Final

PROVIDERS: Final = """
    gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr hotmail.co.uk live.com live.fr live.co.uk
    msn.com yahoo.com yahoo.fr yahoo.co.uk yahoo.de yahoo.es yahoo.it ymail.com rocketmail.com icloud.com me.com
    mac.com aol.com aol.fr orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr
    club-internet.fr aliceadsl.fr gmx.com gmx.de gmx.fr gmx.net web.de t-online.de freenet.de mail.com mail.ru
    yandex.ru yandex.com proton.me protonmail.com pm.me tutanota.com zoho.com fastmail.com hey.com libero.it
    virgilio.it tiscali.it telefonica.net terra.es btinternet.com sky.com virginmedia.com talktalk.net ntlworld.com
    comcast.net verizon.net att.net sbcglobal.net cox.net charter.net bellsouth.net shaw.ca rogers.com bluewin.ch
    skynet.be telenet.be proximus.be ziggo.nl kpnmail.nl qq.com 163.com 126.com naver.com
"""

FREE_MAIL: Final = frozenset(PROVIDERS.split())
"""Providers of mailboxes: their domain says nothing of where somebody works."""

SHARED_SECOND_LABELS: Final = frozenset(
    {"ac", "asso", "co", "com", "edu", "gob", "gouv", "gov", "ltd", "me", "net", "nom", "or", "org", "plc", "sch"}
)
"""Under a country's ending, these are no company: example.co.uk has three labels."""

HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
LONGEST_HOST: Final = 253


def host_of(text: str) -> str | None:
    """The host in a web address, an e-mail address or a bare domain, in ASCII; None when there is none."""
    rest = text.strip().lower()
    scheme, mark, after = rest.partition("://")
    if mark:
        if scheme not in {"http", "https"}:
            return None
        rest = after
    rest = re.split(r"[/?#\s]", rest, maxsplit=1)[0].rpartition("@")[2]
    host, colon, port = rest.partition(":")
    if colon and not port.isdigit():
        return None
    try:
        host = host.strip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return host if len(host) <= LONGEST_HOST and HOST.fullmatch(host) else None


def domain_of(text: str) -> str | None:
    """The domain somebody registered: "https://www.shop.example.co.uk/fr" is "example.co.uk"."""
    host = host_of(text)
    if host is None:
        return None
    labels = host.split(".")
    kept = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SHARED_SECOND_LABELS else 2
    return ".".join(labels[-kept:])


def company_domain(text: str) -> str | None:
    """The domain of a company; None for a provider of mailboxes, whose domain names nobody's employer."""
    domain = domain_of(text)
    return None if domain in FREE_MAIL else domain
