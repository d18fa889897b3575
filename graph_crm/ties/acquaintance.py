"""One pair of people as a viewer may know of it, and what others may read of its hidden end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph_crm.language import Sentence, say
from graph_crm.ties.strength import (
    DEFAULT_PARAMETERS,
    ObservedContact,
    TieParameters,
    accumulated,
    pairs_of,
)
from graph_crm.ties.types import (
    InteractionFacts,
    InteractionType,
    PairContribution,
    Participant,
    Tie,
    TieVisibility,
)

SMALLEST_NAMED_TEAM = 3
"""Of a smaller team, its name would tell who is meant."""

LARGEST_MEETING = 12
"""A larger gathering, like an event, feeds a tie but does not say that two people talked to each other."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Two people who know each other. `first_id` is the smaller id; `hidden_id` is not to be shown."""

    id: str
    first_id: str
    second_id: str
    tie: Tie
    first_is_ours: bool = False
    second_is_ours: bool = False
    hidden_id: str | None = None
    hidden_name: Sentence | None = None

    @property
    def key(self) -> str:
        return key_of(self.first_id, self.second_id)

    @property
    def from_first(self) -> bool:
        """Whether people read the tie from the smaller id: from our end, when exactly one is ours."""
        return self.first_is_ours or not self.second_is_ours

    @property
    def from_id(self) -> str:
        return self.first_id if self.from_first else self.second_id

    @property
    def to_id(self) -> str:
        return self.second_id if self.from_first else self.first_id


def key_of(first_id: str, second_id: str) -> str:
    """The key under which the tie of a pair is unique; the smaller id must come first."""
    return f"{first_id}:{second_id}"


def is_hidden(visibility: TieVisibility, owner_id: str | None, viewer_id: str) -> bool:
    """Whether the viewer may know that this tie exists, but not whose it is."""
    return visibility is TieVisibility.EXISTS_BUT_ASK and owner_id is not None and owner_id != viewer_id


def hidden_name(team_names: Sequence[str]) -> Sentence:
    """What stands for the name: one of the teams that are large enough, or no team at all."""
    return say("a colleague in {team}", team=team_names[0]) if team_names else say("a colleague")


@dataclass(frozen=True, slots=True)
class PairContact:
    """What interactions add to one tie, and when its two people last wrote to or met each other."""

    first_id: str
    second_id: str
    contact: ObservedContact
    last_out_at: float | None = None
    last_in_at: float | None = None
    last_mutual_at: float | None = None

    @property
    def key(self) -> str:
        return key_of(self.first_id, self.second_id)


@dataclass(slots=True)
class Contacts:
    """Interactions gathered pair by pair, in whatever order they come."""

    parameters: TieParameters = DEFAULT_PARAMETERS
    pairs: dict[tuple[str, str], PairContact] = field(default_factory=dict[tuple[str, str], PairContact])

    def add(self, interaction: InteractionFacts, participants: Sequence[Participant]) -> None:
        """Add what one interaction gives to each pair in it."""
        contributions = pairs_of(interaction, participants, self.parameters)
        talked = interaction.type is not InteractionType.EVENT and (
            len({person.person_id for person in participants if not person.declined}) <= LARGEST_MEETING
        )
        for contribution in contributions:
            self._add(contribution, interaction.at, talked=talked)

    def _add(self, given: PairContribution, at: float, *, talked: bool) -> None:
        pair = (given.first_id, given.second_id)
        known = self.pairs.get(pair)
        earlier = None if known is None else known.contact
        contact = ObservedContact(
            accumulated(None if earlier is None else earlier.accumulators, given, at, self.parameters),
            last_at=at if earlier is None else max(earlier.last_at, at),
            interaction_count=1 if earlier is None else earlier.interaction_count + 1,
        )
        known = known or PairContact(given.first_id, given.second_id, contact)
        self.pairs[pair] = replace(
            known,
            contact=contact,
            last_out_at=later(known.last_out_at, at if given.outbound > 0 else None),
            last_in_at=later(known.last_in_at, at if given.inbound > 0 else None),
            last_mutual_at=later(known.last_mutual_at, at if given.mutual > 0 and talked else None),
        )


def later(moment: float | None, other: float | None) -> float | None:
    return max((one for one in (moment, other) if one is not None), default=None)


def gathered(
    interactions: Iterable[tuple[InteractionFacts, Sequence[Participant]]],
    parameters: TieParameters = DEFAULT_PARAMETERS,
) -> Mapping[tuple[str, str], PairContact]:
    """What these interactions add to each pair."""
    contacts = Contacts(parameters)
    for interaction, participants in interactions:
        contacts.add(interaction, participants)
    return contacts.pairs
