"""A load then its differences is the next load: the same resources, statements, densities and places."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from socle.foundations.directory.demo import VILLAGE, write_delta, write_territory
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.loading.load import load_files
from socle.kernel.db import Database
from tests.foundations.directory.strategies import Territory, territories
from tests.support.directory import (
    active,
    changed,
    delta_texts,
    derived_rows,
    empty,
    everything,
    load_texts,
    resources,
)

slow = settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@slow
@given(before=territories, now=territories)
def test_load_then_delta_equals_full_load(
    database: Database, tmp_path: Path, before: Territory, now: Territory
) -> None:
    empty(database)
    load_texts(database, tmp_path, before.texts())
    load_texts(database, tmp_path, now.texts())
    by_full = everything(database)
    empty(database)
    load_texts(database, tmp_path, before.texts())
    load_texts(database, tmp_path, delta_texts(before.told, now.told), Mode.DELTA)
    assert everything(database) == by_full
    empty(database)
    load_texts(database, tmp_path, now.texts())
    assert active(by_full["resources"]) == resources(database)
    assert {name: rows for name, rows in by_full.items() if name != "resources"} == derived_rows(database)


@slow
@given(days=st.lists(territories, min_size=2, max_size=4))
def test_a_territory_that_comes_back_to_what_it_was(
    database: Database, tmp_path: Path, days: list[Territory]
) -> None:
    """Withdrawn, changed, taken up again: at the end all that was there is there, and the rest is inactive."""
    empty(database)
    load_texts(database, tmp_path, days[0].texts())
    first = everything(database)
    for before, now in zip(days, [*days[1:], days[0]], strict=True):
        report = load_texts(database, tmp_path, delta_texts(before.told, now.told), Mode.DELTA)
        note(str(report.counts))
    last = everything(database)
    assert active(last.pop("resources")) == first.pop("resources")
    assert last == first
    assert changed(load_texts(database, tmp_path, days[0].texts())) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_of_the_village(database: Database, tmp_path: Path, seed: int) -> None:
    first = write_territory(tmp_path / "first", VILLAGE, seed=seed)
    day = write_delta(tmp_path / "day", VILLAGE, seed=seed, changes=40)
    load_files(database, first.files, rejects=tmp_path)
    touched = load_files(database, day.delta, mode=Mode.DELTA, rejects=tmp_path)
    assert changed(touched) > 0
    by_delta = everything(database)
    assert changed(load_files(database, day.full.files, rejects=tmp_path)) == 0
    assert everything(database) == by_delta
