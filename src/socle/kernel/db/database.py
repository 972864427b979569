"""The installation's database: who may read, who may write, and on which thread."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from socle.kernel.db.dialect import DIALECTS, Dialect, Engine
from socle.kernel.db.session import Row, Session, Unit
from socle.kernel.settings import settings

T = TypeVar("T")


class Backend(Protocol):
    """What an engine brings; `Database` adds the threads."""

    def reading(self) -> AbstractContextManager[Session]: ...

    def snapshot(self) -> AbstractContextManager[Session]: ...

    def unit(self, *, durable: bool) -> AbstractContextManager[Unit]: ...

    async def run(self, act: Callable[[Any], T]) -> T: ...

    def exclusive(self, name: str) -> AbstractContextManager[None]: ...

    async def fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[Row]: ...

    def pools(self) -> dict[tuple[str, ...], float]: ...

    async def open(self) -> None: ...

    async def aclose(self) -> None: ...

    def close(self) -> None: ...


class Database:
    """One database. `reading()` and `unit()` serve synchronous code on the calling thread; `fetch` and `run` serve
    the event loop: `fetch` reads, `run` executes an act on one of a bounded set of writer threads."""

    def __init__(self, url: str, *, readers: int = 4, writers: int = 2) -> None:
        self.url = url
        self.engine: Engine = "sqlite" if url.startswith("sqlite:") else "postgresql"
        self.dialect: Dialect = DIALECTS[self.engine]
        self._backend = _backend(url, readers, writers)

    def reading(self) -> AbstractContextManager[Session]:
        return self._backend.reading()

    def snapshot(self) -> AbstractContextManager[Session]:
        """Reading one state of the database, however long it takes and whatever is committed meanwhile: for checks and
        copies of the whole."""
        return self._backend.snapshot()

    def unit(self, *, durable: bool = True) -> AbstractContextManager[Unit]:
        """One write transaction. Without `durable` a power failure may take its commit with all that came after it,
        never in part: for work that counts only once a durable commit follows it."""
        return self._backend.unit(durable=durable)

    def analyse(self, tables: list[str]) -> None:
        """Tell the planner what the tables hold now, after many rows came. SQLite is told by the statements
        themselves, which leave it no choice."""
        if self.engine == "postgresql":
            with self.unit() as unit:
                unit.execute(f"ANALYZE {', '.join(tables)}")

    def exclusive(self, name: str) -> AbstractContextManager[None]:
        """Hold a piece of work named `name` for this process alone; SocleError(WORK_BUSY) when another has it.

        It is released when the process dies, however it dies: who gets it next may undo what was left half done.
        """
        return self._backend.exclusive(name)

    async def fetch(self, sql: str, *parameters: Any) -> list[Row]:
        return await self._backend.fetch(sql, parameters)

    async def run(self, act: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run `act(unit, …)` in one unit on a writer thread; it is durable when this returns. On SQLite acts that wait
        together are committed together."""
        return await self._backend.run(lambda unit: act(unit, *arguments, **named))

    def pools(self) -> dict[tuple[str, ...], float]:
        """Connections by (pool, state), state one of `size`, `idle` and `waited`: callers that wait for one. Empty on
        SQLite, which has no pool."""
        return self._backend.pools()

    async def open(self) -> None:
        """Open what belongs to the running event loop; called once by the server."""
        await self._backend.open()

    async def aclose(self) -> None:
        await self._backend.aclose()

    def close(self) -> None:
        self._backend.close()


def _backend(url: str, readers: int, writers: int) -> Backend:
    if url.startswith("sqlite:///"):
        from socle.kernel.db.sqlite import SqliteBackend

        return SqliteBackend(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from socle.kernel.db.postgresql import PostgresqlBackend

        return PostgresqlBackend(url, readers, writers)
    raise ValueError(f"SOCLE_DATABASE: got {url!r}; expected postgresql://user@host/base or sqlite:///path")


_open: list[Database] = []


def open_database(url: str | None = None) -> Database:
    """Open the process's database (the settings' one by default) and make it the one `database()` returns."""
    chosen = settings()
    opened = Database(
        url or chosen.database_url, readers=chosen.reader_connections, writers=chosen.writer_connections
    )
    _open.append(opened)
    return opened


def database() -> Database:
    """The process's database, opened at first use."""
    return _open[-1] if _open else open_database()


def close_database() -> None:
    while _open:
        _open.pop().close()
