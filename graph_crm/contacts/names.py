"""How people are called, in full and for short."""

from __future__ import annotations

from typing import Final

from graph_crm.graph.folding import fold

CIVILITIES: Final = frozenset(
    """
    m mr monsieur mme madame mlle mademoiselle me maitre dr docteur pr prof professeur mrs ms miss mx sir dame lord
    lady herr frau dott sig sra sr
    """.split()  # noqa: SIM905
)


def display_name(civility: str | None, given_name: str | None, family_name: str | None) -> str | None:
    """ "Jean Dupont", or "Mme Ladureau" for somebody whose first name nobody noted."""
    if given_name and family_name:
        return f"{given_name} {family_name}"
    name = family_name or given_name
    if name is None:
        return None
    return f"{civility} {name}" if civility else name


def name_key(given_name: str | None, family_name: str | None, shown: str) -> str:
    """The name as it is compared and sorted, without civility."""
    return fold(" ".join(part for part in (given_name, family_name) if part)) or fold(shown)


def keys_of(name: str) -> list[str]:
    """The folded forms under which somebody of that name may be kept: with what looks like a civility and without."""
    words = fold(name).split()
    keys = [" ".join(words)]
    if len(words) > 1 and words[0].rstrip(".") in CIVILITIES:
        keys.append(" ".join(words[1:]))
    return keys
