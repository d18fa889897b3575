"""How long work tells whoever waits for it, without knowing whether that is a terminal or a test."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from graph_crm.language import Sentence


class Progress(Protocol):
    def announce(self, sentence: Sentence) -> None:
        """Say what begins now."""
        ...

    def bytes(self, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """A bar of so many bytes; the function it gives moves it forward, or back when a file begins anew."""
        ...


class Silent:
    """Nobody is waiting."""

    def announce(self, sentence: Sentence) -> None:
        pass

    @contextmanager
    def bytes(self, total: int) -> Generator[Callable[[int], None]]:  # noqa: ARG002
        def advance(number: int) -> None:
            pass

        yield advance
