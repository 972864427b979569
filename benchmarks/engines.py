"""Fresh databases on each engine, with the guarantees of production: what is committed survives a power cut."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.processes import family_cpu_seconds
from benchmarks.settings import POSTGRESQL
from tests.support import postgres


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder and the address of an empty database."""

    home: Path
    url: str


class Engine(Protocol):
    name: str
    version: str
    settings: tuple[str, ...]

    def database(self, name: str) -> AbstractContextManager[Place]:
        """A fresh database, destroyed at the end of the block."""
        ...

    def cpu_seconds(self) -> float:
        """Processor time that the database's own processes have used; 0 where it lives in the server's process."""
        ...


class Sqlite:
    name = "sqlite"
    version = sqlite3.sqlite_version
    settings: tuple[str, ...] = ("journal_mode=WAL", "synchronous=FULL")

    @contextmanager
    def database(self, name: str) -> Iterator[Place]:
        with tempfile.TemporaryDirectory(prefix=f"socle-bench-{name}-") as folder:
            yield Place(Path(folder), f"sqlite:///{folder}/socle.sqlite3")

    def cpu_seconds(self) -> float:
        return 0.0


class Postgresql:
    name = "postgresql"
    settings: tuple[str, ...] = ("fsync=on", "synchronous_commit=on", *POSTGRESQL)

    def __init__(self, server: postgres.Server) -> None:
        self._server = server
        self._postmaster = int((server.folder / "data/postmaster.pid").read_text().split()[0])
        self.version = server.version()

    @contextmanager
    def database(self, name: str) -> Iterator[Place]:
        with tempfile.TemporaryDirectory(prefix=f"socle-bench-{name}-") as folder:
            try:
                yield Place(Path(folder), self._server.create(name))
            finally:
                self._server.drop(name)

    def cpu_seconds(self) -> float:
        return family_cpu_seconds(self._postmaster)


@contextmanager
def engine(name: str) -> Iterator[Engine]:
    """Raises PostgresqlUnavailable when there is no PostgreSQL to start."""
    if name == "sqlite":
        yield Sqlite()
        return
    with postgres.running(durable=True, settings=POSTGRESQL) as server:
        yield Postgresql(server)


NAMES = ("sqlite", "postgresql")
