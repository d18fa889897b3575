"""The factors of a warm path's score: who introduces how gladly, and to whom."""

from __future__ import annotations

import math

from graph_crm.paths.types import (
    DEFAULT_PATH_PARAMETERS,
    PathBand,
    PathParameters,
    PathPerson,
    PathTie,
    Standing,
)
from graph_crm.stakeholders.types import Stance
from graph_crm.ties.strength import strength_of
from graph_crm.ties.types import Tie, TieBasis

NEVER = math.inf

FAVOUR = (Stance.CHAMPION, Stance.SUPPORTER, Stance.NEUTRAL, Stance.SKEPTIC, Stance.BLOCKER)


def willingness(person: PathPerson, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> float:
    """How gladly somebody in the middle of a path makes an introduction for us."""
    if person.is_user:
        return 1.0
    if not person.known and person.assessed:
        return 1.0
    if person.willing_to_introduce is not None:
        return person.willing_to_introduce
    if any(standing.at_target and standing.stance is Stance.SKEPTIC for standing in person.standings):
        return parameters.willingness[Stance.SKEPTIC]
    known = {standing.stance for standing in person.standings} - {Stance.UNKNOWN}
    best = next((stance for stance in FAVOUR if stance in known), Stance.UNKNOWN)
    return parameters.willingness[best]


def seniority_factor(
    introducer: PathPerson, target: PathPerson, parameters: PathParameters = DEFAULT_PATH_PARAMETERS
) -> float:
    """An introduction two levels up or more is harder to make."""
    rank, higher = introducer.seniority.rank, target.seniority.rank
    if rank == 0 or higher == 0 or higher - rank <= 1:
        return 1.0
    return max(parameters.least_rank_factor, 1 - parameters.rank_step * (higher - rank - 1))


def path_tie(
    first_id: str,
    second_id: str,
    tie: Tie,
    as_of: float,
    parameters: PathParameters = DEFAULT_PATH_PARAMETERS,
) -> PathTie:
    """A stored tie as a path search reads it. The accumulators must not be younger than `as_of`."""
    told = strength_of(tie, as_of, parameters.ties)
    unanswered_from = None
    if told.basis is TieBasis.OBSERVED and told.mutual == 0 and min(told.outbound, told.inbound) == 0:
        unanswered_from = first_id if told.outbound > 0 else second_id
    return PathTie(
        first_id,
        second_id,
        told.strength,
        told.basis,
        tie.last_at,
        tie.stated_at,
        tie.interaction_count,
        unanswered_from,
        tie.visibility,
        tie.owner_id,
    )


def target_factor(influence: float | None, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> float:
    """Into an account, the people with most influence are worth most; a contact asked for by name counts in full."""
    if influence is None:
        return 1.0
    return parameters.least_target_factor + (1 - parameters.least_target_factor) * influence


def band_of(score: float, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> PathBand:
    if score >= parameters.warm:
        return PathBand.WARM
    return PathBand.LUKEWARM if score >= parameters.lukewarm else PathBand.COLD


def cost_of(factor: float) -> float:
    return -math.log(factor) if factor > 0 else NEVER


def telling_standing(person: PathPerson) -> Standing | None:
    """The standing that decided how willing somebody is; nothing when none did."""
    at_target = [one for one in person.standings if one.at_target and one.stance is Stance.SKEPTIC]
    if at_target:
        return at_target[0]
    best = min(
        (one for one in person.standings if one.stance is not Stance.UNKNOWN),
        key=lambda one: (FAVOUR.index(one.stance), not one.at_target, one.deal is None),
        default=None,
    )
    return None if best is None or best.stance is Stance.NEUTRAL else best
