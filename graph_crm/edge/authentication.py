"""Who is asking: an API key in the Authorization header, or nobody."""

from __future__ import annotations

import datetime as dt
import hmac
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from graph_crm.errors import Invalid, Unauthenticated
from graph_crm.team.keys import KEY, KeyRecord, digest_of

KEPT_SECONDS = 5.0
MOST_KEPT = 1_000
# Compared when the prefix is unknown, so that an unknown key takes as long as a wrong one.
NO_DIGEST = digest_of("")


class Authentication:
    """Finds the key of a request. `find_key` gives None for a key that is unknown, revoked or of a closed account.

    What was found is kept for five seconds, so a revoked key stops working within five.
    """

    def __init__(
        self,
        find_key: Callable[[str], Awaitable[KeyRecord | None]],
        *,
        development_user: str | None = None,
        seconds: Callable[[], float] = time.monotonic,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.find_key = find_key
        self.development_user = development_user
        self.seconds = seconds
        self.now = now
        self._kept: OrderedDict[str, tuple[float, KeyRecord | None]] = OrderedDict()

    async def key_of(self, request: Request) -> KeyRecord:
        """The key that the request carries. Without one nobody is asking, unless development allows it."""
        header = request.headers.get("authorization")
        if header is None:
            if self.development_user is not None:
                return KeyRecord(prefix="", digest="", user_id=self.development_user)
            raise Unauthenticated("Who is asking? Send your key: Authorization: Bearer gcrm_…")
        scheme, _, text = header.strip().partition(" ")
        key = KEY.fullmatch(text.strip())
        if scheme.lower() != "bearer" or key is None:
            raise Unauthenticated("This is not a key of this service. Send it as Authorization: Bearer gcrm_…")
        prefix, secret = key.groups()
        record = await self._record(prefix)
        known = hmac.compare_digest(digest_of(secret), record.digest if record is not None else NO_DIGEST)
        if record is None or not known:
            raise Unauthenticated("This key is not known, or no longer. Ask an administrator for a new one.")
        if record.expires_at is not None and record.expires_at <= self.now():
            raise Unauthenticated("This key has expired. Ask an administrator for a new one.")
        return record

    async def _record(self, prefix: str) -> KeyRecord | None:
        moment = self.seconds()
        kept = self._kept.get(prefix)
        if kept is not None and moment - kept[0] < KEPT_SECONDS:
            return kept[1]
        record = await self.find_key(prefix)
        # The age counts from before the question: what changed while it was answered is seen in time.
        self._kept[prefix] = (moment, record)
        self._kept.move_to_end(prefix)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return record


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address that is listened on."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_loopback(host: str) -> None:
    """Refuses to answer without a key where others than this machine can ask."""
    if not is_loopback(host):
        raise Invalid(
            "Without keys the service answers on this machine only. "
            "Listen on 127.0.0.1 (GRAPH_CRM_LISTEN), or start it with keys.",
        )
