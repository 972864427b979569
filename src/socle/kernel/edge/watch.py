"""The time limit, for all requests at once.

A timer per request costs as much as all the rest of the edge together; one timer that looks at the requests under
way eight times per limit costs almost nothing, and stops a request at most an eighth late.
"""

import asyncio
from time import monotonic

_LOOKS_PER_LIMIT = 8


class Turn:
    """One request under way. `expired` is set before its task is cancelled."""

    __slots__ = ("expired", "task", "until")

    def __init__(self, task: "asyncio.Task[object]", until: float) -> None:
        self.task = task
        self.until = until
        self.expired = False


class Watch:
    __slots__ = ("_seconds", "_timer", "_turns")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._turns: set[Turn] = set()
        self._timer: asyncio.TimerHandle | None = None

    def enter(self) -> Turn:
        """Start counting for the running task; every enter has its `leave`."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("the edge answers from a task of the event loop")
        turn = Turn(task, monotonic() + self._seconds)
        self._turns.add(turn)
        if self._timer is None:
            self._arm()
        return turn

    def extend(self, turn: Turn) -> None:
        """Something was sent: the whole limit counts again."""
        turn.until = monotonic() + self._seconds

    def leave(self, turn: Turn) -> None:
        self._turns.discard(turn)

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._seconds / _LOOKS_PER_LIMIT, self._look)

    def _look(self) -> None:
        self._timer = None
        now = monotonic()
        for turn in self._turns:
            if turn.until < now and not turn.expired:
                turn.expired = True
                turn.task.cancel()
        if self._turns:
            self._arm()
