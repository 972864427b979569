"""Dates as intervals: bounds, zones, prefixes and refusals, against the datetime module as the oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.fhir.dates import DateFault, interval, parse_search_date

PARIS = ZoneInfo("Europe/Paris")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
DAY = 24 * HOUR


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2025", "2025-01-01T00:00:00", "2026-01-01T00:00:00"),
        ("2025-09", "2025-09-01T00:00:00", "2025-10-01T00:00:00"),
        ("2025-12", "2025-12-01T00:00:00", "2026-01-01T00:00:00"),
        ("2024-02", "2024-02-01T00:00:00", "2024-03-01T00:00:00"),
        ("2025-09-27", "2025-09-27T00:00:00", "2025-09-28T00:00:00"),
        ("2024-02-29", "2024-02-29T00:00:00", "2024-03-01T00:00:00"),
        ("2025-09-27T10:00:00Z", "2025-09-27T10:00:00", "2025-09-27T10:00:01"),
        ("2025-09-27T10:00:00+02:00", "2025-09-27T08:00:00", "2025-09-27T08:00:01"),
        ("2025-09-27T10:00:00-02:30", "2025-09-27T12:30:00", "2025-09-27T12:30:01"),
        ("2019-09-02T01:00:00.000+01:00", "2019-09-02T00:00:00", "2019-09-02T00:00:00.001"),
        ("2025-01-01T00:00:00.5Z", "2025-01-01T00:00:00.5", "2025-01-01T00:00:00.6"),
        ("2025-01-01T00:00:00.123456Z", "2025-01-01T00:00:00.123456", "2025-01-01T00:00:00.123457"),
        ("2025-01-01T00:00:00.1234569Z", "2025-01-01T00:00:00.123456", "2025-01-01T00:00:00.123457"),
        ("0001-01-01", "0001-01-01T00:00:00", "0001-01-02T00:00:00"),
    ],
)
def test_an_interval_is_as_wide_as_the_date_is_precise(text: str, low: str, high: str) -> None:
    bounds = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (low, high))
    assert interval(text) == tuple(map(micros, bounds))


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31"])
def test_the_last_year_ends_where_the_next_would_begin(text: str) -> None:
    assert interval(text).high == micros(datetime(9999, 12, 31, tzinfo=UTC)) + DAY
    assert interval(text, PARIS).high == interval(text).high - HOUR


def test_a_date_without_offset_is_placed_in_the_given_zone() -> None:
    assert interval("2025-01-15", PARIS) == tuple(bound - HOUR for bound in interval("2025-01-15"))
    assert interval("2025-07-15T10:00:00", PARIS) == interval("2025-07-15T10:00:00+02:00")
    assert interval("2025-07-15T10:00:00Z", PARIS) == interval("2025-07-15T10:00:00Z")


@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25), ("2025-06-01", 24)])
def test_a_local_day_lasts_as_long_as_the_clocks_say(day: str, hours: int) -> None:
    low, high = interval(day, PARIS)
    assert high - low == hours * HOUR


@given(st.datetimes(timezones=st.none()), st.integers(-14 * 60, 14 * 60))
def test_a_complete_date_agrees_with_datetime(moment: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    text = f"{moment.isoformat(timespec='microseconds')}{sign}{hours:02d}:{rest:02d}"
    low, high = interval(text)
    assert low == micros(moment.replace(tzinfo=UTC)) - minutes * 60_000_000
    assert high == low + 1
    assert interval(moment.isoformat(timespec="seconds"), timezone(timedelta(minutes=minutes))).low <= low


@given(st.dates(), st.sampled_from([UTC, PARIS, ZoneInfo("Pacific/Apia"), ZoneInfo("America/Noronha")]))
def test_a_day_lies_in_its_month_and_the_month_in_its_year(day: date, zone: ZoneInfo) -> None:
    year, month, whole = (interval(day.isoformat()[:length], zone) for length in (4, 7, 10))
    assert year.low <= month.low <= whole.low < whole.high <= month.high <= year.high


@given(st.text(alphabet="0123456789-T:.Z+ ", max_size=30))
def test_any_text_is_a_date_or_is_explained(text: str) -> None:
    try:
        low, high = interval(text)
    except DateFault as refused:
        fault = refused
    else:
        assert low < high
        return
    assert fault.received
    assert fault.remedy.fr != fault.remedy.en


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "Write YYYY"),
        ("25", "Write YYYY"),
        ("2025-9-1", "Write YYYY"),
        ("27/09/2025", "Write YYYY"),
        ("2025-09-27T10", "Write YYYY"),
        ("2025-09-27T10:00", "Add the seconds"),
        ("2025-09-27T10:00Z", "Add the seconds"),
        ("2025-02-29", "a day that exists"),
        ("2025-13", "a day that exists"),
        ("2025-00-10", "a day that exists"),
        ("0000", "between 0001-01-01"),
        ("2025-09-27T24:00:00Z", "midnight is 00:00:00"),
        ("2025-09-27T10:60:00Z", "23:59:59"),
        ("2016-12-31T23:59:60Z", "leap second"),
        ("2025-09-27T10:00:00+15:00", "-14:00 to +14:00"),
        ("2025-09-27T10:00:00+02:60", "-14:00 to +14:00"),
        ("2025-09-27T10:00:00 02:00", "%2B"),
        ("２０２５", "Write YYYY"),
        ("2025\n", "Write YYYY"),
    ],
)
def test_a_refusal_says_what_would_pass(text: str, hint: str) -> None:
    with pytest.raises(DateFault) as caught:
        interval(text)
    assert hint in caught.value.remedy.en


@pytest.mark.parametrize("prefix", ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"])
def test_a_search_value_carries_its_prefix(prefix: str) -> None:
    assert parse_search_date(f"{prefix}2025-09-27") == (prefix, *interval("2025-09-27"))


def test_a_search_value_without_prefix_means_equal() -> None:
    assert parse_search_date("2025-09") == ("eq", *interval("2025-09"))


def test_a_search_value_may_stop_at_the_minutes() -> None:
    prefix, low, high = parse_search_date("le2025-09-27T10:00", PARIS)
    assert (prefix, low, high - low) == ("le", interval("2025-09-27T10:00:00+02:00").low, 60_000_000)


@pytest.mark.parametrize("text", ["xx2025", "GE2025", "g"])
def test_an_unknown_prefix_is_refused(text: str) -> None:
    with pytest.raises(DateFault):
        parse_search_date(text)


def test_an_unknown_prefix_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DateFault) as caught:
        parse_search_date("af2025")
    assert "eq, ne, gt, lt, ge, le, sa, eb, ap" in caught.value.remedy.fr
