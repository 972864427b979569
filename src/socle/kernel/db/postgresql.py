"""PostgreSQL through psycopg 3: two small pools for synchronous code, one for the event loop.

Reading connections are told to keep to nested loops over indexes and to plan each statement once: searches are
written as a chosen driving set with probes, and a plan that changes with the statistics is the field's best-known
cause of a search that suddenly takes a minute.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from socle.kernel.db.dialect import DIALECTS
from socle.kernel.db.session import PostgresqlSession, Row
from socle.kernel.errors import WORK_BUSY, SocleError

_READ_OPTIONS = "-c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan -c jit=off " + " ".join(
    f"-c enable_{plan}=off" for plan in ("hashjoin", "mergejoin", "seqscan")
)
_WAIT_SECONDS = 30.0


class PostgresqlBackend:
    def __init__(self, url: str, readers: int, writers: int) -> None:
        self._url = url
        self._readers = _pool(url, readers, {"options": _READ_OPTIONS, "autocommit": True})
        self._writers = _pool(url, writers, {"options": "-c jit=off"})
        self._loop_size = readers
        self._loop_pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] | None = None

    @contextmanager
    def reading(self) -> Iterator[PostgresqlSession]:
        self._readers.open()
        with self._readers.connection() as connection:
            yield PostgresqlSession(connection)

    @contextmanager
    def unit(self) -> Iterator[PostgresqlSession]:
        self._writers.open()
        with self._writers.connection() as connection:
            yield PostgresqlSession(connection)

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        key = int.from_bytes(sha256(f"socle:{name}".encode()).digest()[:8], "big", signed=True)
        with psycopg.connect(self._url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
            if not (row and row[0]):
                raise SocleError(WORK_BUSY, name=name, holder="PostgreSQL")
            yield

    async def fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        if self._loop_pool is None:
            await self.open()
        assert self._loop_pool is not None
        async with self._loop_pool.connection() as connection:
            cursor = psycopg.AsyncRawCursor(connection)
            await cursor.execute(DIALECTS["postgresql"].native(sql), parameters or None)
            return await cursor.fetchall()

    async def open(self) -> None:
        self._loop_pool = AsyncConnectionPool(
            self._url,
            min_size=self._loop_size,
            max_size=self._loop_size,
            timeout=_WAIT_SECONDS,
            kwargs={"options": _READ_OPTIONS, "autocommit": True, "prepare_threshold": 0},
            open=False,
        )
        await self._loop_pool.open()

    async def aclose(self) -> None:
        if self._loop_pool is not None:
            await self._loop_pool.close()
            self._loop_pool = None

    def close(self) -> None:
        self._readers.close()
        self._writers.close()


def _pool(url: str, size: int, options: dict[str, Any]) -> "ConnectionPool[psycopg.Connection[Any]]":
    kwargs = {"prepare_threshold": 1, **options}
    return ConnectionPool(url, min_size=1, max_size=size, timeout=_WAIT_SECONDS, kwargs=kwargs, open=False)
