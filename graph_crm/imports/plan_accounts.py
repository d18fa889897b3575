"""What an import does with accounts: those its files describe, and those they only name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph_crm.accounts.domains import domain_of
from graph_crm.imports.drafts import AccountDraft, folded, natural_key, place_of
from graph_crm.imports.known import KnownAccount, KnownSource
from graph_crm.imports.ledger import Ledger, Planned, differing, picked, searched
from graph_crm.imports.placing import Place, known_account
from graph_crm.imports.plan_users import owner_of
from graph_crm.imports.regions import region_of
from graph_crm.imports.types import ProblemCode, RecordKind, Verdict
from graph_crm.language import say


def plan_accounts(ledger: Ledger) -> dict[str, str]:
    """Plan the accounts; answers the country of each whose file names one."""
    before: dict[str, list[Place]] = defaultdict(list)
    known = {account.id: account for account in ledger.known.accounts}
    for account in ledger.known.accounts:
        place = place_of(account.name, account.values, account.id)
        before[place.name_key].append(place)
    met: set[str] = set()
    regions: dict[str, str] = {}
    add_named_accounts(ledger, before)
    for draft in ledger.drafts.accounts:
        source = ledger.source_of(RecordKind.ACCOUNT, draft.key)
        place = None
        if source is None:
            free = [place for place in before[draft.place.name_key] if place.id not in met]
            place = known_account(draft.place, len(ledger.drafts.account_names[draft.place.name_key]), free)
        record_id = plan_account(ledger, draft, source, None if place is None else known[place.id])
        met.add(record_id)
        ledger.directory.add(replace(draft.place, id=record_id))
        if (region := region_of(draft.values.get("country", ""))) is not None:
            regions[record_id] = region
    for places in before.values():
        for place in places:
            if place.id not in met:
                ledger.directory.add(place)
    return regions


def add_named_accounts(ledger: Ledger, before: Mapping[str, Sequence[Place]]) -> None:
    """Accounts that contacts and opportunities name and that nothing describes, by their name alone."""
    naming = [
        *((RecordKind.CONTACT, draft.origin, draft.account_name) for draft in ledger.drafts.contacts),
        *((RecordKind.OPPORTUNITY, draft.origin, draft.account_name) for draft in ledger.drafts.opportunities),
    ]
    for kind, origin, name in naming:
        if name is None:
            continue
        place = place_of(name, {})
        if ledger.drafts.account_names.get(place.name_key) or before.get(place.name_key):
            continue
        draft = AccountDraft(origin, natural_key(place.name_key), place, {"name": name})
        ledger.drafts.accounts.append(draft)
        ledger.drafts.account_names[place.name_key].append(draft)
        ledger.note(
            ProblemCode.ADDED,
            origin,
            kind,
            "account_name",
            name,
            say("No file describes this account: it was made with its name alone."),
        )


def plan_account(
    ledger: Ledger,
    draft: AccountDraft,
    source: KnownSource | None,
    known: KnownAccount | None,
) -> str:
    owner = owner_of(ledger, draft.owner, draft.origin, RecordKind.ACCOUNT)
    given = {**draft.values, **({"owner": draft.owner} if draft.owner else {})}
    last: Mapping[str, Any] = {}
    if source is not None:
        record_id, version, last = source.record_id, source.version, source.given
        changes = differing(given, last)
        verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    elif known is not None:
        record_id, version, last = known.id, known.version, known.values
        verdict, changes = Verdict.CHANGED, differing(given, last)
    else:
        record_id, version, verdict, changes = ledger.new_id(), None, Verdict.CREATED, given
    row: dict[str, Any] = {}
    if verdict is not Verdict.UNCHANGED:
        all_given = {**(source.given if source is not None else {}), **given}
        row = {
            "id": record_id,
            **picked(changes, "name", "website", "industry", "employee_count", "annual_revenue",
                     "annual_revenue_currency", "description"),
            "name_key": folded(changes["name"]) if "name" in changes else None,
            "domain": domain_of(changes["website"]) if "website" in changes else None,
            "industry_key": folded(changes["industry"]) if "industry" in changes else None,
            **searched(all_given["name"], domain_of(all_given.get("website", ""))),
            "address": ledger.address_row(changes, all_given),
            "ownership": ledger.ownership(owner, changes),
            "source": ledger.source_row(RecordKind.ACCOUNT, draft.key, draft.origin, all_given),
        }  # fmt: skip
    ledger.steps[RecordKind.ACCOUNT].append(
        Planned(
            record_id,
            RecordKind.ACCOUNT,
            verdict,
            (draft.key,),
            row,
            origin=draft.origin,
            version=version,
            before=picked(last, *changes),
            after=changes,
        )
    )
    return record_id
