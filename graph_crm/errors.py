"""What the service refuses, and how it says so.

A `Refusal` is an expected answer, not a fault of the program: a stable code for machines and one sentence for
people. Everything else that goes wrong is masked at the edge and logged under an id.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, LiteralString

from graph_crm.language import Language, Sentence


class ErrorCode(StrEnum):
    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    NOT_PERMITTED = "NOT_PERMITTED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    CONFLICT = "CONFLICT"
    AMBIGUOUS = "AMBIGUOUS"
    DUPLICATE = "DUPLICATE"
    LIMIT = "LIMIT"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    UNAVAILABLE = "UNAVAILABLE"


class Refusal(Exception):
    """An expected failure: `code` is stable, `sentence` is for people, `field` is the path in the input.

    `candidates` holds the ids of the records among which the caller has to choose.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INVALID

    def __init__(
        self, text: LiteralString, *, field: Sequence[str] = (), candidates: Sequence[str] = (), **values: Any
    ) -> None:
        self.sentence = Sentence(text, values)
        self.field = tuple(field)
        self.candidates = tuple(candidates)
        super().__init__(self.sentence.read(Language.EN))


class Invalid(Refusal):
    """What was given cannot be right, whoever asks and whenever."""


class NotFound(Refusal):
    """No such record, or none that the viewer may see: the two are never told apart."""

    code = ErrorCode.NOT_FOUND


class NotPermitted(Refusal):
    """The viewer's role does not allow this act."""

    code = ErrorCode.NOT_PERMITTED


class Unauthenticated(Refusal):
    """Nobody is known to be asking."""

    code = ErrorCode.UNAUTHENTICATED


class Conflict(Refusal):
    """The record changed since it was read, or a key is already used for something else."""

    code = ErrorCode.CONFLICT


class Ambiguous(Refusal):
    """Several records carry that name; `candidates` names them."""

    code = ErrorCode.AMBIGUOUS


class Duplicate(Refusal):
    """The record exists already; `candidates` names it."""

    code = ErrorCode.DUPLICATE


class LimitReached(Refusal):
    """More than the service answers in one go."""

    code = ErrorCode.LIMIT


class OutcomeUnknown(Refusal):
    """The write may or may not have happened; repeating it with the same idempotency key settles it."""

    code = ErrorCode.OUTCOME_UNKNOWN


class Unavailable(Refusal):
    """The database cannot answer now."""

    code = ErrorCode.UNAVAILABLE
