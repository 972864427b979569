"""The two clocks, and the forms in which moments are written."""

import sys
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.clock import (
    business_date,
    business_shift,
    from_micros,
    http_date,
    instant,
    legal_zone,
    now,
    now_micros,
)
from socle.kernel.settings import settings

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@given(MOMENTS)
def test_an_instant_is_the_moment_to_the_millisecond(moment: datetime) -> None:
    written = datetime.fromisoformat(instant(micros(moment)))
    assert timedelta(0) <= moment - written < timedelta(milliseconds=1)


@given(MOMENTS)
def test_an_http_date_is_the_moment_to_the_second(moment: datetime) -> None:
    written = parsedate_to_datetime(http_date(micros(moment)))
    assert timedelta(0) <= moment - written < timedelta(seconds=1)


@given(MOMENTS)
def test_micros_and_moments_say_the_same(moment: datetime) -> None:
    assert from_micros(micros(moment)) == moment


def test_stored_moments_are_cut_to_the_millisecond() -> None:
    assert now_micros() % 1000 == 0


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-11-22T22:59:59Z", date(2026, 11, 22)),
        ("2026-11-22T23:00:00Z", date(2026, 11, 23)),
        ("2026-07-01T21:59:59Z", date(2026, 7, 1)),
        ("2026-07-01T22:00:00Z", date(2026, 7, 2)),
    ],
)
def test_the_business_day_begins_at_midnight_in_paris(utc: str, day: date) -> None:
    with time_machine.travel(utc, tick=False):
        assert business_date() == day


def test_the_business_day_is_that_of_the_territory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        sys.modules, "socle.territory.toy.legal_time", SimpleNamespace(ZONE="Pacific/Kiritimati")
    )
    monkeypatch.setenv("SOCLE_TERRITORY", "toy")
    settings.cache_clear()
    try:
        with time_machine.travel("2026-11-22T10:00:00Z", tick=False):
            assert business_date() == date(2026, 11, 23)
        assert legal_zone().key == "Pacific/Kiritimati"
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_the_business_clock_moves_and_the_real_one_does_not() -> None:
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        before = now()
        with business_shift(30):
            assert business_date() == date(2026, 3, 31)
            assert now() == before
        assert business_date() == date(2026, 3, 1)
