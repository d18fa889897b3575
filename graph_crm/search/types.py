"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that holds the words that were searched for.

    `score` says how well it fits, from its own name alone: a score that knew how rare a word is would tell
    something of records that the viewer may not see.
    """

    id: str
    kind: str
    name_key: str
    score: float
