"""Our own side: users, teams, territories, and who works on what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from email_validator import EmailNotValidError, validate_email

from graph_crm.changes.types import RecordType
from graph_crm.errors import Invalid
from graph_crm.language import Language, Sentence, say
from graph_crm.viewer import Permission, Role

LONGEST_NAME: Final = 200


class TeamFunction(StrEnum):
    """What one of ours does for an account or a deal."""

    ACCOUNT_EXECUTIVE = "ACCOUNT_EXECUTIVE"
    ACCOUNT_MANAGER = "ACCOUNT_MANAGER"
    CUSTOMER_SUCCESS = "CUSTOMER_SUCCESS"
    SUPPORT = "SUPPORT"
    MARKETING = "MARKETING"
    ENGINEERING = "ENGINEERING"
    MANAGEMENT = "MANAGEMENT"
    OTHER = "OTHER"

    @property
    def label(self) -> Sentence:
        return FUNCTION_LABELS[self]


FUNCTION_LABELS: Final[Mapping[TeamFunction, Sentence]] = {
    TeamFunction.ACCOUNT_EXECUTIVE: say("Account executive"),
    TeamFunction.ACCOUNT_MANAGER: say("Account manager"),
    TeamFunction.CUSTOMER_SUCCESS: say("Customer success"),
    TeamFunction.SUPPORT: say("Support"),
    TeamFunction.MARKETING: say("Marketing"),
    TeamFunction.ENGINEERING: say("Engineering"),
    TeamFunction.MANAGEMENT: say("Management"),
    TeamFunction.OTHER: say("Other function"),
}


@dataclass(frozen=True, slots=True)
class OurUser:
    """One of ours. `active` through the last day."""

    id: str
    name: str
    email: str | None
    role: Role
    active: bool
    language: Language
    leaves_on: dt.date | None
    successor_id: str | None


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Territory:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One of ours on an account or an opportunity, from one day to before another."""

    record_id: str
    id: str
    owns: bool
    function: TeamFunction
    valid_from: dt.date | None
    valid_to: dt.date | None
    user: OurUser


@dataclass(frozen=True, slots=True)
class ShownKey:
    """What is known of an API key after it was made: never its secret."""

    prefix: str
    user_name: str
    user_email: str | None
    scopes: frozenset[str] | None
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NewUser:
    """One of ours, as an administrator describes them."""

    email: str
    name: str
    role: Role
    language: Language = Language.EN


@dataclass(frozen=True, slots=True)
class PastEmployer:
    """Where one of ours worked before: it makes ex-colleagues of contacts."""

    user_id: str
    account_id: str
    valid_from: dt.date
    valid_to: dt.date
    title: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is asked: somebody works on a record, from one day to before another."""

    record_id: str
    user_id: str
    function: TeamFunction
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What kind of record an id that the viewer may see stands for."""

    record_type: RecordType


def role_named(text: str) -> Role:
    """The role that a word names, in any case."""
    try:
        return Role(text.strip().upper().replace("-", "_").replace(" ", "_"))
    except ValueError:
        raise Invalid(
            "There is no role {role}. The roles are {roles}.", role=text, roles=[*Role], field=("role",)
        ) from None


def scopes_named(texts: frozenset[str]) -> frozenset[str]:
    """The scopes that these words name. Refuses one that there is not."""
    known = {permission.value for permission in Permission}
    for text in sorted(texts):
        if text not in known:
            raise Invalid("There is no scope {scope}. The scopes are {scopes}.", scope=text, scopes=sorted(known))
    return texts


def tidy_name(text: str, field: str = "name") -> str:
    """A name without blanks around it, of a length that people can read."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("A name has 1 to {limit} characters.", limit=LONGEST_NAME, field=(field,))
    return name


def tidy_email(text: str) -> str:
    """An e-mail address as it is compared: lower case, without blanks around it."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise Invalid("{email} is not an e-mail address.", email=text[:80], field=("email",)) from None
    return checked.normalized.lower()
