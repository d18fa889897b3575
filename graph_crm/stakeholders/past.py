"""Ties of a map as they stood on an earlier date: what people exchanged cannot be run backwards, only retold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from graph_crm.stakeholders.facts import MapFacts, PersonFacts, TieFacts
from graph_crm.ties.acquaintance import PairContact, gathered
from graph_crm.ties.strength import epoch_days, pair_key, with_contact
from graph_crm.ties.types import InteractionFacts, Participant, Tie

Interactions = Sequence[tuple[InteractionFacts, Sequence[Participant]]]


def fed_since(facts: MapFacts, as_of: dt.datetime) -> dict[tuple[str, str], float]:
    """The pairs of the map, smaller id first, who met or wrote after that date, and when they last did."""
    moment = epoch_days(as_of)
    return {
        pair_key(tie.user_id, person.contact_id): tie.tie.accumulators.at
        for person in facts.people
        for tie in person.ties
        if tie.tie.accumulators is not None and tie.tie.accumulators.at > moment
    }


def as_they_were(facts: MapFacts, interactions: Interactions, as_of: dt.datetime) -> MapFacts:
    """The facts with each tie that was fed since then retold from its interactions."""
    fed = fed_since(facts, as_of)
    moment = epoch_days(as_of)
    contacts = gathered((facts, people) for facts, people in interactions if facts.at <= moment)

    def then(person: PersonFacts, tie: TieFacts) -> TieFacts:
        pair = pair_key(tie.user_id, person.contact_id)
        if pair not in fed:
            return tie
        return retold(tie, contacts.get(pair), ours_first=pair[0] == tie.user_id)

    people = tuple(replace(one, ties=tuple(then(one, tie) for tie in one.ties)) for one in facts.people)
    return replace(facts, people=people)


def retold(tie: TieFacts, contact: PairContact | None, *, ours_first: bool) -> TieFacts:
    """The tie with the contact that there had been, seen from our side."""
    if contact is None:
        silent = with_contact(tie.tie, None)
        return replace(tie, tie=silent, last_mutual_at=None, last_sent_at=None, last_received_at=None)
    out, back = contact.last_out_at, contact.last_in_at
    return replace(
        tie,
        tie=oriented(with_contact(tie.tie, contact.contact), ours_first=ours_first),
        last_mutual_at=contact.last_mutual_at,
        last_sent_at=out if ours_first else back,
        last_received_at=back if ours_first else out,
    )


def oriented(tie: Tie, *, ours_first: bool) -> Tie:
    """The tie seen from our side, whichever of the two ids is the smaller."""
    if tie.accumulators is None or ours_first:
        return tie
    return replace(tie, accumulators=tie.accumulators.reversed)
