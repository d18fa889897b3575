"""What an import does with contacts: who they are, where they work, how they are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_crm.contacts.addresses import phone_number
from graph_crm.contacts.names import display_name, name_key
from graph_crm.contacts.seniority import seniority_of
from graph_crm.imports.cells import domain_of_email
from graph_crm.imports.drafts import ContactDraft, folded
from graph_crm.imports.known import KnownContact, KnownSource, KnownUser
from graph_crm.imports.ledger import Ledger, PersonEntry, Planned, differing, named, picked, searched
from graph_crm.imports.placing import Placement
from graph_crm.imports.plan_users import owner_of
from graph_crm.imports.types import Candidate, PlacedBy, ProblemCode, RecordKind, Verdict
from graph_crm.language import say


def plan_contacts(ledger: Ledger, regions: Mapping[str, str]) -> None:
    """Plan the contacts. `regions` says in which country an account is."""
    on_accounts = {(user_id, on.account_id) for on in ledger.known.assignments for user_id in on.user_ids}
    ContactPlanner(ledger, regions, on_accounts).plan()


@dataclass(slots=True)
class ContactPlanner:
    """The contacts, one after the other. `on_accounts` holds who of ours is on which account by now."""

    ledger: Ledger
    regions: Mapping[str, str]
    on_accounts: set[tuple[str, str]]

    def plan(self) -> None:
        by_email: dict[str, list[KnownContact]] = defaultdict(list)
        by_name: dict[str, list[KnownContact]] = defaultdict(list)
        by_id = {contact.id: contact for contact in self.ledger.known.contacts}
        for contact in self.ledger.known.contacts:
            by_name[contact.name_key].append(contact)
            for email in contact.emails:
                by_email[email].append(contact)
        for draft in self.ledger.drafts.contacts:
            source = self.ledger.source_of(RecordKind.CONTACT, draft.key)
            known = by_id.get(source.record_id) if source is not None else known_contact(draft, by_email, by_name)
            entry = self.plan_contact(draft, source, known)
            self.ledger.people.of_drafts[id(draft)] = entry
            self.ledger.people.add(draft.name_key, entry.id, entry)
        # Rows may also name somebody at an account that only the graph knows.
        placed = {entry.id: entry.account_ids for entry in self.ledger.people.of_drafts.values()}
        for contact in self.ledger.known.contacts:
            account_ids = (*placed.get(contact.id, ()), *contact.account_ids)
            for account_name in (*contact.account_names, contact.employer_as_given):
                entry = PersonEntry(contact.id, contact.name, account_name, account_ids)
                self.ledger.people.add(contact.name_key, f"{contact.id}:{account_name}", entry)

    def plan_contact(
        self, draft: ContactDraft, source: KnownSource | None, known: KnownContact | None
    ) -> PersonEntry:
        domains = [domain for domain in (domain_of_email(draft.email or ""),) if domain is not None]
        placement = self.ledger.directory.of_contact(draft.account_key, domains)
        employers = source.account_ids if source is not None else known.account_ids if known is not None else []
        # Those of today, the main one first, as far as the viewer may see them.
        current = known.account_ids if known is not None else employers
        owner = owner_of(self.ledger, draft.owner, draft.origin, RecordKind.CONTACT)
        given = {**draft.values, **({"owner": draft.owner} if draft.owner else {})}
        record_id = (
            source.record_id if source is not None else known.id if known is not None else self.ledger.new_id()
        )
        self.note_contact_placement(draft, placement)
        employ = self.employment(draft, placement, employers, record_id)
        last: Mapping[str, Any] = {}
        version = source.version if source is not None else known.version if known is not None else None
        if source is None and known is None:
            verdict, changes = Verdict.CREATED, given
        else:
            last = source.given if source is not None else known.values if known is not None else {}
            changes = differing(given, last)
            verdict = Verdict.CHANGED if changes or source is None or employ else Verdict.UNCHANGED
        account_ids = (employ["account_id"],) if employ else tuple(current)
        row: dict[str, Any] = {}
        account_id = None
        if verdict is not Verdict.UNCHANGED:
            account_id = (
                placement.account_id if placement.account_id in account_ids else next(iter(account_ids), None)
            )
            row = self.contact_row(draft, record_id, given, changes, source, owner, employ, account_id)
        self.ledger.steps[RecordKind.CONTACT].append(
            Planned(
                record_id,
                RecordKind.CONTACT,
                verdict,
                (draft.key,),
                row,
                origin=draft.origin,
                version=version,
                touched=named(account_id),
                before=picked(last, *changes),
                after={**changes, **({"account_id": employ["account_id"]} if employ else {})},
            )
        )
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
        region = self.regions.get(account_id or "", self.ledger.options.region)
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
                "id": self.ledger.new_id(), "value": changes["email"], "as_given": changes["email"], "position": 0
            } if "email" in changes else None,
            "phones": self.phones(draft, changes, region),
            "address": self.ledger.address_row(changes, all_given),
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
            "source": self.ledger.source_row(RecordKind.CONTACT, draft.key, draft.origin, all_given),
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
                {"id": self.ledger.new_id(), "value": phone.value, "as_given": phone.as_given, "position": position},
            )
            if not phone.value.startswith("+"):
                self.ledger.note(
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
        return {"id": self.ledger.new_id(), "user_id": owner.id, "account_id": account_id}

    def employment(
        self, draft: ContactDraft, placement: Placement, employers: Sequence[str], record_id: str
    ) -> dict[str, Any] | None:
        """The employment to add: only for somebody without one. A file that differs is reported, not believed."""
        if placement.account_id is None:
            return None
        if not employers:
            return {"id": self.ledger.new_id(), "account_id": placement.account_id}
        if placement.account_id not in employers and placement.by is not PlacedBy.NOWHERE:
            self.ledger.note(
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
        self.ledger.contacts_placed[placement.by] += 1
        if placement.by is PlacedBy.DOMAIN:
            self.ledger.note(
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
            self.ledger.note(
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
