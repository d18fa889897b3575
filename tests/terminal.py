"""What a test sees of one command of the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: str
    said: str


Terminal = Callable[..., Ended]
