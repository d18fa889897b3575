"""The words behind every enum of the API, as people read them: what a front end needs to show one."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import strawberry

from graph_crm.accounts.types import LifecycleStage
from graph_crm.activities.types import NoteKind
from graph_crm.changes.types import RecordType
from graph_crm.contacts.types import Seniority
from graph_crm.language import Language, Sentence
from graph_crm.opportunities.types import OpportunityKind, PipelineKind
from graph_crm.paths.types import PathBand, PathFrom
from graph_crm.stakeholders.types import (
    BuyingRole,
    Colour,
    CoverageLevel,
    EvidenceGrade,
    FindingKind,
    InfluenceLevel,
    LinkKind,
    MapChangeKind,
    MapStatus,
    RiskBand,
    SeatState,
    Stance,
    Symbol,
)
from graph_crm.team.types import TeamFunction
from graph_crm.ties.types import (
    InteractionStatus,
    InteractionType,
    ParticipantRole,
    TieBand,
    TieLevel,
    TieVisibility,
)
from graph_crm.wire import Info

strawberry.enum(Language, description="The languages that the service speaks.")

SPOKEN: Final = (
    BuyingRole,
    CoverageLevel,
    EvidenceGrade,
    FindingKind,
    InfluenceLevel,
    InteractionStatus,
    InteractionType,
    Language,
    LifecycleStage,
    LinkKind,
    MapChangeKind,
    MapStatus,
    NoteKind,
    OpportunityKind,
    ParticipantRole,
    PathBand,
    PathFrom,
    PipelineKind,
    RecordType,
    RiskBand,
    SeatState,
    Seniority,
    Stance,
    TeamFunction,
    TieBand,
    TieLevel,
    TieVisibility,
)
"""Every enum whose values people read, each with a label; some also have a symbol, a colour, a description."""


@strawberry.type(description="One value of one enum in words. colour is for light paper, darkColour for dark pages.")
class VocabularyEntry:
    enum: str
    value: str
    label: str
    description: str | None = None
    symbol: str | None = None
    colour: str | None = None
    dark_colour: str | None = None


def entries(language: Language) -> list[VocabularyEntry]:
    """All values of all enums that people read, in the order of their declarations."""
    return [entry_of(value, value.label, language) for spoken in SPOKEN for value in spoken]


def entry_of(value: StrEnum, label: Sentence, language: Language) -> VocabularyEntry:
    symbol: Symbol | None = getattr(value, "symbol", None)
    colour: Colour | None = getattr(value, "colour", None)
    description: Sentence | None = getattr(value, "description", None)
    return VocabularyEntry(
        enum=type(value).__name__,
        value=value.value,
        label=label.read(language),
        description=None if description is None else description.read(language),
        symbol=None if symbol is None else symbol.mark,
        colour=None if colour is None else colour.light,
        dark_colour=None if colour is None else colour.dark,
    )


@strawberry.type
class VocabularyQuery:
    @strawberry.field(
        description="Every value of every enum in words, with its symbol and colour where it has one. "
        "Without a language in the viewer's own."
    )
    async def vocabulary(self, info: Info, language: Language | None = None) -> list[VocabularyEntry]:
        return entries(language or info.context.language)
