"""Many callers, few queries: everyone gets their own answer, from a query that began after they asked."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.db import Coalescer

Ask = Callable[[list[int]], Awaitable[dict[int, str]]]


def recording(asked: list[list[int]], missing: frozenset[int] = frozenset()) -> Ask:
    async def ask(keys: list[int]) -> dict[int, str]:
        asked.append(keys)
        await asyncio.sleep(0)
        return {key: f"value {key}" for key in keys if key not in missing}

    return ask


@given(st.lists(st.integers(0, 300), max_size=600), st.frozensets(st.integers(0, 300)), st.integers(1, 4))
def test_everyone_gets_their_own_answer(keys: list[int], missing: frozenset[int], lanes: int) -> None:
    asked: list[list[int]] = []

    async def all_of_them() -> list[str | None]:
        coalescer = Coalescer(recording(asked, missing), lanes)
        return await asyncio.gather(*(coalescer.get(key) for key in keys))

    answers = asyncio.run(all_of_them())
    assert answers == [None if key in missing else f"value {key}" for key in keys]
    assert sum(len(some) for some in asked) == len(set(keys))
    assert all(len(some) <= 200 for some in asked)


def test_who_asks_during_a_query_waits_for_the_next() -> None:
    """A write committed between the two must be seen by the second."""
    state = {"value": "before"}

    async def story() -> list[str | None]:
        began, go_on = asyncio.Event(), asyncio.Event()

        async def ask(keys: list[str]) -> dict[str, str]:
            read = state["value"]
            began.set()
            await go_on.wait()
            return dict.fromkeys(keys, read)

        coalescer = Coalescer(ask, lanes=1)
        first = asyncio.ensure_future(coalescer.get("key"))
        await began.wait()
        state["value"] = "after"
        second = asyncio.ensure_future(coalescer.get("key"))
        await asyncio.sleep(0)
        go_on.set()
        return [await first, await second]

    assert asyncio.run(story()) == ["before", "after"]


def test_a_failed_query_fails_those_who_waited_for_it_and_no_other() -> None:
    failing = [True]

    async def ask(keys: list[int]) -> dict[int, int]:
        if failing.pop() if failing else False:
            raise ConnectionError("gone")
        return {key: key for key in keys}

    async def story() -> tuple[list[int | BaseException | None], int | None]:
        coalescer = Coalescer(ask)
        failed = await asyncio.gather(coalescer.get(1), coalescer.get(1), return_exceptions=True)
        return list(failed), await coalescer.get(2)

    failed, later = asyncio.run(story())
    assert [type(one) for one in failed] == [ConnectionError, ConnectionError]
    assert later == 2


def test_a_caller_who_goes_away_takes_nothing_from_the_others() -> None:
    async def story() -> str | None:
        coalescer = Coalescer(recording([]), lanes=1)
        leaving = asyncio.ensure_future(coalescer.get(1))
        staying = asyncio.ensure_future(coalescer.get(1))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        return await staying

    assert asyncio.run(story()) == "value 1"
