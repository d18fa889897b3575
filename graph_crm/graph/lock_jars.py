"""Maintenance: write the locked list of one Neo4j version.

`python -m graph_crm.graph.lock_jars 5.26.30` asks the public repository which jars that version is made of,
takes their SHA-256, and writes `jar_locks/neo4j-5.26.30.lock` beside this file.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import jgo

HEAD: Final = """\
# The jars of Neo4j {version}, in the order of the class path: SHA-256, size in bytes, path in the repository.
# Written by `python -m graph_crm.graph.lock_jars {version}`.
java {java}
main-class {main_class}
"""


def lock(version: str) -> str:
    environment = jgo.build(f"org.neo4j:neo4j:{version}")
    described = tomllib.loads(environment.lock_path.read_text("utf-8"))["dependencies"]
    by_name = {_name(entry): entry for entry in described}
    long_term = version.startswith("5.")
    lines = [
        HEAD.format(
            version=version,
            java="17 21" if long_term else "21",
            main_class="org.neo4j.server." + ("CommunityEntryPoint" if long_term else "Neo4jCommunity"),
        )
    ]
    for file in environment.all_jars:
        entry = by_name.pop(file.name)
        folder = "/".join([*entry["groupId"].split("."), entry["artifactId"], entry["version"]])
        lines.append(f"{entry['sha256']} {file.stat().st_size} {folder}/{file.name}\n")
    if by_name:
        message = f"described but not found: {sorted(by_name)}"
        raise RuntimeError(message)
    return "".join(lines)


def _name(entry: dict[str, Any]) -> str:
    classifier = f"-{entry['classifier']}" if entry.get("classifier") else ""
    return f"{entry['artifactId']}-{entry['version']}{classifier}.jar"


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        file = Path(__file__).parent / "jar_locks" / f"neo4j-{wanted}.lock"
        file.write_text(lock(wanted), "utf-8")
        sys.stdout.write(f"{file}\n")
