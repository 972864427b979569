"""A process that acts, announces, dispatches and delivers all at once, until it is killed.

`python -m tests.support.announcing URL NAME`: its lanes begin with NAME; each act that it knows to be committed is said
in a line, `lane number`, on standard output.
"""

import asyncio
import sys
from functools import partial
from random import Random

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.db import Database, Unit
from socle.kernel.outbox.heard import Heard, Hearing
from socle.kernel.outbox.settings import OutboxSettings
from socle.kernel.outbox.worker import Outbox
from socle.kernel.work import record
from tests.support.outbox import announce, listener, writes_down

LANES, TABLE = (
    5,
    "CREATE TABLE test_act (lane text NOT NULL, number integer NOT NULL, PRIMARY KEY (lane, number))",
)
COUNTED = action("test.counted", Kind.EXECUTE, "Compté", "Counted")
CHOSEN = OutboxSettings(tries=50, retry_seconds=0.001)


def act(unit: Unit, lane: str) -> int:
    """One act on a lane, with its row, its entry and its event: the next number."""
    ((last,),) = unit.fetch("SELECT COALESCE(MAX(number), 0) FROM test_act WHERE lane = ?1", lane)
    number = int(last) + 1
    unit.execute("INSERT INTO test_act (lane, number) VALUES (?1, ?2)", lane, number)
    record(unit, Entry(COUNTED, BY_SYSTEM, target=f"Lane/{lane}"))
    announce(unit, lane, number)
    return number


def listeners(random: Random, fails: float = 0.02) -> list[Hearing]:
    """One that always does well, and one that fails now and then, at this share of what it hears."""
    write = writes_down("moody")

    def moody(unit: Unit, event: Heard) -> None:
        write(unit, event)
        if random.random() < fails:
            raise ValueError

    return [listener("steady"), listener("moody", moody)]


async def live(db: Database, name: str) -> None:
    await db.open()
    await Outbox(listeners(Random()), CHOSEN, lambda: db).open()
    await asyncio.gather(*(_acting(db, f"{name}-{number}") for number in range(LANES)))


async def _acting(db: Database, lane: str) -> None:
    while True:
        number = await db.run(partial(act, lane=lane))
        sys.stdout.write(f"{lane} {number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(live(Database(sys.argv[1]), sys.argv[2]))
