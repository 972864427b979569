"""SQLite: WAL, one writer, a reading connection per thread.

A read made by the event loop runs in place, because a short read costs less than a thread hop (a few microseconds
against fifty); one that turns out long is interrupted after a budget of virtual-machine steps and started again on a
helper thread, so that it never holds up the others.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from socle.kernel.db.grouped import GroupedActs
from socle.kernel.db.lock import FileBusy, FileLock
from socle.kernel.db.session import Row, SqliteSession, SqliteUnit
from socle.kernel.errors import WORK_BUSY, SocleError
from socle.kernel.files import private_file, private_folder

T = TypeVar("T")
_STEPS_BETWEEN_CHECKS = 40_000
_CHECKS_IN_PLACE = 10
_CACHE_KIB, _WRITER_CACHE_KIB = 65_536, 262_144
_PAGES_BEFORE_CHECKPOINT = 65_536
# The most that SQLite maps (SQLITE_MAX_MMAP_SIZE as it is built by default): a page that is mapped is read in place.
_MAPPED_BYTES = 0x7FFF0000


class SqliteBackend:
    def __init__(self, path: str) -> None:
        self.path = Path(path)
        private_folder(self.path.parent)
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._scans = ThreadPoolExecutor(2, thread_name_prefix="scan")
        self._loop_reader: _BudgetedReader | None = None
        self._acts = GroupedActs(lambda: self._connect("rw"))

    @contextmanager
    def reading(self) -> Iterator[SqliteSession]:
        yield self._reader()

    @contextmanager
    def snapshot(self) -> Iterator[SqliteSession]:
        connection = self._connect("ro")
        connection.execute("BEGIN")
        try:
            yield SqliteSession(connection)
        finally:
            with self._guard:
                self._connections.remove(connection)
            connection.close()

    @contextmanager
    def unit(self, *, durable: bool) -> Iterator[SqliteUnit]:
        connection = self._writer()
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("BEGIN IMMEDIATE")
        unit = SqliteUnit(connection)
        try:
            yield unit
            unit.close_attached()
            connection.execute("COMMIT")
        except BaseException:
            # Some errors, a full disk among them, have already rolled back.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    async def run(self, act: Callable[[SqliteUnit], T]) -> T:
        done: T = await self._acts.run(act)
        return done

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        try:
            lock = FileLock(self.path.with_name(f"{self.path.name}.{name}.lock")).acquire()
        except FileBusy as busy:
            raise SocleError(WORK_BUSY, name=name, holder=busy.holder or "?") from None
        with lock:
            yield

    async def fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        if self._loop_reader is None:
            self._loop_reader = _BudgetedReader(self._connect("ro"))
        try:
            return self._loop_reader.fetch(sql, parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_INTERRUPT":
                raise
        loop, scan = asyncio.get_running_loop(), _Scan()
        try:
            return await loop.run_in_executor(self._scans, self._scan, scan, sql, parameters)
        except asyncio.CancelledError:
            scan.stop()
            raise

    def _scan(self, scan: "_Scan", sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        reader = self._reader()
        if not scan.begin(reader.connection):
            return []
        try:
            return reader.fetch(sql, *parameters)
        finally:
            scan.end()

    def _reader(self) -> SqliteSession:
        if not hasattr(self._local, "reader"):
            self._local.reader = SqliteSession(self._connect("ro"))
        reader: SqliteSession = self._local.reader
        return reader

    def _writer(self) -> sqlite3.Connection:
        if not hasattr(self._local, "writer"):
            self._local.writer = self._connect("rw")
        writer: sqlite3.Connection = self._local.writer
        return writer

    def _connect(self, mode: str) -> sqlite3.Connection:
        create = mode
        if mode == "rw" or not self.path.exists():
            create = "rwc"
            private_file(self.path)
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={create}",
            uri=True,
            timeout=30,
            isolation_level=None,
            cached_statements=512,
            check_same_thread=False,
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA cache_size=-{_WRITER_CACHE_KIB if mode == 'rw' else _CACHE_KIB}")
        connection.execute(f"PRAGMA mmap_size={_MAPPED_BYTES}")
        connection.execute("PRAGMA temp_store=MEMORY")
        if mode == "rw":
            connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_BEFORE_CHECKPOINT}")
        with self._guard:
            self._connections.append(connection)
        return connection

    def pools(self) -> dict[tuple[str, ...], float]:
        return {}

    async def open(self) -> None:
        """Nothing belongs to the event loop."""

    async def aclose(self) -> None:
        self._scans.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        self._acts.close()
        self._scans.shutdown(wait=True, cancel_futures=True)
        with self._guard:
            while self._connections:
                self._connections.pop().close()
        self._local = threading.local()
        self._loop_reader = None


class _Scan:
    """A long read on a helper thread, which its caller may stop: nobody waits for it any more."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._stopped = False

    def begin(self, connection: sqlite3.Connection) -> bool:
        """False when it was stopped before it began."""
        with self._guard:
            self._connection = None if self._stopped else connection
            return not self._stopped

    def end(self) -> None:
        with self._guard:
            self._connection = None

    def stop(self) -> None:
        with self._guard:
            self._stopped = True
            if self._connection is not None:
                self._connection.interrupt()


class _BudgetedReader:
    """The event loop's own connection: a statement that outlives its budget of steps is interrupted."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._checks = 0
        connection.set_progress_handler(self._spent, _STEPS_BETWEEN_CHECKS)

    def _spent(self) -> int:
        self._checks += 1
        return int(self._checks > _CHECKS_IN_PLACE)

    def fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        self._checks = 0
        return self.connection.execute(sql, parameters).fetchall()
