"""Legal periods counted in months: ends of months, leap years, weekends and public holidays."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.periods import end_of_period, is_working_day, months_after
from socle.territory.fr.holidays import easter, public_holidays

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
periods = st.integers(1, 24)


@pytest.mark.parametrize(
    ("event", "months", "end"),
    [
        (date(2026, 3, 5), 1, date(2026, 4, 5)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_a_period_ends_on_the_same_date_or_on_the_last_of_the_month(
    event: date, months: int, end: date
) -> None:
    assert months_after(event, months) == end


@given(days, periods)
def test_a_period_spans_its_months(event: date, months: int) -> None:
    end = months_after(event, months)
    assert (end.year - event.year) * 12 + end.month - event.month == months
    last = monthrange(end.year, end.month)[1]
    assert end.day == event.day or (end.day == last and event.day > last)


@given(days, days, periods)
def test_a_later_event_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted([one, other])
    assert end_of_period(first, months) <= end_of_period(second, months)


@given(days, periods)
def test_the_end_is_the_first_working_day_from_the_date_on(event: date, months: int) -> None:
    date_of_end, end = months_after(event, months), end_of_period(event, months)
    assert is_working_day(end)
    assert date_of_end <= end
    between = (date_of_end + timedelta(days=number) for number in range((end - date_of_end).days))
    assert not any(is_working_day(day) for day in between)


@pytest.mark.parametrize(
    ("event", "end"),
    [
        # A Saturday, then a Sunday, then Easter Monday: Tuesday.
        (date(2026, 3, 4), date(2026, 4, 7)),
        (date(2026, 10, 11), date(2026, 11, 12)),
        (date(2026, 11, 25), date(2026, 12, 28)),
        (date(2026, 10, 22), date(2026, 11, 23)),
        (date(2026, 10, 20), date(2026, 11, 20)),
    ],
)
def test_weekends_and_holidays_move_the_end(event: date, end: date) -> None:
    assert end_of_period(event, 1) == end


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1818, date(1818, 3, 22)),
        (2000, date(2000, 4, 23)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
        (2285, date(2285, 3, 22)),
    ],
)
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday


@given(st.integers(1583, 4000))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_a_year_has_eleven_public_holidays() -> None:
    assert len(public_holidays(2026)) == 11
    assert date(2026, 5, 14) in public_holidays(2026)
    assert date(2026, 5, 25) in public_holidays(2026)
