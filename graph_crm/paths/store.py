"""The questions of a path search, as statements: who stands around somebody, and how well they know each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph_crm.errors import Invalid
from graph_crm.graph.client import Graph
from graph_crm.graph.query import Query, query
from graph_crm.paths.frontier import Asked, Question
from graph_crm.paths.types import PathPerson, PathRequest, PathTie, Surroundings
from graph_crm.ties import store as ties
from graph_crm.ties.strength import (
    DEFAULT_PARAMETERS,
    ObservedContact,
    moment_of,
    pair_key,
    recomputed,
    strength_of,
    with_contact,
)
from graph_crm.ties.types import Tie, TieBasis, TieVisibility
from graph_crm.viewer import Viewer

MOST_RETOLD = 5_000
"""Ties that one answer about the past tells anew from their interactions."""


@dataclass(frozen=True, slots=True)
class TieFound:
    """A tie with its strength at the date asked for; `fed_since` when it was fed after that date."""

    first_id: str
    second_id: str
    strength: float
    basis: TieBasis
    last_at: float | None
    stated_at: float | None
    interaction_count: int
    unanswered_from: str | None
    visibility: TieVisibility
    owner_id: str | None
    fed_since: Tie | None = None

    @property
    def path_tie(self) -> PathTie:
        return PathTie(
            self.first_id,
            self.second_id,
            self.strength,
            self.basis,
            self.last_at,
            self.stated_at,
            self.interaction_count,
            self.unanswered_from,
            self.visibility,
            self.owner_id,
        )


@dataclass(frozen=True, slots=True)
class Around:
    ties: list[TieFound]
    cut: float | None
    people: list[PathPerson]


@dataclass(frozen=True, slots=True)
class AroundTarget:
    targets: list[str]
    ties: list[TieFound]
    cut: float | None
    people: list[PathPerson]


@dataclass(frozen=True, slots=True)
class Target:
    """Whom or what a path leads to, as far as the viewer may see it."""

    id: str
    name: str
    title: str | None
    account: str | None


@dataclass(frozen=True, slots=True)
class Somebody:
    id: str


@dataclass(frozen=True, slots=True)
class Newest:
    at: dt.datetime


ENDS = query("paths/ends", AroundTarget)
BACK = query("paths/back", AroundTarget)
LAYER = query("paths/layer", Around)
MIDDLE = query("paths/middle", Around)
EXPANSION = query("paths/expansion", Around)
TARGET = query("paths/target", Target)
SOME_CONTACTS = query("paths/some_contacts", Somebody)
NEWEST = query("paths/newest_interaction", Newest)

STATEMENTS: dict[Question, Query[Any]] = {
    Question.ENDS: ENDS,
    Question.BACK: BACK,
    Question.LAYER: LAYER,
    Question.MIDDLE: MIDDLE,
    Question.EXPANSION: EXPANSION,
}


async def target(graph: Graph, viewer: Viewer, target_id: str, day: dt.date) -> Target | None:
    return await graph.read_one(TARGET, target_id=target_id, viewer_groups=viewer.groups, day=day)


async def some_contacts(graph: Graph) -> list[str]:
    return [row.id for row in await graph.read(SOME_CONTACTS)]


async def newest_interaction(graph: Graph, moment: dt.datetime) -> dt.datetime | None:
    row = await graph.read_one(NEWEST, moment=moment)
    return row.at if row is not None else None


async def surroundings(
    graph: Graph, viewer: Viewer, request: PathRequest, asked: Asked, influences: dict[str, float]
) -> Surroundings:
    """What one question found. `influences` are those of the people of the account asked for."""
    moment = moment_of(request.as_of)
    parameters: dict[str, Any] = {key: value for key, value in asked.parameters.items() if key != "team_id"}
    parameters |= {
        "to_contact": request.to_contact,
        "to_account": request.to_account,
        "moment": moment,
        "day": moment.date(),
        "judgements": viewer.reads_judgements,
        "viewer_groups": viewer.groups,
        "weights": ties.weights_of(DEFAULT_PARAMETERS),
    }
    found: AroundTarget | Around | None = await graph.read_one(STATEMENTS[asked.question], **parameters)
    if found is None:
        return Surroundings()
    told = await retold(graph, found.ties, request.as_of)
    return Surroundings(
        people=found.people,
        ties=[tie.path_tie for tie in told],
        targets=wanted(found, request, influences) if isinstance(found, AroundTarget) else {},
        cut=found.cut,
    )


def wanted(found: AroundTarget, request: PathRequest, influences: dict[str, float]) -> dict[str, float | None]:
    """Each person who is wanted, with their influence when any of an account will do."""
    if request.to_contact is not None:
        return dict.fromkeys(found.targets)
    return {contact_id: influences.get(contact_id, WITHOUT_EVIDENCE) for contact_id in found.targets}


WITHOUT_EVIDENCE = 0.3
"""The influence of somebody of whom nothing is known."""


async def retold(graph: Graph, found: list[TieFound], as_of: float) -> list[TieFound]:
    """The ties as they stood on the date: those fed since then are told anew from their interactions."""
    fed = [tie for tie in found if tie.fed_since is not None]
    if not fed:
        return found
    if len(fed) > MOST_RETOLD:
        raise Invalid(
            "Too many ties have changed since then to tell how they were. Ask for a later date.", field=("asOf",)
        )
    rows = await ties.interactions_of_pairs(graph, [(tie.first_id, tie.second_id) for tie in fed], moment_of(as_of))
    contacts = recomputed(((row.facts, row.participants) for row in rows), as_of)
    return [then(tie, contacts, as_of) if tie.fed_since is not None else tie for tie in found]


def then(tie: TieFound, contacts: Mapping[tuple[str, str], ObservedContact], as_of: float) -> TieFound:
    contact = contacts.get(pair_key(tie.first_id, tie.second_id))
    told = strength_of(with_contact(tie.fed_since or Tie(), contact), as_of)
    silent = contact is None or contact.accumulators.mutual > 0
    return replace(
        tie,
        strength=told.strength,
        basis=told.basis,
        last_at=contact.last_at if contact is not None else None,
        interaction_count=told.interaction_count,
        unanswered_from=None if silent or contact is None else unanswered(tie, contact),
    )


def unanswered(tie: TieFound, contact: ObservedContact) -> str | None:
    """Who wrote without ever getting an answer."""
    if contact.accumulators.inbound == 0:
        return tie.first_id
    return tie.second_id if contact.accumulators.outbound == 0 else None
