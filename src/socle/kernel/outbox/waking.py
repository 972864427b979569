"""Waking the workers of this process at once, at next to no cost for who wakes them.

Acts call `wake()` just before they commit: a worker that sleeps looks at once, and then a few times more at short
distances, by which time the commit is done.
"""

import asyncio


class Chime:
    """What may happen at any moment, in any thread, and those who wait for it."""

    def __init__(self) -> None:
        self._bells: tuple[Bell, ...] = ()

    def ring(self) -> None:
        for bell in self._bells:
            bell.ring()

    def hang(self) -> "Bell":
        """A bell of the running event loop, rung with the others until `take_down`."""
        bell = Bell()
        self._bells = (*self._bells, bell)
        return bell

    def take_down(self, bell: "Bell") -> None:
        self._bells = tuple(other for other in self._bells if other is not bell)


class Bell:
    """What one worker sleeps by. A ring that finds it awake is kept for its next sleep."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._rung = self._sleeping = False

    def ring(self) -> None:
        if self._rung:
            return
        self._rung = True
        # Waking a loop costs more than an act: only when somebody sleeps, and once.
        if self._sleeping and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def sleep(self, seconds: float) -> bool:
        """Until it is rung or the time has passed; whether it was rung."""
        self._event.clear()
        self._sleeping = True
        if not self._rung:
            try:
                async with asyncio.timeout(seconds):
                    await self._event.wait()
            except TimeoutError:
                pass
        self._sleeping = False
        rung, self._rung = self._rung, False
        return rung


ANNOUNCED = Chime()
"""An act of this process has events and is about to be committed."""
LOGGED = Chime()
"""The dispatcher of this process has committed events to the log."""


def wake() -> None:
    """Say that events are about to be committed."""
    ANNOUNCED.ring()
