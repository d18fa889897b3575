"""Warm paths and who knows whom on the wire."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from graph_crm.contacts.graphql import Contact
from graph_crm.paths import service, types
from graph_crm.paths.explanation import Names, explanation_of, names_of
from graph_crm.paths.types import PathBand, PathFrom, PathPerson, PathRequest
from graph_crm.stakeholders.graphql import EvidenceGrade
from graph_crm.team.graphql import User
from graph_crm.ties.graphql import Tie, ties_between
from graph_crm.ties.strength import epoch_days, moment_of
from graph_crm.ties.types import TieBasis
from graph_crm.wire import Connection, HiddenPerson, Info, Person, connection_of, one_of_kind, page_of

strawberry.enum(PathFrom, description="Where a path starts: with whoever asks, with somebody of a team, or with any.")
strawberry.enum(PathBand, description="How a path reads: WARM from .35, LUKEWARM from .15, COLD below.")


@strawberry.input(one_of=True, description="The contact to be introduced to, or the account to get into.")
class PathTargetInput:
    account_id: strawberry.ID | None = strawberry.UNSET
    contact_id: strawberry.ID | None = strawberry.UNSET


async def person(info: Info, somebody: PathPerson, names: Names) -> Any:
    """Somebody on a path, as far as the viewer may know."""
    if somebody.hidden:
        return HiddenPerson(display_name=names.nobody(somebody).read(info.context.language))
    return await one_of_kind(info, "User" if somebody.is_user else "Contact", somebody.id)


@strawberry.type(
    description=(
        "From one person to the next. strength, willingness, hopPenalty, seniorityFactor and targetFactor multiply "
        "to contribution; the contributions multiply to the score. willingness and hopPenalty are those of the "
        "person the step starts from, 1 at the start."
    )
)
class PathStep:
    strength: float
    grade: EvidenceGrade = strawberry.field(description="What the tie is known from.")
    willingness: float
    hop_penalty: float
    seniority_factor: float
    target_factor: float
    contribution: float
    step: strawberry.Private[types.PathStep]
    names: strawberry.Private[Names]
    as_of: strawberry.Private[dt.datetime | None]

    @strawberry.field(name="from")
    async def from_person(self, info: Info) -> Person | None:
        return await person(info, self.step.start, self.names)

    @strawberry.field(name="to")
    async def to_person(self, info: Info) -> Person | None:
        return await person(info, self.step.end, self.names)

    @strawberry.field(description="The stored tie; null between colleagues, and where the name is not given.")
    async def tie(self, info: Info) -> Tie | None:
        step = self.step
        if step.start.hidden or step.end.hidden or step.tie.basis in (TieBasis.TEAM, TieBasis.ORGANISATION):
            return None
        return await ties_between(info, step.start.id, step.end.id, as_of=self.as_of)

    @staticmethod
    def of(step: types.PathStep, names: Names, as_of: dt.datetime | None) -> PathStep:
        return PathStep(
            strength=step.strength,
            grade=step.grade,
            willingness=step.willingness,
            hop_penalty=step.hop_penalty,
            seniority_factor=step.seniority_factor,
            target_factor=step.target_factor,
            contribution=step.contribution,
            step=step,
            names=names,
            as_of=as_of,
        )


@strawberry.type(description="A chain of people who know each other, from one of ours to somebody wanted.")
class WarmPath:
    rank: int
    score: float = strawberry.field(description="The product of the steps, 0 to 1.")
    band: PathBand
    hops: int
    steps: list[PathStep]
    weakest_step: PathStep = strawberry.field(description="The one with the weakest tie.")
    explanation: str
    alternatives: int = strawberry.field(description="Other chains over the same last introducer.")
    path: strawberry.Private[types.WarmPath]
    names: strawberry.Private[Names]

    @strawberry.field(description="Whom of ours to ask first; null when the asker acts alone or no name is given.")
    async def ask_user(self, info: Info) -> User | None:
        first = self.path.ask_user
        return await one_of_kind(info, "User", None if first is None else first.id)

    @strawberry.field(description="Who makes the last introduction; null when the asker knows the target.")
    async def introducer(self, info: Info) -> Person | None:
        return None if self.path.introducer is None else await person(info, self.path.introducer, self.names)

    @strawberry.field
    async def target(self, info: Info) -> Contact | None:
        return await one_of_kind(info, "Contact", self.path.target.id)

    @staticmethod
    def of(info: Info, path: types.WarmPath, names: Names, moment: float, as_of: dt.datetime | None) -> WarmPath:
        return WarmPath(
            rank=path.rank,
            score=path.score,
            band=path.band,
            hops=path.hops,
            steps=[PathStep.of(step, names, as_of) for step in path.steps],
            weakest_step=PathStep.of(path.weakest_step, names, as_of),
            explanation=explanation_of(path, moment, names).read(info.context.language),
            alternatives=path.alternatives,
            path=path,
            names=names,
        )


@strawberry.type(description="The best warm paths, best first; unlike ones come forward unless diversify is off.")
class WarmPaths:
    paths: list[WarmPath]
    exact: bool = strawberry.field(description="False when a limit was hit and a better path may have been missed.")
    as_of: dt.datetime
    parameters_version: str
    sentence: str | None = strawberry.field(description="What an empty or cold answer says: why, and what to try.")


@strawberry.type
class PathsQuery:
    @strawberry.field(
        description=(
            "Who can introduce us: the best chains of acquaintances, exact, to a contact or into an account. "
            "Null without such a contact or account that you may see."
        )
    )
    async def warm_paths(
        self,
        info: Info,
        to: PathTargetInput,
        from_: Annotated[PathFrom, strawberry.argument(name="from")] = PathFrom.ANYONE,
        team_id: strawberry.ID | None = None,
        max_hops: int = 3,
        first: int = 5,
        min_strength: float = 0.05,
        max_stale_days: int | None = None,
        avoid: list[strawberry.ID] | None = None,
        *,
        diversify: bool = True,
        as_of: dt.datetime | None = None,
    ) -> WarmPaths | None:
        graph, viewer = info.context.graph, info.context.viewer
        request = PathRequest(
            viewer_id=viewer.user_id,
            as_of=epoch_days(as_of or graph.now()),
            to_contact=to.contact_id or None,
            to_account=to.account_id or None,
            start=from_,
            team_id=team_id,
            max_hops=max_hops,
            first=first,
            min_strength=min_strength,
            max_stale_days=max_stale_days,
            avoid=frozenset(avoid or ()),
            diversify=diversify,
        )
        found = await service.warm_paths(graph, viewer, request)
        if found is None:
            return None
        names = names_of(found.found)
        return WarmPaths(
            paths=[WarmPath.of(info, path, names, request.as_of, as_of) for path in found.found.paths],
            exact=found.found.exact,
            as_of=moment_of(request.as_of),
            parameters_version=found.found.parameters_version,
            sentence=None if found.sentence is None else found.sentence.read(info.context.language),
        )

    @strawberry.field(
        description=(
            "Who of ours knows a contact, the strongest tie first, then the newest contact. From a team means your "
            "teams. Null without such a contact that you may see."
        )
    )
    async def who_knows(
        self,
        info: Info,
        contact_id: strawberry.ID,
        from_: Annotated[PathFrom, strawberry.argument(name="from")] = PathFrom.ANYONE,
        first: int = 20,
        after: str | None = None,
        as_of: dt.datetime | None = None,
    ) -> Connection[Tie] | None:
        rows = await service.who_knows(info.context.graph, info.context.viewer, contact_id, from_, as_of)
        if rows is None:
            return None
        page = page_of(rows, lambda pair: pair.id, first=first, after=after)
        return connection_of(page, lambda pair: Tie.of(info, pair, as_of=as_of))
