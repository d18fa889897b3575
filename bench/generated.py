"""A graph of a wanted size, always the same one: who works where, who knows whom, who decides what."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from neo4j import AsyncDriver

BATCH = 5_000
SEED = 20_260_101
NOW_DAYS = 20_760.0
"""The day everything is seen from, counted from 1970 like the accumulators."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. M follows the published sizes of the design; S is a tenth of it."""

    accounts: int
    contacts: int
    users: int
    opportunities: int
    ties: int
    hubs: tuple[tuple[int, int], ...]
    """How many hub contacts of how many ties each."""


SIZES = {
    "XS": Size(100, 1_000, 20, 200, 6_000, ((1, 300),)),
    "S": Size(1_000, 10_000, 50, 2_000, 60_000, ((3, 700), (5, 200))),
    "M": Size(10_000, 100_000, 500, 20_000, 600_000, ((3, 7_000), (20, 1_200))),
}

ROLES = ("ECONOMIC_BUYER", "DECISION_MAKER", "APPROVER", "TECHNICAL_BUYER", "EVALUATOR", "END_USER", "INFLUENCER")
STANCES = ("CHAMPION", "SUPPORTER", "SUPPORTER", "NEUTRAL", "NEUTRAL", "SKEPTIC", "BLOCKER", "UNKNOWN")
SENIORITIES = ("C_LEVEL", "VP", "DIRECTOR", "MANAGER", "INDIVIDUAL_CONTRIBUTOR")

# The index is named: a plan made while the database is empty would look through all nodes for each row.
USERS: LiteralString = """
UNWIND $rows AS row
CREATE (user:Record:Person:User {id: row.id, name: row.name, display_name: row.name, name_key: row.name,
  email: row.id + '@ours.example',
  role: 'SELLER', active: true, opted_out: false, do_not_contact: false, degree: 0, language: 'EN', version: 1,
  created_at: datetime(), updated_at: datetime(), source: 'bench'})
"""
ACCOUNTS: LiteralString = """
UNWIND $rows AS row
CREATE (account:Record:Account {id: row.id, name: row.name, name_key: row.name, readers: ['everyone'], version: 1,
  lifecycle_stage: 'PROSPECT', created_at: datetime(), updated_at: datetime(), source: 'bench'})
"""
CONTACTS: LiteralString = """
UNWIND $rows AS row
MATCH (account:Record:Account {id: row.account_id})
USING INDEX account:Record(id)
CREATE (contact:Record:Person:Contact {id: row.id, name: row.name, display_name: row.name,
  name_key: row.name, given_name: row.given,
  family_name: row.family, readers: ['everyone'], do_not_contact: false, degree: 0, lifecycle_stage: 'PROSPECT',
  version: 1, created_at: datetime(), updated_at: datetime(), source: 'bench'})
  -[:WORKS_AT {id: row.id + ':job', title: row.title, seniority: row.seniority, is_primary: true,
    valid_from: date('2020-01-01')}]->(account)
"""
OPPORTUNITIES: LiteralString = """
UNWIND $rows AS row
MATCH (account:Record:Account {id: row.account_id})
USING INDEX account:Record(id)
MATCH (stage:Record:Stage {id: row.stage_id})
USING INDEX stage:Record(id)
CREATE (opportunity:Record:Opportunity {id: row.id, name: row.name, name_key: row.name, kind: 'NEW',
  amount: row.amount, currency: 'EUR', readers: ['everyone'], version: 1, created_at: datetime(),
  updated_at: datetime(), source: 'bench'})-[:FOR_ACCOUNT]->(account)
CREATE (opportunity)-[:IN_STAGE {entered_at: datetime('2025-01-01T00:00:00Z')}]->(stage)
"""
STAKEHOLDERS: LiteralString = """
UNWIND $rows AS row
MATCH (opportunity:Record:Opportunity {id: row.opportunity_id})
USING INDEX opportunity:Record(id)
MATCH (contact:Record:Contact {id: row.contact_id})
USING INDEX contact:Record(id)
CREATE (opportunity)-[:HAS_STAKEHOLDER]->(stakeholder:Record:Stakeholder {id: row.id,
  key: row.opportunity_id + ':' + row.contact_id, version: 1, created_at: datetime(), updated_at: datetime(),
  source: 'bench'})-[:IS]->(contact)
CREATE (stakeholder)-[:CURRENT]->(assessment:Record:Assessment {id: row.id + ':now', roles: row.roles,
  stance: row.stance, influence_level: 'UNKNOWN', is_primary: false, confidence: 0.5,
  valid_from: datetime('2025-06-01T00:00:00Z'), recorded_at: datetime('2025-06-01T00:00:00Z'), version: 1,
  created_at: datetime(), updated_at: datetime(), source: 'bench'})
CREATE (stakeholder)-[:ASSESSED]->(assessment)
CREATE (stakeholder)-[:ASSESSED]->(:Record:Assessment {id: row.id + ':then', roles: row.roles,
  stance: 'NEUTRAL', influence_level: 'UNKNOWN', is_primary: false, confidence: 0.5,
  valid_from: datetime('2025-01-01T00:00:00Z'), valid_to: datetime('2025-06-01T00:00:00Z'),
  recorded_at: datetime('2025-01-01T00:00:00Z'), version: 1, created_at: datetime(), updated_at: datetime(),
  source: 'bench'})
"""
LINKS: LiteralString = """
UNWIND $rows AS row
MATCH (source:Record:Contact {id: row.from_id})
USING INDEX source:Record(id)
MATCH (target:Record:Contact {id: row.to_id})
USING INDEX target:Record(id)
CREATE (source)-[:REPORTS_TO {id: row.id, kind: 'SOLID', valid_from: datetime('2024-01-01T00:00:00Z')}]->(target)
CREATE (source)-[:INFLUENCES {id: row.id + ':influence', weight: row.weight,
  valid_from: datetime('2024-01-01T00:00:00Z')}]->(target)
"""
TIES: LiteralString = """
UNWIND $rows AS row
MATCH (first:Record:Person {id: row.first_id})
USING INDEX first:Record(id)
MATCH (second:Record:Person {id: row.second_id})
USING INDEX second:Record(id)
CREATE (first)-[:KNOWS {key: row.first_id + ':' + row.second_id, id: row.first_id + ':' + row.second_id, out: row.out,
  in: row.in, mutual: row.mutual, at: row.at, last_at: row.at, count: row.count, visibility: 'SHARED',
  owner_id: row.owner_id}]->(second)
"""
DEGREES: LiteralString = """
MATCH (person:Person)
CALL (person) {
  SET person.degree = COUNT { (person)-[:KNOWS]-() }
} IN TRANSACTIONS OF 5000 ROWS
"""


