"""What an import will do, record by record, before anything is written. Nothing here reads or writes."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from graph_crm.accounts.domains import domain_of
from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.contacts.addresses import phone_number
from graph_crm.contacts.names import display_name, name_key
from graph_crm.contacts.seniority import seniority_of
from graph_crm.graph.folding import search_folded, search_text
from graph_crm.imports import stages
from graph_crm.imports.cells import domain_of_email
from graph_crm.imports.drafts import (
    ADDRESS_FIELDS,
    AccountDraft,
    ActivityDraft,
    ContactDraft,
    DealStatus,
    Drafts,
    OpportunityDraft,
    Origin,
    UserDraft,
    folded,
    name_of_email,
    natural_key,
    place_of,
)
from graph_crm.imports.known import Known, KnownContact, KnownSource, KnownUser
from graph_crm.imports.placing import Directory, Place, Placement, known_account
from graph_crm.imports.regions import region_of
from graph_crm.imports.types import (
    Candidate,
    Count,
    PlacedBy,
    Problem,
    ProblemCode,
    RecordKind,
    Verdict,
)
from graph_crm.language import Language, Sentence, say
from graph_crm.ties.strength import epoch_days
from graph_crm.ties.types import InteractionFacts, InteractionStatus, InteractionType, Participant, ParticipantRole

RECORD_TYPES: Final[Mapping[RecordKind, RecordType]] = {
    RecordKind.ACCOUNT: RecordType.ACCOUNT,
    RecordKind.CONTACT: RecordType.CONTACT,
    RecordKind.OPPORTUNITY: RecordType.OPPORTUNITY,
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the import was told besides its files."""

    language: Language = Language.EN
    region: str = "FR"
    mail_subjects: bool = True


@dataclass(slots=True)
class Planned:
    """One record: what becomes of it, and the row that the statement takes."""

    id: str
    kind: RecordKind
    verdict: Verdict
    order: tuple[str, ...]
    row: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict[str, Any])
    after: dict[str, Any] = field(default_factory=dict[str, Any])
    facts: InteractionFacts | None = None
    participants: tuple[Participant, ...] = ()


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
    return Planner(drafts, known, options, now, new_id).planned()


@dataclass(slots=True)
class PersonEntry:
    """Somebody whom other rows name: by name and account."""

    id: str
    name: str
    account_name: str | None
    account_ids: tuple[str, ...]


