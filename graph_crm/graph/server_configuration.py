"""What our own Neo4j is told: its settings, the flags of its Java, and how much memory it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

MEBIBYTE: Final = 1024 * 1024

# Each value was measured; docs/database.md says what each is for.
SETTINGS: Final = {
    "server.default_listen_address": "127.0.0.1",
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "server.bolt.connection_keep_alive": "2s",
    "server.bolt.connection_keep_alive_probes": "2",
    "server.bolt.connection_keep_alive_streaming_scheduling_interval": "1s",
    "db.transaction.timeout": "20s",
    "db.lock.acquisition.timeout": "5s",
    "db.transaction.concurrent.maximum": "100",
    "db.memory.transaction.max": "256m",
    "dbms.memory.transaction.total.max": "512m",
    "dbms.security.auth_enabled": "true",
    "dbms.security.allow_csv_import_from_file_urls": "false",
    "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
    "dbms.usage_report.enabled": "false",
    "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
    "internal.server.bolt.connection_shutdown_wait_time": "1s",
}

JAVA_FLAGS: Final = (
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """How much of the machine the server takes, and what it gives up for speed."""

    heap_megabytes: int
    first_heap_megabytes: int
    page_cache_megabytes: int
    java_flags: tuple[str, ...] = ("-XX:+UseG1GC",)
    settings: dict[str, str] = field(default_factory=dict[str, str])


def production_profile() -> Profile:
    """A quarter of the machine's memory as heap and an eighth as page cache, both within bounds."""
    memory = psutil.virtual_memory().total // MEBIBYTE
    return Profile(
        heap_megabytes=max(512, min(memory // 4, 4096)),
        first_heap_megabytes=256,
        page_cache_megabytes=max(64, min(memory // 8, 2048)),
    )


# Quick compilation has 48 MB for its code unless told otherwise, and the plans of our statements need more.
COMPILED_QUICKLY: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=128m")

# Without preallocated logs a full disk can make the store unstartable: never outside tests. The heap holds one
# transaction at its memory limit and the server besides.
TEST_PROFILE: Final = Profile(
    heap_megabytes=768,
    first_heap_megabytes=256,
    page_cache_megabytes=16,
    java_flags=COMPILED_QUICKLY,
    # The database is emptied and filled all the time: without it, statements would be planned anew all the time.
    settings={"db.tx_log.preallocate": "false", "dbms.cypher.min_replan_interval": "1h"},
)

# A demo is started often, is small, and should show something soon: compiled quickly, not thoroughly.
DEMO_PROFILE: Final = Profile(
    heap_megabytes=512,
    first_heap_megabytes=512,
    page_cache_megabytes=64,
    java_flags=COMPILED_QUICKLY,
)


def configuration(profile: Profile, *, port: int, logs: Path) -> str:
    """The text of neo4j.conf."""
    lines = {
        **SETTINGS,
        **profile.settings,
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.directories.logs": logs.as_posix(),
        "server.memory.pagecache.size": f"{profile.page_cache_megabytes}m",
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def java_arguments(profile: Profile, class_path: list[Path]) -> str:
    """A Java argument file: flags and class path, which together would be too long a command line to read."""
    flags = [
        f"-Xms{profile.first_heap_megabytes}m",
        f"-Xmx{profile.heap_megabytes}m",
        *profile.java_flags,
        *JAVA_FLAGS,
        "-cp",
        ":".join(str(file) for file in class_path),
    ]
    return "".join(f"{_quoted(flag)}\n" for flag in flags)


def _quoted(flag: str) -> str:
    escaped = flag.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
