"""The people and ties that are known so far, as the steps that a path may take among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph_crm.paths.score import NEVER, cost_of, seniority_factor, target_factor, willingness
from graph_crm.paths.types import (
    DEFAULT_PATH_PARAMETERS,
    PathFrom,
    PathParameters,
    PathPerson,
    PathRequest,
    PathTeam,
    PathTie,
    Surroundings,
)
from graph_crm.ties.strength import colleague_strength, pair_key
from graph_crm.ties.types import TieVisibility


@dataclass(slots=True)
class Place:
    """Where somebody may stand on a path: at its start, in the middle, at its end.

    `leaving` is what asking this person for an introduction costs. A wanted person `passes` when a more influential
    one can follow.
    """

    person: PathPerson
    starts: bool
    between: bool
    leaving: float
    ends: bool
    passes: bool
    arriving: float


class Network:
    """Grows with what each question brings, so that one set of rules serves a search that reads everything at once
    and one that looks outwards from the target.

    A step that a path may take has a cost inside a path (`onward`, by its start, then its end) and another one as
    the last step to somebody who is wanted (`final`). Plain numbers in plain dictionaries: hundreds of thousands of
    small objects would cost more to keep than the search itself.
    """

    def __init__(self, request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> None:
        self.request = request
        self.parameters = parameters
        self.people: dict[str, PathPerson] = {}
        self.targets: dict[str, float | None] = {}
        self.onward: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self.final: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self.cut = 0.0
        self._ties: dict[tuple[str, str], PathTie] = {}
        self._hidden: Counter[str] = Counter()
        self._stored: dict[tuple[str, str], tuple[str, str]] = {}
        self._places: dict[str, Place] = {}
        self._into: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._fresh: list[tuple[str, str]] = []
        self._least: list[dict[str, float]] = [{} for _ in range(request.max_hops + 1)]
        self._greatest_influence = 0.0

    # --- who may stand where

    def place(self, person: PathPerson) -> Place:
        """Where this person may stand. One of ours is in the middle only as the first step of whoever asks."""
        place = self._places.get(person.id)
        return self._place(person) if place is None else place

    def _place(self, person: PathPerson) -> Place:
        starts = self._may_start(person)
        between = (
            not starts
            and (not person.is_user or self.request.start is PathFrom.ME)
            and person.may_stand_between
            and person.id not in self.request.avoid
        )
        wanted = person.id in self.targets
        influence = self.targets.get(person.id)
        place = Place(
            person=person,
            starts=starts,
            between=between,
            leaving=cost_of(self.parameters.introduction * willingness(person, self.parameters)) if between else 0.0,
            ends=wanted and person.id not in self.request.avoid,
            passes=between and (not wanted or (influence is not None and influence < self._greatest_influence)),
            arriving=target_factor(influence, self.parameters),
        )
        self._places[person.id] = place
        return place

    def _may_start(self, person: PathPerson) -> bool:
        request = self.request
        if request.start is PathFrom.ME:
            return person.id == request.asker
        if not person.is_user or not person.active or person.opted_out or person.id in request.avoid:
            return False
        return request.start is PathFrom.ANYONE or any(team.id == request.team_id for team in person.teams)

    # --- growing

    def add(self, surroundings: Surroundings) -> None:
        """What one more question found. Who is wanted must come with the first."""
        if surroundings.targets:
            self.targets.update(surroundings.targets)
            self._greatest_influence = max(
                (influence or 0.0 for target, influence in self.targets.items() if target not in self.request.avoid),
                default=0.0,
            )
        for person in surroundings.people:
            self.people.setdefault(person.id, person)
        self.cut = max(self.cut, surroundings.cut or 0.0)
        usable = self._within_the_limit(self._usable(surroundings.ties))
        self._ties.update(usable)
        hidden: list[tuple[PathTie, PathPerson]] = []
        for tie in usable.values():
            ours = self._hidden_end(tie) if tie.visibility is TieVisibility.EXISTS_BUT_ASK else None
            if ours is None:
                self._join(tie)
            else:
                hidden.append((tie, ours))
        # Numbered from the strongest on, so that the order in which ties were stored tells nothing.
        for tie, ours in sorted(hidden, key=lambda pair: -pair[0].strength):
            self._join_hidden(tie, ours)

    def add_colleagues(self) -> None:
        """Whoever asks knows all the others of ours by membership, some of them better than that."""
        asker = self.people.get(self.request.asker)
        if asker is None or self.request.start is not PathFrom.ME or self.request.max_hops == 1:
            return
        for person in list(self.people.values()):
            if person.is_user and not person.hidden and person.id != asker.id:
                self._join_colleague(asker, person)

    def _usable(self, ties: Iterable[PathTie]) -> dict[tuple[str, str], PathTie]:
        """The ties that a path may walk, by pair: a tie between two people who were both asked for comes twice."""
        least, fresh_since, known = self.request.min_strength, self.request.fresh_since, self._ties
        usable: dict[tuple[str, str], PathTie] = {}
        for tie in ties:
            if tie.strength < least or tie.strength <= 0:
                continue
            pair = pair_key(tie.first_id, tie.second_id)
            if pair in known:
                continue
            if (
                fresh_since is not None
                and tie.detailed
                and max(tie.last_at or 0.0, tie.stated_at or 0.0) < fresh_since
            ):
                continue
            if tie.visibility is not TieVisibility.SHARED and self._is_withheld(tie):
                continue
            usable[pair] = tie
        return usable

    def _is_withheld(self, tie: PathTie) -> bool:
        """Whether the viewer may not know of a tie at all; between two of ours a name cannot be left out."""
        viewer_id = self.request.viewer_id
        if tie.owner_id == viewer_id:
            return False
        if tie.visibility is TieVisibility.PRIVATE:
            return True
        first, second = self.people.get(tie.first_id), self.people.get(tie.second_id)
        both_ours = first is not None and second is not None and first.is_user and second.is_user
        return both_ours and viewer_id not in (tie.first_id, tie.second_id)

    def _within_the_limit(self, ties: dict[tuple[str, str], PathTie]) -> dict[tuple[str, str], PathTie]:
        room = self.parameters.most_ties - len(self._ties)
        if len(ties) <= room:
            return ties
        strongest_first = sorted(ties, key=lambda pair: (-ties[pair].strength, pair))
        self.cut = max(self.cut, ties[strongest_first[room]].strength)
        return {pair: ties[pair] for pair in strongest_first[:room]}

    def _hidden_end(self, tie: PathTie) -> PathPerson | None:
        """Our end of the tie, when the viewer may know that it is there but not whose it is."""
        if tie.owner_id == self.request.viewer_id:
            return None
        first, second = self.people.get(tie.first_id), self.people.get(tie.second_id)
        if first is None or second is None or first.is_user == second.is_user:
            return None
        ours = first if first.is_user else second
        return None if ours.id == self.request.viewer_id else ours

    def _join_hidden(self, tie: PathTie, ours: PathPerson) -> None:
        """The tie, ending in somebody without a name whom nothing joins to any other tie of the same person."""
        if not ours.active or ours.opted_out or ours.id in self.request.avoid:
            return
        group = self._named_group(tie, ours)
        if self.request.start is PathFrom.TEAM and (group is None or group.id != self.request.team_id):
            return
        contact_id = tie.second_id if tie.first_id == ours.id else tie.first_id
        self._hidden[contact_id] += 1
        nobody = PathPerson(
            id=f"hidden:{contact_id}:{self._hidden[contact_id]}",
            name="",
            is_user=True,
            hidden=True,
            group=None if group is None else group.name,
            teams=() if group is None else (group,),
        )
        self.people[nobody.id] = nobody
        pair = pair_key(nobody.id, contact_id)
        self._stored[pair] = pair_key(ours.id, contact_id)
        self._ties[pair] = veiled(tie, ours.id, nobody.id, contact_id)
        self._join(self._ties[pair])
        asker = self.people.get(self.request.asker)
        if self.request.start is PathFrom.ME and asker is not None and self.request.max_hops > 1:
            self._join_colleague(asker, nobody)

    def _named_group(self, tie: PathTie, ours: PathPerson) -> PathTeam | None:
        """The team that may be named for somebody: one so large that it does not give the name away."""
        teams = ours.teams if tie.groups is None else tie.groups
        large = [team for team in teams if team.active_members >= self.parameters.least_named_group]
        if self.request.start is PathFrom.TEAM:
            large = [team for team in large if team.id == self.request.team_id]
        return min(large, key=lambda team: (team.name, team.id), default=None)

    def _join_colleague(self, asker: PathPerson, colleague: PathPerson) -> None:
        strength, basis = colleague_strength(
            [team.id for team in asker.teams], [team.id for team in colleague.teams], self.parameters.ties
        )
        pair = pair_key(asker.id, colleague.id)
        known = self._ties.get(pair)
        if strength < self.request.min_strength or (known is not None and known.strength >= strength):
            return
        self._ties[pair] = PathTie(asker.id, colleague.id, strength, basis)
        self._join(self._ties[pair])

    def _join(self, tie: PathTie) -> None:
        first, second = self.people.get(tie.first_id), self.people.get(tie.second_id)
        if first is None or second is None:
            return
        one, other = self.place(first), self.place(second)
        cost = cost_of(tie.strength)
        if one.starts or one.between:
            self._lead(one, other, cost + one.leaving)
        if other.starts or other.between:
            self._lead(other, one, cost + other.leaving)

    def _lead(self, start: Place, end: Place, cost: float) -> None:
        """Adds the step along a tie in one direction, if any path may take it."""
        start_id, end_id = start.person.id, end.person.id
        if end.ends:
            factor = end.arriving
            if not start.starts:
                factor *= seniority_factor(start.person, end.person, self.parameters)
            self.final[start_id][end_id] = cost + cost_of(factor)
        # From one person of ours to another only whoever asks may step.
        if end.passes and (not end.person.is_user or start_id == self.request.asker):
            self.onward[start_id][end_id] = cost
            self._into[end_id][start_id] = cost
        elif not end.ends:
            return
        self._fresh.append((start_id, end_id))

    # --- learning

    def learn(self, people: Iterable[PathPerson], ties: Iterable[PathTie]) -> None:
        """What people are like and what ties are made of, asked for once a path needs it.

        Nobody turns out better than was hoped: steps get dearer or go, and the least costs are told anew.
        """
        learned: set[str] = set()
        for person in people:
            light = self.people.get(person.id)
            if light is not None and not light.known:
                self.people[person.id] = replace(person, degree=light.degree, teams=light.teams)
                self._places.pop(person.id, None)
                learned.add(person.id)
        for pair, tie in list(self._ties.items()):
            if (tie.first_id in learned or tie.second_id in learned) and not self._stands_for_another(tie):
                self._part(*pair)
                self._join(tie)
        for person_id in learned:
            self.place(self.people[person_id])
        self._detail(ties)
        self._least = [{} for _ in self._least]
        self._fresh = [(start, end) for steps in (self.onward, self.final) for start in steps for end in steps[start]]

    def _stands_for_another(self, tie: PathTie) -> bool:
        """Whether a tie is walked only as the one that ends in somebody without a name."""
        if tie.visibility is not TieVisibility.EXISTS_BUT_ASK or self._is_veiled(tie):
            return False
        return self._hidden_end(tie) is not None

    def _is_veiled(self, tie: PathTie) -> bool:
        return pair_key(tie.first_id, tie.second_id) in self._stored

    def _part(self, one: str, other: str) -> None:
        for start, end in ((one, other), (other, one)):
            for steps in (self.onward, self.final):
                if start in steps:
                    steps[start].pop(end, None)
            if end in self._into:
                self._into[end].pop(start, None)

    def _detail(self, ties: Iterable[PathTie]) -> None:
        told = {pair_key(tie.first_id, tie.second_id): tie for tie in ties}
        veils = [(pair, stored) for pair, stored in self._stored.items() if stored in told]
        for pair, tie in told.items():
            known = self._ties.get(pair)
            if known is not None and not known.detailed:
                self._ties[pair] = tie._replace(strength=known.strength, groups=known.groups)
        for pair, stored in veils:
            known = self._ties[pair]
            if not known.detailed:
                nobody, contact_id = known.first_id, known.second_id
                ours = stored[0] if stored[1] == contact_id else stored[1]
                self._ties[pair] = veiled(told[stored], ours, nobody, contact_id)._replace(strength=known.strength)

    def undetailed(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Of these pairs, the stored ones of ties whose details were not asked for yet."""
        keys = (pair_key(*pair) for pair in pairs)
        return sorted({self._stored.get(key, key) for key in keys if not self._ties[key].detailed})

    def unknown(self, people: Iterable[str]) -> list[str]:
        return [person_id for person_id in people if not self.people[person_id].known]

    # --- looking around

    def tie_between(self, person_id: str, other_id: str) -> PathTie:
        return self._ties[pair_key(person_id, other_id)]

    def sources(self) -> list[str]:
        return [person_id for person_id, place in self._places.items() if place.starts]

    def after(self, people: Iterable[str]) -> list[PathPerson]:
        """Whom a path may pass next after one of these people, those without a name left out."""
        ends = {end for one in people for end in self.onward.get(one, ())}
        return [self.people[end] for end in sorted(ends) if not self.people[end].hidden]

    def before_the_targets(self) -> list[PathPerson]:
        """Whom a path may pass last before it reaches somebody who is wanted, our own people left out."""
        starts = [self.people[start] for start in sorted(self.final)]
        return [person for person in starts if self.place(person).between and not person.is_user]

    def least_costs(self) -> list[dict[str, float]]:
        """For each number of steps left, from each person, the least cost to a target.

        Only what is new since the last time is looked at: more ties never make anything dearer.
        """
        improved: set[str] = set()
        for left in range(1, self.request.max_hops + 1):
            shorter, layer = self._least[left - 1], self._least[left]
            now: set[str] = set()
            for start, end in self._fresh:
                cost = self.final[start].get(end, NEVER) if start in self.final else NEVER
                to_go = shorter.get(end)
                if to_go is not None:
                    cost = min(cost, to_go + self.onward[start].get(end, NEVER))
                if cost < layer.get(start, NEVER):
                    layer[start] = cost
                    now.add(start)
            for end in improved:
                to_go = shorter[end]
                for start, onward in self._into.get(end, {}).items():
                    if onward + to_go < layer.get(start, NEVER):
                        layer[start] = onward + to_go
                        now.add(start)
            improved = now
        self._fresh.clear()
        return self._least


def veiled(tie: PathTie, ours: str, nobody: str, contact_id: str) -> PathTie:
    """The same tie, from somebody without a name."""
    unanswered_from = nobody if tie.unanswered_from == ours else tie.unanswered_from
    return tie._replace(
        first_id=nobody, second_id=contact_id, owner_id=None, unanswered_from=unanswered_from, groups=None
    )
