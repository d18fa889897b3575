"""Services for the tests of the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx2
import pytest
from starlette.types import ASGIApp

from graph_crm.edge.graphql_endpoint import EndpointOptions
from tests.edge.small_service import Api, app_of, served

Serve = Callable[[ASGIApp], Api]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(app: ASGIApp) -> Api:
            url = stack.enter_context(served(app))
            return Api(url, stack.enter_context(httpx2.Client(base_url=url, timeout=10)))

        yield start


@pytest.fixture(scope="module")
def api(serve: Serve) -> Api:
    return serve(app_of(EndpointOptions()))
