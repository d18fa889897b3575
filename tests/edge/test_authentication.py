from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from starlette.requests import Request

from graph_crm.edge.authentication import Authentication, is_loopback, require_loopback
from graph_crm.errors import Invalid, Unauthenticated, Unavailable
from graph_crm.team.keys import KEY, KeyRecord, digest_of, new_key

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ANNA = new_key()


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Keys:
    """The keys of a service, and how often it was asked for them."""

    def __init__(self, *records: KeyRecord) -> None:
        self.records = {record.prefix: record for record in records}
        self.asked: list[str] = []

    async def find(self, prefix: str) -> KeyRecord | None:
        self.asked.append(prefix)
        return self.records.get(prefix)


def record(**changed: object) -> KeyRecord:
    return KeyRecord(**{"prefix": ANNA.prefix, "digest": ANNA.digest, "user_id": "anna", **changed})


def request(authorization: str | None) -> Request:
    headers = [] if authorization is None else [(b"authorization", authorization.encode("latin-1"))]
    return Request({"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers})


def authentication(keys: Keys, clock: Clock | None = None, **options: str | None) -> Authentication:
    return Authentication(keys.find, seconds=clock or Clock(), now=lambda: NOW, **options)


def test_a_new_key_has_256_secret_bits_of_which_only_the_digest_is_kept() -> None:
    key = new_key()
    match = KEY.fullmatch(key.text)
    assert match is not None
    prefix, secret = match.groups()
    assert (key.prefix, len(bytes.fromhex(secret))) == (prefix, 32)
    assert key.digest == hashlib.sha256(secret.encode()).hexdigest() == digest_of(secret)
    assert new_key().text != key.text


async def test_the_right_key_is_its_users() -> None:
    keys = Keys(record(scopes=frozenset({"records:read"})))
    found = await authentication(keys).key_of(request(f"Bearer {ANNA.text}"))
    assert (found.user_id, found.scopes) == ("anna", {"records:read"})
    assert (await authentication(keys).key_of(request(f"bearer   {ANNA.text} "))).user_id == "anna"


OTHER_HEADERS = (
    None,
    "",
    "Bearer",
    "Bearer ",
    f"Basic {ANNA.text}",
    ANNA.text,
    f"Bearer {ANNA.text}0",
    f"Bearer {ANNA.text[:-1]}",
    f"Bearer {ANNA.text.upper()}",
    f"Bearer {ANNA.text} {ANNA.text}",
    f"Bearer gcrm_{ANNA.prefix}_" + "0" * 64,
    "Bearer gcrm_unknown000_" + "0" * 64,
    "Bearer gcrm_%s_%s" % ("é" * 10, "0" * 64),  # noqa: UP031
    "Bearer " + "x" * 60_000,
)


# By number: the keys differ between the processes of one run, and the names of tests may not.
@pytest.mark.parametrize("number", range(len(OTHER_HEADERS)))
async def test_anything_else_is_nobody(number: int) -> None:
    with pytest.raises(Unauthenticated):
        await authentication(Keys(record())).key_of(request(OTHER_HEADERS[number]))


async def test_what_is_not_a_key_never_reaches_the_database() -> None:
    keys = Keys(record())
    for header in (None, "Bearer nonsense", f"Basic {ANNA.text}"):
        with pytest.raises(Unauthenticated):
            await authentication(keys).key_of(request(header))
    assert keys.asked == []


async def test_a_key_ends_at_its_expiry() -> None:
    asking = request(f"Bearer {ANNA.text}")
    later = authentication(Keys(record(expires_at=NOW + dt.timedelta(seconds=1))))
    assert (await later.key_of(asking)).user_id == "anna"
    with pytest.raises(Unauthenticated, match="expired"):
        await authentication(Keys(record(expires_at=NOW))).key_of(asking)


async def test_a_revoked_key_stops_working_within_five_seconds() -> None:
    keys, clock = Keys(record()), Clock()
    service = authentication(keys, clock)
    asking = request(f"Bearer {ANNA.text}")
    await service.key_of(asking)
    keys.records.clear()
    clock.seconds = 4.9
    assert (await service.key_of(asking)).user_id == "anna"
    assert keys.asked == [ANNA.prefix]
    clock.seconds = 5.0
    with pytest.raises(Unauthenticated):
        await service.key_of(asking)


async def test_a_wrong_secret_is_refused_for_a_prefix_that_is_kept() -> None:
    service = authentication(Keys(record()))
    await service.key_of(request(f"Bearer {ANNA.text}"))
    with pytest.raises(Unauthenticated):
        await service.key_of(request(f"Bearer gcrm_{ANNA.prefix}_" + "f" * 64))


async def test_when_the_database_is_away_nobody_is_refused_for_good() -> None:
    async def away(prefix: str) -> KeyRecord | None:
        raise Unavailable("The database did not answer in time. Try again.")

    with pytest.raises(Unavailable):
        await Authentication(away).key_of(request(f"Bearer {ANNA.text}"))


async def test_in_development_a_missing_key_is_the_user_of_development_and_a_wrong_key_is_still_nobody() -> None:
    service = authentication(Keys(), development_user="anna")
    assert (await service.key_of(request(None))).user_id == "anna"
    with pytest.raises(Unauthenticated):
        await service.key_of(request("Bearer gcrm_unknown000_" + "0" * 64))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_these_addresses_reach_this_machine_only(host: str) -> None:
    assert is_loopback(host)
    require_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "crm.example.com", "localhost.example.com", ""])  # noqa: S104
def test_without_keys_no_other_address_is_listened_on(host: str) -> None:
    with pytest.raises(Invalid, match="GRAPH_CRM_LISTEN"):
        require_loopback(host)
