"""Which account a name means: never a guess."""

from __future__ import annotations

from graph_crm.imports.placing import Directory, Place, known_account
from graph_crm.imports.types import PlacedBy


def place(key: str, name: str = "atlas", **told: str) -> Place:
    return Place(key, name.title(), name, details=key, **told)


def directory(*places: Place) -> Directory:
    found = Directory()
    for one in places:
        found.add(one)
    return found


EAST = place("east", domain="atlas.com", street="1 east road")
WEST = place("west", domain="atlas.co", street="2 west road")
SOUTH = place("south", domain="atlas.co", street="3 south road")


def test_the_only_account_of_a_name_is_meant_whatever_the_address_says() -> None:
    found = directory(EAST).of_contact("atlas", ["elsewhere.com"])
    assert (found.by, found.account_id) == (PlacedBy.NAME, "east")


def test_the_domain_of_the_address_tells_namesakes_apart() -> None:
    found = directory(EAST, WEST).of_contact("atlas", ["atlas.com"])
    assert (found.by, found.account_id) == (PlacedBy.DOMAIN, "east")


def test_namesakes_with_one_domain_stay_ambiguous_and_are_the_candidates() -> None:
    found = directory(EAST, WEST, SOUTH).of_contact("atlas", ["atlas.co"])
    assert (found.by, found.account_id) == (PlacedBy.AMBIGUOUS, None)
    assert [candidate.id for candidate in found.candidates] == ["west", "south"]
    assert found.candidates[0].label == "Atlas (west)"


def test_an_address_of_another_company_leaves_all_namesakes_as_candidates() -> None:
    found = directory(EAST, WEST).of_contact("atlas", ["elsewhere.com"])
    assert found.by is PlacedBy.AMBIGUOUS
    assert len(found.candidates) == 2


def test_a_name_nobody_has_is_nowhere() -> None:
    assert directory(EAST).of_contact("other", []).by is PlacedBy.NOWHERE
    assert directory(EAST).of_contact(None, []).by is PlacedBy.NOWHERE


def test_an_opportunity_goes_where_its_contact_works() -> None:
    accounts = directory(EAST, WEST)
    assert accounts.beside_contact("atlas", ["west"]).account_id == "west"
    assert accounts.beside_contact("atlas", ["west"]).by is PlacedBy.CONTACT
    assert accounts.beside_contact("atlas", []).by is PlacedBy.AMBIGUOUS
    assert accounts.beside_contact("atlas", ["elsewhere"]).by is PlacedBy.AMBIGUOUS


def test_a_described_account_is_the_one_that_was_there_before() -> None:
    assert known_account(place("", domain="atlas.com", street="1 east road"), 2, [EAST, WEST]) is EAST
    assert known_account(place("", domain="atlas.co"), 2, [EAST, WEST]) is WEST


def test_an_account_that_moved_is_the_same_when_nobody_has_its_name() -> None:
    moved = place("", domain="atlas.com", street="9 new road")
    assert known_account(moved, 1, [EAST]) is EAST
    assert known_account(moved, 2, [EAST]) is None
    assert known_account(place("", domain="other.com", street="9 new road"), 1, [EAST]) is None


def test_an_account_with_another_website_at_its_old_street_is_the_same() -> None:
    renamed = place("", domain="atlas-south.com", street="3 south road")
    assert known_account(renamed, 3, [EAST, WEST, SOUTH]) is SOUTH


def test_an_account_of_which_only_the_name_was_known_gets_its_details() -> None:
    named = place("named")
    assert known_account(EAST, 1, [named]) is named
    assert known_account(EAST, 2, [named]) is None
