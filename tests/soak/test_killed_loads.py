"""Loads killed at random moments: readers see the state before or the state after, and the next load works."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import pytest

from socle.foundations.directory.demo import TOWN, VILLAGE, Written, write_territory
from socle.foundations.directory.loading.load import load_files
from socle.kernel.db import Database
from tests.support.command_line import begun, socle
from tests.support.databases import PostgresqlTemplate, SqliteTemplate
from tests.support.directory import everything_at
from tests.support.rounds import rounds

pytestmark = pytest.mark.soak

# A load may be killed once more before one goes through: what a killed load left is then met by the next.
MOST_KILLS = 2
State = dict[str, Any]


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("village"), VILLAGE)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("town"), TOWN)


def fill(url: str, files: tuple[Path, ...], rejects: Path) -> None:
    db = Database(url)
    try:
        load_files(db, files, rejects=rejects)
    finally:
        db.close()


@pytest.fixture
def villages(
    engine: str, village: Written, tmp_path: Path, request: pytest.FixtureRequest
) -> SqliteTemplate | PostgresqlTemplate:
    """Makes databases that hold the village."""
    put = partial(fill, files=village.files, rejects=tmp_path / "rejects")
    if engine == "sqlite":
        return SqliteTemplate(tmp_path, put)
    return PostgresqlTemplate(request.getfixturevalue("postgresql_server"), tmp_path, "village", put)


@contextmanager
def one_of(villages: SqliteTemplate | PostgresqlTemplate, home: Path) -> Iterator[str]:
    """A new village, forgotten at the end of the block."""
    with TemporaryDirectory(dir=home) as folder, villages.fresh(Path(folder)) as url:
        yield url


class Loop:
    """`socle load --delta` of the town over a village, killed and repeated; `found` counts what was met."""

    def __init__(self, home: Path, files: tuple[Path, ...]) -> None:
        self._command: tuple[str | Path, ...] = ("load", "directory", "--delta", *files)
        self._home = home
        self.found: Counter[str] = Counter()

    def whole(self, url: str) -> tuple[float, State]:
        """How long a load takes (seconds), and what it leads to."""
        began = monotonic()
        done = socle(*self._command, home=self._home, SOCLE_DATABASE=url)
        assert done.returncode == 0, done.stderr
        return monotonic() - began, everything_at(url)

    def killed(self, url: str, after: float) -> None:
        """One load, whose own process, composing ones apart, is killed (SIGKILL) `after` seconds if it still runs."""
        printed = self._home / "printed.txt"
        with begun(*self._command, home=self._home, printed=printed, SOCLE_DATABASE=url) as load:
            with suppress(TimeoutExpired):
                load.wait(after)
            load.kill()
            self.found["killed" if load.wait() else "ended first"] += 1


def test_a_killed_load_is_seen_whole_or_not_at_all(
    villages: SqliteTemplate | PostgresqlTemplate,
    town: Written,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    loop, random = Loop(tmp_path, town.files), Random()
    seed = random.getrandbits(32)
    random.seed(seed)
    with one_of(villages, tmp_path) as url:
        before = everything_at(url)
        usual, after = loop.whole(url)
    assert before != after
    for number in range(rounds()):
        with one_of(villages, tmp_path) as url:
            for _ in range(random.randint(1, MOST_KILLS)):
                loop.killed(url, random.uniform(0, usual))
                seen = everything_at(url)
                assert seen in (before, after), f"seed {seed}, round {number}"
                loop.found["seen before" if seen == before else "seen after"] += 1
            assert loop.whole(url)[1] == after, f"seed {seed}, round {number}"
    assert loop.found["killed"]
    told = ", ".join(f"{name} {times}" for name, times in loop.found.items())
    record_property("did", f"{rounds()} rounds, {told}")
