"""What people do with deals: make them, find them, move them along, say who must agree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph_crm.changes.sources import attach_source, record_of_source
from graph_crm.changes.types import SourceKey
from graph_crm.errors import Ambiguous, Duplicate, Invalid, NotFound
from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold, search_folded, search_text
from graph_crm.graph.lists import Wanted
from graph_crm.graph.pages import Page
from graph_crm.graph.texts import optional_line, required_line
from graph_crm.graph.write import Receipt, Write
from graph_crm.language import Price
from graph_crm.opportunities import store
from graph_crm.opportunities.amounts import currency_of, minor_units, price_of
from graph_crm.opportunities.types import (
    SEAT_ROLES,
    ConsensusRule,
    Move,
    NewOpportunity,
    Opportunity,
    Pipeline,
    Stage,
    StageChange,
    TemplateSeat,
)
from graph_crm.team.readers import own, refresh_readers, require_writable
from graph_crm.viewer import Permission, Viewer

LONGEST_REASON = 1_000
MOST_NAMESAKES = 10
MOST_SEATS = 30
MOST_NEEDED = 100


async def pipelines(graph: Graph, viewer: Viewer) -> list[Pipeline]:
    """The pipelines, in their order, each with its stages."""
    viewer.require(Permission.READ_RECORDS)
    return await store.pipelines(graph)


async def of_ids(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, Opportunity]:
    """The opportunities with these ids that the viewer may see, by id."""
    viewer.require(Permission.READ_RECORDS)
    return {found.id: found for found in await store.of_ids(graph, ids, viewer)}


async def find(
    graph: Graph,
    viewer: Viewer,
    *,
    record_id: str | None = None,
    name: str | None = None,
    source: SourceKey | None = None,
) -> Opportunity | None:
    """The opportunity of that id, name or key of another system. A name that several share is refused."""
    viewer.require(Permission.READ_RECORDS)
    if name is not None:
        ids = await store.ids_of_name(graph, name, viewer, limit=MOST_NAMESAKES)
        if len(ids) > 1:
            raise Ambiguous(
                "Several opportunities are called {name}.", name=name, candidates=ids, field=("by", "name")
            )
        record_id = ids[0] if ids else None
    elif source is not None:
        record_id = await record_of_source(graph, viewer, source)
    if record_id is None:
        return None
    return next(iter(await store.of_ids(graph, [record_id], viewer)), None)


async def page(graph: Graph, viewer: Viewer, wanted: Wanted) -> Page[Opportunity]:
    """One page of the opportunities that the viewer may see."""
    viewer.require(Permission.READ_RECORDS)
    return await store.OPPORTUNITIES.page(graph, wanted, **store.seen_by(graph, viewer))


async def of_accounts(
    graph: Graph, viewer: Viewer, account_ids: Sequence[str], wanted: Wanted
) -> dict[str, Page[Opportunity]]:
    """One page of opportunities for each account."""
    viewer.require(Permission.READ_RECORDS)
    return await store.OF_ACCOUNT.pages_of_each(graph, account_ids, wanted, **store.seen_by(graph, viewer))


async def of_contacts(
    graph: Graph, viewer: Viewer, contact_ids: Sequence[str], wanted: Wanted
) -> dict[str, Page[Opportunity]]:
    """One page for each contact: the opportunities attached to them, and those they have a part in."""
    viewer.require(Permission.READ_RECORDS)
    return await store.OF_CONTACT.pages_of_each(graph, contact_ids, wanted, **store.seen_by(graph, viewer))


async def stages_of(graph: Graph, viewer: Viewer, opportunity_ids: Sequence[str]) -> dict[str, list[StageChange]]:
    """The stages each opportunity went through, the earliest first."""
    viewer.require(Permission.READ_RECORDS)
    found: defaultdict[str, list[StageChange]] = defaultdict(list)
    for stay in await store.stages_of(graph, viewer, opportunity_ids):
        found[stay.opportunity_id].append(StageChange(stay.stage, stay.entered_at, stay.left_at))
    return dict(found)


async def open_pipeline(graph: Graph, viewer: Viewer, account_ids: Sequence[str]) -> dict[str, list[Price]]:
    """What the open opportunities of each account amount to, one sum for each currency."""
    viewer.require(Permission.READ_RECORDS)
    found: defaultdict[str, list[Price]] = defaultdict(list)
    for row in await store.open_amounts(graph, viewer, account_ids):
        price = price_of(row.amount_units, row.currency)
        if price is not None:
            found[row.account_id].append(price)
    return dict(found)


# ------------------------------------------------------------------------------------------------ making


async def create(
    graph: Graph,
    viewer: Viewer,
    wanted: NewOpportunity,
    *,
    default_currency: str | None = None,
    idempotency_key: str | None = None,
) -> Opportunity:
    """Make an opportunity, attached to an account, to a contact, or to both."""
    viewer.require(Permission.WRITE_RECORDS)
    wanted = checked(wanted, now=graph.now())
    currency = None if wanted.amount is None else currency_of(wanted.currency, default_currency)
    amount = None if wanted.amount is None or currency is None else minor_units(wanted.amount, currency)
    stage = first_stage(await store.pipelines(graph), wanted)
    owner_id = wanted.owner_id or viewer.user_id
    ends = {
        "accountId": (wanted.account_id, "ACCOUNT"),
        "primaryContactId": (wanted.primary_contact_id, "CONTACT"),
        "ownerId": (owner_id, "USER"),
    }
    if wanted.source is not None and idempotency_key is None:
        await _refuse_known_source(graph, viewer, wanted.source)

    async def work(write: Write) -> str:
        await _refuse_unknown_ends(write, viewer, ends)
        if wanted.account_id is not None:
            await require_writable(write, viewer, wanted.account_id)
        opportunity_id = write.new_id()
        await store.create(write, stored(write, opportunity_id, wanted, stage, amount, currency))
        await own(write, opportunity_id, owner_id)
        await refresh_readers(write, opportunity_ids=[opportunity_id])
        if wanted.source is not None:
            await attach_source(write, opportunity_id, wanted.source)
        write.created(
            opportunity_id,
            "opportunity.created",
            name=wanted.name,
            kind=wanted.kind,
            account_id=wanted.account_id,
            primary_contact_id=wanted.primary_contact_id,
            stage_key=stage.key,
            amount=None if wanted.amount is None else str(wanted.amount),
            currency=currency,
            close_date=wanted.close_date,
            owner_id=owner_id,
        )
        if stage.is_won:
            await become_customers(write, [wanted.account_id, wanted.primary_contact_id])
        return opportunity_id

    opportunity_id = await graph.write(
        work,
        viewer,
        Receipt.of("create opportunity", wanted, idempotency_key),
        locks=[end for end, kind in ends.values() if end is not None and kind != "USER"],
    )
    return await _seen(graph, viewer, opportunity_id)


async def _refuse_known_source(graph: Graph, viewer: Viewer, source: SourceKey) -> None:
    earlier = await record_of_source(graph, viewer, source)
    if earlier is not None:
        raise Duplicate(
            "{system} already calls another record {key}.",
            system=source.system,
            key=source.key,
            field=("sourceKey",),
            candidates=(earlier,),
        )


async def _refuse_unknown_ends(write: Write, viewer: Viewer, ends: Mapping[str, tuple[str | None, str]]) -> None:
    """`ends` says for each field of the input which record it names, and of which kind that must be."""
    kinds = await store.kinds_of_ends(write, viewer, [end for end, _ in ends.values() if end is not None])
    for name, (end, kind) in ends.items():
        if end is not None and kinds.get(end) != kind:
            raise NotFound("There is no such record, or you may not see it.", field=(name,))


def stored(
    write: Write,
    opportunity_id: str,
    wanted: NewOpportunity,
    stage: Stage,
    amount: int | None,
    currency: str | None,
) -> dict[str, Any]:
    """A new opportunity as it is stored; `amount` counts the smallest units of the currency."""
    entered_at = wanted.entered_at or write.now
    return {
        "opportunity_id": opportunity_id,
        "name": wanted.name,
        "name_key": fold(wanted.name),
        "search_text": search_text(wanted.name),
        "search_folded": search_folded(wanted.name),
        "kind": wanted.kind,
        "account_id": wanted.account_id,
        "primary_contact_id": wanted.primary_contact_id,
        "stage_id": stage.id,
        "entered_at": entered_at,
        "closed_at": None if stage.is_open else entered_at,
        "amount": amount,
        "currency": currency,
        "close_date": wanted.close_date,
        "next_step": wanted.next_step,
        "next_step_due_at": wanted.next_step_due_at,
        "lost_reason": wanted.lost_reason,
        "now": write.now,
        "creator_id": write.actor_id,
        "source": "graph_crm" if wanted.source is None else wanted.source.system,
    }


def checked(wanted: NewOpportunity, *, now: dt.datetime) -> NewOpportunity:
    """The new opportunity with its texts trimmed. Refuses what no deal can be."""
    if wanted.account_id is None and wanted.primary_contact_id is None:
        raise Invalid("An opportunity belongs to an account, to a contact, or to both.", field=("accountId",))
    if wanted.entered_at is not None and wanted.entered_at > now:
        raise Invalid("This moment lies in the future: {moment}.", moment=wanted.entered_at, field=("at",))
    return replace(
        wanted,
        name=required_line(wanted.name, ("name",)),
        next_step=optional_line(wanted.next_step, ("nextStep",)),
        lost_reason=optional_line(wanted.lost_reason, ("lostReason",), longest=LONGEST_REASON),
    )


def first_stage(known: Sequence[Pipeline], wanted: NewOpportunity) -> Stage:
    """The stage a new opportunity enters: the one named, else the first of its pipeline, else of the first one."""
    pipeline = known[0]
    if wanted.pipeline_id is not None:
        found = [one for one in known if one.id == wanted.pipeline_id]
        if not found:
            raise NotFound("There is no such pipeline.", field=("pipelineId",))
        pipeline = found[0]
    if wanted.stage_key is None:
        return pipeline.stages[0]
    return stage_of(pipeline, wanted.stage_key)


def stage_of(pipeline: Pipeline, key: str) -> Stage:
    """The stage of that key. Refuses one of another pipeline, naming those there are."""
    stage = pipeline.stage(key)
    if stage is None:
        raise Invalid(
            "The pipeline {pipeline} has no stage {key}. Its stages are {stages}.",
            pipeline=pipeline.name,
            key=key,
            stages=[stage.key for stage in pipeline.stages],
            field=("stageKey",),
        )
    return stage


async def become_customers(write: Write, record_ids: Iterable[str | None]) -> None:
    """A won deal makes its account and its primary contact customers."""
    wanted = [record_id for record_id in record_ids if record_id is not None]
    for row in await store.become_customers(write, wanted) if wanted else []:
        action = "account.became_customer" if row.is_account else "contact.became_customer"
        write.changed(
            row.id,
            action,
            before={} if row.before is None else {"lifecycle_stage": row.before},
            after={"lifecycle_stage": "CUSTOMER"},
        )


# ------------------------------------------------------------------------------------------------ moving


async def move(
    graph: Graph,
    viewer: Viewer,
    wanted: Move,
    *,
    expected_version: int | None = None,
    idempotency_key: str | None = None,
) -> Opportunity:
    """Move an opportunity to another stage of its pipeline, as of a moment."""
    viewer.require(Permission.WRITE_RECORDS)
    if wanted.at is not None and wanted.at > graph.now():
        raise Invalid("This moment lies in the future: {moment}.", moment=wanted.at, field=("at",))
    reason = optional_line(wanted.lost_reason, ("lostReason",), longest=LONGEST_REASON)

    async def work(write: Write) -> str:
        await require_writable(write, viewer, wanted.opportunity_id)
        standing = await store.standing(write, wanted.opportunity_id)
        if standing is None:
            raise NotFound("There is no such record, or you may not see it.", field=("opportunityId",))
        stage = stage_of(standing.pipeline, wanted.stage_key)
        if reason is not None and not stage.is_lost:
            raise Invalid("Only a lost opportunity has a reason for it.", field=("lostReason",))
        if stage.id == standing.stage.id:
            await give_reason(write, wanted.opportunity_id, standing, reason)
            return wanted.opportunity_id
        at = wanted.at or write.now
        if at < standing.entered_at:
            raise Invalid(
                "This opportunity entered its stage on {moment}; it cannot have left it before.",
                moment=standing.entered_at,
                field=("at",),
            )
        await store.move(write, wanted.opportunity_id, stage, at=at, lost_reason=reason)
        write.changed(
            wanted.opportunity_id,
            "opportunity.moved",
            before={"stage_key": standing.stage.key},
            after={"stage_key": stage.key, "at": at} | ({} if reason is None else {"lost_reason": reason}),
        )
        if stage.is_won:
            await become_customers(write, [standing.account_id, standing.primary_contact_id])
        return wanted.opportunity_id

    opportunity_id = await graph.write(
        work,
        viewer,
        Receipt.of("move opportunity", [wanted, expected_version], idempotency_key),
        locks=[wanted.opportunity_id],
        versions=None if expected_version is None else {wanted.opportunity_id: expected_version},
    )
    return await _seen(graph, viewer, opportunity_id)


async def give_reason(write: Write, opportunity_id: str, standing: store.Standing, reason: str | None) -> None:
    """A deal that is lost already may be given its reason later."""
    if reason is None or reason == standing.lost_reason:
        return
    await store.give_reason(write, opportunity_id, reason)
    before = {} if standing.lost_reason is None else {"lost_reason": standing.lost_reason}
    write.changed(opportunity_id, "opportunity.explained", before=before, after={"lost_reason": reason})


# -------------------------------------------------------------------------------------------- who must agree


async def consensus_rule(graph: Graph, viewer: Viewer, opportunity_id: str) -> ConsensusRule | None:
    """Who must agree to an opportunity, as far as the viewer may see them."""
    viewer.require(Permission.READ_RECORDS)
    return await store.consensus_rule(graph, viewer, opportunity_id)


async def set_consensus_rule(
    graph: Graph,
    viewer: Viewer,
    opportunity_id: str,
    rule: ConsensusRule,
    *,
    expected_version: int | None = None,
    idempotency_key: str | None = None,
) -> Opportunity:
    """Say who must agree to an opportunity, how many of them, and who has a veto. An empty rule takes it back."""
    viewer.require(Permission.WRITE_RECORDS)
    rule = ConsensusRule(
        tuple(sorted(set(rule.needed_contact_ids))), rule.needed_count, tuple(sorted(set(rule.veto_contact_ids)))
    )
    if max(len(rule.needed_contact_ids), len(rule.veto_contact_ids)) > MOST_NEEDED:
        raise Invalid("At most {limit} people.", limit=MOST_NEEDED, field=("neededContactIds",))
    if rule.needed_count is not None and rule.needed_count < 1:
        raise Invalid("At least one of them must agree.", field=("neededCount",))
    if rule.needed_count is not None and 0 < len(rule.needed_contact_ids) < rule.needed_count:
        raise Invalid(
            "{wanted} cannot agree out of {count}.",
            wanted=rule.needed_count,
            count=len(rule.needed_contact_ids),
            field=("neededCount",),
        )

    async def work(write: Write) -> str:
        await require_writable(write, viewer, opportunity_id)
        for name, ids in (("neededContactIds", rule.needed_contact_ids), ("vetoContactIds", rule.veto_contact_ids)):
            kinds = await store.kinds_of_ends(write, viewer, ids) if ids else {}
            for position, contact_id in enumerate(ids):
                if kinds.get(contact_id) != "CONTACT":
                    raise NotFound("There is no such person, or you may not see them.", field=(name, str(position)))
        await store.set_consensus_rule(write, opportunity_id, rule)
        write.changed(
            opportunity_id,
            "opportunity.consensus_rule_set",
            after={
                "needed_contact_ids": list(rule.needed_contact_ids),
                "needed_count": rule.needed_count,
                "veto_contact_ids": list(rule.veto_contact_ids),
            },
        )
        return opportunity_id

    await graph.write(
        work,
        viewer,
        Receipt.of("set consensus rule", [opportunity_id, rule, expected_version], idempotency_key),
        locks=[opportunity_id],
        versions=None if expected_version is None else {opportunity_id: expected_version},
    )
    return await _seen(graph, viewer, opportunity_id)


async def role_template(graph: Graph, viewer: Viewer, opportunity_id: str) -> list[TemplateSeat]:
    """The seats that an opportunity needs filled: its own template, else its pipeline's."""
    viewer.require(Permission.READ_RECORDS)
    seats = await store.role_template(graph, viewer, opportunity_id)
    if seats is None:
        raise NotFound("There is no such record, or you may not see it.", field=("opportunityId",))
    return seats


