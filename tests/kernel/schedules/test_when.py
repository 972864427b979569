"""When a job is due: each day once, whatever the clocks of the country do; every so many minutes, the same for all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.clock import EPOCH, from_micros
from socle.kernel.schedules.when import Daily, Every, When, last_due, next_due

PARIS = ZoneInfo("Europe/Paris")
# Lord Howe moves its clocks by half an hour; Apia left out a whole day in 2011.
ZONES = st.sampled_from(
    [PARIS, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC"), ZoneInfo("America/St_Johns")]
)
DAILY = st.builds(Daily, st.integers(0, 23), st.integers(0, 59))
EVERY = st.builds(Every, st.integers(1, 10_000))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(
    lambda moment: (moment.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
)


def at(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("when", "now", "last", "following"),
    [
        (Daily(3), "2026-11-22T12:00+01:00", "2026-11-22T03:00+01:00", "2026-11-23T03:00+01:00"),
        (Daily(3), "2026-11-22T03:00+01:00", "2026-11-22T03:00+01:00", "2026-11-23T03:00+01:00"),
        (Daily(3), "2026-11-22T02:59+01:00", "2026-11-21T03:00+01:00", "2026-11-22T03:00+01:00"),
        # On 29 March 2026 two o'clock is three o'clock: half past two is half past three.
        (Daily(2, 30), "2026-03-29T12:00+02:00", "2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00"),
        # On 25 October 2026 half past two comes twice; it is due the first time.
        (Daily(2, 30), "2026-10-25T02:45+01:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
        (Every(15), "2026-11-22T12:14+00:00", "2026-11-22T12:00+00:00", "2026-11-22T12:15+00:00"),
    ],
)
def test_the_last_and_the_next_time(when: When, now: str, last: str, following: str) -> None:
    assert (last_due(when, at(now), PARIS), next_due(when, at(now), PARIS)) == (at(last), at(following))


@given(DAILY | EVERY, MOMENTS, ZONES)
def test_times_follow_one_another_without_a_gap(when: When, now: int, zone: ZoneInfo) -> None:
    last, following = last_due(when, now, zone), next_due(when, now, zone)
    assert last <= now < following
    assert last_due(when, following, zone) == following
    assert last_due(when, following - 1, zone) == last
    assert next_due(when, last, zone) == following


@given(DAILY, st.dates(date(2000, 1, 1), date(2090, 1, 1)), ZONES)
def test_a_daily_job_is_due_once_on_each_day_of_the_country(when: Daily, day: date, zone: ZoneInfo) -> None:
    """A year of days, with both changes of the clocks."""
    due = next_due(when, at(f"{day}T00:00+00:00") - 86_400_000_000, zone)
    days = []
    for _ in range(366):
        days.append(from_micros(due).astimezone(zone).date())
        due = next_due(when, due, zone)
    assert days == [days[0] + timedelta(days=number) for number in range(366)]


@pytest.mark.parametrize("made", [lambda: Daily(24), lambda: Daily(1, 60), lambda: Every(0)])
def test_a_time_that_does_not_exist_is_refused_when_it_is_declared(made: Callable[[], When]) -> None:
    with pytest.raises(ValueError, match=r"hour|minute"):
        made()
