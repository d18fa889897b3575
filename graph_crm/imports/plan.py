"""What an import will do, record by record, before anything is written. Nothing here reads or writes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph_crm.imports.drafts import Drafts
from graph_crm.imports.known import Known
from graph_crm.imports.ledger import Ledger, Options, Planned
from graph_crm.imports.plan_accounts import plan_accounts
from graph_crm.imports.plan_activities import plan_activities
from graph_crm.imports.plan_contacts import plan_contacts
from graph_crm.imports.plan_deals import plan_opportunities
from graph_crm.imports.plan_pipelines import plan_pipelines
from graph_crm.imports.plan_users import plan_users
from graph_crm.imports.types import Count, PlacedBy, Problem, RecordKind, rejected_rows
from graph_crm.ties.acquaintance import gathered


@dataclass(slots=True)
class Plan:
    """Everything an import will do, in the order in which it is written."""

    digest: str
    system: str
    steps: dict[RecordKind, list[Planned]]
    problems: list[Problem]
    contacts_placed: Counter[PlacedBy]
    opportunities_placed: Counter[PlacedBy]
    ties: int
    counts: dict[RecordKind, Count]
    rejected: int


def plan(drafts: Drafts, known: Known, options: Options, *, now: dt.datetime, new_id: Callable[[], str]) -> Plan:
    """What to do with each draft. Ids of new records are drawn here, so that others can refer to them."""
    ledger = Ledger(drafts, known, options, now, new_id)
    plan_users(ledger)
    regions = plan_accounts(ledger)
    plan_contacts(ledger, regions)
    pipelines = plan_pipelines(ledger)
    plan_opportunities(ledger, pipelines)
    plan_activities(ledger)
    counts = {kind: Count() for kind in RecordKind}
    for items in ledger.steps.values():
        items.sort(key=lambda item: item.order)
        for item in items:
            counts[item.kind].add(item.verdict)
    problems = sorted([*drafts.problems, *ledger.problems], key=lambda one: (one.file, one.row))
    return Plan(
        digest=drafts.digest,
        system=drafts.system,
        steps=ledger.steps,
        problems=problems,
        contacts_placed=ledger.contacts_placed,
        opportunities_placed=ledger.opportunities_placed,
        ties=ties_fed(ledger.steps[RecordKind.INTERACTION]),
        counts=counts,
        rejected=len(rejected_rows(problems)),
    )


def ties_fed(activities: Sequence[Planned]) -> int:
    """How many pairs of people come to know each other by these, or know each other better."""
    return len(gathered((item.facts, item.participants) for item in activities if item.facts is not None))
