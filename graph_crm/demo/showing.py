"""What the demo shows: its story is loaded when it is missing or old, served, and told."""

from __future__ import annotations

import asyncio
import datetime as dt
import shlex
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from graph_crm.commands.demo import STORY_FILE
from graph_crm.commands.maps import drawn
from graph_crm.commands.serving import answering, prepared, run_loop
from graph_crm.commands.terminal import language, tell
from graph_crm.context import Context
from graph_crm.demo.loader import LONGEST_AGE_DAYS, Loader, PlayedGraph, noon
from graph_crm.graph.client import Graph, patience
from graph_crm.graph.emptying import empty
from graph_crm.graph.local_server import LocalServer
from graph_crm.graph.readiness import Address
from graph_crm.language import Language, Sentence, say
from graph_crm.schema import schema
from graph_crm.settings import Settings
from graph_crm.stakeholders import service as stakeholders
from graph_crm.team import service as team
from graph_crm.viewer import maintenance_viewer

__all__ = ["run_loop", "shown"]

PLAYING_SECONDS = 60.0
ANNA_ADDRESS = "anna@graph-crm.example"
TECHCORP = """{ account(by: {name: "TechCorp Solutions"}) {
  name satisfaction openPipeline { amount currency }
  contacts { totalCount } interactions { totalCount }
  opportunities(where: {isOpen: {eq: true}}) { totalCount } } }"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the demo remembers of itself, in a file of its home that only its owner reads."""

    anchor: str
    key: str
    anna: str
    upsell: str
    route: str
    rachel: str

    def is_fresh(self, today: dt.datetime) -> bool:
        """Whether its days are still near enough to today that its ties read as they should."""
        return (today - dt.datetime.fromisoformat(self.anchor)).days <= LONGEST_AGE_DAYS


async def shown(chosen: Settings, server: LocalServer, address: Address, *, only_load: bool) -> None:
    """Load what is missing, then serve until Ctrl-C, unless loading was all that was asked."""
    async with Graph.at(address) as graph:
        await prepared(graph, chosen)
        loaded = await loaded_story(graph, chosen, address, again=only_load)
        if only_load:
            tell(say("The demo's story is loaded, as of {day}.", day=dt.datetime.fromisoformat(loaded.anchor).date()))
            return

        async def started() -> None:
            # The first run of a statement includes planning it.
            with patience(PLAYING_SECONDS):
                await tour(graph, chosen, loaded)

        async def at_rest() -> None:
            await asyncio.to_thread(server.prepare_quick_starts)

        try:
            await answering(chosen, address, graph, demo_key=loaded.key, started=started, at_rest=at_rest)
        finally:
            server.leave_quick_starts()


def story_file(chosen: Settings) -> Path:
    return chosen.home / STORY_FILE


async def loaded_story(graph: Graph, chosen: Settings, address: Address, *, again: bool) -> Loaded:
    """The story as it is in the database, played anew when it is missing, old, or asked for."""
    today = noon(graph.now())
    known = read_loaded(chosen)
    if known is not None and not again and known.is_fresh(today) and await is_there(graph, known):
        return known
    await empty(graph)
    await prepared(graph, chosen)
    tell(say("Loading the demo's story: 8 colleagues, 4 customers, 320 days."))
    columns = (TextColumn("  "), BarColumn(), MofNCompleteColumn())
    async with PlayedGraph.at(address) as played:
        loader = Loader(played, chosen, today)
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar, patience(PLAYING_SECONDS):
            task = bar.add_task("", total=None)
            made = await loader.play(lambda done, of: bar.update(task, completed=done, total=of))
    key = await team.create_key(graph, maintenance_viewer(), ANNA_ADDRESS)
    loaded = Loaded(today.isoformat(), key.text, made["anna"], made["upsell"], made["route"], made["rachel"])
    keep(chosen, loaded)
    return loaded


async def is_there(graph: Graph, known: Loaded) -> bool:
    """Whether the database still holds the story that the file speaks of."""
    found = await team.users_of_ids(graph, maintenance_viewer(), [known.anna])
    return bool(found)


def read_loaded(chosen: Settings) -> Loaded | None:
    try:
        return Loaded(**orjson.loads(story_file(chosen).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def keep(chosen: Settings, loaded: Loaded) -> None:
    file = story_file(chosen)
    file.touch(mode=0o600, exist_ok=True)
    file.chmod(0o600)
    file.write_bytes(orjson.dumps(asdict(loaded)))


async def tour(graph: Graph, chosen: Settings, loaded: Loaded) -> None:
    """What a newcomer sees first: where it answers, the key, the map, and what to try next."""
    host, port = chosen.listen_address
    told = language()
    command, acting = command_line(), f"--as {ANNA_ADDRESS}"
    past = dt.datetime.fromisoformat(loaded.anchor) - dt.timedelta(days=91)
    show(
        told,
        say("graph_crm answers at {url} (GraphiQL, with five examples).", url=f"http://{host}:{port}"),
        say("Anna's key: {key}", key=loaded.key),
        "",
        say("Try in a second terminal:"),
        f"  export GRAPH_CRM_HOME={shlex.quote(str(chosen.home))}",
        say("1. Who decides, who blocks, what to do next:"),
        f'  {command} map "Suivi temps réel – 6 sites" {acting}',
    )
    viewer = await team.viewer_of_user(graph, user_id=loaded.anna)
    picture = await stakeholders.map_of(graph, viewer, loaded.upsell)
    if picture is not None:
        show(told, "", drawn(picture, told))
    show(
        told,
        say("2. The same deal ninety-one days ago, when it was green:"),
        f'  {command} map "Suivi temps réel – 6 sites" --as-of {past.date().isoformat()} {acting}',
        say("3. Who can introduce us to the company we want next:"),
        f'  {command} paths --to "Margaret Pike" {acting}',
        say("4. Her company's map is red. Record our old champion there as a supporter, and it turns amber:"),
        f'  {command} map "Route visibility pilot" --language en {acting}',
        f"  {command} query '{rachel_supports(loaded)}' {acting}",
        f'  {command} map "Route visibility pilot" --language en {acting}',
        say("5. The same in a browser: {url}", url=f"http://{host}:{port}"),
        say("6. A customer at a glance:"),
        f"  {command} query '{' '.join(TECHCORP.split())}' {acting}",
    )
    answer = await schema.execute(TECHCORP, context_value=Context(graph, viewer, chosen, told))
    show(
        told,
        orjson.dumps(answer.data).decode(),
        "",
        say("Ctrl-C ends the demo and the database it started; nothing is lost."),
    )


def show(told: Language, *lines: Sentence | str) -> None:
    for line in lines:
        sys.stdout.write((line.read(told) if isinstance(line, Sentence) else line) + "\n")
    sys.stdout.flush()


def command_line() -> str:
    """How this program was called, so that what is printed can be pasted."""
    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        return "python -m graph_crm"
    here = Path.cwd()
    return str(program.relative_to(here)) if program.is_relative_to(here) else str(program)


def rachel_supports(loaded: Loaded) -> str:
    """The mutation that records the old champion in the deal that is wanted next."""
    part = "roles: [EXECUTIVE_SPONSOR], stance: SUPPORTER, influenceLevel: HIGH, confidence: 0.8"
    scope = f'of: {{opportunityId: "{loaded.route}"}}, contactId: "{loaded.rachel}"'
    selection = "{ map { status } userErrors { message } }"
    return f"mutation {{ assessStakeholder(input: {{{scope}, {part}}}) {selection} }}"
