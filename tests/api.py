"""The GraphQL API as tests ask it: the real schema on a real database, and the statements an answer took."""

from __future__ import annotations

from typing import Any

from graph_crm.context import Context
from graph_crm.errors import Refusal
from graph_crm.graph.client import Graph, patience
from graph_crm.graph.identity import new_id
from graph_crm.graph.query import Query
from graph_crm.language import Language
from graph_crm.schema import schema
from graph_crm.settings import Settings
from graph_crm.viewer import PERMISSIONS, Role, Viewer, groups_of

PLANNING_SECONDS = 60.0


class RecordingGraph(Graph):
    """The real client, which also notes the name of each question that is read."""

    queries: list[str]

    async def read(self, query: Query[Any], **parameters: Any) -> list[Any]:
        self.__dict__.setdefault("queries", []).append(query.name)
        # The first run of a statement includes planning it, on a server that is cold and shares its cores.
        with patience(PLANNING_SECONDS):
            return await super().read(query, **parameters)


class Api:
    """Asks GraphQL questions and keeps the names of the statements of the last answer."""

    def __init__(self, graph: RecordingGraph, viewer: Viewer) -> None:
        self.graph = graph
        self.viewer = viewer
        self.settings = Settings(home="unused", default_currency="EUR")
        self.queries: list[str] = []

    async def execute(
        self, document: str, variables: dict[str, Any] | None = None, *, viewer: Viewer | None = None
    ) -> Any:
        """The whole result, errors included."""
        self.graph.queries = []
        context = Context(self.graph, viewer or self.viewer, self.settings)
        result = await schema.execute(document, variable_values=variables, context_value=context)
        self.queries = list(self.graph.queries)
        return result

    async def ask(
        self, document: str, variables: dict[str, Any] | None = None, *, viewer: Viewer | None = None
    ) -> dict[str, Any]:
        """The data of an answer that must have no errors."""
        result = await self.execute(document, variables, viewer=viewer)
        assert result.errors is None, [error.original_error or error for error in result.errors]
        assert result.data is not None
        return result.data

    async def refusal(
        self, document: str, variables: dict[str, Any] | None = None, *, viewer: Viewer | None = None
    ) -> Refusal:
        """The refusal of a question that must be refused."""
        result = await self.execute(document, variables, viewer=viewer)
        assert result.errors is not None
        original = result.errors[0].original_error
        assert isinstance(original, Refusal), result.errors
        return original

    async def write(
        self, mutation: str, input: dict[str, Any], selection: str, *, viewer: Viewer | None = None
    ) -> dict[str, Any]:
        """The payload of a mutation that must succeed; `selection` is what to read of it."""
        payload = await self.attempt(mutation, input, selection, viewer=viewer)
        assert payload["userErrors"] == [], payload["userErrors"]
        return payload

    async def attempt(
        self,
        mutation: str,
        input: dict[str, Any],
        selection: str = "clientMutationId",
        *,
        viewer: Viewer | None = None,
    ) -> dict[str, Any]:
        """The payload of a mutation, refused or not."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        document = (
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) "
            f"{{ {selection} userErrors {{ code message field }} }} }}"
        )
        return (await self.ask(document, {"input": input}, viewer=viewer))[mutation]

    async def count(self, label: str) -> int:
        """How many nodes of a label the database holds, behind the service's back."""
        records, _, _ = await self.graph.driver.execute_query(f"MATCH (node:`{label}`) RETURN count(node) AS count")
        return records[0]["count"]


async def a_user(graph: Graph, name: str, role: Role = Role.SELLER, *, language: Language = Language.EN) -> Viewer:
    """One of ours, made behind the service's back, as the viewer that this user is."""
    user_id = new_id()
    await graph.driver.execute_query(
        """CREATE (:Record:Person:User {
          id: $id, name: $name, display_name: $name, name_key: toLower($name), email: $email, role: $role,
          active: true, language: $language, do_not_contact: false, opted_out: false, degree: 0, version: 1,
          created_at: datetime(), updated_at: datetime(), source: 'test',
          search_text: $name, search_folded: toLower($name)})""",
        id=user_id,
        name=name,
        email=f"{name.lower().replace(' ', '.')}@ours.example",
        role=role.value,
        language=language.value,
    )
    return Viewer(
        user_id=user_id,
        name=name,
        role=role,
        permissions=PERMISSIONS[role],
        groups=groups_of(user_id, role, [], []),
        language=language,
    )


async def an_administrator(graph: Graph) -> Viewer:
    return await a_user(graph, "Ada Admin", Role.ADMINISTRATOR)
