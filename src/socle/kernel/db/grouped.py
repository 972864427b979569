"""Acts of the event loop on SQLite: one after another on one thread, committed together.

A durable commit waits for the disk, whoever it is for. Acts that wait while one commit is under way share the next:
each runs inside its own savepoint, so that one that fails takes nothing from the others, and nobody is told that an act
is done before the commit that holds it.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from socle.kernel.db.session import SqliteUnit

_TOGETHER = 64
Act = Callable[[SqliteUnit], Any]


@dataclass(slots=True)
class _Asked:
    """An act that somebody waits for; `failed` tells which of the two `outcome` is."""

    act: Act
    loop: asyncio.AbstractEventLoop
    waiter: "asyncio.Future[Any]"
    outcome: Any = None
    failed: bool = False


class GroupedActs:
    """`connection` makes the writing connection, on the thread that will use it."""

    def __init__(self, connection: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connection
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    async def run(self, act: Act) -> Any:
        loop = asyncio.get_running_loop()
        asked = _Asked(act, loop, loop.create_future())
        self._start()
        self._asked.put(asked)
        return await asked.waiter

    def close(self) -> None:
        """Finish what was asked, then stop."""
        with self._guard:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._asked.put(None)
            thread.join()

    def _start(self) -> None:
        if self._thread is None:
            with self._guard:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                    self._thread.start()

    def _work(self) -> None:
        connection = self._connect()
        while (first := self._asked.get()) is not None:
            done: list[_Asked] = []
            try:
                self._commit_together(connection, first, done)
            except BaseException as failure:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                for one in done:
                    one.outcome, one.failed = failure, True
            _settle(done)

    def _commit_together(self, connection: sqlite3.Connection, first: _Asked, done: list[_Asked]) -> None:
        """`done` receives each act before it runs: whatever happens, its caller is told."""
        asked: _Asked | None = first
        done.append(first)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        while asked is not None:
            _run(connection, asked)
            asked = self._next() if len(done) < _TOGETHER else None
            if asked is not None:
                done.append(asked)
        connection.execute("COMMIT")

    def _next(self) -> _Asked | None:
        """What waits already. The mark of the end goes back into the queue, for the loop that ends on it."""
        try:
            asked = self._asked.get_nowait()
        except Empty:
            return None
        if asked is None:
            self._asked.put(None)
        return asked


def _run(connection: sqlite3.Connection, asked: _Asked) -> None:
    connection.execute("SAVEPOINT act")
    unit = SqliteUnit(connection)
    try:
        asked.outcome = asked.act(unit)
        unit.close_attached()
    except BaseException as failure:
        if not connection.in_transaction:
            # A full disk takes the whole transaction back, and with it what the others had done.
            raise
        asked.outcome, asked.failed = failure, True
        connection.execute("ROLLBACK TO act")
    connection.execute("RELEASE act")


def _settle(done: list[_Asked]) -> None:
    """Tell the callers, in one call for each event loop: waking a loop costs more than an act."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Asked]] = {}
    for one in done:
        by_loop.setdefault(one.loop, []).append(one)
    for loop, settled in by_loop.items():
        # A loop that is closed has nobody left to tell.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_tell, settled)


def _tell(settled: list[_Asked]) -> None:
    for one in settled:
        if one.waiter.done():
            continue
        if one.failed:
            one.waiter.set_exception(one.outcome)
        else:
            one.waiter.set_result(one.outcome)
