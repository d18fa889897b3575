"""Our own side: who may sign in, who works with whom and on what, and with whom a record is shared."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from graph_crm.changes.types import RecordType
from graph_crm.errors import Conflict, Duplicate, Invalid, NotFound, NotPermitted, Unauthenticated
from graph_crm.graph.client import BATCH_SECONDS, Graph
from graph_crm.graph.folding import fold
from graph_crm.graph.lists import Span, open_cursor, write_cursor
from graph_crm.graph.pages import Page
from graph_crm.graph.write import Receipt, Write
from graph_crm.settings import OrganisationVisibility
from graph_crm.team import readers, store
from graph_crm.team.assignments import reassigned
from graph_crm.team.keys import KeyRecord, NewKey, new_key
from graph_crm.team.readers import refresh_readers, refresh_readers_of_users, require_writable
from graph_crm.team.types import (
    Assignment,
    NewUser,
    OurUser,
    PastEmployer,
    ShownKey,
    Team,
    TeamMember,
    Territory,
    tidy_email,
    tidy_name,
)
from graph_crm.viewer import Permission, Role, Viewer, groups_of, permissions_of

MOST_MEMBERS: Final = 500
MOST_TERRITORIES: Final = 50
MOST_SHARES: Final = 100
BATCH: Final = 500

USERS: Final = ("team/users", "name ASC")
ACCOUNTS_OF_USER: Final = ("team/accounts_of_user", "name ASC")
"""What the cursors of these lists carry, so that no other list takes them."""


# --------------------------------------------------------------- who is asking


async def find_key(graph: Graph, prefix: str) -> KeyRecord | None:
    """The key with this prefix; None when it is unknown, revoked, or of somebody who left."""
    return await store.find_key(graph, prefix)


async def viewer_of_user(
    graph: Graph, *, user_id: str | None = None, email: str | None = None, scopes: frozenset[str] | None = None
) -> Viewer:
    """One of ours as the one who asks, narrowed to the scopes of a key. Nobody who left may ask."""
    if email is not None:
        user = await store.user_of_email(graph, tidy_email(email))
        user_id = None if user is None else user.id
    row = None if user_id is None else await store.signed_in(graph, user_id)
    if row is None:
        raise Unauthenticated("There is no active user of ours with this key or address.")
    # An integration may do what its key says; without a key that says so, nothing.
    narrowed = frozenset[str]() if scopes is None and row.role is Role.INTEGRATION else scopes
    return Viewer(
        user_id=row.user_id,
        name=row.name,
        role=row.role,
        permissions=permissions_of(row.role, narrowed),
        groups=groups_of(row.user_id, row.role, row.team_ids, row.territory_ids),
        language=row.language,
    )


def stand_in(viewer: Viewer) -> OurUser:
    """Whoever works on the machine itself, as the user they would be."""
    return OurUser(
        id=viewer.user_id,
        name=viewer.name,
        email=None,
        role=viewer.role,
        active=True,
        language=viewer.language,
        leaves_on=None,
        successor_id=None,
    )


async def only_administrator(graph: Graph) -> str | None:
    """The id of the administrator, when there is exactly one."""
    ids = await store.administrators(graph)
    return ids[0] if len(ids) == 1 else None


# ----------------------------------------------------------------------- users


async def create_user(graph: Graph, viewer: Viewer, user: NewUser, *, key: str | None = None) -> OurUser:
    """Make one of ours, or bring back somebody inactive with that e-mail address."""
    viewer.require(Permission.MANAGE_USERS)
    wanted = NewUser(tidy_email(user.email), tidy_name(user.name), user.role, user.language)
    _refuse_more_than_own(viewer, wanted.role)

    async def work(write: Write) -> str:
        known = await store.user_with_email(write, wanted.email)
        if known is None:
            user_id = write.new_id()
            await store.create_user(write, user_id, wanted)
            write.created(user_id, "user.created", **_audited(wanted))
            return user_id
        if known.active:
            raise Duplicate(
                "{email} is already the address of {name}.",
                email=wanted.email,
                name=known.name,
                field=("email",),
                candidates=(known.id,),
            )
        _refuse_more_than_own(viewer, known.role)
        await store.welcome_back(write, known.id, wanted)
        write.changed(
            known.id, "user.reactivated", before={"role": known.role, "active": False}, after=_audited(wanted)
        )
        return known.id

    receipt = Receipt.of("create user", [wanted.email, wanted.name, wanted.role, wanted.language], key)
    return await _user(graph, await graph.write(work, viewer, receipt))


async def deactivate_user(
    graph: Graph,
    viewer: Viewer,
    user_id: str,
    *,
    leaves_on: dt.date | None = None,
    successor_id: str | None = None,
    key: str | None = None,
) -> OurUser:
    """Somebody leaves: today, or after their last day; a successor may be named.

    They stay active through a last day that is yet to come. Their keys end with their activity.
    """
    viewer.require(Permission.MANAGE_USERS)

    async def work(write: Write) -> str:
        user = await store.user_to_change(write, user_id)
        if user is None:
            raise NotFound("There is no such user.", field=("userId",))
        _refuse_more_than_own(viewer, user.role)
        await _refuse_last_administrator(write, user)
        await _refuse_unfit_successor(write, user_id, successor_id)
        today = write.now.date()
        last_day = leaves_on or user.leaves_on or today
        if leaves_on is None and last_day > today:
            last_day = today
        active = user.active and leaves_on is not None and leaves_on >= today
        await store.deactivate_user(write, user_id, leaves_on=last_day, active=active, successor_id=successor_id)
        if not active:
            await _revoke_keys(write, [user_id])
        write.changed(
            user_id,
            "user.deactivated",
            before={"active": user.active, "leaves_on": user.leaves_on, "successor_id": user.successor_id},
            after={"active": active, "leaves_on": last_day, "successor_id": successor_id or user.successor_id},
        )
        return user_id

    # The administrators are locked as well, so that two cannot remove each other and leave none.
    locks = [user_id, *await store.administrators(graph)]
    receipt = Receipt.of("deactivate user", [user_id, leaves_on, successor_id], key)
    return await _user(graph, await graph.write(work, viewer, receipt, locks=locks))


async def add_past_employer(graph: Graph, viewer: Viewer, past: PastEmployer, *, key: str | None = None) -> str:
    """Note where one of ours worked before; answers the id of that employment."""
    viewer.require(Permission.MANAGE_USERS)
    if past.valid_to <= past.valid_from:
        raise Invalid("It has to end after it begins, on {day}.", day=past.valid_from, field=("validTo",))

    async def work(write: Write) -> str:
        employment_id = await store.add_past_employer(write, past, groups=viewer.groups)
        if employment_id is None:
            raise NotFound("There is no such user or account, or you may not see it.")
        after = {"account_id": past.account_id, "valid_from": past.valid_from, "valid_to": past.valid_to}
        write.changed(past.user_id, "user.past_employer_added", after=after)
        return employment_id

    receipt = Receipt.of("add past employer", dataclasses.asdict(past), key)
    return await graph.write(work, viewer, receipt, locks=[past.user_id])


async def users(graph: Graph, viewer: Viewer, span: Span | None = None) -> Page[OurUser]:
    """All of ours by name, those who left included."""
    viewer.require(Permission.READ_RECORDS)
    span = span or Span()
    name_key, after_id = ("", "") if span.cursor is None else open_cursor(USERS, span.cursor, "after")
    rows = await store.users(graph, name_key=name_key, after_id=after_id, limit=span.size + 1)
    return Page(
        rows=rows[: span.size],
        cursors=[write_cursor(USERS, [fold(row.name), row.id]) for row in rows[: span.size]],
        has_next=len(rows) > span.size,
        has_previous=span.cursor is not None,
        count=lambda: store.count_of_users(graph),
    )


async def users_of_ids(graph: Graph, viewer: Viewer, ids: Iterable[str]) -> dict[str, OurUser]:
    """Users by id. Everybody may see who works here."""
    viewer.require(Permission.READ_RECORDS)
    return {user.id: user for user in await store.users_of_ids(graph, ids)}


async def user_named(graph: Graph, viewer: Viewer, email: str) -> OurUser:
    """The user with that e-mail address."""
    viewer.require(Permission.READ_RECORDS)
    user = await store.user_of_email(graph, tidy_email(email))
    if user is None:
        raise NotFound("Nobody of ours has the address {email}.", email=email)
    return user


# ------------------------------------------------------- teams and territories


async def set_team(
    graph: Graph,
    viewer: Viewer,
    name: str,
    member_ids: Sequence[str],
    *,
    territory_ids: Sequence[str] | None = None,
    territory_names: Sequence[str] | None = None,
    key: str | None = None,
) -> Team:
    """Say who belongs to a team and what it covers, replacing what was said before.

    The team is made when there is none of that name. Territories stay as they are when none are given;
    territories given by name are made when there are none.
    """
    viewer.require(Permission.MANAGE_USERS)
    tidy = tidy_name(name)
    members = sorted(set(member_ids))
    if len(members) > MOST_MEMBERS:
        raise Invalid("A team has at most {limit} members.", limit=MOST_MEMBERS, field=("memberIds",))
    named = None if territory_names is None else [tidy_name(one, "territoryNames") for one in territory_names]

    async def work(write: Write) -> str:
        team = await store.merge_team(write, tidy)
        if await store.replace_members(write, team.id, members) < len(members):
            raise NotFound("One of these members is not a user of ours.", field=("memberIds",))
        covered = team.territory_ids
        if territory_ids is not None or named is not None:
            covered = sorted({*(territory_ids or ()), *await _territories(write, named or ())})
            if await store.replace_territories(write, team.id, covered) < len(covered):
                raise NotFound("One of these territories does not exist.", field=("territoryIds",))
        after = {"name": tidy, "member_ids": members, "territory_ids": covered}
        if team.made:
            write.created(team.id, "team.created", **after)
        else:
            before = {"member_ids": team.member_ids, "territory_ids": team.territory_ids}
            write.changed(team.id, "team.changed", before=before, after=after)
        await refresh_readers_of_users(write, {*team.member_ids} ^ {*members})
        return team.id

    content = [tidy, members, None if territory_ids is None else sorted(set(territory_ids)), named]
    # In a private organisation the members' records get other readers, however many there are.
    receipt = Receipt.of("set team", content, key)
    team_id = await graph.write(work, viewer, receipt, locks=members, seconds=BATCH_SECONDS)
    return (await store.teams_of_ids(graph, [team_id]))[0]


async def set_territories(
    graph: Graph, viewer: Viewer, account_id: str, names: Sequence[str], *, key: str | None = None
) -> str:
    """Say in which territories an account lies, replacing what was said before; answers the account's id.

    A territory of a new name is made. In a private organisation the teams that cover one see its accounts.
    """
    viewer.require(Permission.MANAGE_USERS)
    if len(names) > MOST_TERRITORIES:
        raise Invalid(
            "An account lies in at most {limit} territories.", limit=MOST_TERRITORIES, field=("territoryNames",)
        )
    named = sorted({tidy_name(one, "territoryNames") for one in names})

    async def work(write: Write) -> str:
        await require_writable(write, viewer, account_id)
        wanted = sorted(await _territories(write, named))
        before = await store.replace_territories_of_account(write, account_id, wanted)
        if before is None:
            raise NotFound("There is no such account, or you may not see it.", field=("accountId",))
        if before != wanted:
            write.changed(
                account_id, "account.placed", before={"territory_ids": before}, after={"territory_ids": wanted}
            )
        await refresh_readers(write, account_ids=[account_id])
        return account_id

    receipt = Receipt.of("set territories", [account_id, named], key)
    return await graph.write(work, viewer, receipt, locks=[account_id])


async def territories_of_accounts(
    graph: Graph, viewer: Viewer, account_ids: Iterable[str]
) -> dict[str, list[Territory]]:
    """The territories in which each of these accounts lies, by name."""
    viewer.require(Permission.READ_RECORDS)
    return await store.territories_of_accounts(graph, account_ids, groups=viewer.groups)


async def teams_of_ids(graph: Graph, viewer: Viewer, ids: Iterable[str]) -> dict[str, Team]:
    """Teams by id."""
    viewer.require(Permission.READ_RECORDS)
    return {team.id: team for team in await store.teams_of_ids(graph, ids)}


async def territories_of_ids(graph: Graph, viewer: Viewer, ids: Iterable[str]) -> dict[str, Territory]:
    """Territories by id."""
    viewer.require(Permission.READ_RECORDS)
    return {territory.id: territory for territory in await store.territories_of_ids(graph, ids)}


async def teams_of_users(graph: Graph, viewer: Viewer, user_ids: Iterable[str]) -> dict[str, list[Team]]:
    """The teams of each of these users."""
    viewer.require(Permission.READ_RECORDS)
    return await store.teams_of_users(graph, user_ids)


async def members_of_teams(graph: Graph, viewer: Viewer, team_ids: Iterable[str]) -> dict[str, list[OurUser]]:
    """The members of each of these teams."""
    viewer.require(Permission.READ_RECORDS)
    return await store.members_of_teams(graph, team_ids)


async def territories_of_teams(graph: Graph, viewer: Viewer, team_ids: Iterable[str]) -> dict[str, list[Territory]]:
    """What each of these teams covers."""
    viewer.require(Permission.READ_RECORDS)
    return await store.territories_of_teams(graph, team_ids)


# ------------------------------------------------------------ who works on what


async def assign(graph: Graph, viewer: Viewer, asked: Assignment, *, key: str | None = None) -> str:
    """Put one of ours on an account or an opportunity; answers the id of that record."""
    viewer.require(Permission.ASSIGN_PEOPLE)

    async def work(write: Write) -> str:
        await require_writable(write, viewer, asked.record_id)
        kind = await _kind(write, viewer, asked.record_id)
        user = await store.user_to_change(write, asked.user_id)
        if user is None:
            raise NotFound("There is no such user.", field=("userId",))
        today = write.now.date()
        if not user.active and (asked.valid_to is None or asked.valid_to > today):
            raise Invalid("{name} is not active any more.", name=user.name, field=("userId",))
        held = await store.assignments_of_record(write, asked.record_id)
        steps = reassigned(held, asked, kind, today)
        for assignment_id in steps.withdrawn:
            await store.withdraw_assignment(write, asked.record_id, assignment_id)
        for dated in steps.dated:
            await store.date_assignment(write, asked.record_id, dated)
        for fresh in steps.fresh:
            await store.create_assignment(write, asked.record_id, fresh)
        write.changed(
            asked.record_id,
            "team.assigned",
            after={
                "user_id": asked.user_id,
                "function": asked.function,
                "valid_from": asked.valid_from,
                "valid_to": asked.valid_to,
            },
        )
        await _refresh(write, kind, asked.record_id)
        return asked.record_id

    content = [asked.record_id, asked.user_id, asked.function, asked.valid_from, asked.valid_to]
    return await graph.write(work, viewer, Receipt.of("assign", content, key), locks=[asked.record_id])


async def share(
    graph: Graph, viewer: Viewer, record_id: str, with_ids: Sequence[str], *, key: str | None = None
) -> str:
    """Share a record with exactly these users, teams and territories; answers the id of that record.

    Whoever owns the record, works on it or belongs to their teams sees it anyway.
    """
    viewer.require(Permission.ASSIGN_PEOPLE)
    wanted = sorted(set(with_ids))
    if len(wanted) > MOST_SHARES:
        raise Invalid("A record is shared with at most {limit} at a time.", limit=MOST_SHARES, field=("withIds",))

    async def work(write: Write) -> str:
        await require_writable(write, viewer, record_id)
        kind = await _kind(write, viewer, record_id)
        if await store.groups_of_ids(write, wanted) != frozenset(wanted):
            raise NotFound("One of these is not a user, a team or a territory of ours.", field=("withIds",))
        before = await store.replace_shares(write, record_id, wanted)
        if before != wanted:
            write.changed(
                record_id, "record.shared", before={"shared_with_ids": before}, after={"shared_with_ids": wanted}
            )
        await _refresh(write, kind, record_id)
        return record_id

    receipt = Receipt.of("share", [record_id, wanted], key)
    return await graph.write(work, viewer, receipt, locks=[record_id])


async def team_of_records(
    graph: Graph, viewer: Viewer, record_ids: Iterable[str], *, as_of: dt.datetime | None = None
) -> dict[str, list[TeamMember]]:
    """Who of ours is on each of these records, the owner first; today, or as of a moment."""
    viewer.require(Permission.READ_RECORDS)
    day = (as_of or graph.now()).date()
    return await store.team_of_records(graph, record_ids, as_of=day, groups=viewer.groups)


async def members_of_ids(graph: Graph, viewer: Viewer, ids: Iterable[str]) -> dict[str, TeamMember]:
    """Assignments by id, on records that the viewer may see."""
    viewer.require(Permission.READ_RECORDS)
    return {row.id: row for row in await store.members_of_ids(graph, ids, groups=viewer.groups)}


async def accounts_of_user(graph: Graph, viewer: Viewer, user_id: str, span: Span | None = None) -> Page[str]:
    """The ids of the accounts that one of ours owns or works on, by name, as far as the viewer may see them."""
    viewer.require(Permission.READ_RECORDS)
    span = span or Span()
    signature = (*ACCOUNTS_OF_USER, user_id)
    name_key, after_id = ("", "") if span.cursor is None else open_cursor(signature, span.cursor, "after")
    rows = await store.accounts_of_user(
        graph, user_id, groups=viewer.groups, name_key=name_key, after_id=after_id, limit=span.size + 1
    )
    return Page(
        rows=[row.id for row in rows[: span.size]],
        cursors=[write_cursor(signature, [row.name_key, row.id]) for row in rows[: span.size]],
        has_next=len(rows) > span.size,
        has_previous=span.cursor is not None,
        count=lambda: store.count_of_accounts_of_user(graph, user_id, groups=viewer.groups),
    )


# ------------------------------------------------------------------------ keys


async def create_key(
    graph: Graph,
    viewer: Viewer,
    email: str,
    *,
    scopes: frozenset[str] | None = None,
    expires_at: dt.datetime | None = None,
) -> NewKey:
    """Make a key for one of ours. Its text is in this answer and nowhere else.

    Somebody who never signed in becomes active with their first key; somebody who left does not.
    """
    viewer.require(Permission.MANAGE_USERS)
    address, made = tidy_email(email), new_key()
    if expires_at is not None and expires_at <= graph.now():
        raise Invalid("A key has to expire in the future.", field=("expiresAt",))

    async def work(write: Write) -> None:
        user = await store.user_with_email(write, address)
        if user is None:
            raise NotFound("Nobody of ours has the address {email}.", email=address)
        if user.leaves_on is not None and not user.active:
            raise Conflict("{name} left on {day}. Add them again first.", name=user.name, day=user.leaves_on)
        if user.role is Role.INTEGRATION and scopes is None:
            raise Invalid("The key of an integration says what it may do: give its scopes.", field=("scopes",))
        _refuse_more_than_own(viewer, user.role, scopes)
        await store.create_key(write, user.id, made, scopes=scopes, expires_at=expires_at)
        after = {"prefix": made.prefix, "scopes": sorted(scopes) if scopes else None, "expires_at": expires_at}
        if user.active:
            write.changed(user.id, "key.created", after=after)
        else:
            write.changed(user.id, "key.created", before={"active": False}, after={**after, "active": True})

    # The receipt names the prefix, which no other request can have: the text of a key is never answered twice.
    await graph.write(work, viewer, Receipt.of("create key", [address, made.prefix]))
    return made


async def keys(graph: Graph, viewer: Viewer) -> list[ShownKey]:
    """All keys, the newest first, without their secrets."""
    viewer.require(Permission.MANAGE_USERS)
    return await store.keys(graph)


async def revoke_key(graph: Graph, viewer: Viewer, prefix: str) -> None:
    """End a key. It lets nobody in any more within five seconds."""
    viewer.require(Permission.MANAGE_USERS)

    async def work(write: Write) -> None:
        key = await store.key_of_prefix(write, prefix)
        if key is None:
            raise NotFound("There is no key with the prefix {prefix}.", prefix=prefix)
        _refuse_more_than_own(viewer, key.role)
        if key.revoked_at is None:
            await store.revoke_key(write, key.id)
            write.changed(key.user_id, "key.revoked", after={"prefix": prefix})

    await graph.write(work, viewer, Receipt.of("revoke key", [prefix]))


# ------------------------------------------------------- how records are shared


async def share_as(graph: Graph, wanted: OrganisationVisibility) -> int:
    """Bring the database in line with the setting; answers how many records have other readers now.

    Done before anything is answered. A rebuild that was cut off is done again.
    """
    found = await store.sharing(graph)
    if found.agrees_with(wanted):
        return 0
    await graph.maintain(lambda write: store.set_visibility(write, wanted), "set visibility")
    changed = await rebuild_readers(graph)
    await graph.maintain(store.visibility_is_settled, "visibility is settled")
    return changed


async def rebuild_readers(graph: Graph, told: Callable[[int], None] | None = None) -> int:
    """Derive the readers of every record anew; answers how many were wrong. `told` hears how many are done."""
    changed = done = 0
    for label in ("Account", "Contact", "Opportunity"):
        after = ""
        while ids := await store.records_after(graph, label, after, limit=BATCH):
            changed += await graph.maintain(
                lambda write, label=label, ids=ids: readers.rederive(write, label, ids),
                "rebuild readers",
                seconds=BATCH_SECONDS,
            )
            after, done = ids[-1], done + len(ids)
            if told is not None:
                told(done)
    return changed


async def keep_up(graph: Graph) -> int:
    """What the passing of days changes: leavers sign in no more, ended assignments show no records any more.

    Meant to run at the start and every hour; answers how many users and records changed.
    """
    since = (await store.sharing(graph)).kept_up_to or dt.date.min

    async def work(write: Write) -> int:
        leavers = await store.close_accounts_of_leavers(write)
        for user_id in leavers:
            write.changed(user_id, "user.deactivated", before={"active": True}, after={"active": False})
        await _revoke_keys(write, leavers)
        lapsed = await store.lapsed_assignments(write, since=since)
        changed = await refresh_readers(
            write,
            account_ids=[row.id for row in lapsed if row.is_account],
            opportunity_ids=[row.id for row in lapsed if not row.is_account],
        )
        await store.kept_up_to(write)
        return len(leavers) + changed

    return await graph.maintain(work, "keep up with the days")


# --------------------------------------------------------------------- private


async def _user(graph: Graph, user_id: str) -> OurUser:
    return (await store.users_of_ids(graph, [user_id]))[0]


async def _territories(write: Write, names: Iterable[str]) -> set[str]:
    """The ids of the territories of these names, made where there were none."""
    found = await store.merge_territories(write, names)
    for territory in found:
        if territory.made:
            write.created(territory.id, "territory.created", name=territory.name)
    return {territory.id for territory in found}


async def _revoke_keys(write: Write, user_ids: Sequence[str]) -> None:
    """End the keys of those who left."""
    for key in await store.revoke_keys_of_users(write, user_ids) if user_ids else []:
        write.changed(key.user_id, "key.revoked", after={"prefix": key.prefix})


async def _kind(write: Write, viewer: Viewer, record_id: str) -> RecordType:
    kind = await store.kind_of_record(write, record_id, groups=viewer.groups)
    if kind is None:
        raise NotFound("There is no such record, or you may not see it.", field=("recordId",))
    return kind


async def _refresh(write: Write, kind: RecordType, record_id: str) -> None:
    match kind:
        case RecordType.ACCOUNT:
            await refresh_readers(write, account_ids=[record_id])
        case RecordType.CONTACT:
            await refresh_readers(write, contact_ids=[record_id])
        case RecordType.OPPORTUNITY:
            await refresh_readers(write, opportunity_ids=[record_id])


def _audited(user: NewUser) -> dict[str, object]:
    return {"email": user.email, "name": user.name, "role": user.role, "language": user.language, "active": True}


def _refuse_more_than_own(viewer: Viewer, role: Role, scopes: frozenset[str] | None = None) -> None:
    """Nobody hands out, or takes away, more than they may do themselves."""
    # What an integration may do is said by its keys; its account alone allows nothing.
    given = frozenset[Permission]() if role is Role.INTEGRATION and scopes is None else permissions_of(role, scopes)
    if not given <= viewer.permissions:
        raise NotPermitted("Only somebody who may do as much themselves may decide about this. Ask an administrator.")


async def _refuse_last_administrator(write: Write, user: OurUser) -> None:
    if user.role is Role.ADMINISTRATOR and await store.lasting_administrators(write) == [user.id]:
        raise Conflict("{name} is the only administrator. Make another one first.", name=user.name)


async def _refuse_unfit_successor(write: Write, user_id: str, successor_id: str | None) -> None:
    if successor_id is None:
        return
    successor = await store.user_to_change(write, successor_id)
    if successor is None:
        raise NotFound("There is no such user.", field=("successorId",))
    if successor_id == user_id or not successor.active:
        raise Invalid("The successor has to be another active colleague.", field=("successorId",))
