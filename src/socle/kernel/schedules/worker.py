"""The schedules at work: beside the server of `socle up`, in `socle worker`; as many of them as one likes."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from socle.kernel.clock import micros
from socle.kernel.db import Database, database
from socle.kernel.schedules.runner import Clock, Planned, run_due

log = logging.getLogger("socle.schedules")
_LOOK_SECONDS = 20.0


class Schedules:
    """Opened and closed with the event loop that runs it. Jobs run one after the other in a thread: none of them is
    urgent, and the loop goes on answering."""

    def __init__(
        self,
        jobs: Sequence[Planned],
        db: Callable[[], Database] = database,
        clock: Clock = micros,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._jobs, self._database, self._clock, self._look = tuple(jobs), db, clock, look_seconds

    async def open(self) -> None:
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(self._working())

    async def aclose(self) -> None:
        """Let the job that is running end."""
        self._stop.set()
        await self._task

    async def _working(self) -> None:
        while not self._stop.is_set():
            for job in self._jobs:
                if self._stop.is_set():
                    return
                await self._looked_at(job)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look):
                    await self._stop.wait()

    async def _looked_at(self, job: Planned) -> None:
        try:
            await asyncio.to_thread(run_due, self._database(), [job], clock=self._clock)
        except Exception:
            # A database that went away: the next look finds what is due then.
            log.exception("the schedules are in trouble; they go on in a moment")
