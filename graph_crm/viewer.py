"""Who is asking, and what that person may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from graph_crm.errors import NotPermitted
from graph_crm.language import Language

EVERYONE = "everyone"
"""The group of all of our users: an open organisation lets it read every record."""

ALL_RECORDS = "all-records"
"""The group of those whose work needs every record: it reads each of them in a private organisation too."""


Groups = tuple[str, ...]
"""The groups whose records somebody may read."""


class Permission(StrEnum):
    """One act, as services ask for it. The text is the scope an API key can be limited to."""

    READ_RECORDS = "records:read"
    READ_JUDGEMENTS = "judgement:read"
    READ_HISTORY = "history:read"
    WRITE_RECORDS = "records:write"
    ASSESS_STAKEHOLDERS = "judgement:write"
    LOG_INTERACTIONS = "interactions:write"
    STATE_TIES = "ties:write"
    ASSIGN_PEOPLE = "team:assign"
    MANAGE_USERS = "users:write"
    IMPORT_FILES = "imports:write"
    MAINTAIN_DATABASE = "database:maintain"


class Role(StrEnum):
    ADMINISTRATOR = "ADMINISTRATOR"
    OPERATIONS = "OPERATIONS"
    SELLER = "SELLER"
    READER = "READER"
    PRIVACY_OFFICER = "PRIVACY_OFFICER"
    INTEGRATION = "INTEGRATION"


READING = frozenset({Permission.READ_RECORDS, Permission.READ_HISTORY})

SELLING = READING | {
    Permission.READ_JUDGEMENTS,
    Permission.WRITE_RECORDS,
    Permission.ASSESS_STAKEHOLDERS,
    Permission.LOG_INTERACTIONS,
    Permission.STATE_TIES,
    Permission.ASSIGN_PEOPLE,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.OPERATIONS: SELLING | {Permission.MANAGE_USERS, Permission.IMPORT_FILES},
    Role.SELLER: SELLING,
    Role.READER: READING,
    Role.PRIVACY_OFFICER: READING | {Permission.READ_JUDGEMENTS},
    # An integration has what the scopes of its key say, nothing by its role.
    Role.INTEGRATION: frozenset(Permission),
}

SEES_ALL_RECORDS = frozenset({Role.ADMINISTRATOR, Role.OPERATIONS, Role.PRIVACY_OFFICER})

WRITES_EVERYWHERE = frozenset({Role.ADMINISTRATOR, Role.OPERATIONS, Role.INTEGRATION})
"""Who changes every record they see; sellers change what is theirs, their team's or nobody's."""

MAINTENANCE = "maintenance"
"""The id of the one who acts on the machine itself while nobody of ours can."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking: one of our users, with the groups that decide which records are visible."""

    user_id: str
    name: str
    role: Role
    permissions: frozenset[Permission]
    groups: Groups = field(default=(EVERYONE,))
    language: Language = Language.EN

    def may(self, permission: Permission) -> bool:
        """Whether this act is allowed, without refusing."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Refuse the act unless the viewer's role and key allow it."""
        if permission not in self.permissions:
            raise NotPermitted(
                "Your role does not allow this ({permission}). Ask an administrator.",
                permission=permission.value,
            )

    @property
    def writes_everywhere(self) -> bool:
        """Whether every visible record may be changed, whoever holds it."""
        return self.role in WRITES_EVERYWHERE

    @property
    def reads_judgements(self) -> bool:
        """Whether stance, influence and the like may be shown, sorted or counted for this viewer."""
        return Permission.READ_JUDGEMENTS in self.permissions


def groups_of(user_id: str, role: Role, team_ids: list[str], territory_ids: list[str]) -> Groups:
    """The groups whose records this person may read, the widest first."""
    wide = (EVERYONE, ALL_RECORDS) if role in SEES_ALL_RECORDS else (EVERYONE,)
    return (*wide, user_id, *team_ids, *territory_ids)


def permissions_of(role: Role, scopes: frozenset[str] | None) -> frozenset[Permission]:
    """What the role allows, narrowed to the scopes of the key when it has any."""
    allowed = PERMISSIONS[role]
    return allowed if scopes is None else frozenset(p for p in allowed if p.value in scopes)


def maintenance_viewer(language: Language = Language.EN) -> Viewer:
    """Whoever works on the machine of the service itself: an administrator without an account."""
    return Viewer(
        user_id=MAINTENANCE,
        name=MAINTENANCE,
        role=Role.ADMINISTRATOR,
        permissions=PERMISSIONS[Role.ADMINISTRATOR],
        groups=(EVERYONE, ALL_RECORDS),
        language=language,
    )
