"""People on the customer side: the words for their rank."""

from __future__ import annotations

from enum import StrEnum

from graph_crm.language import Sentence, say


class Seniority(StrEnum):
    """The level of an employment, as a title or somebody's statement gives it."""

    C_LEVEL = "C_LEVEL"
    VP = "VP"
    DIRECTOR = "DIRECTOR"
    MANAGER = "MANAGER"
    INDIVIDUAL_CONTRIBUTOR = "INDIVIDUAL_CONTRIBUTOR"
    UNKNOWN = "UNKNOWN"

    @property
    def label(self) -> Sentence:
        return SENIORITY_LABELS[self]

    @property
    def rank(self) -> int:
        """5 for the top level down to 1; 0 when unknown, and then no rule compares it."""
        return SENIORITY_RANKS[self]

    @property
    def weight(self) -> float | None:
        """0 to 1, or nothing when unknown."""
        return self.rank / 5 if self is not Seniority.UNKNOWN else None


SENIORITY_RANKS = {
    Seniority.C_LEVEL: 5,
    Seniority.VP: 4,
    Seniority.DIRECTOR: 3,
    Seniority.MANAGER: 2,
    Seniority.INDIVIDUAL_CONTRIBUTOR: 1,
    Seniority.UNKNOWN: 0,
}

SENIORITY_LABELS = {
    Seniority.C_LEVEL: say("Executive committee"),
    Seniority.VP: say("Vice president"),
    Seniority.DIRECTOR: say("Director"),
    Seniority.MANAGER: say("Manager"),
    Seniority.INDIVIDUAL_CONTRIBUTOR: say("Individual contributor"),
    Seniority.UNKNOWN: say("Level not known"),
}
