"""The outbox at work: one dispatcher, and one deliverer for each listener, as tasks of an event loop.

The same object lives beside the server of `socle up` and alone in `socle worker`. Several processes may run it at once:
the dispatcher and each lane are held by the transaction that works on them. Nothing is kept in memory that the database
does not hold, so that a process may be killed at any moment.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from traceback import extract_tb

from socle.kernel.clock import micros
from socle.kernel.db import Database, Row, database
from socle.kernel.errors import SocleError
from socle.kernel.outbox.deliver import BATCH, DUE, READY, Attempt, deliver, hold_back
from socle.kernel.outbox.dispatch import dispatch
from socle.kernel.outbox.heard import Heard, Hearing, HearingOutside, Hopeless, Listening
from socle.kernel.outbox.operate import purge
from socle.kernel.outbox.outside import lease, settle
from socle.kernel.outbox.settings import OutboxSettings, outbox_settings
from socle.kernel.outbox.states import State
from socle.kernel.outbox.waking import ANNOUNCED, LOGGED

log = logging.getLogger("socle.outbox")
_SOONEST = 0.001
_AFTER_TROUBLE_SECONDS = 1.0
_HOUSEKEEPING_SECONDS = 3_600.0
_INBOX = "EXISTS (SELECT 1 FROM outbox_inbox)"
_LISTENER = (
    "(EXISTS (SELECT 1 FROM outbox_delivery WHERE state = 'ready' AND listener = ?{n}) "
    "OR EXISTS (SELECT 1 FROM outbox_delivery WHERE state = 'waiting' AND listener = ?{n} AND next_at <= ?1))"
)


class Rounds:
    """One step at a time: what the tasks of `Outbox` repeat. Belongs to the event loop that runs it."""

    def __init__(
        self,
        db: Database,
        listeners: Sequence[Listening],
        chosen: OutboxSettings,
        clock: Callable[[], int] = micros,
    ) -> None:
        self._db, self._listeners, self._chosen, self._clock = db, tuple(listeners), chosen, clock
        self._names = [listener.name for listener in self._listeners]
        columns = [_INBOX, *(_LISTENER.format(n=n) for n in range(2, len(self._names) + 2))]
        # Without listeners the instant is still one of the parameters.
        self._look = f"SELECT {', '.join(columns)} WHERE ?1 >= 0"

    async def look(self) -> tuple[int, set[str]]:
        """Dispatch what is committed; how many events were moved, and the listeners that have something to hear."""
        found = (await self._db.fetch(self._look, self._clock(), *self._names))[0]
        called = {name for name, asked in zip(self._names, found[1:], strict=True) if asked}
        if not found[0]:
            return 0, called
        moved, hearing = await self._db.run(dispatch, self._listeners)
        return moved, called | hearing

    async def serve(self, to: Listening) -> bool:
        """One unit of deliveries to this listener; False when there is nothing for it that this process can take."""
        now = self._clock()
        candidates = await self._db.fetch(DUE, to.name, now, BATCH)
        candidates += await self._db.fetch(READY, to.name, BATCH)
        if isinstance(to, HearingOutside):
            return await self._served_outside(to, candidates, now)
        return bool(candidates) and await self._tried(to, candidates[:BATCH], now)

    async def _tried(self, to: Hearing, candidates: Sequence[Row], now: int) -> bool:
        """A failure takes the whole unit back; what went well before it is then delivered without it, and when it is
        the first, it waits."""
        while True:
            attempt = Attempt()
            try:
                return await self._db.run(deliver, to, candidates, now, attempt)
            except Exception as failure:
                if not attempt.taken:
                    raise
                if (limit := attempt.narrower()) == 0:
                    await self._failed(to, attempt.taken[0], failure)
                    return True
                candidates = [(event.sequence, event.lane) for event in attempt.taken[:limit]]

    async def _served_outside(self, to: HearingOutside, candidates: Sequence[Row], now: int) -> bool:
        """One event, heard on a thread of its own between two units: the lease of the first, the end of the second."""
        event = await self._db.run(lease, to.name, candidates, now) if candidates else None
        if event is None:
            return False
        try:
            await asyncio.to_thread(to.handler, self._db, event)
        except Exception as failure:
            await self._failed(to, event, failure)
        else:
            await self._db.run(settle, to.name, event)
        return True

    async def _failed(self, to: Listening, event: Heard, failure: Exception) -> None:
        error, patience = named(failure), self._chosen.patience
        if isinstance(failure, Hopeless):
            patience = replace(patience, tries=1)
        state = await self._db.run(hold_back, to.name, event, error, patience, self._clock())
        level = logging.ERROR if state is State.PARKED else logging.WARNING
        log.log(level, "%s failed at event %d (%s): %s", to.name, event.sequence, event.kind, error)

    async def clean(self) -> bool:
        """Remove some events that are older than the retention; False when there are no more."""
        before = self._clock() - timedelta(days=self._chosen.keep_days) // timedelta(microseconds=1)
        return await self._db.run(purge, before) > 0


class Outbox:
    """Opened and closed with the event loop that runs it; by default on the process's own database."""

    def __init__(
        self,
        listeners: Sequence[Listening],
        chosen: OutboxSettings | None = None,
        db: Callable[[], Database] = database,
    ) -> None:
        self._listeners, self._chosen, self._database = listeners, chosen or outbox_settings(), db

    async def open(self) -> None:
        self._rounds = Rounds(self._database(), self._listeners, self._chosen)
        self._stop, self._bell = asyncio.Event(), ANNOUNCED.hang()
        self._calls = {listener.name: asyncio.Event() for listener in self._listeners}
        work: list[Callable[[], Awaitable[None]]] = [self._dispatching, self._housekeeping]
        work += [partial(self._delivering, listener) for listener in self._listeners]
        self._tasks = [asyncio.create_task(self._kept_up(one)) for one in work]

    async def aclose(self) -> None:
        """Let each task end the unit that it is in."""
        self._stop.set()
        self._bell.ring()
        for call in self._calls.values():
            call.set()
        await asyncio.gather(*self._tasks)
        ANNOUNCED.take_down(self._bell)

    async def _kept_up(self, work: Callable[[], Awaitable[None]]) -> None:
        """Start the work again after a trouble (a database that went away), as long as nobody says to stop."""
        while not self._stop.is_set():
            try:
                await work()
            except Exception:
                log.exception("the outbox is in trouble; it goes on in a moment")
                await self._stopped_within(_AFTER_TROUBLE_SECONDS)

    async def _stopped_within(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    async def _dispatching(self) -> None:
        longest = self._chosen.look_milliseconds / 1000
        pause = _SOONEST
        while not self._stop.is_set():
            moved, called = await self._rounds.look()
            for name in called:
                self._calls[name].set()
            if moved:
                LOGGED.ring()
            # More may wait, and an act that rings has still to commit.
            soon = moved or await self._bell.sleep(pause)
            pause = _SOONEST if soon else min(longest, pause * 2)

    async def _delivering(self, to: Listening) -> None:
        call = self._calls[to.name]
        while not self._stop.is_set():
            await call.wait()
            call.clear()
            while not self._stop.is_set() and await self._rounds.serve(to):
                pass

    async def _housekeeping(self) -> None:
        while not self._stop.is_set():
            while not self._stop.is_set() and await self._rounds.clean():
                pass
            await self._stopped_within(_HOUSEKEEPING_SECONDS)


def named(failure: BaseException) -> str:
    """The type of an error, its code if it is one of ours, and where it was raised. Not what it says: a message may
    quote what the event is about."""
    kind = (
        f"{type(failure).__name__} {failure.code}"
        if isinstance(failure, SocleError)
        else type(failure).__name__
    )
    places = extract_tb(failure.__traceback__)
    return f"{kind}, {places[-1].name}:{places[-1].lineno}" if places else kind
