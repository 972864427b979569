"""Answering many waiting callers with one query.

Where a query costs more to send than to run, what is asked for while one is under way is gathered and asked together
next. A caller's answer always comes from a query that began after it asked: what was committed before is seen.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_AT_ONCE = 200


class Coalescer(Generic[K, V]):
    """`ask` takes the keys waited for and returns the values found; a key that it leaves out has none.

    At most `lanes` queries are under way at once.
    """

    def __init__(self, ask: Callable[[list[K]], Awaitable[dict[K, V]]], lanes: int = 2) -> None:
        self._ask, self._free = ask, lanes
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def get(self, key: K) -> V | None:
        waited = self._waiting.get(key)
        if waited is None:
            waited = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._free:
                self._start()
        # Shielded: a caller who goes away must not take the answer from the others who wait for it.
        return await asyncio.shield(waited)

    def _start(self) -> None:
        self._free -= 1
        task = asyncio.ensure_future(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._answer(self._take())
        finally:
            self._free += 1

    def _take(self) -> dict[K, asyncio.Future[V | None]]:
        if len(self._waiting) <= _AT_ONCE:
            taken, self._waiting = self._waiting, {}
            return taken
        keys = list(self._waiting)[:_AT_ONCE]
        return {key: self._waiting.pop(key) for key in keys}

    async def _answer(self, taken: dict[K, asyncio.Future[V | None]]) -> None:
        try:
            found = await self._ask(list(taken))
        except Exception as failure:
            for future in taken.values():
                if not future.done():
                    future.set_exception(failure)
                    # Nobody may be left to hear it; it is logged by those who are.
                    future.exception()
            return
        for key, future in taken.items():
            if not future.done():
                future.set_result(found.get(key))
