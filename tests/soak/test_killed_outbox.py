"""Processes that act and deliver are killed at random moments: what was acknowledged is heard, once, in its order."""

import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from random import Random

import pytest

from socle.kernel.clock import micros
from socle.kernel.db import Database
from tests.support.announcing import TABLE, listeners
from tests.support.databases import SOURCES
from tests.support.outbox import heard, prepare, worked
from tests.support.rounds import rounds

pytestmark = pytest.mark.soak

ROOT = SOURCES.parent
LONGEST_SECONDS = 1.0
AN_HOUR = 3_600_000_000
# SQLite means one process; on PostgreSQL two of them share the work.
PROCESSES = {"sqlite": ("a",), "postgresql": ("a", "b")}


class Life:
    """One process, from its start to its kill. `acknowledged` is what it said to be committed, `lane number`."""

    def __init__(self, url: str, name: str) -> None:
        places = os.pathsep.join([str(SOURCES), str(ROOT)])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.announcing", url, name],
            env={**os.environ, "PYTHONPATH": places},
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        self.acknowledged: list[bytes] = []
        self._acts = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> "Life":
        assert self._acts.wait(60), "it has begun to act"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def lasts(self, seconds: float) -> None:
        with pytest.raises(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                # A killed process may leave half a line.
                if line.endswith(b"\n"):
                    self.acknowledged.append(line)
                self._acts.set()


def killed(url: str, names: tuple[str, ...], random: Random) -> set[tuple[str, int]]:
    """Let the processes live, and kill each at its moment; what they said to be committed."""
    lives = [Life(url, name) for name in names]
    with ExitStack() as stack:
        for life in lives:
            stack.enter_context(life)
            life.lasts(random.uniform(0, LONGEST_SECONDS))
    lines = [line.split() for life in lives for line in life.acknowledged]
    return {(lane.decode(), int(number)) for lane, number in lines}


def test_no_act_is_lost_nor_heard_twice(
    database: Database, engine: str, record_property: Callable[[str, object], None]
) -> None:
    prepare(database)
    with database.unit() as unit:
        unit.execute(TABLE)
    random, acknowledged = Random(), set()
    seed = random.getrandbits(32)
    random.seed(seed)
    for _ in range(rounds()):
        acknowledged |= killed(database.url, PROCESSES[engine], random)
    left = len(heard(database, "steady"))
    worked(database, listeners(random, fails=0), lambda: micros() + AN_HOUR)
    expected = acts(database)
    assert acknowledged <= {(lane, number) for lane in expected for number in expected[lane]}, seed
    for name in ("steady", "moody"):
        found = defaultdict(list)
        for lane, number in heard(database, name):
            found[lane].append(number)
        assert found == expected, f"{name}, seed {seed}"
    assert journaled(database) == sum(map(len, expected.values()))
    told = f"{rounds()} rounds, {journaled(database)} acts, {len(acknowledged)} acknowledged"
    record_property("did", f"{told}, {left} heard before the last kill")


def acts(db: Database) -> dict[str, list[int]]:
    """What was committed, lane by lane: numbers without a hole."""
    found: dict[str, list[int]] = defaultdict(list)
    with db.reading() as session:
        for lane, number in session.fetch("SELECT lane, number FROM test_act ORDER BY lane, number"):
            found[lane].append(number)
    assert found
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in found.values())
    return found


def journaled(db: Database) -> int:
    """Entries of those acts, each in a unit that says so."""
    with db.reading() as session:
        ((units,),) = session.fetch("SELECT COUNT(*) FROM audit_unit WHERE entries = 1 AND events = 1")
        ((entries,),) = session.fetch("SELECT COUNT(*) FROM audit_inbox")
    assert units == entries
    return int(entries)
