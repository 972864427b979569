"""Loads that are interrupted, killed or refused leave the previous state whole, and one load runs at a time."""

import signal
from pathlib import Path
from typing import Any

import pytest

from socle.foundations.directory.demo import VILLAGE, Written, WrittenDelta, write_delta, write_territory
from socle.foundations.directory.loading.load import load_files
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database
from socle.kernel.errors import WORK_BUSY, SocleError
from tests.support.directory import changed, empty, everything
from tests.support.fhir_store import ranged_rows
from tests.support.processes import run_python

STAGES = ("read", "structures", "persons")
LOAD_AND_DIE = """
import os, signal, sys
from pathlib import Path
from socle.foundations.directory.loading.load import load_files
from socle.kernel.db import Database

url, stage, rejects, *paths = sys.argv[1:]

def watch(name, done, total):
    if done == total and (name == stage or (stage == "read" and name == Path(paths[-1]).name)):
        os.kill(os.getpid(), signal.SIGKILL)

load_files(Database(url), [Path(path) for path in paths], rejects=Path(rejects), watch=watch)
"""
BESIDE = ("directory_statement", "directory_density", "directory_place")


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("first"), VILLAGE)


@pytest.fixture(scope="module")
def next_day(tmp_path_factory: pytest.TempPathFactory) -> WrittenDelta:
    return write_delta(tmp_path_factory.mktemp("next"), VILLAGE, changes=60)


def rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that readers may see or that the next load compares with, transaction numbers included."""
    with db.reading() as session:
        beside = {table: sorted(session.fetch(f"SELECT * FROM {table}")) for table in BESIDE}
    return {**ranged_rows(db, PUBLIC), **beside}


class Interrupted(Exception):
    """What a person who presses Ctrl-C, or a full disk, does to a load."""


def fail_at(stage: str, last: str) -> Any:
    def watch(name: str, done: int, total: int) -> None:
        if done == total and name == (last if stage == "read" else stage):
            raise Interrupted

    return watch


@pytest.mark.parametrize("stage", STAGES)
def test_a_load_that_fails_leaves_everything_as_it_was(
    database: Database, first_day: Written, next_day: WrittenDelta, tmp_path: Path, stage: str
) -> None:
    load_files(database, first_day.files, rejects=tmp_path)
    before = rows(database)
    watch = fail_at(stage, next_day.full.files[-1].name)
    with pytest.raises(Interrupted):
        load_files(database, next_day.full.files, rejects=tmp_path, watch=watch)
    assert rows(database) == before


@pytest.mark.parametrize(("stage", "held"), [*((stage, True) for stage in STAGES), ("persons", False)])
def test_a_load_after_one_that_was_killed_is_as_if_that_had_never_been(
    database: Database,
    database_url: str,
    first_day: Written,
    next_day: WrittenDelta,
    tmp_path: Path,
    stage: str,
    held: bool,
) -> None:
    if held:
        load_files(database, first_day.files, rejects=tmp_path)
    before = everything(database) if held else None
    killed = run_python(LOAD_AND_DIE, database_url, stage, str(tmp_path), *map(str, next_day.full.files))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not held or everything(database) == before
    load_files(database, next_day.full.files, rejects=tmp_path)
    found = everything(database)
    assert changed(load_files(database, next_day.full.files, rejects=tmp_path)) == 0
    empty(database)
    if held:
        load_files(database, first_day.files, rejects=tmp_path)
    load_files(database, next_day.full.files, rejects=tmp_path)
    assert everything(database) == found


def test_one_load_runs_at_a_time(database: Database, first_day: Written, tmp_path: Path) -> None:
    refused: list[SocleError] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "structures" and not refused:
            with pytest.raises(SocleError) as busy:
                load_files(database, first_day.files, rejects=tmp_path)
            refused.append(busy.value)

    assert changed(load_files(database, first_day.files, rejects=tmp_path, watch=meanwhile)) > 0
    assert [error.kind for error in refused] == [WORK_BUSY]


def test_loads_may_follow_each_other_at_once(database: Database, first_day: Written, tmp_path: Path) -> None:
    """The right to load is given back when a load ends, not some time later."""
    reports = [load_files(database, first_day.files[3:], rejects=tmp_path) for _ in range(5)]
    assert [changed(report) for report in reports[1:]] == [0] * 4
