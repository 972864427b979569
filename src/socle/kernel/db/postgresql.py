"""PostgreSQL through psycopg 3: two small pools for synchronous code, a few kept connections for the event loop.

Reading connections are told to keep to nested loops over indexes and to plan each statement once: searches are
written as a chosen driving set with probes, and a plan that changes with the statistics is the field's best-known
cause of a search that suddenly takes a minute.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from select import POLLIN, poll
from typing import Any, TypeVar

import psycopg
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import ConnectionPool

from socle.kernel.db.dialect import DIALECTS
from socle.kernel.db.farewell import Writer
from socle.kernel.db.session import PostgresqlSession, PostgresqlUnit, Row
from socle.kernel.errors import WORK_BUSY, SocleError
from socle.kernel.settings import settings

T = TypeVar("T")
C = TypeVar("C", bound="psycopg.Connection[Any]")
_READ_OPTIONS = (
    "-c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan -c jit=off "
    + " ".join(f"-c enable_{plan}=off" for plan in ("hashjoin", "mergejoin", "seqscan"))
)
_WAIT_SECONDS = 30.0
# What the server says to a session that it ends itself.
_ENDED = (
    psycopg.errors.AdminShutdown,
    psycopg.errors.CrashShutdown,
    psycopg.errors.IdleSessionTimeout,
)
_POOL_FIGURES = {"size": "pool_size", "idle": "pool_available", "waited": "requests_waiting"}
_NATIVE = DIALECTS["postgresql"].native


class PostgresqlBackend:
    def __init__(self, url: str, readers: int, writers: int) -> None:
        self._url = url
        reading = {"options": _READ_OPTIONS, "autocommit": True}
        self._readers = _pool(url, readers, reading, psycopg.Connection[Any])
        self._writers = _pool(url, writers, {"options": "-c jit=off"}, Writer)
        self._loop_connections = _LoopConnections(url, readers)
        self._acts = ThreadPoolExecutor(writers, thread_name_prefix="writer")

    @contextmanager
    def reading(self) -> Iterator[PostgresqlSession]:
        self._readers.open()
        with self._readers.connection() as connection:
            yield PostgresqlSession(connection)

    @contextmanager
    def snapshot(self) -> Iterator[PostgresqlSession]:
        # Long reading is measured by the row: binary results cost half of what texts do.
        with psycopg.connect(
            self._url,
            autocommit=True,
            options=_READ_OPTIONS,
            prepare_threshold=0,
            cursor_factory=psycopg.RawCursor,
        ) as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield PostgresqlSession(connection, binary=True)

    @contextmanager
    def unit(self, *, durable: bool) -> Iterator[PostgresqlUnit]:
        self._writers.open()
        with self._writers.connection() as connection:
            if not durable:
                connection.execute("SET LOCAL synchronous_commit = off")
            unit = PostgresqlUnit(connection)
            yield unit
            unit.close_attached()

    async def run(self, act: Callable[[PostgresqlUnit], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._acts, self._in_unit, act)

    def _in_unit(self, act: Callable[[PostgresqlUnit], T]) -> T:
        with self.unit(durable=True) as unit:
            return act(unit)

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        key = int.from_bytes(sha256(f"socle:{name}".encode()).digest()[:8], "big", signed=True)
        with psycopg.connect(self._url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
            if not (row and row[0]):
                raise SocleError(WORK_BUSY, name=name, holder="PostgreSQL")
            try:
                yield
            finally:
                # The server ends a closed connection when it gets to it; who comes next must not wait for that.
                connection.execute("SELECT pg_advisory_unlock(%s)", (key,))

    async def fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        return await self._loop_connections.fetch(_NATIVE(sql), parameters)

    def pools(self) -> dict[tuple[str, ...], float]:
        told = {
            (name, state): float(pool.get_stats().get(key, 0))
            for name, pool in (("readers", self._readers), ("writers", self._writers))
            for state, key in _POOL_FIGURES.items()
        }
        return told | self._loop_connections.figures()

    async def open(self) -> None:
        await self._loop_connections.open()

    async def aclose(self) -> None:
        await self._loop_connections.aclose()

    def close(self) -> None:
        self._acts.shutdown(wait=True)
        self._readers.close()
        self._writers.close()


class _LoopConnections:
    """Connections of one event loop, the last used first. A kept one that turns out dead (a server that was started
    again, a firewall) is replaced and what was read with it is asked once more: reading twice does no harm.

    A general pool costs as much as the query it serves; readers in autocommit have nothing to be reset.
    """

    def __init__(self, url: str, size: int) -> None:
        self._url, self._size = url, size
        self._idle: list[psycopg.AsyncConnection[Any] | None] = []
        self._room = asyncio.Semaphore(size)

    async def open(self) -> None:
        self._idle = [await self._connect(), *([None] * (self._size - 1))]

    async def _connect(self) -> "psycopg.AsyncConnection[Any]":
        connection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            prepare_threshold=0,
            options=f"{_READ_OPTIONS} -c statement_timeout={int(settings().request_seconds * 1000)}",
        )
        connection.prepared_max = 1_000
        # One statement is then prepared once, whatever the size of the numbers that it is given.
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        return connection

    async def fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        async with self._room:
            connection = self._idle.pop() if self._idle else None
            try:
                if connection is not None:
                    try:
                        return await _rows(connection, sql, parameters)
                    except psycopg.OperationalError as failure:
                        if not (connection.broken or isinstance(failure, _ENDED)):
                            raise
                        await connection.close()
                        connection = None
                connection = await self._connect()
                return await _rows(connection, sql, parameters)
            finally:
                usable = connection is not None and not connection.closed and not connection.broken
                self._idle.append(connection if usable else None)

    def figures(self) -> dict[tuple[str, ...], float]:
        idle = len(self._idle)
        return {("loop", "size"): float(self._size), ("loop", "idle"): float(idle)}

    async def aclose(self) -> None:
        for connection in self._idle:
            if connection is not None:
                await connection.close()
        self._idle = []


async def _rows(
    connection: "psycopg.AsyncConnection[Any]", sql: str, parameters: tuple[Any, ...]
) -> list[Row]:
    cursor = psycopg.AsyncRawCursor(connection)
    await cursor.execute(sql, parameters or None, binary=True)
    return await cursor.fetchall()


def _pool(url: str, size: int, options: dict[str, Any], kind: type[C]) -> "ConnectionPool[C]":
    """Connections are tried before they are lent, so that one that died idle costs its next user nothing; what a user
    has begun is never begun again for them."""
    kwargs = {"prepare_threshold": 1, "cursor_factory": psycopg.RawCursor, **options}
    return ConnectionPool(
        url,
        min_size=1,
        max_size=size,
        timeout=_WAIT_SECONDS,
        connection_class=kind,
        kwargs=kwargs,
        open=False,
        check=_check,
    )


def _check(connection: "psycopg.Connection[Any]") -> None:
    """Look at a connection before it is lent. One that waits has nothing to say: when something can be read it is the
    server's farewell, or news, and only then is the server asked. Asking each time costs as much as a short query."""
    waiting = poll()
    waiting.register(connection.pgconn.socket, POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)
