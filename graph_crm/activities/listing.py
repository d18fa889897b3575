"""Lists of interactions and notes: of an account, of a contact, of an opportunity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString

from graph_crm.activities.store import NOTES_OF_IDS, OF_IDS
from graph_crm.activities.types import Interaction, Note
from graph_crm.graph.lists import Direction, Filter, Kind, Listing, Order, columns_of, number_filter, word_filter

FILTERS: Mapping[str, Filter] = {
    "type": word_filter("interaction.type"),
    "status": word_filter("interaction.status"),
    "occurred_at": number_filter("interaction.occurred_at"),
}
ORDERS: Mapping[str, Order] = {"occurred_at": Order.by("interaction.occurred_at", Kind.MOMENT)}
NEWEST_FIRST = (("occurred_at", Direction.DESC),)


def interactions_of(name: LiteralString, match: LiteralString) -> Listing[Interaction]:
    """The interactions of one kind of record; `match` starts at it and yields each interaction once."""
    return Listing(
        name=name,
        row=Interaction,
        match=match + "\nWITH of_id, interaction\nWHERE true",
        carried="interaction",
        identity="interaction.id",
        returning=columns_of(OF_IDS),
        orders=ORDERS,
        filters=FILTERS,
        default=NEWEST_FIRST,
        anchored=True,
    )


OF_ACCOUNT = interactions_of(
    "activities/of_accounts",
    """MATCH (account:Record:Account {id: of_id})
WHERE any(group IN account.readers WHERE group IN $viewer_groups)
CALL (account) {
  MATCH (account)<-[:ABOUT]-(interaction:Interaction)
  RETURN interaction
  UNION
  MATCH (account)<-[:FOR_ACCOUNT]-(opportunity:Opportunity)<-[:ABOUT]-(interaction:Interaction)
  WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)
  RETURN interaction
  UNION
  MATCH (account)<-[employment:WORKS_AT]-(contact:Contact)-[:TOOK_PART_IN|ABOUT]-(interaction:Interaction)
  WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
    AND (employment.valid_from IS NULL OR employment.valid_from <= date(interaction.occurred_at))
    AND (employment.valid_to IS NULL OR employment.valid_to > date(interaction.occurred_at))
  RETURN interaction
}""",
)

OF_CONTACT = interactions_of(
    "activities/of_contacts",
    """MATCH (contact:Record:Contact {id: of_id})
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
CALL (contact) {
  MATCH (contact)-[:TOOK_PART_IN|ABOUT]-(interaction:Interaction)
  RETURN DISTINCT interaction
}""",
)

OF_OPPORTUNITY = interactions_of(
    "activities/of_opportunities",
    """MATCH (opportunity:Record:Opportunity {id: of_id})<-[:ABOUT]-(interaction:Interaction)
WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)""",
)

NOTE_FILTERS: Mapping[str, Filter] = {"kind": word_filter("note.kind")}
NOTE_ORDERS: Mapping[str, Order] = {"created_at": Order.by("note.created_at", Kind.MOMENT)}
NEWEST_NOTE_FIRST = (("created_at", Direction.DESC),)


def notes_of(name: LiteralString, match: LiteralString) -> Listing[Note]:
    """The notes about one kind of record; `match` starts at it and yields each note once."""
    return Listing(
        name=name,
        row=Note,
        match=match + "\nWITH of_id, note\nWHERE true",
        carried="note",
        identity="note.id",
        returning=columns_of(NOTES_OF_IDS),
        orders=NOTE_ORDERS,
        filters=NOTE_FILTERS,
        default=NEWEST_NOTE_FIRST,
        anchored=True,
    )


NOTES_OF_ACCOUNT = notes_of(
    "activities/notes_of_accounts",
    """MATCH (account:Record:Account {id: of_id})
WHERE any(group IN account.readers WHERE group IN $viewer_groups)
CALL (account) {
  MATCH (account)<-[:ABOUT]-(note:Note)
  RETURN note
  UNION
  MATCH (account)<-[:FOR_ACCOUNT]-(opportunity:Opportunity)<-[:ABOUT]-(note:Note)
  WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)
  RETURN note
  UNION
  MATCH (account)<-[employment:WORKS_AT]-(contact:Contact)<-[:ABOUT]-(note:Note)
  WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
    AND (employment.valid_from IS NULL OR employment.valid_from <= date(note.created_at))
    AND (employment.valid_to IS NULL OR employment.valid_to > date(note.created_at))
  RETURN note
}""",
)

NOTES_OF_CONTACT = notes_of(
    "activities/notes_of_contacts",
    """MATCH (contact:Record:Contact {id: of_id})<-[:ABOUT]-(note:Note)
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)""",
)

NOTES_OF_OPPORTUNITY = notes_of(
    "activities/notes_of_opportunities",
    """MATCH (opportunity:Record:Opportunity {id: of_id})<-[:ABOUT]-(note:Note)
WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)""",
)
