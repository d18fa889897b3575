"""Ties on the wire: how strong, why, and what people state of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import strawberry

from graph_crm.context import one_each
from graph_crm.graph.lists import Span
from graph_crm.graph.pages import Page
from graph_crm.language import Sentence
from graph_crm.ties import service
from graph_crm.ties.acquaintance import Acquaintance
from graph_crm.ties.strength import epoch_days, moment_of, strength_of
from graph_crm.ties.types import TieBand, TieLevel, TieVisibility
from graph_crm.wire import (
    Connection,
    HiddenPerson,
    Info,
    Node,
    Person,
    UserError,
    answered,
    connection_of,
    edge,
    node_kind,
    one_of_kind,
)

strawberry.enum(TieBand, description="How strong a tie reads: STRONG from .70, MEDIUM from .40, WEAK from .15.")
strawberry.enum(TieLevel, description="What somebody says of an acquaintance.")
strawberry.enum(
    TieVisibility,
    description="Who sees a tie: all who see both people; they too, without the name of our end; its owner alone.",
)


@strawberry.type(
    description=(
        "How well two people know each other. strength = override, else the greatest of observed, stated and latent; "
        "outbound, inbound and mutual are the contact it is told from, faded to the date asked for."
    )
)
class Tie(Node):
    id: strawberry.ID
    strength: float
    band: TieBand
    observed: float
    stated: float | None
    latent: float | None
    override: float | None
    outbound: float
    inbound: float
    mutual: float
    last_interaction_at: dt.datetime | None
    interaction_count: int
    visibility: TieVisibility
    explanation: str
    pair: strawberry.Private[Acquaintance]

    @strawberry.field(name="from", description="Our end, when exactly one is ours.")
    async def from_person(self, info: Info) -> Person | None:
        return await end_of(info, self.pair, self.pair.from_id)

    @strawberry.field(name="to")
    async def to_person(self, info: Info) -> Person | None:
        return await end_of(info, self.pair, self.pair.to_id)

    @staticmethod
    def of(info: Info, pair: Acquaintance, *, as_of: dt.datetime | None = None) -> Tie:
        told = strength_of(pair.tie, moment_for(pair, epoch_days(as_of or info.context.graph.now())))
        outbound, inbound = (told.outbound, told.inbound) if pair.from_first else (told.inbound, told.outbound)
        return Tie(
            id=strawberry.ID(pair.id),
            strength=told.strength,
            band=told.band,
            observed=told.observed,
            stated=told.stated,
            latent=told.latent,
            override=told.override,
            outbound=outbound,
            inbound=inbound,
            mutual=told.mutual,
            last_interaction_at=None if pair.tie.last_at is None else moment_of(pair.tie.last_at),
            interaction_count=told.interaction_count,
            visibility=pair.tie.visibility,
            explanation=told.explanation.read(info.context.language),
            pair=pair,
        )


def moment_for(pair: Acquaintance, as_of: float) -> float:
    """The moment to tell a tie for: an interaction of today that is dated by its day may lie a little ahead."""
    at = pair.tie.accumulators.at if pair.tie.accumulators is not None else as_of
    return at if as_of < at < as_of + 1 else as_of


async def end_of(info: Info, pair: Acquaintance, person_id: str) -> Any:
    """Who stands at this end, as far as the viewer may know."""
    if person_id == pair.hidden_id:
        name: Sentence | None = pair.hidden_name
        return HiddenPerson(display_name="" if name is None else name.read(info.context.language))
    ours = pair.first_is_ours if person_id == pair.first_id else pair.second_is_ours
    return await one_of_kind(info, "User" if ours else "Contact", person_id)


async def ties_between(info: Info, user_id: str, contact_id: str, *, as_of: dt.datetime | None = None) -> Tie | None:
    """The tie of one of ours and a contact, loaded together with others, as it stood on that date."""

    async def load(keys: list[str]) -> Mapping[str, Acquaintance]:
        graph, viewer = info.context.graph, info.context.viewer
        asked = {key: (key.split("|")[0], key.split("|")[1]) for key in keys}
        found = await service.of_pairs(graph, viewer, asked.values())
        if as_of is not None:
            found = await service.as_they_were(graph, viewer, found, as_of)
        known = {frozenset((pair.first_id, pair.second_id)): pair for pair in found}
        return {key: known[frozenset(pair)] for key, pair in asked.items() if frozenset(pair) in known}

    loader = info.context.kept(("ties", as_of), lambda: one_each(load))
    pair: Acquaintance | None = await loader.load(f"{user_id}|{contact_id}")
    return None if pair is None else Tie.of(info, pair, as_of=as_of)


@edge("Contact.ties")
async def ties_of_contact(
    info: Info, contact_id: str, *, first: int = 20, after: str | None = None
) -> Connection[Tie]:
    """The ties of a contact, strongest first, as a connection."""
    span = Span.of(first=first, after=after)

    async def load(ids: list[str]) -> Mapping[str, Page[Acquaintance]]:
        return await service.of_contacts(info.context.graph, info.context.viewer, ids, span)

    page: Page[Acquaintance] = await info.context.kept(("ties of contacts", span), lambda: one_each(load)).load(
        contact_id
    )
    return connection_of(page, lambda pair: Tie.of(info, pair))


# ------------------------------------------------------------------ mutations


@strawberry.input(
    description=(
        "Two people, at least one of whom the viewer may see; level is what somebody says of their acquaintance."
    )
)
class StateTieInput:
    person_id: strawberry.ID
    other_person_id: strawberry.ID
    level: TieLevel
    note: str | None = None
    visibility: TieVisibility | None = None
    confirmed_at: dt.datetime | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.type
class TiePayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    tie: Tie | None = None


@strawberry.type
class TiesMutation:
    @strawberry.mutation(description="Records how well two people know each other, as somebody says it.")
    async def state_tie(self, info: Info, input: StateTieInput) -> TiePayload:
        async def work() -> Mapping[str, Any]:
            statement = service.Statement(
                person_id=input.person_id,
                other_person_id=input.other_person_id,
                level=input.level,
                note=input.note,
                visibility=input.visibility,
                confirmed_at=input.confirmed_at,
                idempotency_key=input.idempotency_key,
            )
            pair = await service.state(info.context.graph, info.context.viewer, statement)
            return {"tie": None if pair is None else Tie.of(info, pair)}

        return await answered(info, TiePayload, input.client_mutation_id, work())


# ---------------------------------------------------------------------- nodes


@node_kind("KNOWS")
async def load_ties(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Tie.of(info, pair) for key, pair in found.items()}
