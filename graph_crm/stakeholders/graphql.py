"""Stakeholder maps on the wire: people, seats, agreement, status, and the mutations that judge."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from graph_crm.accounts.graphql import Account
from graph_crm.activities.graphql import Interaction
from graph_crm.contacts.graphql import Contact
from graph_crm.context import many_each, one_each
from graph_crm.opportunities.graphql import Opportunity
from graph_crm.stakeholders import answer, service, store
from graph_crm.stakeholders.facts import LinkFacts, ScopeKind
from graph_crm.stakeholders.types import (
    Assessment as AssessmentRow,
)
from graph_crm.stakeholders.types import (
    BuyingRole,
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
    in_order,
)
from graph_crm.stakeholders.types import (
    Finding as FindingRow,
)
from graph_crm.team.graphql import User
from graph_crm.ties.graphql import Tie, ties_between
from graph_crm.viewer import Permission
from graph_crm.wire import (
    Connection,
    Info,
    Node,
    UserError,
    answered,
    connection_of,
    edge,
    node_kind,
    nodes_of,
    one_of_kind,
    page_of,
)

FIRST_VERSION = 1
"""What a viewer is told who may neither read judgements nor write them: the true one tells when they change."""

for enum, description in (
    (BuyingRole, "What somebody does in the decision; one person may hold several."),
    (Stance, "Where somebody stands towards us."),
    (InfluenceLevel, "How much weight somebody is said to carry."),
    (CoverageLevel, "How well we know somebody."),
    (EvidenceGrade, "What a judgement rests on."),
    (LinkKind, "What joins two people on a map."),
    (MapStatus, "How a deal stands with the people who decide."),
    (MapChangeKind, "What happened to somebody's part."),
    (SeatState, "Whether a seat is filled, and whether we talk with whoever fills it."),
    (FindingKind, "Something to guard against, or something to use."),
    (RiskBand, "How much it matters."),
):
    strawberry.enum(enum, description=description)


# -------------------------------------------------------------------- versions


@strawberry.type(description="Why we think so.")
class Evidence(Node):
    id: strawberry.ID
    grade: EvidenceGrade
    text: str | None
    url: str | None
    observed_at: dt.datetime | None
    author_id: strawberry.Private[str | None]
    interaction_id: strawberry.Private[str | None]

    @strawberry.field(description="Who wrote it down.")
    async def author(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.author_id)

    @strawberry.field(description="The interaction in which it was seen.")
    async def interaction(self, info: Info) -> Interaction | None:
        return await one_of_kind(info, "Interaction", self.interaction_id)

    @staticmethod
    def of(row: store.Evidence) -> Evidence:
        return Evidence(
            id=strawberry.ID(row.id),
            grade=row.grade,
            text=row.text,
            url=row.url,
            observed_at=row.observed_at,
            author_id=row.author_id,
            interaction_id=row.interaction_id,
        )


@strawberry.type(
    description=(
        "One version of that judgement: true from validFrom to validTo, known to us from recordedAt to supersededAt."
    )
)
class Assessment(Node):
    id: strawberry.ID
    roles: list[BuyingRole]
    stance: Stance | None
    influence_level: InfluenceLevel | None
    is_primary: bool
    confidence: float | None
    note: str | None
    basis: EvidenceGrade | None
    review_by: dt.date | None
    valid_from: dt.datetime
    valid_to: dt.datetime | None
    recorded_at: dt.datetime
    superseded_at: dt.datetime | None
    author_id: strawberry.Private[str | None]

    @strawberry.field(description="Who recorded it.")
    async def author(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.author_id)

    @staticmethod
    def of(row: AssessmentRow) -> Assessment:
        return Assessment(
            id=strawberry.ID(row.id),
            roles=list(in_order(row.roles)),
            stance=row.stance,
            influence_level=row.influence_level,
            is_primary=row.is_primary,
            confidence=row.confidence,
            note=row.note,
            basis=row.basis,
            review_by=row.review_by,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            recorded_at=row.recorded_at,
            superseded_at=row.superseded_at,
            author_id=row.author_id,
        )


@strawberry.type(description="How much weight somebody carries, 0 to 1, with the terms it is made of.")
class Influence:
    score: float
    formal: float | None
    decision_authority: float | None
    reach: float | None
    stated: float | None
    reasons: list[str]
    low_evidence: bool

    @staticmethod
    def of(info: Info, row: answer.Influence) -> Influence:
        return Influence(
            score=row.score,
            formal=row.formal,
            decision_authority=row.authority,
            reach=row.reach,
            stated=row.stated,
            reasons=[reason.read(info.context.language) for reason in row.reasons],
            low_evidence=row.low_evidence,
        )


# ---------------------------------------------------------------- stakeholders


@strawberry.type(
    description=(
        "One contact's part in one opportunity or account plan. Roles, stance, influence and coverage are four "
        "independent things."
    )
)
class Stakeholder(Node):
    id: strawberry.ID
    version: int
    roles: list[BuyingRole]
    stance: Stance | None
    influence_level: InfluenceLevel | None
    is_primary: bool
    confidence: float | None
    since: dt.datetime | None
    review_by: dt.date | None
    row: strawberry.Private[store.Stakeholder]
    as_of: strawberry.Private[dt.datetime | None]
    known_at: strawberry.Private[dt.datetime | None]

    @strawberry.field(description="Whose part it is.")
    async def contact(self, info: Info) -> Contact:
        return await one_of_kind(info, "Contact", self.row.contact_id)

    @strawberry.field(description="The deal, when the part is in one.")
    async def opportunity(self, info: Info) -> Opportunity | None:
        in_deal = self.row.scope_kind is ScopeKind.OPPORTUNITY
        return await one_of_kind(info, "Opportunity", self.row.scope_id if in_deal else None)

    @strawberry.field(description="The account, when the part is in its plan.")
    async def account(self, info: Info) -> Account | None:
        in_plan = self.row.scope_kind is ScopeKind.ACCOUNT
        return await one_of_kind(info, "Account", self.row.scope_id if in_plan else None)

    @strawberry.field(description="How well we know this person: from our best tie.")
    async def coverage(self, info: Info) -> CoverageLevel:
        person = await self._person(info)
        return CoverageLevel.UNKNOWN if person is None else person.coverage

    @strawberry.field(description="How much weight this person carries in the deal.")
    async def influence(self, info: Info, as_of: dt.datetime | None = None) -> Influence | None:
        person = await self._person(info, as_of)
        return None if person is None or person.influence is None else Influence.of(info, person.influence)

    @strawberry.field(description="The strongest tie that one of ours has with this person.")
    async def best_tie(self, info: Info) -> Tie | None:
        person = await self._person(info)
        return None if person is None else await tie_of(info, person.contact_id, person.best_tie, self.as_of)

    @strawberry.field(description="Ours who know this person, strongest first.")
    async def known_by(self, info: Info) -> list[Tie]:
        person = await self._person(info)
        if person is None:
            return []
        asked = (tie_of(info, person.contact_id, known, self.as_of) for known in person.known_by)
        return [tie for tie in await asyncio.gather(*asked) if tie is not None]

    @strawberry.field(description="The only one of ours who reaches this person, when there is exactly one.")
    async def only_through(self, info: Info) -> User | None:
        person = await self._person(info)
        only = person.only_through if person is not None else None
        return await one_of_kind(info, "User", only.user_id if only is not None else None)

    @strawberry.field(description="What the judgement in force rests on.")
    async def evidence(self, info: Info) -> list[Evidence]:
        if not info.context.viewer.reads_judgements:
            return []

        async def load(ids: list[str]) -> Mapping[str, list[store.Evidence]]:
            return await service.evidence_of(info.context.graph, info.context.viewer, ids)

        loader = info.context.kept("evidence", lambda: many_each(load))
        rows: list[store.Evidence] = await loader.load(self.row.assessment.id)
        return [Evidence.of(row) for row in rows]

    @strawberry.field(description="Every version ever recorded, the newest first.")
    async def history(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Assessment]:
        rows: list[AssessmentRow] = []
        if info.context.viewer.reads_judgements:

            async def load(ids: list[str]) -> Mapping[str, list[AssessmentRow]]:
                return await service.histories(info.context.graph, info.context.viewer, ids)

            rows = await info.context.kept("histories", lambda: many_each(load)).load(self.id)
        newest_first = sorted(rows, key=lambda row: (row.recorded_at, row.valid_from, row.id), reverse=True)
        return connection_of(page_of(newest_first, lambda row: row.id, first=first, after=after), Assessment.of)

    async def _person(self, info: Info, as_of: dt.datetime | None = None) -> answer.MapPerson | None:
        """This person on the map of the scope: influence and coverage are told by the whole picture."""
        picture = await map_loaded(info, self.row.scope_id, as_of or self.as_of, self.known_at)
        if picture is None:
            return None
        return next((one for one in picture.people if one.contact_id == self.row.contact_id), None)

    @staticmethod
    def of(
        info: Info,
        row: store.Stakeholder,
        *,
        as_of: dt.datetime | None = None,
        known_at: dt.datetime | None = None,
    ) -> Stakeholder:
        shown = info.context.viewer.reads_judgements
        held = row.assessment
        return Stakeholder(
            id=strawberry.ID(row.id),
            version=row.version
            if shown or info.context.viewer.may(Permission.ASSESS_STAKEHOLDERS)
            else FIRST_VERSION,
            roles=list(in_order(held.roles)),
            stance=held.stance if shown else None,
            influence_level=held.influence_level if shown else None,
            is_primary=held.is_primary,
            confidence=held.confidence if shown else None,
            since=held.valid_from if shown else None,
            review_by=held.review_by if shown else None,
            row=row,
            as_of=as_of,
            known_at=known_at,
        )


async def map_loaded(
    info: Info, scope_id: str, as_of: dt.datetime | None, known_at: dt.datetime | None
) -> answer.StakeholderMap | None:
    """The map of a scope, fetched once for everything that one answer reads of it."""

    async def load(ids: list[str]) -> Mapping[str, answer.StakeholderMap]:
        graph, viewer = info.context.graph, info.context.viewer
        pictures = await asyncio.gather(
            *(service.map_of(graph, viewer, one, as_of=as_of, known_at=known_at) for one in ids)
        )
        return {one: picture for one, picture in zip(ids, pictures, strict=True) if picture is not None}

    return await info.context.kept(("maps", as_of, known_at), lambda: one_each(load)).load(scope_id)


async def tie_of(info: Info, contact_id: str, known: answer.KnownBy | None, as_of: dt.datetime | None) -> Tie | None:
    """The tie behind a line of the map; none when the viewer may not know whose it is."""
    if known is None or known.user_id is None:
        return None
    return await ties_between(info, known.user_id, contact_id, as_of=as_of)


# ------------------------------------------------------------------------ maps


@strawberry.type(description="One sentence about a map, with a stable code and the records it is about.")
class Finding:
    kind: FindingKind
    code: str
    sentence: str
    severity: RiskBand
    about_ids: strawberry.Private[Sequence[str]]

    @strawberry.field(description="The records it is about.")
    async def about(self, info: Info) -> list[Node]:
        return [node for node in await nodes_of(info, self.about_ids) if node is not None]

    @staticmethod
    def of(info: Info, row: FindingRow) -> Finding:
        return Finding(
            kind=row.kind,
            code=row.code,
            sentence=row.sentence.read(info.context.language),
            severity=row.severity,
            about_ids=row.about,
        )


MapScope = Annotated[Account | Opportunity, strawberry.union("MapScope")]


@strawberry.type(
    description=(
        "One card. id is the stakeholder's, or the contact's for someone of the account without a part in the deal. "
        "x = influence 0..1, y = stance -1..1."
    )
)
class MapPerson:
    id: strawberry.ID
    title: str | None
    x: float | None
    y: float | None
    key_player: bool | None
    external: bool
    badges: list[str]
    person: strawberry.Private[answer.MapPerson]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field
    async def contact(self, info: Info) -> Contact:
        return await one_of_kind(info, "Contact", self.person.contact_id)

    @strawberry.field(description="The part in the deal; null for somebody of the account without one.")
    async def stakeholder(self, info: Info) -> Stakeholder | None:
        return await self.picture.stakeholder(info, self.person.contact_id)

    @strawberry.field(description="The strongest tie that one of ours has with this person.")
    async def best_tie(self, info: Info) -> Tie | None:
        return await tie_of(info, self.person.contact_id, self.person.best_tie, self.picture.past)


@strawberry.type(description="A reporting line, an influence or a conflict between two people.")
class MapLink(Node):
    id: strawberry.ID
    kind: LinkKind
    weight: float | None
    note: str | None
    valid_from: dt.datetime | None
    valid_to: dt.datetime | None
    from_id: strawberry.Private[str]
    to_id: strawberry.Private[str]

    @strawberry.field(name="from")
    async def from_contact(self, info: Info) -> Contact:
        return await one_of_kind(info, "Contact", self.from_id)

    @strawberry.field(name="to")
    async def to_contact(self, info: Info) -> Contact:
        return await one_of_kind(info, "Contact", self.to_id)

    @staticmethod
    def of(row: LinkFacts) -> MapLink:
        return MapLink(
            id=strawberry.ID(row.id),
            kind=row.kind,
            weight=row.weight,
            note=row.note,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            from_id=row.from_id,
            to_id=row.to_id,
        )


@strawberry.type(description="A seat of the role template and who fills it; empty seats show too.")
class Seat:
    role: BuyingRole | None
    needs_champion: bool
    required: bool
    weight: float
    state: SeatState
    sentence: str
    seat: strawberry.Private[answer.Seat]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field
    async def holders(self, info: Info) -> list[Stakeholder]:
        return await self.picture.stakeholders(info, self.seat.holders)

    @strawberry.field(description="The only one of ours who reaches the holders, when there is exactly one.")
    async def only_through(self, info: Info) -> User | None:
        only = self.seat.only_through
        return await one_of_kind(info, "User", only.user_id if only is not None else None)

    @staticmethod
    def of(info: Info, row: answer.Seat, picture: StakeholderMap) -> Seat:
        return Seat(
            role=row.role,
            needs_champion=row.seat.needs_champion,
            required=row.seat.required,
            weight=row.seat.weight,
            state=row.state,
            sentence=row.sentence.read(info.context.language),
            seat=row,
            picture=picture,
        )


@strawberry.type(description="Whose agreement is lacking, and the best way to it.")
class PersonToWin:
    score: float | None
    row: strawberry.Private[answer.PersonToWin]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field(description="Who is to be won.")
    async def contact(self, info: Info) -> Contact:
        return await one_of_kind(info, "Contact", self.row.contact_id)

    @strawberry.field(description="The part of this person; null for somebody named by the rule who has none yet.")
    async def stakeholder(self, info: Info) -> Stakeholder | None:
        return await self.picture.stakeholder(info, self.row.contact_id)

    @strawberry.field(description="The supporter to start with, then those between.")
    async def through(self, info: Info) -> list[Contact]:
        return await contacts_of(info, self.row.through)

    @strawberry.field(description="Who of ours knows the supporter best.")
    async def ask_user(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.row.ask.user_id if self.row.ask is not None else None)


@strawberry.type(description="How far the people who must agree do agree.")
class Consensus:
    support: float | None
    known_share: float | None
    blocker_exposure: float | None
    reached: bool | None = strawberry.field(description="Null when nobody is named whose agreement is needed.")
    row: strawberry.Private[answer.Consensus]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field
    async def agreed(self, info: Info) -> list[Stakeholder]:
        return await self.picture.stakeholders(info, self.row.agreed)

    @strawberry.field
    async def missing(self, info: Info) -> list[Stakeholder]:
        return await self.picture.stakeholders(info, self.row.missing)

    @strawberry.field
    async def opposed(self, info: Info) -> list[Stakeholder]:
        return await self.picture.stakeholders(info, self.row.opposed)

    @strawberry.field(
        description="Those the rule names who have no part yet: their position is unknown, so they are missing too."
    )
    async def without_part(self, info: Info) -> list[Contact]:
        return await contacts_of(info, self.row.without_part)

    @strawberry.field(description="The fewest people whose agreement makes it complete, easiest first.")
    async def people_to_win(self) -> list[PersonToWin]:
        return [PersonToWin(score=row.score, row=row, picture=self.picture) for row in self.row.people_to_win]


@strawberry.type(description="The cube root of influence, tie and access to the economic buyer.")
class ChampionStrength:
    strength: float
    influence: float
    tie: float
    access: float
    row: strawberry.Private[answer.ChampionStrength]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field
    async def stakeholder(self, info: Info) -> Stakeholder | None:
        return await self.picture.stakeholder(info, self.row.contact_id)


@strawberry.type(description="A supporter who can move somebody.")
class Ally:
    score: float
    row: strawberry.Private[answer.Ally]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field
    async def stakeholder(self, info: Info) -> Stakeholder | None:
        return await self.picture.stakeholder(info, self.row.contact_id)

    @strawberry.field(description="Those between the ally and the person.")
    async def via(self, info: Info) -> list[Contact]:
        return await contacts_of(info, self.row.via)

    @strawberry.field(description="Who of ours knows the ally best.")
    async def ask_user(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.row.ask.user_id if self.row.ask is not None else None)


@strawberry.type(description="Somebody opposed or undecided, and who could win them over, best first.")
class BlockerPlan:
    exposure: float
    row: strawberry.Private[answer.BlockerPlan]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field
    async def blocker(self, info: Info) -> Stakeholder | None:
        return await self.picture.stakeholder(info, self.row.contact_id)

    @strawberry.field
    async def allies(self) -> list[Ally]:
        return [Ally(score=row.score, row=row, picture=self.picture) for row in self.row.allies]


@strawberry.type(description="How well the seats are filled, and how broadly we are connected.")
class RoleCoverage:
    score: float | None
    threads: float
    multithreading: float
    single_threaded: bool
    our_threads: float
    row: strawberry.Private[answer.RoleCoverage]
    picture: strawberry.Private[StakeholderMap]

    @strawberry.field
    async def seats(self, info: Info) -> list[Seat]:
        return [Seat.of(info, seat, self.picture) for seat in self.row.seats]

    @strawberry.field
    async def champions(self) -> list[ChampionStrength]:
        return [
            ChampionStrength(
                strength=row.strength,
                influence=row.influence,
                tie=row.tie,
                access=row.access,
                row=row,
                picture=self.picture,
            )
            for row in self.row.champions
        ]

    @strawberry.field
    async def blockers(self) -> list[BlockerPlan]:
        return [BlockerPlan(exposure=row.exposure, row=row, picture=self.picture) for row in self.row.blockers]


async def contacts_of(info: Info, ids: Sequence[str]) -> list[Contact]:
    found = await asyncio.gather(*(one_of_kind(info, "Contact", one) for one in ids))
    return [contact for contact in found if contact is not None]


@strawberry.type(description="Who decides, who blocks, who moves whom, whom we reach, and what to do next.")
class StakeholderMap:
    as_of: dt.datetime
    known_at: dt.datetime
    status: MapStatus | None
    truncated: bool
    row: strawberry.Private[answer.StakeholderMap]
    past: strawberry.Private[dt.datetime | None]
    known: strawberry.Private[dt.datetime | None]

    @strawberry.field
    async def scope(self, info: Info) -> MapScope:
        return await one_of_kind(info, self.row.scope.kind.value.capitalize(), self.row.scope.id)

    @strawberry.field(description="Why the map has its status, and what follows from it.")
    async def status_reasons(self, info: Info) -> list[Finding]:
        return [Finding.of(info, row) for row in self.row.reasons]

    @strawberry.field(description="Everyone with a part, and everyone of the account without one.")
    async def people(self) -> list[MapPerson]:
        return [
            MapPerson(
                id=strawberry.ID(row.id),
                title=row.title,
                x=row.x,
                y=row.y,
                key_player=row.key_player,
                external=row.external,
                badges=[badge.value for badge in row.badges],
                person=row,
                picture=self,
            )
            for row in self.row.people
        ]

    @strawberry.field(description="Reporting lines, influences and conflicts.")
    async def links(self) -> list[MapLink]:
        return [MapLink.of(row) for row in self.row.links]

    @strawberry.field(description="The seats of the role template and who fills them.")
    async def seats(self, info: Info) -> list[Seat]:
        return [Seat.of(info, row, self) for row in self.row.seats]

    @strawberry.field(name="consensus")
    async def consensus_field(self) -> Consensus | None:
        return self.consensus_row()

    @strawberry.field(name="roleCoverage")
    async def role_coverage_field(self) -> RoleCoverage | None:
        return self.role_coverage_row()

    def consensus_row(self) -> Consensus | None:
        """How far those who must agree do agree; none for a viewer without judgements."""
        row = self.row.consensus
        if row is None:
            return None
        return Consensus(
            support=row.support,
            known_share=row.known_share,
            blocker_exposure=row.blocker_exposure,
            reached=row.reached,
            row=row,
            picture=self,
        )

    def role_coverage_row(self) -> RoleCoverage | None:
        """How well the seats are filled; none for a viewer without judgements."""
        row = self.row.role_coverage
        if row is None:
            return None
        return RoleCoverage(
            score=row.score,
            threads=row.their_threads.threads,
            multithreading=row.their_threads.index,
            single_threaded=row.their_threads.single,
            our_threads=row.our_threads.threads,
            row=row,
            picture=self,
        )

    async def stakeholder(self, info: Info, contact_id: str) -> Stakeholder | None:
        """The part of a contact on this map."""
        found = await self.stakeholders(info, [contact_id])
        return found[0] if found else None

    async def stakeholders(self, info: Info, contact_ids: Sequence[str]) -> list[Stakeholder]:
        """The parts of these contacts, as they are on this map."""
        parts = {person.contact_id: person.part for person in self.row.people if person.part is not None}
        return [
            Stakeholder.of(info, store.of_facts(contact_id, parts[contact_id]), as_of=self.past, known_at=self.known)
            for contact_id in contact_ids
            if contact_id in parts
        ]

    @staticmethod
    def of(
        row: answer.StakeholderMap, *, as_of: dt.datetime | None = None, known_at: dt.datetime | None = None
    ) -> StakeholderMap:
        return StakeholderMap(
            as_of=row.as_of,
            known_at=row.known_at,
            status=row.status,
            truncated=row.truncated,
            row=row,
            past=as_of,
            known=known_at,
        )


async def map_for(
    info: Info, scope_id: str, as_of: dt.datetime | None, known_at: dt.datetime | None
) -> StakeholderMap | None:
    """The map of a deal or an account as a wire object."""
    found = await map_loaded(info, scope_id, as_of, known_at)
    return None if found is None else StakeholderMap.of(found, as_of=as_of, known_at=known_at)


@strawberry.type(description="Something that happened to one part between two dates.")
class MapChange:
    kind: MapChangeKind
    before: Assessment | None
    after: Assessment | None
    at: dt.datetime
    recorded_at: dt.datetime
    contact_id: strawberry.Private[str]
    recorded_by_id: strawberry.Private[str | None]

    @strawberry.field
    async def contact(self, info: Info) -> Contact:
        return await one_of_kind(info, "Contact", self.contact_id)

    @strawberry.field(description="Who recorded it first.")
    async def recorded_by(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.recorded_by_id)

    @staticmethod
    def of(row: service.ContactChange) -> MapChange:
        change = row.change
        return MapChange(
            kind=change.kind,
            before=Assessment.of(change.before) if change.before is not None else None,
            after=Assessment.of(change.after) if change.after is not None else None,
            at=change.at,
            recorded_at=change.recorded_at,
            contact_id=row.contact_id,
            recorded_by_id=change.recorded_by,
        )


# ---------------------------------------------------------------------- inputs


@strawberry.input(one_of=True, description="A deal or an account.")
class MapScopeInput:
    opportunity_id: strawberry.ID | None = strawberry.UNSET
    account_id: strawberry.ID | None = strawberry.UNSET

    @property
    def id(self) -> str:
        return self.opportunity_id or self.account_id or ""

    @property
    def kind(self) -> ScopeKind:
        return ScopeKind.OPPORTUNITY if self.opportunity_id else ScopeKind.ACCOUNT


@strawberry.input(
    description="Filters by what is held now; a viewer without judgement:read may filter by roles only."
)
class StakeholderWhere:
    roles: list[BuyingRole] | None = None
    stances: list[Stance] | None = None
    influence_levels: list[InfluenceLevel] | None = None


@strawberry.input
class EvidenceInput:
    grade: EvidenceGrade
    text: str | None = None
    url: str | None = None
    interaction_id: strawberry.ID | None = None
    observed_at: dt.datetime | None = None

    def given(self) -> service.GivenEvidence:
        return service.GivenEvidence(
            grade=self.grade,
            text=self.text,
            url=self.url,
            interaction_id=self.interaction_id,
            observed_at=self.observed_at,
        )


@strawberry.input(
    description="Fields left out keep the value in force at validFrom; validFrom in the future is refused."
)
class AssessStakeholderInput:
    of: MapScopeInput
    contact_id: strawberry.ID
    roles: list[BuyingRole] | None = None
    stance: Stance | None = None
    influence_level: InfluenceLevel | None = None
    is_primary: bool | None = None
    role_label: str | None = strawberry.field(
        default=None,
        description=(
            "A label of another system or language (Décideur, Economic Buyer, BLOCKER): split by the mapping table."
        ),
    )
    confidence: float | None = None
    basis: EvidenceGrade | None = None
    note: str | None = strawberry.field(default=None, description="Factual and relevant: the person may read this.")
    review_by: dt.date | None = None
    evidence: list[EvidenceInput] | None = None
    valid_from: dt.datetime | None = None
    correction: bool = False
    expected_version: int | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input
class EndStakeholderInput:
    stakeholder_id: strawberry.ID
    valid_to: dt.datetime
    reason: str | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input
class LinkContactsInput:
    kind: LinkKind
    from_contact_id: strawberry.ID
    to_contact_id: strawberry.ID
    weight: float | None = None
    opportunity_id: strawberry.ID | None = None
    note: str | None = None
    valid_from: dt.datetime | None = None
    evidence: list[EvidenceInput] | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input
class EndLinkInput:
    link_id: strawberry.ID
    valid_to: dt.datetime
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.type
class StakeholderPayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    stakeholder: Stakeholder | None = None

    @strawberry.field(description="The map as it is after the change.")
    async def map(self, info: Info) -> StakeholderMap | None:
        return None if self.stakeholder is None else await map_for(info, self.stakeholder.row.scope_id, None, None)


@strawberry.type
class LinkPayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    link: MapLink | None = None


# ------------------------------------------------------------ fields elsewhere


@edge("stakeholderMap")
async def map_of_record(
    info: Info, record_id: str, *, as_of: dt.datetime | None, known_at: dt.datetime | None
) -> StakeholderMap | None:
    return await map_for(info, record_id, as_of, known_at)


@edge("Opportunity.roleCoverage")
async def role_coverage_of(info: Info, opportunity_id: str, *, as_of: dt.datetime | None) -> RoleCoverage | None:
    found = await map_for(info, opportunity_id, as_of, None)
    return None if found is None else found.role_coverage_row()


@edge("Opportunity.consensus")
async def consensus_of(info: Info, opportunity_id: str, *, as_of: dt.datetime | None) -> Consensus | None:
    found = await map_for(info, opportunity_id, as_of, None)
    return None if found is None else found.consensus_row()


@edge("Opportunity.stakeholders")
async def parts_of(
    info: Info,
    opportunity_id: str,
    *,
    first: int = 20,
    after: str | None = None,
    as_of: dt.datetime | None = None,
    where: StakeholderWhere | None = None,
) -> Connection[Stakeholder]:
    """Everyone with a part in a deal on a date, as a connection."""

    async def load(ids: list[str]) -> Mapping[str, list[store.Stakeholder]]:
        return await service.of_opportunities(info.context.graph, info.context.viewer, ids, as_of=as_of)

    rows: list[store.Stakeholder] = await info.context.kept(("parts of deals", as_of), lambda: many_each(load)).load(
        opportunity_id
    )
    chosen = service.where(
        info.context.viewer,
        rows,
        roles=where.roles if where is not None else None,
        stances=where.stances if where is not None else None,
        influence_levels=where.influence_levels if where is not None else None,
    )
    page = page_of(chosen, lambda row: row.id, first=first, after=after)
    return connection_of(page, lambda row: Stakeholder.of(info, row, as_of=as_of))


@edge("Contact.stakeholderIn")
async def parts_of_contact(
    info: Info, contact_id: str, *, first: int = 20, after: str | None = None, as_of: dt.datetime | None = None
) -> Connection[Stakeholder]:
    """Every part of a contact on a date, as a connection."""

    async def load(ids: list[str]) -> Mapping[str, list[store.Stakeholder]]:
        return await service.of_contacts(info.context.graph, info.context.viewer, ids, as_of=as_of)

    loader = info.context.kept(("parts of contacts", as_of), lambda: many_each(load))
    rows: list[store.Stakeholder] = await loader.load(contact_id)
    page = page_of(rows, lambda row: row.id, first=first, after=after)
    return connection_of(page, lambda row: Stakeholder.of(info, row, as_of=as_of))


# ----------------------------------------------------------- queries, mutations


@strawberry.type
class StakeholdersQuery:
    @strawberry.field(
        description="Who decides, who blocks and whom we reach: now, on a date, or as it was known on another."
    )
    async def stakeholder_map(
        self, info: Info, of: MapScopeInput, as_of: dt.datetime | None = None, known_at: dt.datetime | None = None
    ) -> StakeholderMap | None:
        return await map_for(info, of.id, as_of, known_at)

    @strawberry.field(description="What happened on a map after one date and until another, oldest first.")
    async def map_changes(
        self,
        info: Info,
        of: MapScopeInput,
        from_: Annotated[dt.datetime, strawberry.argument(name="from")],
        to: dt.datetime,
        known_at: dt.datetime | None = None,
    ) -> list[MapChange] | None:
        rows = await service.changes_of(
            info.context.graph, info.context.viewer, of.id, after=from_, until=to, known_at=known_at
        )
        return None if rows is None else [MapChange.of(row) for row in rows]


@strawberry.type
class StakeholdersMutation:
    @strawberry.mutation(description="Records a contact's part in a deal or an account; nothing is overwritten.")
    async def assess_stakeholder(self, info: Info, input: AssessStakeholderInput) -> StakeholderPayload:
        async def work() -> Mapping[str, Any]:
            request = service.AssessmentRequest(
                scope_id=input.of.id,
                scope_kind=input.of.kind,
                contact_id=input.contact_id,
                roles=None if input.roles is None else frozenset(input.roles),
                stance=input.stance,
                influence_level=input.influence_level,
                is_primary=input.is_primary,
                role_label=input.role_label,
                confidence=input.confidence,
                basis=input.basis,
                note=input.note,
                review_by=input.review_by,
                evidence=tuple(one.given() for one in input.evidence or ()),
                valid_from=input.valid_from,
                correction=input.correction,
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )
            row = await service.assess(info.context.graph, info.context.viewer, request)
            return {"stakeholder": Stakeholder.of(info, row)}

        return await answered(info, StakeholderPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Ends somebody's part on a date; its history stays.")
    async def end_stakeholder(self, info: Info, input: EndStakeholderInput) -> StakeholderPayload:
        async def work() -> Mapping[str, Any]:
            row = await service.end(
                info.context.graph,
                info.context.viewer,
                input.stakeholder_id,
                valid_to=input.valid_to,
                reason=input.reason,
                idempotency_key=input.idempotency_key,
            )
            return {"stakeholder": Stakeholder.of(info, row)}

        return await answered(info, StakeholderPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Records who reports to, influences or is in conflict with whom.")
    async def link_contacts(self, info: Info, input: LinkContactsInput) -> LinkPayload:
        async def work() -> Mapping[str, Any]:
            request = service.LinkRequest(
                kind=input.kind,
                from_id=input.from_contact_id,
                to_id=input.to_contact_id,
                weight=input.weight,
                opportunity_id=input.opportunity_id,
                note=input.note,
                valid_from=input.valid_from,
                evidence=tuple(one.given() for one in input.evidence or ()),
                idempotency_key=input.idempotency_key,
            )
            return {"link": MapLink.of(await service.link(info.context.graph, info.context.viewer, request))}

        return await answered(info, LinkPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Ends a link on a date; maps of earlier dates still show it.")
    async def end_link(self, info: Info, input: EndLinkInput) -> LinkPayload:
        async def work() -> Mapping[str, Any]:
            row = await service.end_link(
                info.context.graph,
                info.context.viewer,
                input.link_id,
                valid_to=input.valid_to,
                idempotency_key=input.idempotency_key,
            )
            return {"link": MapLink.of(row)}

        return await answered(info, LinkPayload, input.client_mutation_id, work())


# ----------------------------------------------------------------------- nodes


@node_kind("Stakeholder")
async def load_stakeholders(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.by_ids(info.context.graph, info.context.viewer, ids)
    return {key: Stakeholder.of(info, row) for key, row in found.items()}


@node_kind("REPORTS_TO")
@node_kind("INFLUENCES")
@node_kind("IN_CONFLICT_WITH")
async def load_links(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.links(info.context.graph, info.context.viewer, ids)
    return {key: MapLink.of(row) for key, row in found.items()}
