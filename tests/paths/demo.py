"""The part of the demo's story that its warm paths are made of, told from its history."""

from __future__ import annotations

import datetime as dt

from graph_crm.contacts.types import Seniority
from graph_crm.paths.score import path_tie
from graph_crm.paths.types import PathPerson, PathRequest, PathTeam, Standing
from graph_crm.stakeholders.types import Stance
from graph_crm.ties.strength import epoch_days, recomputed, with_contact
from graph_crm.ties.types import (
    InteractionFacts,
    InteractionType,
    Participant,
    ParticipantRole,
    Tie,
    TieLevel,
    TieVisibility,
)
from tests.paths.worlds import World

LOADED = epoch_days(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))

LYON = PathTeam("lyon", "Lyon", 4)
LONDON = PathTeam("london", "London", 2)
DIRECTION = PathTeam("direction", "Direction", 3)

FERRAND = "Ferrand-Lys Logistique"
PILOT = Standing(Stance.CHAMPION, account=FERRAND, deal="Pilote entrepôt Lyon")
OPEN_DEAL = "Suivi temps réel – 6 sites"
CALL, MEETING = InteractionType.CALL, InteractionType.MEETING
VIDEO_MEETING = InteractionType.VIDEO_MEETING


def ours(given_name: str, family_name: str, *teams: PathTeam, leaves_on: dt.date | None = None) -> PathPerson:
    return PathPerson(
        id=given_name.lower(),
        name=f"{given_name} {family_name}",
        given_name=given_name,
        is_user=True,
        teams=teams,
        leaves_on=leaves_on,
    )


def theirs(given_name: str, family_name: str, seniority: Seniority, *standings: Standing) -> PathPerson:
    return PathPerson(
        id=given_name.lower(),
        name=f"{given_name} {family_name}",
        given_name=given_name,
        seniority=seniority,
        standings=standings,
    )


def at_ferrand(stance: Stance) -> Standing:
    return Standing(stance, account=FERRAND, deal=OPEN_DEAL)


PEOPLE = [
    ours("Anna", "Kerr", LYON),
    ours("Marc", "Tessier", LYON, leaves_on=dt.date(2026, 12, 22)),
    ours("Sophie", "Blanchet", LYON),
    ours("Thomas", "Ricci", LYON),
    ours("Olivia", "Grant", LONDON, DIRECTION),
    ours("Daniel", "Okoye", LONDON),
    ours("Inès", "Marchand", DIRECTION),
    ours("Karim", "Haddad", DIRECTION),
    theirs("Hélène", "Ferrand", Seniority.C_LEVEL, at_ferrand(Stance.NEUTRAL)),
    theirs("Bertrand", "Colas", Seniority.C_LEVEL, at_ferrand(Stance.BLOCKER)),
    theirs("Julien", "Roche", Seniority.C_LEVEL, at_ferrand(Stance.SUPPORTER)),
    theirs("Nadia", "Benali", Seniority.C_LEVEL, at_ferrand(Stance.CHAMPION)),
    theirs("Pauline", "Girard", Seniority.MANAGER, at_ferrand(Stance.SKEPTIC)),
    theirs("Samir", "Haddou", Seniority.INDIVIDUAL_CONTRIBUTOR, at_ferrand(Stance.SUPPORTER)),
    theirs("Rachel", "Osei", Seniority.VP, PILOT),
    theirs("Margaret", "Pike", Seniority.C_LEVEL),
    theirs("Tom", "Whitfield", Seniority.MANAGER),
    theirs("George", "Harrow", Seniority.C_LEVEL),
]


def met(kind: InteractionType, people: str, *days_ago: float) -> list[tuple[InteractionFacts, list[Participant]]]:
    """One interaction for each day, of the people named in one string."""
    participants = [Participant(name, ParticipantRole.ATTENDEE) for name in people.split()]
    return [(InteractionFacts(kind, LOADED - days), participants) for days in days_ago]


def wrote(sender: str, to: str, *days_ago: float) -> list[tuple[InteractionFacts, list[Participant]]]:
    participants = [Participant(sender, ParticipantRole.SENDER), Participant(to, ParticipantRole.TO)]
    return [(InteractionFacts(InteractionType.EMAIL, LOADED - days), participants) for days in days_ago]


HISTORY = [
    *met(MEETING, "marc hélène", 18, 70, 130),
    *met(MEETING, "marc julien", 25),
    *met(CALL, "marc julien", 10, 60),
    *met(MEETING, "marc rachel", 160, 175, 190),
    *met(VIDEO_MEETING, "marc rachel", 12, 35),
    *met(InteractionType.INTRODUCTION, "anna marc hélène rachel", 195),
    *met(MEETING, "anna nadia", 7, 28, 56, 98, 126),
    *wrote("anna", "nadia", 3, 9, 15, 24, 36, 50),
    *wrote("nadia", "anna", 2, 8, 14, 23, 35, 49),
    *met(VIDEO_MEETING, "thomas samir", 6, 13, 27, 41),
    *met(MEETING, "anna marc thomas nadia julien samir", 28),
    *met(MEETING, "anna nadia bertrand", 44),
    *wrote("anna", "bertrand", 9, 16, 23),
    *met(MEETING, "marc pauline bertrand", 64),
    *wrote("daniel", "margaret", *range(5, 101, 5)),
    *met(CALL, "daniel tom", 50),
]

STATED = {
    ("margaret", "rachel"): Tie(stated_level=TieLevel.MEDIUM, stated_at=LOADED - 12),
    ("george", "olivia"): Tie(stated_level=TieLevel.WEAK, stated_at=LOADED - 400, owner_id="olivia"),
    ("george", "karim"): Tie(
        stated_level=TieLevel.STRONG,
        stated_at=LOADED - 20,
        visibility=TieVisibility.EXISTS_BUT_ASK,
        owner_id="karim",
    ),
}


def demo(target: str) -> World:
    ties = {pair: with_contact(Tie(), contact) for pair, contact in recomputed(HISTORY, LOADED).items()}
    ties |= STATED
    return World(
        {one.id: one for one in PEOPLE}, [path_tie(*pair, tie, LOADED) for pair, tie in ties.items()], {target: None}
    )


def request(target: str, **more: object) -> PathRequest:
    return PathRequest(**{"viewer_id": "anna", "as_of": LOADED, "to_contact": target, **more})
