"""What an import does with activities: notes, and interactions that feed ties."""

from __future__ import annotations

from graph_crm.imports.drafts import ActivityDraft, folded
from graph_crm.imports.known import KnownUser
from graph_crm.imports.ledger import Ledger, PersonEntry, Planned, milliseconds, named
from graph_crm.imports.plan_users import owner_of
from graph_crm.imports.types import Candidate, ProblemCode, RecordKind, Verdict
from graph_crm.language import Sentence, say
from graph_crm.ties.strength import epoch_days
from graph_crm.ties.types import InteractionFacts, InteractionStatus, InteractionType, Participant, ParticipantRole


def plan_activities(ledger: Ledger) -> None:
    """Plan interactions and notes about the people and accounts that their rows name."""
    for draft in ledger.drafts.activities:
        contact = contact_of_activity(ledger, draft)
        account_id = None
        if contact is not None:
            account_id = account_of_contact(ledger, draft, contact)
        elif draft.contact_name is None and draft.account_name is not None:
            account_id = account_of_activity(ledger, draft)
        if contact is None and account_id is None:
            continue
        owner = owner_of(ledger, draft.owner, draft.origin, RecordKind.INTERACTION)
        if draft.type is None:
            plan_note(ledger, draft, contact, account_id, owner)
        else:
            plan_interaction(ledger, draft, draft.type, contact, account_id, owner)


def contact_of_activity(ledger: Ledger, draft: ActivityDraft) -> PersonEntry | None:
    if draft.contact_name is None:
        if draft.account_name is None:
            leave_out(ledger, draft, "contact_name", None, ProblemCode.REJECTED, say("it names nobody."))
        return None
    account_key = folded(draft.account_name) if draft.account_name else None
    found = ledger.people.named(draft.contact_name, account_key)
    if len(found) == 1:
        return found[0]
    leave_out(
        ledger,
        draft,
        "contact_name",
        draft.contact_name,
        ProblemCode.AMBIGUOUS if found else ProblemCode.NOT_FOUND,
        say("several contacts have this name there.") if found else say("no contact has this name there."),
        tuple(Candidate(person.id, person.name) for person in found),
    )
    return None


def account_of_contact(ledger: Ledger, draft: ActivityDraft, contact: PersonEntry) -> str | None:
    """The account that the row names; the contact's main one where it names none."""
    if draft.account_name is None:
        return next(iter(contact.account_ids), None)
    return ledger.directory.beside_contact(folded(draft.account_name), contact.account_ids).account_id


def account_of_activity(ledger: Ledger, draft: ActivityDraft) -> str | None:
    places = ledger.directory.named(folded(draft.account_name or ""))
    if len(places) == 1:
        return places[0].id
    leave_out(
        ledger,
        draft,
        "account_name",
        draft.account_name,
        ProblemCode.AMBIGUOUS if places else ProblemCode.NOT_FOUND,
        say("several accounts have this name.") if places else say("no account has this name."),
        tuple(place.candidate for place in places),
    )
    return None


def leave_out(
    ledger: Ledger,
    draft: ActivityDraft,
    field_name: str,
    value: str | None,
    code: ProblemCode,
    reason: Sentence,
    candidates: tuple[Candidate, ...] = (),
) -> None:
    sentence = say("This row was left out: {reason}", reason=reason)
    ledger.note(code, draft.origin, RecordKind.INTERACTION, field_name, value, sentence, candidates, left_out=True)


def verdict_of(ledger: Ledger, draft: ActivityDraft) -> Verdict:
    return Verdict.UNCHANGED if draft.external_id in ledger.known.events else Verdict.CREATED


def order_of(draft: ActivityDraft) -> tuple[str, ...]:
    """All that feeds one tie stands together, so that few batches touch it; the same in every run."""
    return (draft.contact_name or "", draft.account_name or "", draft.owner or "", draft.external_id)


def plan_note(
    ledger: Ledger,
    draft: ActivityDraft,
    contact: PersonEntry | None,
    account_id: str | None,
    owner: KnownUser | None,
) -> None:
    record_id = ledger.new_id()
    row = {
        "id": record_id,
        "external_id": draft.external_id,
        "text": "\n\n".join(part for part in (draft.subject, draft.description) if part),
        "written_at": milliseconds(draft.at.at),
        "contact_id": contact.id if contact is not None else None,
        "account_id": account_id,
        "author_id": owner.id if owner is not None else None,
    }
    ledger.steps[RecordKind.INTERACTION].append(
        Planned(
            record_id,
            RecordKind.NOTE,
            verdict_of(ledger, draft),
            order_of(draft),
            row,
            touched=named(account_id, None if contact is None else contact.id),
        )
    )


def plan_interaction(
    ledger: Ledger,
    draft: ActivityDraft,
    kind: InteractionType,
    contact: PersonEntry | None,
    account_id: str | None,
    owner: KnownUser | None,
) -> None:
    record_id = ledger.new_id()
    happened = draft.at.at <= ledger.now
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
    row = {
        "id": record_id,
        "external_id": draft.external_id,
        "type": kind.value,
        "status": status.value,
        "occurred_at": milliseconds(draft.at.at),
        "date_only": draft.at.date_only,
        "direction": (("OUTBOUND" if draft.sent_by_owner else "INBOUND") if written else None),
        "subject": draft.subject if ledger.options.mail_subjects or not written else None,
        "description": draft.description,
        "duration_minutes": draft.minutes,
        "account_id": account_id,
        "owner_id": owner.id if owner is not None else None,
        "owner_role": ours.value,
        "contact_id": contact.id if contact is not None else None,
        "contact_role": theirs.value,
        "people": len(participants),
    }
    ledger.steps[RecordKind.INTERACTION].append(
        Planned(
            record_id,
            RecordKind.INTERACTION,
            verdict_of(ledger, draft),
            order_of(draft),
            row,
            touched=named(account_id, *(person.person_id for person in participants)),
            facts=InteractionFacts(kind, epoch_days(draft.at.at), status),
            participants=tuple(participants),
        )
    )
