"""The public audits of GraphQL over HTTP."""

from __future__ import annotations

import json
import subprocess

from graph_crm.edge.graphql_endpoint import EndpointOptions
from tests.edge.small_service import app_of
from tests.node_packages import NODE, PACKAGES, node_modules


def test_all_audits_of_graphql_over_http_pass(serve) -> None:
    api = serve(app_of(EndpointOptions(queries_by_get=True)))
    run = subprocess.run(
        [NODE, PACKAGES / "audits.mjs", node_modules(), f"{api.url}/graphql"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    outcomes = json.loads(run.stdout)
    assert [outcome for outcome in outcomes if outcome["status"] != "ok"] == []
    assert len(outcomes) == 61
