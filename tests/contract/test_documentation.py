"""What is documented is what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from graph_crm.__main__ import app
from graph_crm.settings import Settings
from tests.contract.source import ROOT, modules, slice_of

DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "README.fr.md", *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
DECISION_PARTS = ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**", "**Held by**")
EVERYWHERE = {"--as", "--help"}
"""Options that one paragraph explains for all commands."""


def commands_of(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each command of the terminal by its words: `tie state`."""
    if hasattr(group, "commands"):
        for name in group.commands:
            yield from commands_of(group.get_command(None, name), (*words, name))
    else:
        yield " ".join(words), group


COMMANDS = dict(commands_of(get_command(app)))


def options_of(command: Any) -> set[str]:
    options = [given for given in command.params if given.param_type_name == "option"]
    return {word for option in options for word in (*option.opts, *option.secondary_opts)}


def sections() -> dict[str, str]:
    """What docs/commands.md says of each command."""
    text = (DOCS / "commands.md").read_text("utf-8")
    parts = re.split(r"^### `graph-crm ([a-z ]+?)(?: [A-Z][A-Z…A-Z ]*)?`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"^\| `(GRAPH_CRM_\w+)`", (DOCS / "settings.md").read_text("utf-8"), re.MULTILINE))
    assert documented == {f"GRAPH_CRM_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_documented_and_no_other() -> None:
    assert set(sections()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_of_a_command_are_documented_and_no_others(name: str) -> None:
    section = sections()[name]
    documented = set(re.findall(r"--[a-z][a-z-]*", section))
    assert documented - EVERYWHERE == options_of(COMMANDS[name]) - EVERYWHERE
    assert f"graph-crm {name}" in section.split("```")[1], "an example"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_an_example_and_its_exit_statuses(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert f"graph-crm {name}" in command.epilog
    assert re.search(r"Example: .*Exit status: 0", command.epilog, re.DOTALL)
    documented = set(re.findall(r"^\| (\d+) \|", (DOCS / "commands.md").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:: |; )(\d+)(?= |;)", command.epilog.split("Exit status")[1])) <= documented


def test_every_slice_has_a_page() -> None:
    slices = {slice_of(name) for name in modules()} - {None}
    assert {name for name in slices if not (DOCS / f"{name}.md").is_file()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_to_files_that_exist(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached = (ROOT / "README.md").read_text("utf-8") + "".join(page.read_text("utf-8") for page in DOCS.glob("*.md"))
    assert [page.name for page in DOCS.glob("*.md") if page.name not in reached] == []


def test_both_readmes_give_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        blocks = re.findall(r"^```(\w*)\n(.*?)^```", (ROOT / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)
        lines = [line for kind, block in blocks if not kind for line in block.splitlines()]
        return [found[0].strip() for line in lines if (found := re.match(r"(make|graph-crm)( [a-z]+\b(?!@))*", line))]

    assert commands("README.md") == commands("README.fr.md") != []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_why_what_and_which_test_holds_it(page: Path) -> None:
    text = page.read_text("utf-8")
    places = [text.find(part) for part in DECISION_PARTS]
    assert -1 not in places
    assert places == sorted(places)
    tests = re.findall(r"`(tests/[\w/.]+)`", text[places[-1] :])
    assert tests
    assert [test for test in tests if not (ROOT / test).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
