"""A stakeholder map as a Mermaid flowchart: for wikis, tickets and notes that draw it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graph_crm.language import Language, Sentence, plain_spaces, say, write
from graph_crm.stakeholders.answer import MapPerson, Placement, StakeholderMap
from graph_crm.stakeholders.facts import LinkFacts
from graph_crm.stakeholders.text import BANDS, Page, cleaned, nearest_weight
from graph_crm.stakeholders.types import (
    INK,
    LINE_COLOUR,
    PALE_INK,
    LinkKind,
    Stance,
)

FILLS: Final = {
    Stance.CHAMPION: "#D9F2E8",
    Stance.SUPPORTER: "#DDEEFB",
    Stance.NEUTRAL: "#F1F3F4",
    Stance.SKEPTIC: "#FCEFD6",
    Stance.BLOCKER: "#FCE4D8",
    Stance.UNKNOWN: "#FFFFFF",
}
STROKES: Final = {0.9: "5px", 0.6: "3px", 0.3: "1.5px"}
PAPER: Final = "#FFFFFF"


def map_mermaid(picture: StakeholderMap, language: Language = Language.EN) -> str:
    """The whole map as one flowchart."""
    return "\n".join(Flowchart(picture, language).lines()) + "\n"


def escaped(text: str) -> str:
    """Data inside a quoted label."""
    codes = {"#": "#35;", "&": "&amp;", '"': "#quot;", "<": "&lt;", ">": "&gt;"}
    return "".join(codes.get(letter, letter) for letter in plain_spaces(cleaned(text)))


class Flowchart:
    """People as nodes p1, p2 … most influential first; links as edges, styled by number."""

    def __init__(self, picture: StakeholderMap, language: Language) -> None:
        self.picture = picture
        self.language = language
        self.page = Page(picture, language, width=100, ascii_only=False, colour=False)
        if picture.judgements:
            people = sorted(picture.people, key=lambda one: (not one.has_part, -round(one.x or 0.0, 9), one.name))
        else:
            people = sorted(picture.people, key=lambda one: (one.name, one.contact_id))
        self.people = people
        self.nodes = {person.contact_id: f"p{number}" for number, person in enumerate(people, start=1)}
        self.by_id = {person.contact_id: person for person in people}
        self.edges: list[str] = []
        self.styles: dict[str, list[int]] = {}

    def lines(self) -> Iterable[str]:
        yield '%%{init: {"flowchart": {"curve": "basis", "nodeSpacing": 26, "rankSpacing": 62}}}%%'
        yield "flowchart TB"
        scope = self.picture.scope
        title = ", ".join(name for name in (scope.account_name, scope.opportunity_name) if name)
        yield f"  accTitle: {self.told(title)}"
        yield f"  accDescr: {self.told(self.description())}"
        outside = [person for person in self.people if person.placement is Placement.OUTSIDE]
        yield from (f"  {self.node(person)}" for person in self.people if person not in outside)
        if outside:
            yield f'  subgraph outside["{self.read(say("Outside the company"))}"]'
            yield from (f"    {self.node(person)}" for person in outside)
            yield "  end"
        self.draw()
        yield from (f"  {edge}" for edge in self.edges)
        for style, numbers in self.styles.items():
            yield f"  linkStyle {','.join(map(str, numbers))} {style}"
        yield from self.classes()
        if outside:
            line, words = LINE_COLOUR.light, PALE_INK.light
            yield f"  style outside fill:none,stroke:{line},stroke-dasharray:2 5,color:{words}"

    # Words

    def read(self, sentence: Sentence) -> str:
        return escaped(sentence.read(self.language))

    def told(self, text: str) -> str:
        """Data in an accessible title or description, which ends with its line and knows no quotes."""
        return " ".join(plain_spaces(cleaned(text)).replace("{", "(").replace("}", ")").split())

    def description(self) -> str:
        """The status and its sentences."""
        if self.picture.status is None:
            return write(say("as of {date}", date=self.picture.as_of.date()), self.language)
        status = self.picture.status.label.read(self.language).upper()
        return " ".join([f"{status}.", *(finding.sentence.read(self.language) for finding in self.picture.reasons)])

    def node(self, person: MapPerson) -> str:
        parts = [f"<b>{self.symbol(person)}{escaped(person.name)}</b>"]
        if person.title:
            parts.append(escaped(person.title))
        part = self.part(person)
        if part:
            parts.append(part)
        if person.stance is not None and person.x is not None:
            mark = " ◆" if person.key_player else ""
            parts.append(f"{self.read(person.stance.label)} · {write(person.x, self.language)}{mark}")
        level = BANDS.index(person.band)
        parts.append(f"{'●' * level}{'○' * (len(BANDS) - 1 - level)} {self.who(person)}")
        parts.extend(self.on_one_level(person))
        return f'{self.nodes[person.contact_id]}["{"<br/>".join(parts)}"]'

    def symbol(self, person: MapPerson) -> str:
        return f"{person.stance.symbol.mark} " if person.stance is not None else ""

    def part(self, person: MapPerson) -> str:
        words = [self.read(role.label) for role in person.roles]
        if not person.has_part:
            words = [self.read(say("No part in this deal"))]
        return ", ".join([*words, self.read(say("veto"))] if person.veto else words)

    def who(self, person: MapPerson) -> str:
        return escaped(self.page.who(person)) if person.known_by else self.read(say("no contact yet"))

    # Links

    def links(self, kind: LinkKind) -> list[LinkFacts]:
        order = {contact_id: position for position, contact_id in enumerate(self.nodes)}
        links = [link for link in self.picture.links if link.kind is kind]
        return sorted(links, key=lambda link: (order[link.to_id], order[link.from_id]))

    def same_level(self, link: LinkFacts) -> bool:
        """A line between two of one level would push one of them down."""
        both = (self.by_id[link.from_id], self.by_id[link.to_id])
        return all(one.placement is Placement.LINE for one in both) and both[0].depth == both[1].depth

    def on_one_level(self, person: MapPerson) -> Iterable[str]:
        """What is written in the node instead of drawn: conflicts, and influence on somebody of one's own level."""
        for link in self.links(LinkKind.INFLUENCES):
            if link.from_id == person.contact_id and self.same_level(link):
                weight = write(link.weight if link.weight is not None else nearest_weight(link), self.language)
                yield f"→ {escaped(self.by_id[link.to_id].name)} {weight}"
        for link in self.links(LinkKind.IN_CONFLICT_WITH):
            ends = (link.from_id, link.to_id)
            if person.contact_id in ends:
                other = ends[1] if person.contact_id == ends[0] else ends[0]
                yield f"⚡ {escaped(self.by_id[other].name)}"

    def draw(self) -> None:
        managers = [(person.manager_id, person.contact_id) for person in self.people if person.manager_id is not None]
        order = list(self.nodes)
        line = f"stroke:{LINE_COLOUR.light},stroke-width"
        for manager, report in sorted(managers, key=lambda one: (order.index(one[0]), order.index(one[1]))):
            self.edge(manager, "---", report, f"{line}:1.5px")
        for link in self.links(LinkKind.DOTTED_LINE):
            self.edge(link.to_id, "-.-", link.from_id, f"{line}:2px,stroke-dasharray:1 5")
        for link in self.links(LinkKind.INFLUENCES):
            if not self.same_level(link):
                stance = self.by_id[link.from_id].stance or Stance.UNKNOWN
                style = f"stroke:{stance.colour.light},stroke-width:{STROKES[nearest_weight(link)]}"
                self.edge(link.from_id, "-->", link.to_id, style)

    def edge(self, source: str, sign: str, target: str, style: str) -> None:
        self.styles.setdefault(style, []).append(len(self.edges))
        self.edges.append(f"{self.nodes[source]} {sign} {self.nodes[target]}")

    # Colours: fill and text together, so that a dark page shows both

    def classes(self) -> Iterable[str]:
        for stance, fill in FILLS.items():
            dashes = ",stroke-dasharray:4 3" if stance is Stance.UNKNOWN else ""
            style = f"fill:{fill},stroke:{stance.colour.light},color:{INK.light},stroke-width:2px{dashes}"
            yield f"  classDef {stance.lower()} {style}"
        yield f"  classDef nopart fill:{PAPER},stroke:{LINE_COLOUR.light},color:{PALE_INK.light},stroke-width:1px"
        yield "  classDef decides stroke-width:4px"
        yield f"  classDef unreached fill:{PAPER},color:{PALE_INK.light},stroke-width:1px"
        for stance in FILLS:
            yield from self.members(stance.lower(), [one for one in self.people if one.stance is stance])
        yield from self.members("nopart", [one for one in self.people if one.stance is None])
        yield from self.members("decides", [one for one in self.people if one.must_agree])
        yield from self.members("unreached", [one for one in self.people if not one.known_by])

    def members(self, name: str, people: Sequence[MapPerson]) -> Iterable[str]:
        if people:
            yield f"  class {','.join(self.nodes[person.contact_id] for person in people)} {name}"
