"""A house in small: acts that announce, listeners that write down what they hear, and a clock that stands still."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from socle.kernel.clock import micros
from socle.kernel.db import Database, Row, Unit
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.outbox.heard import Handler, Heard, Hearing, Listening
from socle.kernel.outbox.settings import OutboxSettings
from socle.kernel.outbox.worker import Rounds
from socle.kernel.work import emit

T = TypeVar("T")
COUNTED = event_kind("test.counted.1", "Compté", "Counted", number="which one")
FORGOTTEN = event_kind("test.forgotten.1", "Oublié", "Forgotten", number="which one")
_TABLE = "CREATE TABLE test_heard (at integer NOT NULL, listener text NOT NULL, lane text NOT NULL, number integer)"


class Stopped:
    """A clock that moves when it is told to (microseconds)."""

    def __init__(self) -> None:
        self.began = self.now = micros()

    def __call__(self) -> int:
        return self.now

    @property
    def passed(self) -> float:
        """Seconds since it began."""
        return (self.now - self.began) / 1_000_000

    def pass_by(self, seconds: float) -> None:
        self.now += round(seconds * 1_000_000)


def announce(unit: Unit, lane: str, *numbers: int) -> None:
    """An act with one event a number."""
    for number in numbers:
        emit(unit, Event(COUNTED, lane, {"number": number}))


def announced(db: Database, lane: str, *numbers: int) -> None:
    with db.unit() as unit:
        announce(unit, lane, *numbers)


def prepare(db: Database) -> None:
    with db.unit() as unit:
        unit.execute(_TABLE)


def writes_down(name: str) -> Handler:
    """What a listener of that name does: one row an event, in the unit that it is given."""

    def hear(unit: Unit, heard: Heard) -> None:
        unit.execute(
            "INSERT INTO test_heard (at, listener, lane, number) "
            "VALUES ((SELECT COUNT(*) FROM test_heard), ?1, ?2, ?3)",
            name,
            heard.lane,
            heard.data["number"],
        )

    return hear


def listener(name: str, handler: Handler | None = None) -> Hearing:
    return Hearing(name, frozenset({COUNTED.code}), handler or writes_down(name))


def heard(db: Database, name: str) -> list[Row]:
    """(lane, number) in the order in which the listener heard them."""
    with db.reading() as session:
        return session.fetch("SELECT lane, number FROM test_heard WHERE listener = ?1 ORDER BY at", name)


def states(db: Database) -> list[Row]:
    """(listener, sequence, state, tries) of what is still to be heard."""
    with db.reading() as session:
        return session.fetch(
            "SELECT listener, sequence, state, tries FROM outbox_delivery ORDER BY listener, sequence"
        )


async def settled(rounds: Rounds, listeners: Sequence[Listening]) -> None:
    """Everything that can be done now is done."""
    moved, busy = 1, True
    while moved or busy:
        moved, _ = await rounds.look()
        busy = any([await rounds.serve(one) for one in listeners])


def worked(
    db: Database,
    listeners: Sequence[Listening],
    clock: Callable[[], int] = micros,
    step: Callable[[Rounds], Coroutine[Any, Any, None]] | None = None,
    **chosen: Any,
) -> None:
    """Run an outbox until nothing is left that can be done now, or through `step`."""

    async def work() -> None:
        await db.open()
        rounds = Rounds(db, listeners, OutboxSettings(**chosen), clock)
        try:
            await (step(rounds) if step else settled(rounds, listeners))
        finally:
            await db.aclose()

    asyncio.run(work())
