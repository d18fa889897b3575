"""The two containers: the compose file, the Dockerfile, and the settings their Neo4j is told."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any

import jsonschema
import yaml

from graph_crm.graph.server_configuration import SETTINGS
from graph_crm.settings import Settings
from tests.contract.source import ROOT

BOLT = "7687"

DECIDED_BY_THE_IMAGE = {
    "server.default_listen_address": "the container listens to its own network; no port of it is published",
    "dbms.security.auth_enabled": "NEO4J_AUTH gives a password, so it is on",
    "internal.server.bolt.thread_pool_shutdown_wait_time": "compose waits a minute for the end",
    "internal.server.bolt.connection_shutdown_wait_time": "compose waits a minute for the end",
}
MEMORY = {"server.memory.heap.initial_size", "server.memory.heap.max_size", "server.memory.pagecache.size"}


@cache
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))


def specification() -> dict[str, Any]:
    """The published schema of the compose specification, as check-jsonschema carries it."""
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    return json.loads((folder / "compose-spec.json").read_text("utf-8"))


def problems(document: Any) -> list[str]:
    validator = jsonschema.validators.validator_for(specification())(specification())
    return [error.json_path for error in validator.iter_errors(document)]


def setting_of(variable: str) -> str | None:
    """The Neo4j setting a variable of its image stands for: `_` is a dot, `__` an underscore."""
    name = variable.removeprefix("NEO4J_")
    if name == variable or name == "AUTH":
        return None
    return name.replace("__", "\0").replace("_", ".").replace("\0", "_")


def test_the_compose_file_is_one() -> None:
    assert problems(compose()) == []


def test_the_schema_refuses_what_is_no_compose_file() -> None:
    assert problems({"services": {"neo4j": {"imge": "neo4j"}}}) == ["$.services.neo4j"]


def test_the_database_is_reached_by_the_service_alone() -> None:
    services = compose()["services"]
    assert "ports" not in services["neo4j"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert [port for port in published if BOLT in port] == []
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert services["neo4j"]["networks"] == services["service"]["networks"] == ["graph"]


def test_nothing_starts_without_a_password() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    uses = re.findall(r"\$\{GRAPH_CRM_NEO4J_PASSWORD(.)(.)", text)
    assert len(uses) == 2
    assert set(uses) == {(":", "?")}


def test_each_service_is_bounded_and_watched() -> None:
    for name, service in compose()["services"].items():
        assert {"mem_limit", "pids_limit", "restart", "stop_grace_period"} <= set(service), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service, name
    assert "healthcheck" in compose()["services"]["neo4j"]
    assert compose()["services"]["service"]["depends_on"]["neo4j"]["condition"] == "service_healthy"


def test_data_lies_in_named_volumes() -> None:
    for service in compose()["services"].values():
        named = {volume.split(":")[0] for volume in service["volumes"]}
        assert named <= set(compose()["volumes"])


def test_images_have_a_version() -> None:
    images = [service["image"] for service in compose()["services"].values()]
    images += re.findall(r"^FROM (\S+)", dockerfile(), re.MULTILINE)
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_the_neo4j_in_the_container_is_told_what_the_local_one_is_told() -> None:
    told = compose()["services"]["neo4j"]["environment"]
    given = {name: str(value) for variable, value in told.items() if (name := setting_of(variable)) is not None}
    wanted = {name: value for name, value in SETTINGS.items() if name not in DECIDED_BY_THE_IMAGE}
    assert {name: value for name, value in given.items() if name not in MEMORY} == wanted
    assert set(given) >= MEMORY


def test_a_variable_of_the_image_is_read_as_its_setting() -> None:
    assert setting_of("NEO4J_db_lock_acquisition_timeout") == "db.lock.acquisition.timeout"
    assert setting_of("NEO4J_server_memory_heap_max__size") == "server.memory.heap.max_size"
    assert setting_of("NEO4J_AUTH") is None


def test_the_service_is_told_settings_that_exist() -> None:
    told = set(compose()["services"]["service"]["environment"]) | set(re.findall(r"\b(GRAPH_CRM_\w+)=", dockerfile()))
    assert told <= {f"GRAPH_CRM_{name}".upper() for name in Settings.model_fields}


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text("utf-8")


def stages() -> list[list[str]]:
    """The instructions of each stage, continued lines joined, comments left out."""
    joined = re.sub(r"\\\n", " ", dockerfile())
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    found: list[list[str]] = []
    for line in lines:
        if line.startswith("FROM "):
            found.append([])
        found[-1].append(line)
    return found


def words(stage: list[str], instruction: str) -> list[str]:
    return [line.removeprefix(instruction).strip() for line in stage if line.startswith(instruction + " ")]


def test_the_image_is_made_in_two_stages_from_the_wheel_and_the_lock() -> None:
    build, final = stages()
    made = " ".join(words(build, "RUN"))
    assert "--require-hashes -r requirements.lock" in made
    assert "pip wheel" in made
    assert "/wheels/graph_crm-*.whl" in made
    assert all(copied.startswith("--from=build ") for copied in words(final, "COPY"))


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    _, final = stages()
    user = words(final, "USER")
    assert user == ["graph_crm"]
    assert final.index("USER graph_crm") < final.index('ENTRYPOINT ["graph-crm"]')
    assert "/health/ready" in " ".join(words(final, "HEALTHCHECK"))


def test_the_image_holds_no_secret_and_nothing_but_what_it_needs() -> None:
    assert re.findall(r"(?i)\b\w*(?:password|secret|token|api_key)\w*\s*=", dockerfile()) == []
    assert [copied for stage in stages() for copied in words(stage, "COPY") if copied.startswith(". ")] == []
    assert all((ROOT / name).exists() for name in copied_names())
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv", ".env"} <= set(ignored)
    assert set(ignored).isdisjoint(copied_names())


def copied_names() -> set[str]:
    build, _ = stages()
    return {name for copied in words(build, "COPY") for name in copied.split()[:-1]}
