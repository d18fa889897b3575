"""Java's class data archive: a start with it takes about half the time. It is only a copy, and may be missing."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from graph_crm.graph.java import Java


@dataclass(frozen=True, slots=True)
class ClassArchive:
    """What one Java remembers of one set of jars: its own classes below, the database's on top."""

    java: Java
    below: Path
    top: Path

    @classmethod
    def of(cls, java: Java, class_path: list[Path], cache: Path) -> ClassArchive:
        # Java refuses an archive of another build or other paths; a name for each keeps them apart.
        described = "\n".join([str(java.executable.resolve()), java.build, *(str(file) for file in class_path)])
        name = hashlib.sha256(described.encode()).hexdigest()[:16]
        folder = cache / "archives"
        return cls(java, below=folder / f"{name}-java.jsa", top=folder / f"{name}-neo4j.jsa")

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags that use it, none while it is missing. A damaged one is ignored by Java itself."""
        if not (self.below.is_file() and self.top.is_file()):
            return ()
        return (f"-XX:SharedArchiveFile={self.below}:{self.top}", "-Xshare:auto")

    @property
    def part(self) -> Path:
        return self.top.with_name(self.top.name + ".part")

    @property
    def recording_flags(self) -> tuple[str, ...]:
        """The flags of a server that writes the archive at its end."""
        return (f"-XX:SharedArchiveFile={self.below}", f"-XX:ArchiveClassesAtExit={self.part}")

    def dump_below(self) -> bool:
        """Write the archive of Java's own classes, which some Javas come without."""
        self.below.parent.mkdir(parents=True, exist_ok=True)
        answer = subprocess.run(  # noqa: S603  # Java and a file of our cache.
            [self.java.executable, "-Xshare:dump", f"-XX:SharedArchiveFile={self.below}"],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return answer.returncode == 0

    def adopt(self) -> bool:
        """Take over what a server has written at its end."""
        if not self.part.is_file():
            return False
        self.part.replace(self.top)
        return True
