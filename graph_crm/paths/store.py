"""The questions of a path search, as statements: who stands around somebody, and how well they know each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_crm.contacts.types import Seniority
from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold
from graph_crm.graph.query import query
from graph_crm.paths.frontier import Asked, Question
from graph_crm.paths.score import path_tie
from graph_crm.paths.types import (
    DEFAULT_PATH_PARAMETERS,
    Destination,
    PathFrom,
    PathPerson,
    PathRequest,
    PathTeam,
    PathTie,
    Standing,
    Surroundings,
)
from graph_crm.stakeholders.types import Stance
from graph_crm.team.types import Team
from graph_crm.ties import store as ties
from graph_crm.ties.acquaintance import Acquaintance, key_of
from graph_crm.ties.strength import DEFAULT_PARAMETERS, moment_of, pair_key, recomputed, with_contact
from graph_crm.ties.types import Accumulators, Tie, TieLevel, TieVisibility
from graph_crm.viewer import Viewer

WITHOUT_EVIDENCE = 0.3
"""The influence of somebody of whom nothing is known."""

Ends = tuple[str, str, float | None]
"""The ids of both ends of a tie, and its strength."""

Light = tuple[str, bool, int, bool, list[str]]
"""Somebody's id, whether one of ours, degree, whether a part in a deal may tell more, and the ids of the teams."""


@dataclass(frozen=True, slots=True)
class SpecialTie:
    """What is not so with most ties: not everybody sees it, or it was fed after the date asked for."""

    first_id: str
    second_id: str
    visibility: TieVisibility
    owner_id: str | None
    groups: list[PathTeam] | None
    at: float | None
    fed: Tie | None


@dataclass(frozen=True, slots=True)
class Around:
    ties: list[Ends]
    special: list[SpecialTie]
    people: list[Light]


@dataclass(frozen=True, slots=True)
class Named:
    """Whom or what a path leads to: a contact's names, or an account's."""

    id: str
    name: str | None
    given_name: str | None
    family_name: str | None
    display_name: str | None
    title: str | None
    account: str | None


@dataclass(frozen=True, slots=True)
class AroundTarget:
    destination: Named
    targets: list[str]
    ties: list[Ends]
    special: list[SpecialTie]
    people: list[Light]


@dataclass(frozen=True, slots=True)
class Employed:
    seniority: Seniority | None
    at_competitor: bool


@dataclass(frozen=True, slots=True)
class Part:
    stance: Stance | None
    at_target: bool
    account: str | None
    deal: str | None
    willing_to_introduce: float | None


@dataclass(frozen=True, slots=True)
class PersonFound:
    id: str
    name: str | None
    display_name: str | None
    given_name: str | None
    family_name: str | None
    is_user: bool
    active: bool
    opted_out: bool
    do_not_contact: bool
    restricted: bool
    leaves_on: dt.date | None
    employments: list[Employed] = field(default_factory=list[Employed])
    parts: list[Part] = field(default_factory=list[Part])

    @property
    def path_person(self) -> PathPerson:
        name = name_of(self.given_name, self.family_name, self.name, self.display_name)
        # Ours have one name in all: people call each other by its first word.
        first, _, rest = name.partition(" ")
        willing = [part.willing_to_introduce for part in self.parts if part.willing_to_introduce is not None]
        at_target = [part for part in self.parts if part.at_target and part.willing_to_introduce is not None]
        return PathPerson(
            id=self.id,
            name=name,
            given_name=(first if rest else None) if self.is_user else self.given_name,
            is_user=self.is_user,
            active=self.active,
            opted_out=self.opted_out,
            do_not_contact=self.do_not_contact,
            restricted=self.restricted,
            at_competitor=any(employment.at_competitor for employment in self.employments),
            seniority=next((one.seniority for one in self.employments if one.seniority), Seniority.UNKNOWN),
            standings=tuple(
                Standing(part.stance, part.at_target, part.account, part.deal)
                for part in self.parts
                if part.stance is not None
            ),
            willing_to_introduce=at_target[0].willing_to_introduce if at_target else max(willing, default=None),
            leaves_on=self.leaves_on,
        )


