"""What an import does with deals: whose they are, who stands for them, how far they are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from graph_crm.imports.drafts import OpportunityDraft, folded
from graph_crm.imports.known import KnownOpportunity, KnownSource
from graph_crm.imports.ledger import (
    Ledger,
    PersonEntry,
    Planned,
    differing,
    milliseconds,
    named,
    picked,
    searched,
)
from graph_crm.imports.placing import Placement
from graph_crm.imports.plan_pipelines import Pipelines, pipeline_name
from graph_crm.imports.plan_users import owner_of
from graph_crm.imports.types import Candidate, PlacedBy, ProblemCode, RecordKind, Verdict
from graph_crm.language import say


def plan_opportunities(ledger: Ledger, pipelines: Pipelines) -> None:
    """Plan the deals, each in its stage, at the account and with the contact that its row names."""
    by_name: dict[str, list[KnownOpportunity]] = defaultdict(list)
    for opportunity in ledger.known.opportunities:
        by_name[opportunity.name_key].append(opportunity)
    for draft in ledger.drafts.opportunities:
        source = ledger.source_of(RecordKind.OPPORTUNITY, draft.key)
        contact = contact_of_opportunity(ledger, draft)
        placement = ledger.directory.beside_contact(
            draft.account_key, contact.account_ids if contact is not None else ()
        )
        note_opportunity_placement(ledger, draft, placement)
        known = None
        if source is None:
            same = [
                one
                for one in by_name[folded(draft.name)]
                if (placement.account_id is not None and placement.account_id in one.account_ids)
                or (contact is not None and contact.id in one.contact_ids)
            ]
            known = same[0] if len(same) == 1 else None
        plan_opportunity(ledger, pipelines, draft, source, known, contact, placement)


def contact_of_opportunity(ledger: Ledger, draft: OpportunityDraft) -> PersonEntry | None:
    if draft.contact is not None and (
        draft.contact_name is None or folded(draft.contact_name) == draft.contact.name_key
    ):
        return ledger.people.of_draft(draft.contact)
    if draft.contact_name is None:
        return None
    found = ledger.people.named(draft.contact_name, draft.account_key)
    if len(found) == 1:
        return found[0]
    ledger.note(
        ProblemCode.AMBIGUOUS if found else ProblemCode.NOT_FOUND,
        draft.origin,
        RecordKind.OPPORTUNITY,
        "contact_name",
        draft.contact_name,
        say("Several contacts have this name there; the opportunity is kept without its contact.")
        if found
        else say("No contact has this name there; the opportunity is kept without its contact."),
        tuple(Candidate(person.id, person.name) for person in found),
    )
    return None


def note_opportunity_placement(ledger: Ledger, draft: OpportunityDraft, placement: Placement) -> None:
    if draft.account_name is None:
        return
    ledger.opportunities_placed[placement.by] += 1
    if placement.by is PlacedBy.CONTACT:
        ledger.note(
            ProblemCode.MATCHED_BY_CONTACT,
            draft.origin,
            RecordKind.OPPORTUNITY,
            "account_name",
            draft.account_name,
            say("Several accounts have this name; the opportunity's contact works for one of them."),
        )
    elif placement.by is PlacedBy.AMBIGUOUS:
        ledger.note(
            ProblemCode.AMBIGUOUS,
            draft.origin,
            RecordKind.OPPORTUNITY,
            "account_name",
            draft.account_name,
            say(
                "Several accounts have this name, and the contact does not say which. {name} is kept without an "
                "account.",
                name=draft.name,
            ),
            placement.candidates,
        )


def plan_opportunity(
    ledger: Ledger,
    pipelines: Pipelines,
    draft: OpportunityDraft,
    source: KnownSource | None,
    known: KnownOpportunity | None,
    contact: PersonEntry | None,
    placement: Placement,
) -> None:
    owner = owner_of(ledger, draft.owner, draft.origin, RecordKind.OPPORTUNITY)
    given = {**draft.values, **({"owner": draft.owner} if draft.owner else {})}
    new_account = placement.account_id if source is None or not source.account_ids else None
    new_contact = contact.id if contact is not None and (source is None or not source.contact_ids) else None
    record_id = source.record_id if source is not None else known.id if known is not None else ledger.new_id()
    before = source or known
    last = source.given if source is not None else {}
    if before is None:
        verdict, changes = Verdict.CREATED, given
    else:
        changes = differing(given, last)
        verdict = Verdict.CHANGED if changes or new_account or new_contact else Verdict.UNCHANGED
    row: dict[str, Any] = {}
    if verdict is not Verdict.UNCHANGED:
        all_given = {**last, **given}
        pipeline = folded(pipeline_name(ledger, draft))
        stage_id, is_over = pipelines.stage_of(pipeline, draft)
        opened, closes = at(all_given.get("opened")), at(all_given.get("closes"))
        # What a file dates ahead has not happened yet.
        entered_at = min((closes if is_over else opened) or opened or ledger.now, ledger.now)
        moved = verdict is Verdict.CREATED or not changes.keys().isdisjoint({"stage", "status", "pipeline"})
        first = pipelines.first_ids.get(pipeline)
        row = {
            "id": record_id,
            **picked(changes, "name", "amount", "currency", "lost_reason", "next_step"),
            "name_key": folded(changes["name"]) if "name" in changes else None,
            **searched(all_given["name"]),
            "close_date": None if closes is None else closes.date(),
            "closed_at": milliseconds(entered_at) if is_over and closes is not None else None,
            "opened_at": None if opened is None else milliseconds(opened),
            "stage_id": stage_id if moved else None,
            "entered_at": milliseconds(entered_at),
            # That a deal was open between its two dates is known; in which stage, nothing says.
            "first_stage_id": first if is_over and opened is not None and opened < entered_at else None,
            "account_id": new_account,
            "contact_id": new_contact,
            "ownership": ledger.ownership(owner, changes),
            "source": ledger.source_row(RecordKind.OPPORTUNITY, draft.key, draft.origin, all_given),
        }
    ledger.steps[RecordKind.OPPORTUNITY].append(
        Planned(
            record_id,
            RecordKind.OPPORTUNITY,
            verdict,
            (draft.key,),
            row,
            origin=draft.origin,
            version=None if before is None else before.version,
            touched=named(
                new_account, new_contact, *(() if before is None else (*before.account_ids, *before.contact_ids))
            ),
            before=picked(last, *changes),
            after=changes,
        )
    )


def at(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)
