"""What stands before the database: how much is under way at once, how much waits for it, and whether it answers.

Whoever waits here has begun nothing: they may hang up or be refused, and the database never hears of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import structlog

from graph_crm.errors import Unavailable

IN_FLIGHT: Final = 32
MOST_WAITING: Final = 256
FAILURES: Final = 5
PAUSE_SECONDS: Final = 1.0

log = structlog.get_logger("graph_crm.graph")

DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def ending_at(moment: float) -> Generator[None]:
    """Let everything asked inside end by that moment of the event loop's clock, when whoever asks stops waiting."""
    token = DEADLINE.set(moment)
    try:
        yield
    finally:
        DEADLINE.reset(token)


def end_within(seconds: float, *, kept: float = 0.0) -> float:
    """The moment at which work of so many seconds ends: no later than `kept` seconds before its request does."""
    end = asyncio.get_running_loop().time() + seconds
    deadline = DEADLINE.get()
    return end if deadline is None else min(end, deadline - kept)


class Gate:
    """Lets in so many at once, the first come first; so many wait, and nobody longer than they want."""

    def __init__(self, places: int = IN_FLIGHT, most_waiting: int = MOST_WAITING) -> None:
        self.most_waiting = most_waiting
        self.waiting = 0
        self._places = asyncio.Semaphore(places)

    async def enter(self, end: float) -> None:
        """Take a place, which `leave` gives back. Refuses when none becomes free until then."""
        if asyncio.get_running_loop().time() >= end:
            raise Unavailable("The database did not answer in time. Try again.")
        if self._places.locked() and self.waiting >= self.most_waiting:
            raise busy()
        self.waiting += 1
        try:
            async with asyncio.timeout_at(end):
                await self._places.acquire()
        except TimeoutError:
            raise busy() from None
        finally:
            self.waiting -= 1

    def leave(self) -> None:
        """Give the place to whoever waits longest."""
        self._places.release()


def busy() -> Unavailable:
    return Unavailable("The service has too much to do just now. Nothing was changed; try again in a moment.")


class Breaker:
    """Answers in place of a database that does not.

    After some failures in a row nothing is sent to it for a moment; then one piece of work after another tries
    whether it is back, and the first that is answered lets everybody in again.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.failures = 0
        self.next_trial = 0.0

    def refuse_while_away(self) -> None:
        """Refuse at once what would only wait for a database that does not answer."""
        if self.failures < FAILURES:
            return
        if self.seconds() < self.next_trial:
            raise Unavailable("The database is busy or cannot be reached. Nothing was changed; try again.")
        self.next_trial = self.seconds() + PAUSE_SECONDS

    def answered(self) -> None:
        """The database said something, be it a refusal."""
        self.failures = 0

    def failed(self) -> None:
        """The database could not be reached, or needs a restart."""
        self.failures += 1
        if self.failures == FAILURES:
            log.warning("database away: work is refused until it answers again", failures=self.failures)
            self.next_trial = self.seconds() + PAUSE_SECONDS
