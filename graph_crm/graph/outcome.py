"""What became of a piece of database work that failed."""

from __future__ import annotations

from enum import Enum

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConnectionAcquisitionTimeoutError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)


class Outcome(Enum):
    """REFUSED: not applied and never will be. RETRY: not applied, may work later. UNKNOWN: a coin toss.

    RESTART: the database needs a restart. TOO_LARGE: the work needs more memory or time than it may have.
    """

    REFUSED = "refused"
    RETRY = "retry"
    UNKNOWN = "unknown"
    RESTART = "restart"
    TOO_LARGE = "too large"


class TooMuchMemory(Exception):
    """The server stopped a transaction at its memory limit.

    The server calls it transient, and the driver would repeat it until its retry time is over; this type is
    raised in its place, inside the transaction's function, so that nothing repeats it.
    """


MEMORY_CODES = ("MemoryPoolOutOfMemoryError", "OutOfMemoryError")
RESTART_CODES = ("TransactionStartFailed", "DatabaseUnavailable")
UNKNOWN_CODES = ("TransactionCommitFailed", "TransactionLogError")
TIME_CODES = ("TransactionTimedOut",)
LOCK_CODES = ("DeadlockDetected", "LockAcquisitionTimeout", "LockClientStopped")


def classify(error: BaseException) -> Outcome | None:
    """What the failure means for the data, or None when it is no failure of the database at all."""
    match error:
        case TooMuchMemory():
            return Outcome.TOO_LARGE
        case IncompleteCommit() | TimeoutError():
            return Outcome.UNKNOWN
        case AuthError():
            return Outcome.RETRY
        case ServiceUnavailable() | SessionExpired() | ConnectionAcquisitionTimeoutError():
            return Outcome.RETRY
        case Neo4jError():
            return classify_server_error(error)
        case DriverError():
            return Outcome.REFUSED
        case _:
            return None


def classify_server_error(error: Neo4jError) -> Outcome:
    code = error.code or ""
    for codes, outcome in (
        (RESTART_CODES, Outcome.RESTART),
        (UNKNOWN_CODES, Outcome.UNKNOWN),
        (TIME_CODES, Outcome.TOO_LARGE),
        (MEMORY_CODES, Outcome.TOO_LARGE),
        (LOCK_CODES, Outcome.RETRY),
    ):
        if any(word in code for word in codes):
            return outcome
    if isinstance(error, ClientError):
        return Outcome.REFUSED
    return Outcome.RETRY if ".TransientError." in code else Outcome.UNKNOWN


def needs_more_memory(error: BaseException) -> bool:
    """Whether the server stopped this transaction for its use of memory."""
    return isinstance(error, Neo4jError) and any(word in (error.code or "") for word in MEMORY_CODES)


def is_away(error: BaseException) -> bool:
    """Whether the failure says that the database cannot be reached, or answers nothing before a restart."""
    match error:
        case ServiceUnavailable() | SessionExpired() | ConnectionAcquisitionTimeoutError():
            return True
        case _:
            return classify(error) is Outcome.RESTART