@dataclass(frozen=True, slots=True)
class TieFound:
    first_id: str
    second_id: str
    outbound: float | None
    inbound: float | None
    mutual: float | None
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

    @property
    def tie(self) -> Tie:
        accumulators = None
        if self.at is not None:
            accumulators = Accumulators(self.outbound or 0.0, self.inbound or 0.0, self.mutual or 0.0, self.at)
        return Tie(
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
        )


@dataclass(frozen=True, slots=True)
class Facts:
    people: list[PersonFound]
    ties: list[TieFound]
    newest_interaction: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Somebody:
    id: str


@dataclass(frozen=True, slots=True)
class Newest:
    at: dt.datetime


ENDS = query("paths/ends", AroundTarget)
MIDDLE = query("paths/middle", Around)
EXPANSION = query("paths/expansion", Around)
PEOPLE = query("paths/people", Facts)
SOME_CONTACTS = query("paths/some_contacts", Somebody)
TEAMS_OF_NAME = query("paths/teams_of_name", Team)
WHO_KNOWS = query("paths/who_knows", ties.TieRow)
VISIBLE_CONTACT = query("paths/visible_contact", Somebody)
NEWEST = query("paths/newest_interaction", Newest)


async def some_contacts(graph: Graph) -> list[str]:
    return [row.id for row in await graph.read(SOME_CONTACTS)]


async def who_knows(
    graph: Graph, viewer: Viewer, contact_id: str, start: PathFrom, day: dt.date
) -> list[Acquaintance] | None:
    """The ties of ours to a contact, of those who were active on that day.

    None when there is no such contact that the viewer may see.
    """
    if await graph.read_one(VISIBLE_CONTACT, contact_id=contact_id, viewer_groups=viewer.groups) is None:
        return None
    rows = await graph.read(
        WHO_KNOWS, contact_id=contact_id, start=start, day=day, today=today(), **ties.seen_by(viewer)
    )
    return [row.acquaintance(viewer) for row in rows]


async def teams_of_name(graph: Graph, viewer: Viewer, name: str | None) -> list[Team]:
    """The teams of that name; without a name, those of whoever asks."""
    return await graph.read(TEAMS_OF_NAME, name_key=None if name is None else fold(name), viewer_id=viewer.user_id)


async def newest_interaction(graph: Graph, viewer: Viewer, moment: dt.datetime) -> dt.datetime | None:
    row = await graph.read_one(NEWEST, moment=moment, viewer_groups=viewer.groups)
    return row.at if row is not None else None


async def surroundings(
    graph: Graph, viewer: Viewer, request: PathRequest, asked: Asked, influences: dict[str, float]
) -> Surroundings:
    """What one question found. `influences` are those of the people of the account asked for."""
    parameters = asked.parameters
    if asked.question is Question.PEOPLE:
        return await facts(graph, viewer, request, parameters["people"], parameters["pairs"])
    common: dict[str, Any] = {
        **{key: parameters[key] for key in ("viewer_id", "as_of", "min_strength", "fresh_since", "limit")},
        "with_teams": parameters["with_teams"],
        "day": moment_of(request.as_of).date(),
        "today": today(),
        "viewer_groups": viewer.groups,
        "judgements": viewer.reads_judgements,
        "weights": ties.weights_of(DEFAULT_PARAMETERS),
        "least_named_group": DEFAULT_PATH_PARAMETERS.least_named_group,
    }
    found: AroundTarget | Around | None
    match asked.question:
        case Question.ENDS:
            found = await graph.read_one(
                ENDS,
                target_id=request.to_contact or request.to_account,
                asker_id=parameters["asker_id"],
                with_colleagues=parameters["with_colleagues"],
                **common,
            )
        case Question.MIDDLE:
            found = await graph.read_one(MIDDLE, people=parameters["people"], others=parameters["others"], **common)
        case _:
            walked = [{"id": one, "all_ties": True} for one in parameters["all_ties_of"]]
            walked += [{"id": one, "all_ties": False} for one in parameters["our_ties_of"]]
            found = await graph.read_one(EXPANSION, asked=walked, **common)
    if found is None:
        return Surroundings()
    told, cut = await told_ties(graph, found, request, parameters["limit"])
    around = Surroundings(people=[light(person) for person in found.people], ties=told, cut=cut)
    if isinstance(found, AroundTarget):
        around.destination = destination_of(found.destination)
        around.targets = wanted(found.targets, request, influences)
    return around


