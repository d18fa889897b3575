"""What one request carries: the graph, who is asking, and the loaders that join questions of one kind.

Each edge between two slices is one loader around a *service* function of the slice it leads to, so that a list
of fifty accounts asks for all their contacts in one statement.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from graph_crm.graph.client import Graph
from graph_crm.language import Language
from graph_crm.settings import Settings
from graph_crm.viewer import Viewer

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


def one_each(load: Callable[[list[str]], Awaitable[Mapping[str, Found]]]) -> DataLoader[str, Found | None]:
    """A loader of at most one thing for each id; an id without an answer gets None."""

    async def batch(ids: list[str]) -> Sequence[Found | None]:
        found = await load(list(ids))
        return [found.get(key) for key in ids]

    return DataLoader(load_fn=batch)


def many_each(load: Callable[[list[str]], Awaitable[Mapping[str, list[Found]]]]) -> DataLoader[str, list[Found]]:
    """A loader of any number of things for each id."""

    async def batch(ids: list[str]) -> Sequence[list[Found]]:
        found = await load(list(ids))
        return [found.get(key, []) for key in ids]

    return DataLoader(load_fn=batch)


class Context:
    """The graph, the viewer and the loaders of one request."""

    def __init__(self, graph: Graph, viewer: Viewer, settings: Settings, language: Language | None = None) -> None:
        self.graph = graph
        self.viewer = viewer
        self.settings = settings
        self.language = language or viewer.language
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def kept(self, key: Hashable, make: Callable[[], DataLoader[Any, Any]]) -> DataLoader[Any, Any]:
        """The loader under that key, made on its first use: arguments such as `asOf` are part of the key."""
        found = self._loaders.get(key)
        if found is None:
            found = self._loaders[key] = make()
        return found
