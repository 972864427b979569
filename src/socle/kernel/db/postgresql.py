"""PostgreSQL through psycopg 3: two small pools for synchronous code, a few kept connections for the event loop.

Reading connections are told to keep to nested loops over indexes and to plan each statement once: searches are
written as a chosen driving set with probes, and a plan that changes with the statistics is the field's best-known
cause of a search that suddenly takes a minute.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import psycopg
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import ConnectionPool

from socle.kernel.db.dialect import DIALECTS
from socle.kernel.db.session import PostgresqlSession, Row
from socle.kernel.errors import WORK_BUSY, SocleError
from socle.kernel.settings import settings

_READ_OPTIONS = (
    "-c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan -c jit=off "
    + " ".join(f"-c enable_{plan}=off" for plan in ("hashjoin", "mergejoin", "seqscan"))
)
_WAIT_SECONDS = 30.0
_NATIVE = DIALECTS["postgresql"].native


class PostgresqlBackend:
    def __init__(self, url: str, readers: int, writers: int) -> None:
        self._url = url
        self._readers = _pool(url, readers, {"options": _READ_OPTIONS, "autocommit": True})
        self._writers = _pool(url, writers, {"options": "-c jit=off"})
        self._loop_connections = _LoopConnections(url, readers)

    @contextmanager
    def reading(self) -> Iterator[PostgresqlSession]:
        self._readers.open()
        with self._readers.connection() as connection:
            yield PostgresqlSession(connection)

    @contextmanager
    def unit(self, *, durable: bool) -> Iterator[PostgresqlSession]:
        self._writers.open()
        with self._writers.connection() as connection:
            if not durable:
                connection.execute("SET LOCAL synchronous_commit = off")
            yield PostgresqlSession(connection)

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

    async def open(self) -> None:
        await self._loop_connections.open()

    async def aclose(self) -> None:
        await self._loop_connections.aclose()

    def close(self) -> None:
        self._readers.close()
        self._writers.close()


class _LoopConnections:
    """Connections of one event loop, the last used first. One that breaks is replaced at its next use.

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
                connection = connection or await self._connect()
                cursor = psycopg.AsyncRawCursor(connection)
                await cursor.execute(sql, parameters or None, binary=True)
                return await cursor.fetchall()
            finally:
                usable = connection is not None and not connection.closed and not connection.broken
                self._idle.append(connection if usable else None)

    async def aclose(self) -> None:
        for connection in self._idle:
            if connection is not None:
                await connection.close()
        self._idle = []


def _pool(url: str, size: int, options: dict[str, Any]) -> "ConnectionPool[psycopg.Connection[Any]]":
    kwargs = {"prepare_threshold": 1, **options}
    return ConnectionPool(url, min_size=1, max_size=size, timeout=_WAIT_SECONDS, kwargs=kwargs, open=False)
