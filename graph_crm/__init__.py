"""A relationship graph for business-to-business sales, on Neo4j, behind one GraphQL API."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("graph-crm")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0.1.0"
