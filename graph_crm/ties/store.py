"""Ties in the graph: one KNOWS for each pair, every moment in it a number of days since 1970."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold
from graph_crm.graph.query import Nothing, query
from graph_crm.graph.write import Write
from graph_crm.ties.acquaintance import (
    SMALLEST_NAMED_TEAM,
    Acquaintance,
    PairContact,
    hidden_name,
    is_hidden,
    key_of,
)
from graph_crm.ties.strength import DAYS_IN_A_YEAR, TieParameters, epoch_days, refuse_too_many
from graph_crm.ties.types import (
    Accumulators,
    InteractionFacts,
    InteractionStatus,
    InteractionType,
    Participant,
    Tie,
    TieLevel,
    TieVisibility,
)
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class TieRow:
    id: str
    first_id: str
    second_id: str
    first_is_ours: bool
    second_is_ours: bool
    outbound: float
    inbound: float
    mutual: float
    at: float | None
    last_at: float | None
    interaction_count: int
    stated_level: TieLevel | None
    stated_at: float | None
    latent_months: float | None
    latent_until: float | None
    override: float | None
    visibility: TieVisibility
    owner_id: str | None
    owner_teams: list[str] | None

    def acquaintance(self, viewer: Viewer) -> Acquaintance:
        """The pair as this viewer may know of it."""
        hidden = is_hidden(self.visibility, self.owner_id, viewer.user_id)
        accumulators = None
        if self.at is not None and self.interaction_count:
            accumulators = Accumulators(self.outbound, self.inbound, self.mutual, self.at)
        return Acquaintance(
            id=self.id,
            first_id=self.first_id,
            second_id=self.second_id,
            first_is_ours=self.first_is_ours,
            second_is_ours=self.second_is_ours,
            tie=Tie(
                accumulators=accumulators,
                last_at=self.last_at,
                interaction_count=self.interaction_count,
                stated_level=self.stated_level,
                stated_at=self.stated_at,
                latent_months=self.latent_months,
                latent_until=self.latent_until,
                override=self.override,
                visibility=self.visibility,
                owner_id=self.owner_id,
            ),
            hidden_id=self.owner_id if hidden else None,
            hidden_name=hidden_name(self.owner_teams or []) if hidden else None,
        )


@dataclass(frozen=True, slots=True)
class TieOfContact(TieRow):
    contact_id: str
    strength: float


@dataclass(frozen=True, slots=True)
class Total:
    id: str
    total: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who may be named: a contact the viewer sees, or one of ours."""

    id: str
    name: str
    is_ours: bool
    active: bool
    opted_out: bool
    team_ids: list[str]


@dataclass(frozen=True, slots=True)
class StoredTie:
    id: str
    visibility: TieVisibility
    owner_id: str | None
    stated_level: TieLevel | None
    stated_at: float | None


@dataclass(frozen=True, slots=True)
class InteractionOfPeople:
    id: str
    type: InteractionType
    occurred_at: dt.datetime
    status: InteractionStatus
    is_automated: bool
    participants: list[Participant]

    @property
    def facts(self) -> InteractionFacts:
        return InteractionFacts(self.type, epoch_days(self.occurred_at), self.status, self.is_automated)


@dataclass(frozen=True, slots=True)
class Identified:
    id: str


@dataclass(frozen=True, slots=True)
class Named:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Ties:
    count: int


@dataclass(frozen=True, slots=True)
class Dropped:
    dropped: int


@dataclass(frozen=True, slots=True)
class Corrected:
    corrected: int


@dataclass(frozen=True, slots=True)
class Position:
    after_id: str
    done: int


ADD_CONTACTS = query("ties/add_contacts", Ties)
STATE = query("ties/state", Identified)
STORED = query("ties/stored", StoredTie)
OF_IDS = query("ties/of_ids", TieRow)
OF_PAIRS = query("ties/of_pairs", TieRow)
OF_CONTACTS = query("ties/of_contacts", TieOfContact)
COUNT_OF_CONTACTS = query("ties/count_of_contacts", Total)
CALLED = query("ties/called", Named)
PEOPLE = query("ties/people", PersonRow)
INTERACTIONS_OF_PAIRS = query("ties/interactions_of_pairs", InteractionOfPeople)
INTERACTIONS_OF_PEOPLE = query("ties/interactions_of_people", InteractionOfPeople)
PERSONS_AFTER = query("ties/persons_after", Identified)
CLEAR_CONTACTS = query("ties/clear_contacts", Ties)
DROP_EMPTY = query("ties/drop_empty", Dropped)
COUNT_DEGREES = query("ties/count_degrees", Corrected)
REBUILD_POSITION = query("ties/rebuild_position", Position)
REBUILD_REACHED = query("ties/rebuild_reached", Nothing)
REBUILD_ENDED = query("ties/rebuild_ended", Nothing)


