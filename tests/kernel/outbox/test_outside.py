"""Listeners that speak with another machine: called outside of any unit, at least once, in the order of their lane."""

import asyncio
from dataclasses import dataclass, field

import pytest

from socle.kernel.db import Database
from socle.kernel.errors import ErrorKind
from socle.kernel.outbox.actions import PARKED
from socle.kernel.outbox.heard import Heard, HearingOutside, Hopeless
from socle.kernel.outbox.outside import LEASE_SECONDS, lease
from socle.kernel.outbox.worker import Rounds
from tests.support.outbox import COUNTED, Stopped, announced, states, worked

NEVER = ErrorKind("test-never", 500, "jamais", "never", "-")


@dataclass
class Elsewhere:
    """What another machine heard: (lane, number). It fails as often as `failures` says, with what `failing` makes."""

    db: Database
    failures: int = 0
    failing: type[Exception] | Hopeless = ValueError
    received: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, db: Database, heard: Heard) -> None:
        with db.unit() as unit:
            # Somebody writes meanwhile: no unit of the outbox is open.
            unit.execute("UPDATE outbox_counter SET last = last")
        self.received.append((heard.lane, heard.data["number"]))
        if self.failures:
            self.failures -= 1
            raise self.failing

    @property
    def listener(self) -> HearingOutside:
        return HearingOutside("outside", frozenset({COUNTED.code}), self)


@pytest.fixture
def there(database: Database) -> Elsewhere:
    return Elsewhere(database)


def test_it_hears_each_event_in_the_order_of_its_lane(there: Elsewhere) -> None:
    announced(there.db, "a", 1, 2, 3)
    announced(there.db, "b", 1)
    worked(there.db, [there.listener])
    assert [number for lane, number in there.received if lane == "a"] == [1, 2, 3]
    assert sorted(there.received) == [("a", 1), ("a", 2), ("a", 3), ("b", 1)]
    assert states(there.db) == []


def test_a_failure_holds_its_lane_until_it_is_heard(there: Elsewhere) -> None:
    clock = Stopped()
    there.failures = 1
    announced(there.db, "a", 1, 2)
    worked(there.db, [there.listener], clock)
    assert [state[2:] for state in states(there.db)] == [("waiting", 1), ("behind", 0)]
    clock.pass_by(2)
    worked(there.db, [there.listener], clock)
    assert there.received == [("a", 1), ("a", 1), ("a", 2)]
    assert states(there.db) == []


def test_what_is_hopeless_is_parked_at_once_and_announced(there: Elsewhere) -> None:
    there.failures, there.failing = 1, Hopeless(NEVER)
    announced(there.db, "a", 1, 2)
    worked(there.db, [there.listener])
    assert [state[2:] for state in states(there.db)] == [("parked", 1), ("behind", 0)]
    with there.db.reading() as session:
        kinds = [code for (code,) in session.fetch("SELECT kind FROM outbox_event ORDER BY sequence")]
    assert kinds == [COUNTED.code, COUNTED.code, PARKED.code]


def test_who_is_killed_while_speaking_is_followed_by_another_once_the_lease_is_over(there: Elsewhere) -> None:
    clock = Stopped()
    announced(there.db, "a", 1, 2)
    worked(there.db, [])

    async def killed(rounds: Rounds) -> None:
        """The first half of what a worker does."""
        await rounds.look()
        candidates = await there.db.fetch("SELECT sequence, lane FROM outbox_delivery ORDER BY sequence")
        assert await there.db.run(lease, "outside", candidates, clock()) is not None
        assert await there.db.run(lease, "outside", candidates, clock()) is None

    announced(there.db, "a", 3, 4)
    worked(there.db, [there.listener], clock, killed)
    worked(there.db, [there.listener], clock)
    assert there.received == []
    clock.pass_by(LEASE_SECONDS + 1)
    worked(there.db, [there.listener], clock)
    assert [number for _, number in there.received] == [3, 4]
    assert states(there.db) == []


def test_workers_that_share_the_lanes_never_hear_twice(there: Elsewhere) -> None:
    for lane in "abcdef":
        announced(there.db, lane, 1, 2, 3)

    async def together(rounds: Rounds) -> None:
        await rounds.look()
        while states(there.db):
            await asyncio.gather(*(rounds.serve(there.listener) for _ in range(4)))

    worked(there.db, [there.listener], step=together)
    assert len(there.received) == len(set(there.received)) == 18
    for lane in "abcdef":
        assert [number for heard, number in there.received if heard == lane] == [1, 2, 3]
