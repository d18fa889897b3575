"""Whatever is sent, the service stays up and never calls the sender's fault its own."""

from __future__ import annotations

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.edge.small_service import Api

PIECES = some.sampled_from(
    [
        *"{}()[]:$!=@|&.,\"'#\\",
        *("...", '"""', "query", "mutation", "fragment", "on", "Query", "number", "deal", "name", "value", "dealBy"),
        *("by", "id", "null", "true", "1", "-1", "1e400", "9" * 50, '"x"', "@include", "(if: true)", "__typename"),
        *("__schema", "$n", "Int", "$n: Int = 1", "{ number }", "\n", "\u202e", "\x00", "é", "😀", "\ufeff"),
    ]
)
ANY_JSON = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**63), 2**64 - 1)
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
PATIENT = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@PATIENT
@given(body=some.binary(max_size=400))
def test_any_bytes(api: Api, body: bytes) -> None:
    assert 400 <= api.send(body).status_code < 500


@PATIENT
@given(body=ANY_JSON)
def test_any_json(api: Api, body: object) -> None:
    assert 400 <= api.send(orjson.dumps(body)).status_code < 500


@PATIENT
@given(pieces=some.lists(PIECES, max_size=60), variables=some.dictionaries(some.sampled_from(["n", "by"]), ANY_JSON))
def test_any_document_with_any_variables(api: Api, pieces: list[str], variables: dict[str, object]) -> None:
    for query in (" ".join(pieces), "{ " + " ".join(pieces) + " }"):
        response = api.client.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code in {200, 400}
        codes = {error["extensions"]["code"] for error in response.json().get("errors", [])}
        assert codes <= {"INVALID", "LIMIT", "NOT_FOUND"}


@PATIENT
@given(variables=some.fixed_dictionaries({"n": ANY_JSON, "by": ANY_JSON}))
def test_any_value_of_a_variable(api: Api, variables: dict[str, object]) -> None:
    query = "query ($n: Int, $by: By!) { number(value: $n) dealBy(by: $by) }"
    response = api.client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 200
    assert {error["extensions"]["code"] for error in response.json().get("errors", [])} <= {"INVALID"}


@PATIENT
@given(
    accept=some.text("abcjson/*;q=0.,+ graphl-response", max_size=60),
    language=some.text("frendeFREN-;q=01.,* ", max_size=40),
    key=some.text("gcrm_Bearer 019af", max_size=90),
)
def test_any_header(api: Api, accept: str, language: str, key: str) -> None:
    sent = {"accept": accept, "accept-language": language, "authorization": key, "x-request-id": key}
    headers = {name: value.strip() for name, value in sent.items()}
    assert api.ask("{ number }", headers).status_code in {200, 406}