async def set_role_template(
    graph: Graph,
    viewer: Viewer,
    opportunity_id: str,
    seats: Sequence[TemplateSeat],
    *,
    idempotency_key: str | None = None,
) -> Opportunity:
    """Give an opportunity a role template of its own, in place of its pipeline's. No seats: the pipeline's again."""
    viewer.require(Permission.WRITE_RECORDS)
    refuse_bad_seats(seats)

    async def work(write: Write) -> str:
        await require_writable(write, viewer, opportunity_id)
        await store.set_role_template(write, opportunity_id, seats)
        write.changed(
            opportunity_id,
            "opportunity.role_template_set",
            after={"seats": [f"{seat.role} {seat.weight:g} {seat.from_probability:g}" for seat in seats]},
        )
        return opportunity_id

    await graph.write(
        work,
        viewer,
        Receipt.of("set role template", [opportunity_id, list(seats)], idempotency_key),
        locks=[opportunity_id],
    )
    return await _seen(graph, viewer, opportunity_id)


async def add_seat(graph: Graph, viewer: Viewer, opportunity_id: str, seat: TemplateSeat) -> Opportunity:
    """Let an opportunity need one seat more than its template had; a seat it had gets the new weight."""
    viewer.require(Permission.WRITE_RECORDS)
    seats = [one for one in await role_template(graph, viewer, opportunity_id) if one.role != seat.role]
    return await set_role_template(graph, viewer, opportunity_id, [*seats, seat])


def refuse_bad_seats(seats: Sequence[TemplateSeat]) -> None:
    if len(seats) > MOST_SEATS or len({seat.role for seat in seats}) < len(seats):
        raise Invalid("A role template has each role once, at most {limit}.", limit=MOST_SEATS, field=("seats",))
    for seat in seats:
        if seat.role not in SEAT_ROLES:
            raise Invalid("{role} is not a buying role.", role=seat.role, field=("seats",))
        if not 0 < seat.weight <= 100 or not 0 <= seat.from_probability <= 1:
            raise Invalid(
                "A seat weighs more than 0 and up to 100, and counts from a chance of 0 to 1.", field=("seats",)
            )


async def _seen(graph: Graph, viewer: Viewer, opportunity_id: str) -> Opportunity:
    found = await store.of_ids(graph, [opportunity_id], viewer)
    if not found:
        raise NotFound("It was saved, but you may not see it: it belongs to a colleague outside your teams.")
    return found[0]
