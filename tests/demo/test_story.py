"""Every figure that the demo's story names, from the story as it is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from neo4j import Driver

from graph_crm.context import Context
from graph_crm.demo.loader import Loader, PlayedGraph, noon
from graph_crm.graph.client import patience
from graph_crm.graph.migrations import migrate
from graph_crm.graph.readiness import Address
from graph_crm.language import Language
from graph_crm.paths.types import PathFrom
from graph_crm.schema import schema
from graph_crm.settings import OrganisationVisibility, Settings
from graph_crm.stakeholders import service as stakeholders
from graph_crm.stakeholders.answer import MapPerson, StakeholderMap
from graph_crm.stakeholders.text import map_text
from graph_crm.stakeholders.types import MapStatus, SeatState
from graph_crm.team import service as team
from graph_crm.viewer import Viewer
from tests import neo4j_server

TODAY = noon(dt.datetime.now(dt.UTC))


AGREEMENT = (
    "Agreement: 2 of 3 needed; Nadia Benali agrees, Hélène Ferrand is undecided, Bertrand Colas opposes, "
    "veto: Émilie Tissot (neutral)."
)


@dataclass
class Story:
    graph: PlayedGraph
    loader: Loader

    @property
    def anna(self) -> Viewer:
        return self.loader.viewers["anna"]

    async def map(self, deal: str, *, days: int = 0, known: int | None = None, by: str = "anna") -> StakeholderMap:
        found = await stakeholders.map_of(
            self.graph,
            self.loader.viewers[by],
            self.loader.made[deal],
            as_of=self.loader.moment(days) if days else None,
            known_at=None if known is None else self.loader.moment(known),
        )
        assert found is not None
        return found

    async def ask(self, document: str, by: str = "anna", **variables: Any) -> dict[str, Any]:
        context = Context(self.graph, self.loader.viewers[by], self.loader.settings)
        result = await schema.execute(document, variable_values=variables, context_value=context)
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def story(database: Address, driver: Driver) -> AsyncIterator[Story]:
    """The demo, played once into the database of this test process."""
    settings = Settings(home=Path("unused"), default_currency="EUR")
    async with PlayedGraph.at(database) as graph:
        graph.moment = TODAY
        await migrate(graph)
        neo4j_server.empty(driver, database.database)
        await team.share_as(graph, OrganisationVisibility.OPEN)
        loader = Loader(graph, settings, TODAY)
        with patience(60):
            await loader.play()
            yield Story(graph, loader)


def person(picture: StakeholderMap, name: str) -> MapPerson:
    return next(one for one in picture.people if one.name == name)


async def test_the_deal_is_amber_because_the_blocker_decides(story: Story) -> None:
    picture = await story.map("upsell")
    assert picture.status is MapStatus.AMBER
    reasons = [reason.sentence.read(Language.EN) for reason in picture.reasons]
    assert reasons == [
        "Bertrand Colas (approver, influential) blocks.",
        "Nadia Benali (decision maker) is our champion.",
        "Hélène Ferrand (economic buyer) has not taken sides.",
        "Hélène Ferrand is known only by Marc (strong, 18 days).",
        AGREEMENT,
        "No contact yet with Mireille Faure, Étienne Marchal and Luc Perrin.",
        "Next: win Hélène Ferrand through Julien Roche (0.51): ask Marc.",
    ]


async def test_the_four_figures_of_the_deal(story: Story) -> None:
    picture = await story.map("upsell")
    assert picture.consensus is not None
    assert picture.role_coverage is not None
    assert picture.consensus.support == pytest.approx(0.503334, abs=1e-4)
    assert picture.consensus.known_share == pytest.approx(0.956293, abs=1e-4)
    assert picture.consensus.blocker_exposure == pytest.approx(0.261071, abs=1e-4)
    assert picture.role_coverage.score == pytest.approx(0.954545, abs=1e-6)


async def test_each_person_weighs_as_the_picture_says(story: Story) -> None:
    picture = await story.map("upsell")
    weights = {one.name: round(one.x, 2) for one in picture.people if one.x is not None}
    assert weights == {
        "Hélène Ferrand": 0.98,
        "Bertrand Colas": 0.92,
        "Julien Roche": 0.67,
        "Nadia Benali": 0.63,
        "Samir Haddou": 0.35,
        "Émilie Tissot": 0.31,
        "Pauline Girard": 0.29,
        "Étienne Marchal": 0.22,
        "Luc Perrin": 0.22,
        "Camille Weber": 0.19,
        "Mireille Faure": 0.19,
        "Laurent Petit": 0.17,
    }


async def test_only_marc_knows_the_boss(story: Story) -> None:
    only = person(await story.map("upsell"), "Hélène Ferrand").only_through
    assert only is not None
    assert only.user_id == story.loader.made["marc"]


async def test_the_legal_seat_is_identified_and_every_other_engaged(story: Story) -> None:
    seats = {seat.role.value if seat.role else "CHAMPION": seat.state for seat in (await story.map("upsell")).seats}
    assert seats.pop("LEGAL_COMPLIANCE") is SeatState.IDENTIFIED
    assert set(seats.values()) == {SeatState.ENGAGED}
    assert set(seats) == {"ECONOMIC_BUYER", "CHAMPION", "TECHNICAL_BUYER", "END_USER", "PROCUREMENT"}


async def test_ninety_one_days_ago_it_was_green_and_so_it_looked_before_the_blocker_was_known(story: Story) -> None:
    assert (await story.map("upsell", days=-91)).status is MapStatus.GREEN
    assert (await story.map("upsell", days=-36, known=-37)).status is MapStatus.GREEN
    assert (await story.map("upsell", days=-36)).status is MapStatus.AMBER


async def test_the_changes_since_are_exactly_four(story: Story) -> None:
    deal = story.loader.made["upsell"]
    after, until = story.loader.moment(-91), story.loader.moment(0)
    found = await stakeholders.changes_of(story.graph, story.anna, deal, after=after, until=until)
    assert found is not None
    names = {made: name for name, made in story.loader.made.items()}
    told = [
        (
            names[one.contact_id],
            one.change.kind.value,
            (one.change.at - TODAY).days,
            (one.change.recorded_at - TODAY).days,
        )
        for one in found
    ]
    assert told == [
        ("camille", "JOINED", -90, -90),
        ("nadia", "STANCE_CHANGED", -75, -75),
        ("laurent", "STANCE_CHANGED", -60, -60),
        ("bertrand", "STANCE_CHANGED", -40, -33),
    ]


async def test_the_next_company_is_red_until_the_old_champion_is_recorded_there(story: Story) -> None:
    picture = await story.map("route", by="daniel")
    assert picture.status is MapStatus.RED
    assert person(picture, "Rachel Osei").stakeholder_id is None
    text = map_text(picture, Language.EN)
    assert "▂▄▆█ ask Direction, Olivia" in text
    assert "Karim" not in text


async def test_our_old_champion_leads_to_the_company_wanted_next(story: Story) -> None:
    found = await story.ask(
        "query($to: ID!) { warmPaths(to: {contactId: $to}) { exact paths { score hops askUser { displayName } "
        "steps { to { displayName } tie { strength } willingness } explanation } } }",
        to=story.loader.made["margaret"],
    )
    best, second = found["warmPaths"]["paths"][:2]
    assert best["askUser"]["displayName"] == "Marc Tessier"
    assert [step["to"]["displayName"] for step in best["steps"]] == ["Rachel Osei", "Margaret Pike"]
    assert best["score"] == pytest.approx(0.387, abs=0.001)
    assert [step["tie"]["strength"] for step in best["steps"]] == pytest.approx([0.8157, 0.5932], abs=0.001)
    assert best["steps"][1]["willingness"] == 1
    assert second["askUser"]["displayName"] == "Daniel Okoye"
    assert second["score"] == pytest.approx(0.0952, abs=0.001)
    assert "20 mails, no reply" in second["explanation"]
    assert found["warmPaths"]["exact"]


async def test_anna_asks_marc_her_team_mate(story: Story) -> None:
    found = await story.ask(
        f"query($to: ID!) {{ warmPaths(to: {{contactId: $to}}, from: {PathFrom.ME.value}) {{ paths {{ score "
        "askUser { displayName } } } }",
        to=story.loader.made["margaret"],
    )
    best = found["warmPaths"]["paths"][0]
    assert best["askUser"]["displayName"] == "Marc Tessier"
    assert best["score"] == pytest.approx(0.217, abs=0.001)


async def test_somebody_in_direction_knows_george_and_is_not_named(story: Story) -> None:
    found = await story.ask(
        "query($to: ID!) { warmPaths(to: {contactId: $to}) { paths { score explanation "
        "steps { from { __typename displayName } } } } }",
        to=story.loader.made["george"],
    )
    best = found["warmPaths"]["paths"][0]
    assert best["score"] == pytest.approx(0.883, abs=0.001)
    assert best["steps"][0]["from"]["__typename"] == "HiddenPerson"
    assert "Direction" in best["steps"][0]["from"]["displayName"]
    assert "Karim" not in str(found)


async def test_techcorp_at_a_glance(story: Story) -> None:
    found = await story.ask(
        '{ account(by: {name: "TechCorp Solutions"}) { satisfaction openPipeline { amount currency } '
        "contacts { totalCount } interactions { totalCount edges { node { type } } } "
        "open: opportunities(where: {isOpen: {eq: true}}) { totalCount } all: opportunities { totalCount } } }"
    )
    account = found["account"]
    assert account["satisfaction"] == 85
    assert account["openPipeline"] == [{"amount": "50000.00", "currency": "EUR"}]
    assert account["contacts"]["totalCount"] == 5
    assert account["interactions"]["totalCount"] == 15
    assert {edge["node"]["type"] for edge in account["interactions"]["edges"]} == {"MEETING", "EMAIL"}
    assert (account["open"]["totalCount"], account["all"]["totalCount"]) == (3, 4)


async def test_alpha_has_a_decider_only_through_the_part(story: Story) -> None:
    found = await story.ask(
        '{ account(by: {name: "Alpha"}) { opportunities { edges { node { amount { amount } closeDate '
        "primaryContact { displayName } primaryDecisionMaker { displayName } stage { isWon } } } } } }"
    )
    deal = found["account"]["opportunities"]["edges"][0]["node"]
    assert deal == {
        "amount": None,
        "closeDate": None,
        "primaryContact": {"displayName": "Mme Ladureau"},
        "primaryDecisionMaker": {"displayName": "Mme Ladureau"},
        "stage": {"isWon": True},
    }


async def test_marc_leaves_and_sophie_is_named_his_successor(story: Story) -> None:
    found = await story.ask(
        "query($id: ID!) { node(id: $id) { ... on User { active leavesOn successor { displayName } } } }",
        id=story.loader.made["marc"],
    )
    leaves = (TODAY + dt.timedelta(days=30)).date().isoformat()
    assert found["node"] == {"active": True, "leavesOn": leaves, "successor": {"displayName": "Sophie Blanchet"}}