def weights_of(parameters: TieParameters) -> dict[str, Any]:
    """The numbers of the formula, as statements that compute a strength take them."""
    return {
        "half_life_days": parameters.half_life_days,
        "both_ways": parameters.both_ways,
        "one_way": parameters.one_way,
        "most_one_way": parameters.most_one_way,
        "saturation": parameters.saturation,
        "stated": {level.value: strength for level, strength in parameters.stated.items()},
        "stated_half_life_days": parameters.stated_half_life_days,
        "latent": parameters.latent,
        "latent_least_months": parameters.latent_least_months,
        "latent_full_months": parameters.latent_full_months,
        "latent_half_life_days": parameters.latent_half_life_years * DAYS_IN_A_YEAR,
    }


async def people(graph: Graph, viewer: Viewer, person_ids: Sequence[str]) -> dict[str, PersonRow]:
    rows = await graph.read(PEOPLE, person_ids=list(person_ids), viewer_groups=viewer.groups)
    return {row.id: row for row in rows}


async def called(graph: Graph, viewer: Viewer, text: str) -> list[Named]:
    return await graph.read(CALLED, text=text, address=text.lower(), name_key=fold(text), viewer_groups=viewer.groups)


async def of_ids(graph: Graph, viewer: Viewer, tie_ids: Sequence[str]) -> list[TieRow]:
    return await graph.read(OF_IDS, tie_ids=list(tie_ids), **seen_by(viewer))


async def of_pairs(graph: Graph, viewer: Viewer, keys: Sequence[str]) -> list[TieRow]:
    return await graph.read(OF_PAIRS, keys=list(keys), **seen_by(viewer))


async def of_contacts(
    graph: Graph,
    viewer: Viewer,
    contact_ids: Sequence[str],
    *,
    as_of: float,
    limit: int,
    after: tuple[float | None, float | None, str | None],
    parameters: TieParameters,
) -> list[TieOfContact]:
    strength, last_at, tie_id = after
    return await graph.read(
        OF_CONTACTS,
        contact_ids=list(contact_ids),
        as_of=as_of,
        limit=limit,
        after_strength=strength,
        after_last_at=last_at,
        after_id=tie_id,
        weights=weights_of(parameters),
        **seen_by(viewer),
    )


async def count_of_contacts(
    graph: Graph, viewer: Viewer, contact_ids: Sequence[str], *, as_of: float, parameters: TieParameters
) -> dict[str, int]:
    rows = await graph.read(
        COUNT_OF_CONTACTS,
        contact_ids=list(contact_ids),
        as_of=as_of,
        weights=weights_of(parameters),
        viewer_id=viewer.user_id,
        viewer_groups=viewer.groups,
    )
    return {row.id: row.total for row in rows}


async def interactions_of_pairs(
    graph: Graph, fed: Mapping[tuple[str, str], float], as_of: dt.datetime
) -> list[InteractionOfPeople]:
    """What two people exchanged up to a date, for pairs that were fed since, each with its last moment."""
    refuse_too_many(fed)
    return await graph.read(
        INTERACTIONS_OF_PAIRS,
        pairs=[{"first_id": first_id, "second_id": second_id} for first_id, second_id in fed],
        as_of=as_of,
    )


async def persons_after(graph: Graph, after_id: str, limit: int) -> list[str]:
    return [row.id for row in await graph.read(PERSONS_AFTER, after_id=after_id, limit=limit)]


async def stored(write: Write, first_id: str, second_id: str) -> StoredTie | None:
    return await write.one(STORED, first_id=first_id, second_id=second_id, key=key_of(first_id, second_id))


async def add_contacts(write: Write, contacts: Iterable[PairContact], parameters: TieParameters) -> None:
    """Add contact to ties, made where there are none. The people must be locked by the caller."""
    rows = [row_of(write, contact) for contact in sorted(contacts, key=lambda contact: contact.key)]
    if rows:
        await write.run(ADD_CONTACTS, contacts=rows, half_life_days=parameters.half_life_days)


def row_of(write: Write, contact: PairContact) -> Mapping[str, Any]:
    accumulators = contact.contact.accumulators
    return {
        "first_id": contact.first_id,
        "second_id": contact.second_id,
        "key": contact.key,
        "tie_id": write.new_id(),
        "outbound": accumulators.outbound,
        "inbound": accumulators.inbound,
        "mutual": accumulators.mutual,
        "at": accumulators.at,
        "interaction_count": contact.contact.interaction_count,
        "last_at": contact.contact.last_at,
        "last_out_at": contact.last_out_at,
        "last_in_at": contact.last_in_at,
        "last_mutual_at": contact.last_mutual_at,
    }


def seen_by(viewer: Viewer) -> dict[str, Any]:
    """What every statement about ties asks of whoever reads them."""
    return {"viewer_id": viewer.user_id, "viewer_groups": viewer.groups, "smallest_team": SMALLEST_NAMED_TEAM}
