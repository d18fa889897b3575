"""What an import does with those of ours whom its files describe or name."""

from __future__ import annotations

from graph_crm.imports.drafts import Origin, UserDraft, folded, name_of_email
from graph_crm.imports.known import KnownUser
from graph_crm.imports.ledger import Ledger, Planned, searched
from graph_crm.imports.types import Candidate, ProblemCode, RecordKind, Verdict
from graph_crm.language import say


def plan_users(ledger: Ledger) -> None:
    """Those of ours whom the files describe."""
    for user in ledger.known.users:
        ledger.users.add(user)
    for draft in ledger.drafts.users.values():
        known = ledger.users.by_email.get(draft.email)
        if known is None:
            add_user(ledger, draft)
        else:
            ledger.steps[RecordKind.USER].append(
                Planned(known.id, RecordKind.USER, Verdict.UNCHANGED, (draft.email,), {})
            )


def add_user(ledger: Ledger, draft: UserDraft) -> KnownUser:
    """Somebody of ours who may not sign in before somebody gives them a key."""
    user = KnownUser(ledger.new_id(), draft.name, folded(draft.name), draft.email, opted_out=False)
    ledger.users.add(user)
    row = {
        "id": user.id,
        "name": user.name,
        "name_key": user.name_key,
        "email": user.email,
        "language": ledger.options.language.value,
        **searched(user.name, user.email),
    }
    after = {"name": user.name, "active": False}
    ledger.steps[RecordKind.USER].append(
        Planned(user.id, RecordKind.USER, Verdict.CREATED, (user.email,), row, after=after)
    )
    return user


def owner_of(ledger: Ledger, said: str | None, origin: Origin, kind: RecordKind) -> KnownUser | None:
    """The one of ours whom a row names by address or by name."""
    if said is None:
        return None
    address = said.strip().lower()
    if "@" in address:
        known = ledger.users.by_email.get(address)
        if known is not None:
            return known
        ledger.note(
            ProblemCode.ADDED,
            origin,
            kind,
            "owner",
            said,
            say("No file and no user has this address: an inactive user was made of it."),
        )
        return add_user(ledger, UserDraft(origin, address, name_of_email(address), described=False))
    named = ledger.users.by_name.get(folded(said), [])
    if len(named) == 1:
        return named[0]
    ledger.note(
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
