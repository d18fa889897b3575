"""Mailboxes that several people read: whoever writes there has met nobody in particular."""

from __future__ import annotations

import re

WORDS = """
abuse accounting accounts accueil achat achats admin administration appro billing bonjour bureau
commandes commercial communication compta comptabilite contact contacts customerservice devis
direction donotreply enquiries events export facturation finance formation hello help helpdesk hr
info information infos inquiries it jobs juridique legal logistique mail mailerdaemon marketing
newsletter noreply office orders post postmaster press presse procurement purchasing qualite
reception recrutement rh sales sav secretariat security service serviceclient servicecommercial
services shop standard support team tech technique ventes web webmaster welcome
"""

SHARED = frozenset(WORDS.split())


def is_shared(address: str) -> bool:
    """Whether an e-mail address is a function's, such as info@ or sales@, and no person's."""
    local, _, _ = address.strip().lower().partition("@")
    return re.sub(r"[-_.]", "", local.partition("+")[0]) in SHARED