def today() -> dt.date:
    """Who leaves today works until they are said to be gone; who left on an earlier day worked on that day."""
    return dt.datetime.now(dt.UTC).date()


def light(row: Light) -> PathPerson:
    person_id, is_user, degree, assessed, team_ids = row
    return PathPerson(
        id=person_id,
        name="",
        is_user=is_user,
        degree=degree,
        assessed=assessed,
        teams=tuple(PathTeam(team_id, "", 0) for team_id in team_ids),
        known=False,
    )


def name_of(given_name: str | None, family_name: str | None, name: str | None, display_name: str | None) -> str:
    """What somebody is called, without a civility where that is known."""
    return " ".join(part for part in (given_name, family_name) if part) or name or display_name or ""


def destination_of(found: Named) -> Destination:
    name = name_of(found.given_name, found.family_name, found.name, found.display_name)
    return Destination(found.id, name, found.title, found.account)


def wanted(targets: Sequence[str], request: PathRequest, influences: dict[str, float]) -> dict[str, float | None]:
    """Each person who is wanted, with their influence when any of an account will do."""
    if request.to_contact is not None:
        return dict.fromkeys(targets)
    return {contact_id: influences.get(contact_id, WITHOUT_EVIDENCE) for contact_id in targets}


async def facts(
    graph: Graph, viewer: Viewer, request: PathRequest, people: Sequence[str], pairs: Iterable[tuple[str, str]]
) -> Surroundings:
    """What these people are like, and what the ties of these pairs are made of."""
    moment = moment_of(request.as_of)
    found = await graph.read_one(
        PEOPLE,
        people=people,
        keys=[key_of(*pair) for pair in pairs],
        to_contact=request.to_contact,
        to_account=request.to_account,
        moment=moment,
        day=moment.date(),
        today=today(),
        judgements=viewer.reads_judgements,
        viewer_id=viewer.user_id,
        viewer_groups=viewer.groups,
    )
    if found is None:
        return Surroundings()
    fed = {
        (tie.first_id, tie.second_id): tie.at for tie in found.ties if tie.at is not None and tie.at > request.as_of
    }
    told = await retold(graph, {(tie.first_id, tie.second_id): tie.tie for tie in found.ties}, fed, request.as_of)
    return Surroundings(
        people=[person.path_person for person in found.people],
        ties=[path_tie(*pair, tie, request.as_of) for pair, tie in told.items()],
        newest_interaction=found.newest_interaction,
    )


async def told_ties(
    graph: Graph, found: Around | AroundTarget, request: PathRequest, limit: int
) -> tuple[list[PathTie], float | None]:
    """The ties as they stood on the date: those fed since then are told anew from their interactions."""
    special = {pair_key(one.first_id, one.second_id): one for one in found.special}
    fed = {pair: one.fed for pair, one in special.items() if one.fed is not None}
    then = await retold(graph, fed, {pair: special[pair].at or 0.0 for pair in fed}, request.as_of)
    told: list[PathTie] = []
    for first_id, second_id, strength in found.ties[:limit]:
        pair = pair_key(first_id, second_id)
        one, past = special.get(pair), then.get(pair)
        if past is not None:
            tie = path_tie(*pair, past, request.as_of)
        else:
            tie = PathTie(*pair, strength or 0.0, detailed=False)
        if one is not None:
            groups = None if one.groups is None else tuple(one.groups)
            tie = tie._replace(visibility=one.visibility, owner_id=one.owner_id, groups=groups)
        told.append(tie)
    return told, (found.ties[limit][2] if len(found.ties) > limit else None)


async def retold(
    graph: Graph, known: dict[tuple[str, str], Tie], fed: Mapping[tuple[str, str], float], as_of: float
) -> dict[tuple[str, str], Tie]:
    """The same ties, those that were fed after the date (each at its moment) without what they were fed since."""
    if not fed:
        return known
    rows = await ties.interactions_of_pairs(graph, fed, moment_of(as_of))
    contacts = recomputed(((row.facts, row.participants) for row in rows), as_of)
    then = {pair: with_contact(known[pair], contacts.get(pair)) for pair in fed}
    return known | then
