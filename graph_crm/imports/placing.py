"""Which account a row means when it only gives a name. A name that several accounts share is never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph_crm.imports.types import Candidate, PlacedBy


@dataclass(frozen=True, slots=True)
class Place:
    """An account as a row may mean it: its name and what tells it from others of that name."""

    id: str
    name: str
    name_key: str
    domain: str | None = None
    street: str | None = None
    postal_code: str | None = None
    details: str = ""

    @property
    def described(self) -> bool:
        """Whether anything but the name is known."""
        return any((self.domain, self.street, self.postal_code))

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.id, f"{self.name} ({self.details})" if self.details else self.name)


@dataclass(frozen=True, slots=True)
class Placement:
    """The account that was found and how, or the candidates among which a person has to choose."""

    by: PlacedBy
    account_id: str | None = None
    candidates: tuple[Candidate, ...] = ()


NOWHERE: Final = Placement(PlacedBy.NOWHERE)


@dataclass(slots=True)
class Directory:
    """The accounts by folded name: those of the files and those that were there before."""

    by_name: dict[str, list[Place]] = field(default_factory=lambda: defaultdict[str, list[Place]](list))

    def add(self, place: Place) -> None:
        self.by_name[place.name_key].append(place)

    def named(self, name_key: str | None) -> Sequence[Place]:
        return self.by_name.get(name_key, []) if name_key else []

    def of_contact(self, name_key: str | None, email_domains: Iterable[str]) -> Placement:
        """Where somebody works: the only account of that name, else the only one with the e-mail's domain."""
        places = self.named(name_key)
        if len(places) <= 1:
            return Placement(PlacedBy.NAME, places[0].id) if places else NOWHERE
        domains = set(email_domains)
        matching = [place for place in places if place.domain in domains]
        if len(matching) == 1:
            return Placement(PlacedBy.DOMAIN, matching[0].id)
        return ambiguous(matching or places)

    def beside_contact(self, name_key: str | None, contact_account_ids: Iterable[str]) -> Placement:
        """The account that a row names beside a contact: the only one of that name, else the contact's among them."""
        places = self.named(name_key)
        if len(places) <= 1:
            return Placement(PlacedBy.NAME, places[0].id) if places else NOWHERE
        employers = set(contact_account_ids)
        matching = [place for place in places if place.id in employers]
        if len(matching) == 1:
            return Placement(PlacedBy.CONTACT, matching[0].id)
        return ambiguous(matching or places)


def ambiguous(places: Iterable[Place]) -> Placement:
    return Placement(PlacedBy.AMBIGUOUS, None, tuple(place.candidate for place in places))


def compatible(one: Place, other: Place) -> bool:
    """Whether nothing that both say of themselves differs."""
    return one.name_key == other.name_key and all(
        first is None or second is None or first == second
        for first, second in (
            (one.domain, other.domain),
            (one.street, other.street),
            (one.postal_code, other.postal_code),
        )
    )


def known_account(described: Place, namesakes: int, known: Sequence[Place]) -> Place | None:
    """The account that was there before and that a row describes, if there is exactly one.

    At the same street it is the same one, whatever became of its website. One that moved is still the same when
    nobody else has its name and its website did not change. `namesakes` is the number of accounts of that name which
    the files describe.
    """
    neighbours = [place for place in known if described.street is not None and place.street == described.street]
    if len(neighbours) == 1:
        return neighbours[0]
    same = [place for place in known if compatible(described, place)]
    told_apart = [place for place in same if place.described and described.described]
    if len(told_apart) == 1:
        return told_apart[0]
    if namesakes > 1:
        return None
    if len(same) == 1:
        return same[0]
    if len(known) == 1 and known[0].domain == described.domain:
        return known[0]
    return None
