"""Stages of other systems become pipelines: in the order deals usually go through, told from their names.

A list of deals does not say in which order its stages come. Names that sales teams commonly use carry their usual
place and probability; a stage of another name comes after them, without a probability that nobody stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph_crm.graph.folding import fold

USUAL_PROGRESS: Final[Mapping[str, float]] = {
    name: probability
    for probability, names in (
        (0.05, ("suspect", "lead", "new", "nouveau", "appointment scheduled")),
        (0.10, ("qualification", "qualified", "prospect", "prospecting", "qualified to buy")),
        (0.20, ("requirements gathering", "needs analysis", "analyse", "analysis", "discovery", "decouverte")),
        (0.30, ("rfq response", "rfp response", "value proposition", "presentation scheduled", "demo")),
        (0.35, ("engineering review", "technical review", "id decision makers", "perception analysis")),
        (0.45, ("prototype", "poc", "pilot", "pilote")),
        (0.50, ("quote", "proposal", "proposal price quote", "devis", "proposition")),
        (0.60, ("sample trial", "trial", "evaluation", "decision maker bought in")),
        (0.75, ("negotiation", "negotiation review", "negociation")),
        (0.85, ("po review", "contract sent", "contract review", "conclusion")),
        (0.95, ("po received", "verbal agreement", "accord verbal")),
    )
    for name in names
}

WON_NAMES: Final = frozenset({"won", "closed won", "gagne", "gagnee", "signe", "signee", "ordre d achat", "deal won"})
LOST_NAMES: Final = frozenset({"lost", "closed lost", "closed lost to competition", "perdu", "perdue", "deal lost"})

SIGNS: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class StageDraft:
    """One stage of a pipeline that an import brings."""

    name: str
    key: str
    probability: float | None
    is_won: bool = False
    is_lost: bool = False

    @property
    def is_open(self) -> bool:
        return not self.is_won and not self.is_lost


def comparable(name: str) -> str:
    return " ".join(SIGNS.sub(" ", fold(name)).split())


def key_of(name: str) -> str:
    """The key of a stage: "Sample/Trial" is SAMPLE_TRIAL."""
    return comparable(name).upper().replace(" ", "_")


def stage_of(name: str) -> StageDraft:
    """A stage as its name tells it."""
    word = comparable(name)
    if word in WON_NAMES:
        return StageDraft(name, key_of(name), 1.0, is_won=True)
    if word in LOST_NAMES:
        return StageDraft(name, key_of(name), 0.0, is_lost=True)
    return StageDraft(name, key_of(name), USUAL_PROGRESS.get(word))


def in_order(names: Iterable[str]) -> list[StageDraft]:
    """The stages of a pipeline as deals go through them, with one for won and one for lost at the end."""
    stages = {stage.key: stage for stage in map(stage_of, names)}
    for name, closing in (("Won", "is_won"), ("Lost", "is_lost")):
        if not any(getattr(stage, closing) for stage in stages.values()):
            stages[key_of(name)] = stage_of(name)
    return sorted(
        stages.values(),
        key=lambda stage: (
            stage.is_lost,
            stage.is_won,
            stage.probability is None,
            stage.probability or 0.0,
            stage.name,
        ),
    )
