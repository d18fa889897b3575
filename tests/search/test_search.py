"""Search: by names, addresses and domains, whatever people type."""

from __future__ import annotations

import random
import string
from typing import Any

import pytest

from tests.api import Api, a_user

SEARCH = """query($text: String!, $first: Int, $after: String) {
  search(text: $text, first: $first, after: $after) {
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor score node {
      __typename ... on Account { name } ... on Opportunity { name }
      ... on Contact { displayName } ... on User { displayName } } }
  }
}"""


async def found(api: Api, text: str) -> list[str]:
    hits = (await api.ask(SEARCH, {"text": text}))["search"]["edges"]
    return [hit["node"].get("name") or hit["node"]["displayName"] for hit in hits]


async def account(api: Api, name: str, **more: Any) -> str:
    return (await api.write("createAccount", {"name": name, **more}, "account { id }"))["account"]["id"]


async def person(api: Api, given: str, family: str, *emails: str) -> str:
    asked = {"givenName": given, "familyName": family, "emailAddresses": list(emails)}
    return (await api.write("createContact", asked, "contact { id }"))["contact"]["id"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("müller", "Jürgen Müller"),
        ("MULLER", "Jürgen Müller"),
        ("jurg", "Jürgen Müller"),
        ("brien", "Siobhán O'Brien"),
        ("o'brien", "Siobhán O'Brien"),
        ("O’Brien", "Siobhán O'Brien"),
        ("siobhan o brien", "Siobhán O'Brien"),
        ("d'aubigne", "Agrippa d’Aubigné"),
        ("aubign", "Agrippa d’Aubigné"),
        ("ferrand-lys", "Ferrand-Lys Logistique"),
        ("lys ferrand", "Ferrand-Lys Logistique"),
        ("ferrand.example", "Ferrand-Lys Logistique"),
        ("jurgen@mueller.example", "Jürgen Müller"),
        ("strasse", "Straße 9 GmbH"),
        ("straße", "Straße 9 GmbH"),
        ("lukasz", "Łukasz Żółć"),
        ("zolc", "Łukasz Żółć"),
        ("gudm", "Björk Guðmundsdóttir"),
        ("guðm", "Björk Guðmundsdóttir"),
        ("山田", "太郎 山田"),
        ("Сергей", "Сергей Иванов"),
        ("AC/DC", "AC/DC Events"),
        # One letter wrong, and nothing holds the words as they are.
        ("muler", "Jürgen Müller"),
        ("logistiqe", "Ferrand-Lys Logistique"),
        ("Ada Admn", "Ada Admin"),
    ],
)
async def test_names_are_found_as_people_type_them(people: Api, text: str, name: str) -> None:
    assert await found(people, text) == [name]


@pytest.fixture
async def people(api: Api) -> Api:
    """Some accounts and contacts with names of many languages."""
    await account(api, "Ferrand-Lys Logistique", website="https://www.ferrand.example")
    await account(api, "Straße 9 GmbH")
    await account(api, "AC/DC Events")
    await person(api, "Jürgen", "Müller", "jurgen@mueller.example")
    await person(api, "Siobhán", "O'Brien")
    await person(api, "Agrippa", "d’Aubigné")
    await person(api, "Łukasz", "Żółć")
    await person(api, "Björk", "Guðmundsdóttir")
    await person(api, "太郎", "山田")
    await person(api, "Сергей", "Иванов")
    return api


async def test_the_very_name_comes_first_then_its_beginning_then_other_words(api: Api) -> None:
    for name in ("Groupe Alpha", "Alphabet Alpha", "Alpha", "Alpha Conseil", "Alphabet"):
        await account(api, name)
    await account(api, "Beta", website="alpha.example")
    assert await found(api, "alpha") == [
        "Alpha",
        "Alpha Conseil",
        "Alphabet",
        "Alphabet Alpha",
        "Groupe Alpha",
        "Beta",
    ]
    assert api.queries == ["search/hits", "accounts/of_ids"]


async def test_deals_and_colleagues_are_found_too(api: Api) -> None:
    owner = await account(api, "Ferrand-Lys")
    asked = {"name": "Suivi temps réel – 6 sites", "accountId": owner}
    await api.write("createOpportunity", asked, "opportunity { id }")
    await a_user(api.graph, "Anna Kerr")
    assert await found(api, "temps reel") == ["Suivi temps réel – 6 sites"]
    assert await found(api, "kerr") == ["Anna Kerr"]


async def test_pages_of_hits_join_without_gap_or_repetition(api: Api) -> None:
    names = [f"Alpha {number}" for number in range(7)]
    for name in names:
        await account(api, name)
    for text in ("alpha", "alpxa"):
        collected: list[str] = []
        after: str | None = None
        while True:
            page = (await api.ask(SEARCH, {"text": text, "first": 3, "after": after}))["search"]
            collected += [edge["node"]["name"] for edge in page["edges"]]
            assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        assert collected == names
        refusal = await api.refusal(SEARCH, {"text": "other", "after": after})
        assert refusal.code == "INVALID"


async def test_what_the_viewer_may_not_see_is_not_found_and_changes_nothing(api: Api) -> None:
    await account(api, "Alpha Visible")
    before = await api.ask(SEARCH, {"text": "alpha"}), await api.ask(SEARCH, {"text": "alphx"})
    hidden = [await account(api, name) for name in ("Alpha", "Alphx", "Alpha Alpha Alpha", "Secret")]
    await api.graph.driver.execute_query(
        "MATCH (account:Account) WHERE account.id IN $ids SET account.readers = ['nobody']", ids=hidden
    )
    assert (await api.ask(SEARCH, {"text": "alpha"}), await api.ask(SEARCH, {"text": "alphx"})) == before
    assert await found(api, "secret") == await found(api, "nothing") == []


async def test_a_search_waits_for_no_index(api: Api) -> None:
    for number in range(5):
        await account(api, f"Fresh {number}")
        assert await found(api, f"fresh {number}") == [f"Fresh {number}"]


async def test_whatever_is_typed_is_no_error_and_never_finds_everything(people: Api) -> None:
    await a_user(people.graph, "Anna Kerr")
    draw = random.Random(20260101)
    syntax = [*list('+-&|!(){}[]^"~*?:\\/ \t\n'), "AND", "OR", "NOT", "TO", "&&", "||", "*:*", "~2", "^9", "[a TO z]"]
    letters = list(string.ascii_letters + string.digits) + list("éüßøłðıİ山田й\u0301\u200b\u202e🙂'’")
    texts = [
        "",
        " ",
        "*",
        "*:*",
        "/.*/",
        "~",
        '"',
        "AND",
        "OR NOT",
        "a*",
        "?",
        "\\",
        "((((",
        "x" * 100_000,
        "a " * 5_000,
    ]
    texts += [
        "name_key:*",
        "search_text:[* TO *]",
        "{!func}",
        "'; MATCH (n) DETACH DELETE n //",
        "%",
        "_",
        "null",
        "NaN",
    ]
    while len(texts) < 1_200:
        pieces = draw.choices(syntax + letters, k=draw.randint(1, 30))
        texts.append("".join(pieces))
    everything = 12
    for text in texts:
        result = await people.execute(
            "query($text: String!) { search(text: $text) { edges { score } } }", {"text": text}
        )
        assert result.errors is None, (text, result.errors)
        assert len(result.data["search"]["edges"]) < everything, text
    assert await people.count("Account") == 3
