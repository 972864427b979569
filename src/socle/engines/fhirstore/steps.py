"""Searches are written once, as generators that ask for rows; who drives them decides how the rows are had.

A generator yields an `Ask` and is sent the rows. `drive` answers from a synchronous session (pages, acts, tests),
`adrive` from the event loop.
"""

from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar

from socle.kernel.db import Database, Row, Session

T = TypeVar("T")


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
    try:
        ask = next(steps)
        while True:
            ask = steps.send(await db.fetch(ask.sql, *ask.parameters))
    except StopIteration as done:
        result: T = done.value
        return result
