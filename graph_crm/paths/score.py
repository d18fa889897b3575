"""The factors of a warm path's score: who introduces how gladly, and to whom."""

from __future__ import annotations

import math

from graph_crm.paths.types import DEFAULT_PATH_PARAMETERS, PathBand, PathParameters, PathPerson
from graph_crm.stakeholders.types import Stance

NEVER = math.inf

FAVOUR = (Stance.CHAMPION, Stance.SUPPORTER, Stance.NEUTRAL, Stance.SKEPTIC, Stance.BLOCKER)


def willingness(person: PathPerson, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> float:
    """How gladly somebody in the middle of a path makes an introduction for us."""
    if person.is_user:
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
