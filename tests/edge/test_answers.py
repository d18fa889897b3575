from __future__ import annotations

import re
from typing import Any

import pytest

GRAPHQL = {"accept": "application/graphql-response+json"}


def error_of(response: Any) -> dict[str, Any]:
    (error,) = response.json()["errors"]
    return error


def test_a_question_is_answered_in_plain_json_unless_the_caller_prefers_the_graphql_type(api) -> None:
    plain = api.ask("{ deal { name amount } number }")
    assert plain.status_code == 200
    assert plain.headers["content-type"] == "application/json; charset=utf-8"
    assert plain.json() == {"data": {"deal": {"name": "Pilot", "amount": 7}, "number": 1}}

    for accept in (
        "application/graphql-response+json",
        "application/graphql-response+json, application/json;q=0.9",
        "application/json, application/graphql-response+json",
        "application/json;q=0.5, application/graphql-response+json",
    ):
        typed = api.ask("{ number }", {"accept": accept})
        assert typed.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    for accept in ("*/*", "application/*", "text/html, */*;q=0.1", "application/json"):
        assert api.ask("{ number }", {"accept": accept}).headers["content-type"].startswith("application/json")


def test_a_caller_who_accepts_no_json_is_told_what_there_is(api) -> None:
    response = api.ask("{ number }", {"accept": "text/html"})
    assert response.status_code == 406
    assert "application/json" in error_of(response)["message"]


def test_a_refusal_keeps_its_code_its_field_and_its_candidates(api) -> None:
    response = api.ask('{ deal(name: "missing") { name } }')
    assert response.status_code == 200
    assert response.json() == {
        "data": {"deal": None},
        "errors": [
            {
                "locations": [{"line": 1, "column": 3}],
                "path": ["deal"],
                "message": "There is no such deal.",
                "extensions": {"code": "NOT_FOUND", "field": ["name"], "candidates": ["a", "b"]},
            }
        ],
    }


def test_a_refusal_is_read_in_the_callers_language(api) -> None:
    long = "{ number } " + " " * 15_000
    french = error_of(api.ask(long, {"accept-language": "de, fr;q=0.8, en;q=0.5"}))
    assert french["message"].startswith("La requête compte")
    english = error_of(api.ask(long, {"accept-language": "de, fr;q=0"}))
    assert english["message"].startswith("The query is 15,0")


def test_what_nobody_foresaw_is_masked_under_the_id_of_the_request(api) -> None:
    response = api.ask('{ deal(name: "secret") { name } number }', {"x-request-id": "seen-in-my-client"})
    assert response.status_code == 200
    assert response.json()["data"] == {"deal": None, "number": 1}
    error = error_of(response)
    assert error["extensions"] == {"code": "INTERNAL", "id": "seen-in-my-client"}
    assert "seen-in-my-client" in error["message"]
    assert "hunter2" not in response.text
    assert "MATCH" not in response.text
    assert response.headers["x-request-id"] == "seen-in-my-client"


def test_an_answer_that_json_cannot_hold_is_masked_too(api) -> None:
    response = api.ask("{ brokenText }")
    assert response.status_code == 500
    assert error_of(response)["extensions"]["code"] == "INTERNAL"


def test_when_the_database_is_away_the_answer_says_when_to_come_back(api) -> None:
    response = api.ask('{ deal(name: "down") { name } }')
    assert response.status_code == 503
    assert response.headers["retry-after"] == "2"
    assert error_of(response)["extensions"]["code"] == "UNAVAILABLE"
    partly = api.ask('{ deal(name: "down") { name } number }')
    assert partly.status_code == 200


@pytest.mark.parametrize("query", ["{ nope }", "{", "query($n: Int!) { number(value: $n) }"])
def test_faults_of_a_document_have_their_status_and_no_data(api, query: str) -> None:
    typed = api.ask(query, GRAPHQL)
    assert typed.status_code == 400
    assert "data" not in typed.json()
    assert error_of(typed)["extensions"]["code"] == "INVALID"
    plain = api.ask(query)
    assert plain.status_code == 200
    assert "data" not in plain.json()


def test_at_most_five_errors_of_a_document_are_listed(api) -> None:
    response = api.ask("{ " + " ".join(f"unknown{index}" for index in range(9)) + " }", GRAPHQL)
    assert len(response.json()["errors"]) == 5


def test_at_most_five_errors_of_the_variables_are_listed(api) -> None:
    names = [f"n{index}" for index in range(9)]
    declared = ", ".join(f"${name}: Int!" for name in names)
    used = " ".join(f"{name}: number(value: ${name})" for name in names)
    response = api.ask(f"query ({declared}) {{ {used} }}", GRAPHQL, **dict.fromkeys(names, "x"))
    assert response.status_code == 400
    assert len(response.json()["errors"]) == 5


def test_a_request_without_an_id_gets_one(api) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", api.ask("{ number }").headers["x-request-id"])
    broken = api.ask("{ number }", {"x-request-id": "two words\tand a tab"})
    assert re.fullmatch(r"[0-9a-f]{32}", broken.headers["x-request-id"])
