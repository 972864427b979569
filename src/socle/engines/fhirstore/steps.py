"""Searches are written once, as generators that ask for rows; who drives them decides how the rows are had.

A generator yields an `Ask` and is sent the rows. `drive` answers from a synchronous session (pages, acts, tests),
`adrive` from the event loop.
"""

import asyncio
from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar

from socle.kernel.db import Database, Row, Session

T = TypeVar("T")
_ASKS_A_TURN = 5


class Ask(NamedTuple):
    """One SQL statement with numbered parameters, and its parameters."""

    sql: str
    parameters: tuple[Any, ...]


Steps = Generator[Ask, list[Row], T]


def drive(session: Session, steps: Steps[T]) -> T:
    try:
        ask = next(steps)
        while True:
            ask = steps.send(session.fetch(ask.sql, *ask.parameters))
    except StopIteration as done:
        result: T = done.value
        return result


async def adrive(db: Database, steps: Steps[T]) -> T:
    """Others get their turn every few asks: SQLite answers in place, without ever leaving the event loop."""
    try:
        ask, turn = next(steps), 0
        while True:
            turn += 1
            if turn % _ASKS_A_TURN == 0:
                await asyncio.sleep(0)
            ask = steps.send(await db.fetch(ask.sql, *ask.parameters))
    except StopIteration as done:
        result: T = done.value
        return result
