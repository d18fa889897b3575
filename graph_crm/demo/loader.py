"""Plays the demo's story into a database of its own, each act on the day it happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from graph_crm.context import Context
from graph_crm.demo.story import COLLEAGUES, DEMO_DOMAIN, Act, Colleague, Day, Ref, acts
from graph_crm.errors import Invalid
from graph_crm.graph.client import Graph
from graph_crm.language import Language
from graph_crm.opportunities import service as opportunities
from graph_crm.opportunities.types import ConsensusRule, TemplateSeat
from graph_crm.schema import schema
from graph_crm.settings import Settings
from graph_crm.team import service as team
from graph_crm.team.types import NewUser
from graph_crm.viewer import PERMISSIONS, Role, Viewer, groups_of

NEEDED = ("helene", "bertrand", "nadia")
NEEDED_COUNT = 2
VETO = ("emilie",)
LEGAL_SEAT = TemplateSeat(role="LEGAL_COMPLIANCE", weight=1, from_probability=0.6)
LONGEST_AGE_DAYS = 14
"""A demo older than this is played again, so that its ties are never cold."""


class PlayedGraph(Graph):
    """The client with a clock that the story sets: what is written is recorded at that moment."""

    moment: dt.datetime

    def now(self) -> dt.datetime:
        """The moment of the act that is played."""
        return self.moment


class Loader:
    """Plays the acts one after the other and remembers what each made."""

    def __init__(self, graph: PlayedGraph, settings: Settings, today: dt.datetime) -> None:
        self.graph = graph
        self.graph.moment = today
        self.settings = settings
        self.today = today
        self.made: dict[str, str] = {}
        self.viewers: dict[str, Viewer] = {}

    def moment(self, offset: int) -> dt.datetime:
        """A day of the story, at noon in UTC."""
        return self.today + dt.timedelta(days=offset)

    async def play(self, report: Callable[[int, int], None] = lambda _done, _of: None) -> dict[str, str]:
        """Everything; answers the ids of what was made, by the names of the story."""
        story = acts()
        await self.colleagues(min(act.day for act in story) - 1)
        await self.pipelines()
        for done, act in enumerate(story, start=1):
            await self.perform(act)
            report(done, len(story))
        await self.rules()
        return self.made

    async def colleagues(self, day: int) -> None:
        """Our eight and their teams, made before anything else happens."""
        self.graph.moment = self.moment(day)
        founder = Viewer(
            user_id="demo",
            name="demo",
            role=Role.ADMINISTRATOR,
            permissions=PERMISSIONS[Role.ADMINISTRATOR],
            groups=groups_of("demo", Role.ADMINISTRATOR, [], []),
        )
        for colleague in COLLEAGUES:
            new = NewUser(email_of(colleague), colleague.name, Role(colleague.role), Language(colleague.language))
            self.made[colleague.key] = (await team.create_user(self.graph, founder, new)).id
        for name in sorted({name for colleague in COLLEAGUES for name in colleague.teams}):
            members = [self.made[colleague.key] for colleague in COLLEAGUES if name in colleague.teams]
            await team.set_team(self.graph, founder, name, members)
        for colleague in COLLEAGUES:
            self.viewers[colleague.key] = await team.viewer_of_user(self.graph, user_id=self.made[colleague.key])

    async def pipelines(self) -> None:
        found = await self.ask("karim", "{ pipelines { id name } }", {})
        for pipeline in found["pipelines"]:
            self.made[f"pipeline:{pipeline['name']}"] = pipeline["id"]

    async def perform(self, act: Act) -> None:
        """One mutation, on its day and by its author."""
        self.graph.moment = self.moment(act.day)
        kind = f"{act.mutation[0].upper()}{act.mutation[1:]}Input"
        document = (
            f"mutation($input: {kind}!) {{ done: {act.mutation}(input: $input) "
            f"{{ {RESULTS.get(act.mutation, '')} userErrors {{ message field }} }} }}"
        )
        found = (await self.ask(act.by, document, {"input": self.given(act.input)}))["done"]
        if found["userErrors"]:
            raise Invalid("The demo could not be loaded: {reason}", reason=str(found["userErrors"]))
        if act.makes is not None:
            self.remember(act.makes, found)

    def remember(self, name: str, found: dict[str, Any]) -> None:
        record = next(value for key, value in found.items() if key != "userErrors")
        self.made[name] = record["id"]
        for employment in record.get("employments", []):
            account = next((key for key, made in self.made.items() if made == employment["account"]["id"]), None)
            self.made[f"employment:{name.partition('_at_')[0]}:{account}"] = employment["id"]

    def given(self, value: Any) -> Any:
        """The input with names made ids and days made dates."""
        match value:
            case Ref():
                return self.made[value.name]
            case Day():
                moment = self.moment(value.offset)
                return moment.date().isoformat() if value.date_only else moment.isoformat()
            case dict():
                return {key: self.given(item) for key, item in cast("dict[str, Any]", value).items()}
            case list():
                return [self.given(item) for item in cast("list[Any]", value)]
            case _:
                return value

    async def ask(self, by: str, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        context = Context(self.graph, self.viewers[by], self.settings)
        result = await schema.execute(document, variable_values=variables, context_value=context)
        if result.errors:
            raise result.errors[0].original_error or result.errors[0]
        return result.data or {}

    async def rules(self) -> None:
        """Whose agreement the deal needs, its additional seat, who leaves, and what day today is."""
        self.graph.moment = self.moment(-180)
        karim = self.viewers["karim"]
        upsell = self.made["upsell"]
        rule = ConsensusRule(
            needed_contact_ids=tuple(self.made[key] for key in NEEDED),
            needed_count=NEEDED_COUNT,
            veto_contact_ids=tuple(self.made[key] for key in VETO),
        )
        await opportunities.set_consensus_rule(self.graph, karim, upsell, rule)
        await opportunities.add_seat(self.graph, karim, upsell, LEGAL_SEAT)
        self.graph.moment = self.today
        for colleague in COLLEAGUES:
            if colleague.leaves_in is not None:
                await team.deactivate_user(
                    self.graph,
                    karim,
                    self.made[colleague.key],
                    leaves_on=self.moment(colleague.leaves_in).date(),
                    successor_id=self.made[colleague.successor] if colleague.successor is not None else None,
                )


RESULTS = {
    "createAccount": "account { id }",
    "createContact": "contact { id employments { id account { id } } }",
    "employContact": "contact { id employments { id account { id } } }",
    "createOpportunity": "opportunity { id }",
}


def email_of(colleague: Colleague) -> str:
    return f"{colleague.key}@{DEMO_DOMAIN}"


def noon(moment: dt.datetime) -> dt.datetime:
    """The last noon in UTC: the day of loading as the story counts from it."""
    today = moment.replace(hour=12, minute=0, second=0, microsecond=0)
    return today if today <= moment else today - dt.timedelta(days=1)