@dataclass(frozen=True, slots=True)
class Marks:
    """Whom the measurements are about."""

    asker: str
    deals: tuple[str, ...]
    """Deals with thirty stakeholders."""
    ordinary: tuple[str, ...]
    hubs: tuple[str, ...]


class Generated:
    """Rows of everything, drawn from one seed."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.random = random.Random(SEED)
        self.users = [f"u{number:05d}" for number in range(size.users)]
        self.accounts = [f"a{number:06d}" for number in range(size.accounts)]
        self.contacts = [f"c{number:07d}" for number in range(size.contacts)]
        self.opportunities = [f"o{number:06d}" for number in range(size.opportunities)]
        # Every hundredth account has some thirty people, so that deals of thirty exist.
        weights = [3.2 if number % 100 == 0 else 1 for number in range(size.accounts)]
        placed = self.random.choices(range(size.accounts), weights, k=size.contacts)
        self.account_of = {
            contact: self.accounts[index] for contact, index in zip(self.contacts, placed, strict=True)
        }
        self.people_of: dict[str, list[str]] = {}
        for contact, account in self.account_of.items():
            self.people_of.setdefault(account, []).append(contact)
        self.large = [account for account in self.accounts if 28 <= len(self.people_of.get(account, ())) <= 40]
        self.deal_accounts = {
            opportunity: self.large[number % len(self.large)] if number < 20 else self.random.choice(self.accounts)
            for number, opportunity in enumerate(self.opportunities)
        }

    def hubs(self) -> list[tuple[str, int]]:
        counts = [degree for count, degree in self.size.hubs for _ in range(count)]
        return list(zip(self.random.sample(self.contacts, len(counts)), counts, strict=True))

    def contact_rows(self) -> Iterator[dict[str, Any]]:
        for contact in self.contacts:
            given, family = f"Given{contact[-3:]}", f"Family{contact[1:]}"
            yield {
                "id": contact,
                "name": f"{given} {family}",
                "given": given,
                "family": family,
                "account_id": self.account_of[contact],
                "title": "Manager",
                "seniority": self.random.choice(SENIORITIES),
            }

    def opportunity_rows(self, stages: Sequence[str]) -> Iterator[dict[str, Any]]:
        for opportunity in self.opportunities:
            yield {
                "id": opportunity,
                "name": f"Deal {opportunity}",
                "account_id": self.deal_accounts[opportunity],
                "stage_id": self.random.choice(stages),
                "amount": self.random.randrange(10_000, 1_000_000),
            }

    def stakeholder_rows(self) -> Iterator[dict[str, Any]]:
        for number, opportunity in enumerate(self.opportunities):
            people = self.people_of.get(self.deal_accounts[opportunity], [])
            wanted = 30 if number < 20 else self.random.choice((2, 3, 4, 5, 6))
            for contact in self.random.sample(people, min(wanted, len(people))):
                yield {
                    "id": f"s:{opportunity}:{contact}",
                    "opportunity_id": opportunity,
                    "contact_id": contact,
                    "roles": [self.random.choice(ROLES)],
                    "stance": self.random.choice(STANCES),
                }

    def link_rows(self) -> Iterator[dict[str, Any]]:
        for people in self.people_of.values():
            for position, contact in enumerate(people[1:], start=1):
                yield {
                    "id": f"l:{contact}",
                    "from_id": contact,
                    "to_id": people[(position - 1) // 3],
                    "weight": self.random.choice((0.3, 0.6, 0.9)),
                }

    def tie_rows(self) -> Iterator[dict[str, Any]]:
        """Two in five ties join one of ours with a contact, the rest contacts with each other; no pair twice."""
        seen: set[tuple[str, str]] = set()
        for hub, degree in self.hubs():
            for other in self.random.sample(self.contacts, min(degree, len(self.contacts) - 1)):
                yield from self.tie(hub, other, seen)
        while len(seen) < self.size.ties:
            contact = self.random.choice(self.contacts)
            if self.random.random() < 0.4:
                # A few of ours know many: the square draws towards the first.
                other = self.users[int(len(self.users) * self.random.random() ** 2)]
            else:
                other = self.random.choice(self.contacts)
            yield from self.tie(contact, other, seen)

    def tie(self, one: str, other: str, seen: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        first, second = sorted((one, other))
        if one == other or (first, second) in seen:
            return
        seen.add((first, second))
        ours = next((person for person in (first, second) if person.startswith("u")), None)
        yield {
            "first_id": first,
            "second_id": second,
            "out": self.random.choice((0.0, 0.5, 1.0, 3.0)),
            "in": self.random.choice((0.0, 0.5, 1.0, 3.0)),
            "mutual": self.random.choice((0.0, 0.0, 1.0, 4.0, 8.0)),
            "at": NOW_DAYS - self.random.random() * 700,
            "count": self.random.randrange(1, 30),
            "owner_id": ours,
        }

    def marks(self, hubs: Sequence[str]) -> Marks:
        ordinary = [contact for contact in self.random.sample(self.contacts, 60) if contact not in hubs]
        return Marks(
            self.users[len(self.users) // 2], tuple(self.opportunities[:20]), tuple(ordinary[:30]), tuple(hubs)
        )


async def generate(driver: AsyncDriver, size: Size) -> Marks:
    """Fill an empty, migrated database."""
    graph = Generated(size)
    records, _, _ = await driver.execute_query(
        "MATCH (:Record:Pipeline {name: 'Standard'})-[:HAS_STAGE]->(stage) "
        "WHERE NOT stage.is_won AND NOT stage.is_lost RETURN stage.id AS id ORDER BY stage.order"
    )
    stages = [record["id"] for record in records]
    await load(driver, USERS, ({"id": user, "name": f"Ours {user}"} for user in graph.users))
    await load(driver, ACCOUNTS, ({"id": account, "name": f"Account {account}"} for account in graph.accounts))
    await load(driver, CONTACTS, graph.contact_rows())
    await load(driver, OPPORTUNITIES, graph.opportunity_rows(stages))
    await load(driver, STAKEHOLDERS, graph.stakeholder_rows(), batch=1_000)
    await load(driver, LINKS, graph.link_rows())
    ties = list(graph.tie_rows())
    await load(driver, TIES, iter(ties))
    async with driver.session() as session:  # pyright: ignore[reportUnknownMemberType]
        await (await session.run(DEGREES)).consume()
    counts: dict[str, int] = {}
    for tie in ties:
        for person in (tie["first_id"], tie["second_id"]):
            counts[person] = counts.get(person, 0) + 1
    largest = max(degree for _, degree in size.hubs)
    hubs = [person for person, degree in counts.items() if degree >= largest and person.startswith("c")]
    return graph.marks(sorted(hubs))


async def load(
    driver: AsyncDriver, statement: LiteralString, rows: Iterator[dict[str, Any]], *, batch: int = BATCH
) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == batch:
            await driver.execute_query(statement, rows=waiting)
            waiting = []
    if waiting:
        await driver.execute_query(statement, rows=waiting)
