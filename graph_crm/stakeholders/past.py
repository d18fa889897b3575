"""Ties of a map as they stood on an earlier date: what people exchanged cannot be run backwards, only retold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from graph_crm.stakeholders.facts import MapFacts, PersonFacts, TieFacts
from graph_crm.ties.strength import DIRECTED, epoch_days, moment_of, pair_key, pairs_of, recomputed, with_contact
from graph_crm.ties.types import Accumulators, InteractionFacts, InteractionType, Participant, Tie

LARGEST_GATHERING = 12
"""In a larger gathering nobody is spoken with."""

Interactions = Sequence[tuple[InteractionFacts, Sequence[Participant]]]


def fed_since(facts: MapFacts, as_of: dt.datetime) -> list[tuple[str, str]]:
    """The pairs (one of ours, a contact) of the map who met or wrote after that date."""
    moment = epoch_days(as_of)
    return [
        (tie.user_id, person.contact_id)
        for person in facts.people
        for tie in person.ties
        if tie.tie.accumulators is not None and tie.tie.accumulators.at > moment
    ]


def as_they_were(facts: MapFacts, interactions: Interactions, as_of: dt.datetime) -> MapFacts:
    """The facts with each tie that was fed since then retold from its interactions."""
    fed = set(fed_since(facts, as_of))
    moment = epoch_days(as_of)
    contacts = recomputed(interactions, moment)
    turns = newest_turns(interactions, moment)

    def then(person: PersonFacts, tie: TieFacts) -> TieFacts:
        if (tie.user_id, person.contact_id) not in fed:
            return tie
        first_id, second_id = pair_key(tie.user_id, person.contact_id)
        mutual, outbound, inbound = (turns.get((first_id, second_id, turn)) for turn in ("mutual", "out", "in"))
        ours_first = first_id == tie.user_id
        return replace(
            tie,
            tie=oriented(with_contact(tie.tie, contacts.get((first_id, second_id))), ours_first=ours_first),
            last_mutual_at=mutual,
            last_sent_at=outbound if ours_first else inbound,
            last_received_at=inbound if ours_first else outbound,
        )

    people = tuple(replace(one, ties=tuple(then(one, tie) for tie in one.ties)) for one in facts.people)
    return replace(facts, people=people)


def oriented(tie: Tie, *, ours_first: bool) -> Tie:
    """The tie seen from our side, whichever of the two ids is the smaller."""
    accumulators: Accumulators | None = tie.accumulators
    if accumulators is None or ours_first:
        return tie
    return replace(tie, accumulators=accumulators.reversed)


def newest_turns(interactions: Interactions, moment: float) -> dict[tuple[str, str, str], dt.datetime]:
    """When each pair last met, and when each last wrote to the other, up to that moment."""
    newest: dict[tuple[str, str, str], float] = {}
    for interaction, participants in interactions:
        if interaction.at > moment:
            continue
        gathering = len({one.person_id for one in participants if not one.declined}) > LARGEST_GATHERING
        for pair in pairs_of(interaction, participants):
            if interaction.type in DIRECTED:
                turn = "out" if pair.outbound > 0 else "in"
            elif interaction.type is InteractionType.EVENT or gathering:
                continue
            else:
                turn = "mutual"
            key = (pair.first_id, pair.second_id, turn)
            newest[key] = max(newest.get(key, interaction.at), interaction.at)
    return {key: moment_of(days) for key, days in newest.items()}