@dataclass(slots=True)
class Planner:
    drafts: Drafts
    known: Known
    options: Options
    now: dt.datetime
    new_id: Callable[[], str]
    steps: dict[RecordKind, list[Planned]] = field(
        default_factory=lambda: {kind: list[Planned]() for kind in RecordKind}
    )
    problems: list[Problem] = field(default_factory=list[Problem])
    users: dict[str, KnownUser] = field(default_factory=dict[str, KnownUser])
    users_by_name: dict[str, list[KnownUser]] = field(default_factory=lambda: defaultdict[str, list[KnownUser]](list))
    directory: Directory = field(default_factory=Directory)
    people: dict[str, dict[str, PersonEntry]] = field(
        default_factory=lambda: defaultdict[str, dict[str, PersonEntry]](dict)
    )
    contact_ids: dict[int, PersonEntry] = field(default_factory=dict[int, PersonEntry])
    on_accounts: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    regions: dict[str, str] = field(default_factory=dict[str, str])
    stage_ids: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    first_stage_ids: dict[str, str] = field(default_factory=dict[str, str])
    closing_stage_ids: dict[tuple[str, bool], str] = field(default_factory=dict[tuple[str, bool], str])
    contacts_placed: Counter[PlacedBy] = field(default_factory=Counter[PlacedBy])
    opportunities_placed: Counter[PlacedBy] = field(default_factory=Counter[PlacedBy])
    ties: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    rejected: int = 0

    def planned(self) -> Plan:
        self.plan_users()
        self.plan_accounts()
        self.plan_contacts()
        self.plan_pipelines()
        self.plan_opportunities()
        self.plan_activities()
        counts = {kind: Count() for kind in RecordKind}
        for items in self.steps.values():
            items.sort(key=lambda item: item.order)
            for item in items:
                counts[item.kind].add(item.verdict)
        problems = sorted([*self.drafts.problems, *self.problems], key=lambda one: (one.file, one.row))
        return Plan(
            digest=self.drafts.digest,
            system=self.drafts.system,
            steps=self.steps,
            problems=problems,
            contacts_placed=self.contacts_placed,
            opportunities_placed=self.opportunities_placed,
            ties=len(self.ties),
            counts=counts,
            rejected=len(rejected_rows(problems)),
        )

    # -------------------------------------------------------------------------------------------- shared parts

    def note(
        self,
        code: ProblemCode,
        origin: Origin,
        kind: RecordKind,
        field_name: str,
        value: str | None,
        sentence: Sentence,
        candidates: tuple[Candidate, ...] = (),
    ) -> None:
        heading = self.drafts.heading(origin, kind, field_name)
        self.problems.append(Problem(code, origin.file, origin.row, heading, value, sentence, candidates))

    def source_key(self, kind: RecordKind, key: str) -> SourceKey:
        return SourceKey(self.drafts.system, RECORD_TYPES[kind], key)

    def source_of(self, kind: RecordKind, key: str) -> KnownSource | None:
        return self.known.sources.get(self.source_key(kind, key).text)

    def source_row(self, kind: RecordKind, key: str, origin: Origin, values: Mapping[str, Any]) -> dict[str, Any]:
        source = self.source_key(kind, key)
        return {
            "id": self.new_id(),
            "key": source.text,
            "external_key": source.key,
            "file": origin.file,
            "row": origin.row,
            "values": values,
        }

    # --------------------------------------------------------------------------------------------------- users

    def plan_users(self) -> None:
        for user in self.known.users:
            self.users[user.email] = user
            self.users_by_name[user.name_key].append(user)
        for draft in self.drafts.users.values():
            known = self.users.get(draft.email)
            if known is None:
                self.add_user(draft)
            else:
                self.steps[RecordKind.USER].append(
                    Planned(known.id, RecordKind.USER, Verdict.UNCHANGED, (draft.email,), {})
                )

    def add_user(self, draft: UserDraft) -> KnownUser:
        user = KnownUser(self.new_id(), draft.name, folded(draft.name), draft.email, opted_out=False)
        self.users[user.email] = user
        self.users_by_name[user.name_key].append(user)
        row = {
            "id": user.id,
            "name": user.name,
            "name_key": user.name_key,
            "email": user.email,
            "language": self.options.language.value,
            **searched(user.name, user.email),
        }
        after = {"name": user.name, "active": False}
        self.steps[RecordKind.USER].append(
            Planned(user.id, RecordKind.USER, Verdict.CREATED, (user.email,), row, after=after)
        )
        return user

    def owner(self, said: str | None, origin: Origin, kind: RecordKind) -> KnownUser | None:
        """The one of ours whom a row names by address or by name."""
        if said is None:
            return None
        address = said.strip().lower()
        if "@" in address:
            known = self.users.get(address)
            if known is not None:
                return known
            self.note(
                ProblemCode.ADDED,
                origin,
                kind,
                "owner",
                said,
                say("No file and no user has this address: an inactive user was made of it."),
            )
            return self.add_user(UserDraft(origin, address, name_of_email(address), described=False))
        named = self.users_by_name.get(folded(said), [])
        if len(named) == 1:
            return named[0]
        self.note(
            ProblemCode.AMBIGUOUS if named else ProblemCode.NOT_FOUND,
            origin,
            kind,
            "owner",
            said,
            say("Several of ours have this name; no owner was set.")
            if named
            else say("None of ours has this name; no owner was set."),
            tuple(Candidate(user.id, f"{user.name} ({user.email})") for user in named),
        )
        return None

    def address_row(self, changes: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any] | None:
        """The postal address of a row, when the file says something new of it."""
        if not any(part in changes for part in ADDRESS_FIELDS):
            return None
        parts = {part: given.get(part) for part in ADDRESS_FIELDS}
        country = parts["country"]
        return {"id": self.new_id(), **parts, "country_key": None if country is None else folded(country)}

    def ownership(self, owner: KnownUser | None, changes: Mapping[str, Any]) -> dict[str, Any] | None:
        """Who owns a record from now on, when the file says so for the first time or names somebody else."""
        if owner is None or "owner" not in changes:
            return None
        return {"id": self.new_id(), "user_id": owner.id}

    # ------------------------------------------------------------------------------------------------ accounts

    def plan_accounts(self) -> None:
        before: dict[str, list[Place]] = defaultdict(list)
        values_of = {account.id: account.values for account in self.known.accounts}
        for account in self.known.accounts:
            place = place_of(account.name, account.values, account.id)
            before[place.name_key].append(place)
        met: set[str] = set()
        self.on_accounts = {(user_id, on.account_id) for on in self.known.assignments for user_id in on.user_ids}
        self.add_named_accounts(before)
        for draft in self.drafts.accounts:
            source = self.source_of(RecordKind.ACCOUNT, draft.key)
            place = None
            if source is None:
                free = [place for place in before[draft.place.name_key] if place.id not in met]
                place = known_account(draft.place, len(self.drafts.account_names[draft.place.name_key]), free)
            record_id = self.plan_account(draft, source, place, values_of)
            met.add(record_id)
            self.directory.add(replace(draft.place, id=record_id))
            if (region := region_of(draft.values.get("country", ""))) is not None:
                self.regions[record_id] = region
        for places in before.values():
            for place in places:
                if place.id not in met:
                    self.directory.add(place)

    def add_named_accounts(self, before: Mapping[str, Sequence[Place]]) -> None:
        """Accounts that contacts and opportunities name and that nothing describes, by their name alone."""
        naming = [
            *((RecordKind.CONTACT, draft.origin, draft.account_name) for draft in self.drafts.contacts),
            *((RecordKind.OPPORTUNITY, draft.origin, draft.account_name) for draft in self.drafts.opportunities),
        ]
        for kind, origin, name in naming:
            if name is None:
                continue
            place = place_of(name, {})
            if self.drafts.account_names.get(place.name_key) or before.get(place.name_key):
                continue
            draft = AccountDraft(origin, natural_key(place.name_key), place, {"name": name})
            self.drafts.accounts.append(draft)
            self.drafts.account_names[place.name_key].append(draft)
            self.note(
                ProblemCode.ADDED,
                origin,
                kind,
                "account_name",
                name,
                say("No file describes this account: it was made with its name alone."),
            )

    def plan_account(
        self,
        draft: AccountDraft,
        source: KnownSource | None,
        place: Place | None,
        values_of: Mapping[str, dict[str, Any]],
    ) -> str:
        owner = self.owner(draft.owner, draft.origin, RecordKind.ACCOUNT)
        given = {**draft.values, **({"owner": draft.owner} if draft.owner else {})}
        if source is None and place is None:
            record_id, verdict, changes = self.new_id(), Verdict.CREATED, given
        else:
            record_id = source.record_id if source is not None else place.id if place is not None else ""
            changes = differing(given, source.given if source is not None else values_of.get(record_id, {}))
            verdict = Verdict.CHANGED if changes or source is None else Verdict.UNCHANGED
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
                "address": self.address_row(changes, all_given),
                "ownership": self.ownership(owner, changes),
                "source": self.source_row(RecordKind.ACCOUNT, draft.key, draft.origin, all_given),
            }  # fmt: skip
        self.steps[RecordKind.ACCOUNT].append(
            Planned(
                record_id,
                RecordKind.ACCOUNT,
                verdict,
                (draft.key,),
                row,
                before=before_of(changes, source),
                after=changes,
            )
        )
        return record_id

    # ------------------------------------------------------------------------------------------------ contacts

    def plan_contacts(self) -> None:
        by_email: dict[str, list[KnownContact]] = defaultdict(list)
        by_name: dict[str, list[KnownContact]] = defaultdict(list)
        for contact in self.known.contacts:
            by_name[contact.name_key].append(contact)
            for email in contact.emails:
                by_email[email].append(contact)
        met: set[str] = set()
        for draft in self.drafts.contacts:
            source = self.source_of(RecordKind.CONTACT, draft.key)
            known = None if source is not None else known_contact(draft, by_email, by_name)
            entry = self.plan_contact(draft, source, known)
            met.add(entry.id)
            self.contact_ids[id(draft)] = entry
            self.people[draft.name_key][entry.id] = entry
        for contact in self.known.contacts:
            if contact.id in met:
                continue
            for account_name in (*contact.account_names, contact.employer_as_given):
                entry = PersonEntry(contact.id, contact.name, account_name, tuple(contact.account_ids))
                self.people[contact.name_key][f"{contact.id}:{account_name}"] = entry

    def plan_contact(
        self, draft: ContactDraft, source: KnownSource | None, known: KnownContact | None
    ) -> PersonEntry:
        domains = [domain for domain in (domain_of_email(draft.email or ""),) if domain is not None]
        placement = self.directory.of_contact(draft.account_key, domains)
        employers = source.account_ids if source is not None else known.account_ids if known is not None else []
        owner = self.owner(draft.owner, draft.origin, RecordKind.CONTACT)
        given = {**draft.values, **({"owner": draft.owner} if draft.owner else {})}
        record_id = source.record_id if source is not None else known.id if known is not None else self.new_id()
        self.note_contact_placement(draft, placement)
        employ = self.employment(draft, placement, employers, record_id)
        if source is None and known is None:
            verdict, changes = Verdict.CREATED, given
        else:
            last = source.given if source is not None else known.values if known is not None else {}
            changes = differing(given, last)
            verdict = Verdict.CHANGED if changes or source is None or employ else Verdict.UNCHANGED
        row: dict[str, Any] = {}
        if verdict is not Verdict.UNCHANGED:
            account_id = employ["account_id"] if employ else (employers[0] if employers else None)
            row = self.contact_row(draft, record_id, given, changes, source, owner, employ, account_id)
        self.steps[RecordKind.CONTACT].append(
            Planned(
                record_id,
                RecordKind.CONTACT,
                verdict,
                (draft.key,),
                row,
                before=before_of(changes, source),
                after={**changes, **({"account_id": employ["account_id"]} if employ else {})},
            )
        )
        account_ids = tuple(employers) or ((employ["account_id"],) if employ else ())
        return PersonEntry(record_id, draft.name, draft.account_name, account_ids)

    def contact_row(
        self,
        draft: ContactDraft,
        record_id: str,
        given: Mapping[str, Any],
        changes: Mapping[str, Any],
        source: KnownSource | None,
        owner: KnownUser | None,
        employ: Mapping[str, Any] | None,
        account_id: str | None,
    ) -> dict[str, Any]:
        all_given = {**(source.given if source is not None else {}), **given}
        civility, given_name, family_name = (
            all_given.get(part) for part in ("civility", "given_name", "family_name")
        )
        name = display_name(civility, given_name, family_name) or draft.name
        renamed = not changes.keys().isdisjoint({"civility", "given_name", "family_name"})
        region = self.regions.get(account_id or "", self.options.region)
        return {
            "id": record_id,
            **picked(changes, "civility", "given_name", "family_name", "title", "department"),
            "name": name if renamed else None,
            "name_key": name_key(given_name, family_name, name) if renamed else None,
            "employer_as_given": changes.get("account_name"),
            **searched(name, all_given.get("email")),
            "seniority": seniority_of(changes["title"]).value if "title" in changes else None,
            "title_key": folded(changes["title"]) if "title" in changes else None,
            "email": {
                "id": self.new_id(), "value": changes["email"], "as_given": changes["email"], "position": 0
            } if "email" in changes else None,
            "phones": self.phones(draft, changes, region),
            "address": self.address_row(changes, all_given),
            "employment": None
            if employ is None
            else {
                **employ,
                "title": all_given.get("title"),
                "title_key": folded(all_given["title"]) if "title" in all_given else None,
                "department": all_given.get("department"),
                "seniority": seniority_of(all_given.get("title")).value,
            },
            "works_on": self.works_on(owner, account_id),
            "source": self.source_row(RecordKind.CONTACT, draft.key, draft.origin, all_given),
        }  # fmt: skip

    def phones(self, draft: ContactDraft, changes: Mapping[str, Any], region: str) -> list[dict[str, Any]]:
        """The numbers to add, in international form where the country makes them valid."""
        found: dict[str, dict[str, Any]] = {}
        for position, kind in enumerate(("phone", "mobile")):
            phone = phone_number(changes[kind], region) if kind in changes else None
            if phone is None:
                continue
            found.setdefault(
                phone.value,
                {"id": self.new_id(), "value": phone.value, "as_given": phone.as_given, "position": position},
            )
            if not phone.value.startswith("+"):
                self.note(
                    ProblemCode.KEPT_AS_GIVEN,
                    draft.origin,
                    RecordKind.CONTACT,
                    kind,
                    phone.as_given,
                    say("This is no valid number in {region}; it was kept as it is.", region=region),
                )
        return [found[value] for value in sorted(found)]

    def works_on(self, owner: KnownUser | None, account_id: str | None) -> dict[str, Any] | None:
        """Whoever looks after somebody works on that person's account: once for each user and account."""
        if owner is None or account_id is None or (owner.id, account_id) in self.on_accounts:
            return None
        self.on_accounts.add((owner.id, account_id))
        return {"id": self.new_id(), "user_id": owner.id, "account_id": account_id}

    def employment(
        self, draft: ContactDraft, placement: Placement, employers: Sequence[str], record_id: str
    ) -> dict[str, Any] | None:
        """The employment to add: only for somebody without one. A file that differs is reported, not believed."""
        if placement.account_id is None:
            return None
        if not employers:
            return {"id": self.new_id(), "account_id": placement.account_id}
        if placement.account_id not in employers and placement.by is not PlacedBy.NOWHERE:
            self.note(
                ProblemCode.DIFFERS,
                draft.origin,
                RecordKind.CONTACT,
                "account_name",
                draft.account_name,
                say(
                    "{name} is known to work elsewhere. Change the employment there if that is over.", name=draft.name
                ),
                (Candidate(record_id, draft.name),),
            )
        return None

    def note_contact_placement(self, draft: ContactDraft, placement: Placement) -> None:
        if draft.account_name is None:
            return
        self.contacts_placed[placement.by] += 1
        if placement.by is PlacedBy.DOMAIN:
            self.note(
                ProblemCode.MATCHED_BY_DOMAIN,
                draft.origin,
                RecordKind.CONTACT,
                "account_name",
                draft.account_name,
                say(
                    "Several accounts have this name; the website of one has the domain of {email}.",
                    email=draft.email,
                ),
            )
        elif placement.by is PlacedBy.AMBIGUOUS:
            self.note(
                ProblemCode.AMBIGUOUS,
                draft.origin,
                RecordKind.CONTACT,
                "account_name",
                draft.account_name,
                say(
                    "Several accounts have this name, and neither name nor e-mail domain says which. {name} is kept "
                    "without an employer.",
                    name=draft.name,
                ),
                placement.candidates,
            )

    # --------------------------------------------------------------------------------------- pipelines, stages

    def pipeline_name(self, draft: OpportunityDraft) -> str:
        return draft.values.get("pipeline") or self.drafts.system.capitalize()

    def plan_pipelines(self) -> None:
        names: dict[str, str] = {}
        wanted: dict[str, dict[str, str]] = defaultdict(dict)
        for draft in self.drafts.opportunities:
            name = self.pipeline_name(draft)
            names.setdefault(folded(name), name)
            if stage := draft.values.get("stage"):
                wanted[folded(name)].setdefault(stages.key_of(stage), stage)
        known = {pipeline.name_key: pipeline for pipeline in self.known.pipelines}
        order = max((pipeline.order for pipeline in self.known.pipelines), default=-1)
        for pipeline_key in sorted(names):
            there = known.get(pipeline_key)
            drafted = stages.in_order(wanted[pipeline_key].values())
            existing = {} if there is None else {stage.key: stage for stage in there.stages}
            if there is not None:
                # Stages keep their places; only what deals are in and what nobody has yet is added.
                drafted = [
                    stage for stage in drafted if stage.key in wanted[pipeline_key] and stage.key not in existing
                ]
            pipeline_id = there.id if there is not None else self.new_id()
            after = max((stage.order for stage in existing.values()), default=-1) + 1
            added = [
                {
                    "id": self.new_id(),
                    "key": stage.key,
                    "name": stage.name,
                    "order": after + position,
                    "probability": stage.probability,
                    "is_won": stage.is_won,
                    "is_lost": stage.is_lost,
                }
                for position, stage in enumerate(drafted)
            ]
            everything = [
                *({"id": one.id, "key": one.key, "order": one.order, "is_won": one.is_won, "is_lost": one.is_lost}
                  for one in existing.values()),
                *added,
            ]  # fmt: skip
            self.remember_stages(pipeline_key, everything)
            verdict = Verdict.CREATED if there is None else Verdict.CHANGED if added else Verdict.UNCHANGED
            order += verdict is Verdict.CREATED
            row = {
                "id": pipeline_id,
                "name": names[pipeline_key],
                "name_key": pipeline_key,
                "order": order,
                "stages": added,
                "is_new": there is None,
            }
            self.steps[RecordKind.PIPELINE].append(
                Planned(
                    pipeline_id,
                    RecordKind.PIPELINE,
                    verdict,
                    (pipeline_key,),
                    row,
                    after={"name": names[pipeline_key], "stages": [stage["name"] for stage in added]},
                )
            )

    def remember_stages(self, pipeline_key: str, everything: Sequence[Mapping[str, Any]]) -> None:
        for stage in sorted(everything, key=lambda stage: stage["order"]):
            self.stage_ids[pipeline_key, stage["key"]] = stage["id"]
            if stage["is_won"] or stage["is_lost"]:
                self.closing_stage_ids.setdefault((pipeline_key, stage["is_won"]), stage["id"])
            else:
                self.first_stage_ids.setdefault(pipeline_key, stage["id"])

    def stage_of(self, draft: OpportunityDraft) -> tuple[str, bool]:
        """The stage a deal stands in, and whether it is over: its status counts before the stage's name."""
        pipeline = folded(self.pipeline_name(draft))
        status = folded(draft.values.get("status", ""))
        named_stage = draft.values.get("stage")
        stage = stages.stage_of(named_stage) if named_stage else None
        won = status in DealStatus.WON or (not status and stage is not None and stage.is_won)
        lost = status in DealStatus.LOST or (not status and stage is not None and stage.is_lost)
        if won or lost:
            if stage is not None and ((won and stage.is_won) or (lost and stage.is_lost)):
                return self.stage_ids[pipeline, stage.key], True
            if (closing := self.closing_stage_ids.get((pipeline, won))) is not None:
                return closing, True
        if stage is not None and stage.is_open:
            return self.stage_ids[pipeline, stage.key], False
        first = self.first_stage_ids.get(pipeline)
        if first is None or (stage is not None and status not in DealStatus.OPEN):
            return self.stage_ids[pipeline, stage.key] if stage is not None else next(
                stage_id for (name, _), stage_id in self.stage_ids.items() if name == pipeline
            ), False  # fmt: skip
        return first, False

    # ------------------------------------------------------------------------------------------- opportunities

    def plan_opportunities(self) -> None:
        by_name: dict[str, list[Any]] = defaultdict(list)
        for opportunity in self.known.opportunities:
            by_name[opportunity.name_key].append(opportunity)
        for draft in self.drafts.opportunities:
            source = self.source_of(RecordKind.OPPORTUNITY, draft.key)
            contact = self.contact_of_opportunity(draft)
            placement = self.directory.of_opportunity(
                draft.account_key, contact.account_ids if contact is not None else ()
            )
            self.note_opportunity_placement(draft, placement)
            known_id = None
            if source is None:
                same = [
                    one
                    for one in by_name[folded(draft.name)]
                    if (placement.account_id is not None and placement.account_id in one.account_ids)
                    or (contact is not None and contact.id in one.contact_ids)
                ]
                known_id = same[0].id if len(same) == 1 else None
            self.plan_opportunity(draft, source, known_id, contact, placement)

    def contact_of_opportunity(self, draft: OpportunityDraft) -> PersonEntry | None:
        if draft.contact is not None and (
            draft.contact_name is None or folded(draft.contact_name) == draft.contact.name_key
        ):
            return self.contact_ids.get(id(draft.contact))
        if draft.contact_name is None:
            return None
        found = self.named_people(draft.contact_name, draft.account_key)
        if len(found) == 1:
            return found[0]
        self.note(
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

    def named_people(self, name: str, account_key: str | None) -> list[PersonEntry]:
        """The contacts of that name at that account; wherever they are when no account is named."""
        named_so = self.people.get(folded(name), {}).values()
        found = {
            person.id: person
            for person in named_so
            if account_key is None or (person.account_name is not None and folded(person.account_name) == account_key)
        }
        return list(found.values())

    def note_opportunity_placement(self, draft: OpportunityDraft, placement: Placement) -> None:
        if draft.account_name is None:
            return
        self.opportunities_placed[placement.by] += 1
        if placement.by is PlacedBy.CONTACT:
            self.note(
                ProblemCode.MATCHED_BY_CONTACT,
                draft.origin,
                RecordKind.OPPORTUNITY,
                "account_name",
                draft.account_name,
                say("Several accounts have this name; the opportunity's contact works for one of them."),
            )
        elif placement.by is PlacedBy.AMBIGUOUS:
            self.note(
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
        self,
        draft: OpportunityDraft,
        source: KnownSource | None,
        known_id: str | None,
        contact: PersonEntry | None,
        placement: Placement,
    ) -> None:
        owner = self.owner(draft.owner, draft.origin, RecordKind.OPPORTUNITY)
        given = {**draft.values, **({"owner": draft.owner} if draft.owner else {})}
        new_account = placement.account_id if source is None or not source.account_ids else None
        new_contact = contact.id if contact is not None and (source is None or not source.contact_ids) else None
        record_id = source.record_id if source is not None else known_id or self.new_id()
        if source is None and known_id is None:
            verdict, changes = Verdict.CREATED, given
        else:
            changes = differing(given, source.given if source is not None else {})
            verdict = Verdict.CHANGED if changes or new_account or new_contact else Verdict.UNCHANGED
        row: dict[str, Any] = {}
        if verdict is not Verdict.UNCHANGED:
            all_given = {**(source.given if source is not None else {}), **given}
            stage_id, is_over = self.stage_of(draft)
            opened, closes = at(all_given.get("opened")), at(all_given.get("closes"))
            entered_at = (closes if is_over else opened) or opened or self.now
            moved = verdict is Verdict.CREATED or not changes.keys().isdisjoint({"stage", "status", "pipeline"})
            first = self.first_stage_ids.get(folded(self.pipeline_name(draft)))
            row = {
                "id": record_id,
                **picked(changes, "name", "amount", "currency", "lost_reason", "next_step"),
                "name_key": folded(changes["name"]) if "name" in changes else None,
                **searched(all_given["name"]),
                "close_date": None if closes is None else closes.date(),
                "closed_at": milliseconds(entered_at) if is_over and closes is not None else None,
                "opened_at": None if opened is None else milliseconds(opened),
                "stage_id": stage_id if moved else None,
                "entered_at": milliseconds(min(entered_at, self.now)),
                # That a deal was open between its two dates is known; in which stage, nothing says.
                "first_stage_id": first if is_over and opened is not None and opened < entered_at else None,
                "account_id": new_account,
                "contact_id": new_contact,
                "ownership": self.ownership(owner, changes),
                "source": self.source_row(RecordKind.OPPORTUNITY, draft.key, draft.origin, all_given),
            }
        self.steps[RecordKind.OPPORTUNITY].append(
            Planned(
                record_id,
                RecordKind.OPPORTUNITY,
                verdict,
                (draft.key,),
                row,
                before=before_of(changes, source),
                after=changes,
            )
        )

    # ---------------------------------------------------------------------------------------------- activities

    def plan_activities(self) -> None:
        for draft in self.drafts.activities:
            contact = self.contact_of_activity(draft)
            account_id = None
            if contact is not None:
                account_id = contact.account_ids[0] if contact.account_ids else None
            elif draft.contact_name is None and draft.account_name is not None:
                account_id = self.account_of_activity(draft)
            if contact is None and account_id is None:
                continue
            owner = self.owner(draft.owner, draft.origin, RecordKind.INTERACTION)
            if draft.type is None:
                self.plan_note(draft, contact, account_id, owner)
            else:
                self.plan_interaction(draft, draft.type, contact, account_id, owner)

    def contact_of_activity(self, draft: ActivityDraft) -> PersonEntry | None:
        if draft.contact_name is None:
            if draft.account_name is None:
                self.leave_out(draft, "contact_name", None, ProblemCode.REJECTED, say("it names nobody."))
            return None
        account_key = folded(draft.account_name) if draft.account_name else None
        found = self.named_people(draft.contact_name, account_key)
        if len(found) == 1:
            return found[0]
        self.leave_out(
            draft,
            "contact_name",
            draft.contact_name,
            ProblemCode.AMBIGUOUS if found else ProblemCode.NOT_FOUND,
            say("several contacts have this name there.") if found else say("no contact has this name there."),
            tuple(Candidate(person.id, person.name) for person in found),
        )
        return None

    def account_of_activity(self, draft: ActivityDraft) -> str | None:
        places = self.directory.named(folded(draft.account_name or ""))
        if len(places) == 1:
            return places[0].id
        self.leave_out(
            draft,
            "account_name",
            draft.account_name,
            ProblemCode.AMBIGUOUS if places else ProblemCode.NOT_FOUND,
            say("several accounts have this name.") if places else say("no account has this name."),
            tuple(place.candidate for place in places),
        )
        return None

    def leave_out(
        self,
        draft: ActivityDraft,
        field_name: str,
        value: str | None,
        code: ProblemCode,
        reason: Sentence,
        candidates: tuple[Candidate, ...] = (),
    ) -> None:
        self.rejected += 1
        sentence = say("This row was left out: {reason}", reason=reason)
        self.note(code, draft.origin, RecordKind.INTERACTION, field_name, value, sentence, candidates)

    def verdict_of(self, draft: ActivityDraft) -> Verdict:
        return Verdict.UNCHANGED if draft.external_id in self.known.events else Verdict.CREATED

    def order_of(self, draft: ActivityDraft) -> tuple[str, ...]:
        """All that feeds one tie stands together, so that few batches touch it; the same in every run."""
        return (draft.contact_name or "", draft.account_name or "", draft.owner or "", draft.external_id)

    def plan_note(
        self,
        draft: ActivityDraft,
        contact: PersonEntry | None,
        account_id: str | None,
        owner: KnownUser | None,
    ) -> None:
        record_id = self.new_id()
        row = {
            "id": record_id,
            "external_id": draft.external_id,
            "text": "\n\n".join(part for part in (draft.subject, draft.description) if part),
            "written_at": milliseconds(draft.at.at),
            "contact_id": contact.id if contact is not None else None,
            "account_id": account_id,
            "author_id": owner.id if owner is not None else None,
        }
        self.steps[RecordKind.INTERACTION].append(
            Planned(record_id, RecordKind.NOTE, self.verdict_of(draft), self.order_of(draft), row)
        )

    def plan_interaction(
        self,
        draft: ActivityDraft,
        kind: InteractionType,
        contact: PersonEntry | None,
        account_id: str | None,
        owner: KnownUser | None,
    ) -> None:
        record_id = self.new_id()
        happened = draft.at.at <= self.now
        status = draft.status or (InteractionStatus.HELD if happened else InteractionStatus.PLANNED)
        if status is InteractionStatus.HELD and not happened:
            status = InteractionStatus.PLANNED
        written = kind in {InteractionType.EMAIL, InteractionType.MESSAGE}
        ours, theirs = (
            (ParticipantRole.SENDER, ParticipantRole.TO)
            if written
            else (ParticipantRole.ORGANIZER, ParticipantRole.ATTENDEE)
        )
        if written and not draft.sent_by_owner:
            ours, theirs = theirs, ours
        participants: list[Participant] = []
        if owner is not None:
            participants.append(Participant(owner.id, ours, is_ours=True, opted_out=owner.opted_out))
        if contact is not None:
            participants.append(Participant(contact.id, theirs))
        if owner is not None and contact is not None:
            self.ties.add((owner.id, contact.id))
        row = {
            "id": record_id,
            "external_id": draft.external_id,
            "type": kind.value,
            "status": status.value,
            "occurred_at": milliseconds(draft.at.at),
            "date_only": draft.at.date_only,
            "direction": (("OUTBOUND" if draft.sent_by_owner else "INBOUND") if written else None),
            "subject": draft.subject if self.options.mail_subjects or not written else None,
            "description": draft.description,
            "duration_minutes": draft.minutes,
            "account_id": account_id,
            "owner_id": owner.id if owner is not None else None,
            "owner_role": ours.value,
            "contact_id": contact.id if contact is not None else None,
            "contact_role": theirs.value,
            "people": len(participants),
        }
        self.steps[RecordKind.INTERACTION].append(
            Planned(
                record_id,
                RecordKind.INTERACTION,
                self.verdict_of(draft),
                self.order_of(draft),
                row,
                facts=InteractionFacts(kind, epoch_days(draft.at.at), status),
                participants=tuple(participants),
            )
        )


# ------------------------------------------------------------------------------------------------ small rules


def rejected_rows(problems: Iterable[Problem]) -> set[tuple[str, int]]:
    """The rows of which nothing was made."""
    return {
        (problem.file, problem.row)
        for problem in problems
        if problem.code is ProblemCode.REJECTED or problem.sentence.text.startswith("This row was left out")
    }


def known_contact(
    draft: ContactDraft,
    by_email: Mapping[str, Sequence[KnownContact]],
    by_name: Mapping[str, Sequence[KnownContact]],
) -> KnownContact | None:
    """Somebody who was there before: by e-mail, else by name and account unless the addresses differ."""
    if draft.email is not None:
        same = by_email.get(draft.email, ())
        if len(same) > 1:
            same = [contact for contact in same if contact.name_key == draft.name_key]
        if len(same) == 1:
            return same[0]
    likely = [
        contact
        for contact in by_name.get(draft.name_key, ())
        if (draft.email is None or not contact.emails)
        and draft.account_key is not None
        and draft.account_key
        in {folded(name) for name in (*contact.account_names, contact.employer_as_given) if name}
    ]
    return likely[0] if len(likely) == 1 else None


def differing(given: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says now and did not say before. A blank says nothing."""
    return {name: value for name, value in given.items() if last.get(name) != value}


def before_of(changes: Mapping[str, Any], source: KnownSource | None) -> dict[str, Any]:
    last = source.given if source is not None else {}
    return {name: last.get(name) for name in changes}


def picked(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values.get(name) for name in names}


def searched(*parts: str | None) -> dict[str, str]:
    """What the full-text index reads of a record."""
    return {"search_text": search_text(*parts), "search_folded": search_folded(*parts)}


def milliseconds(moment: dt.datetime) -> int:
    """A moment as statements for thousands of rows take it: a number costs a tenth of a moment."""
    return round(moment.timestamp() * 1000)


def at(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)
