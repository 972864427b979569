"""The two clocks.

`now()` is real time: tokens, sessions, audit. `business_date()` is the day on which legal delays and commissions
count; a demonstration may move it. What is stored is UTC; the zone, which is the territory's, appears only where a
person reads and where a day begins.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from socle.kernel.territory import facts

_shift: ContextVar[timedelta] = ContextVar("business_shift", default=timedelta(0))
_QUARTER_MICROS = 15 * 60 * 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


def micros() -> int:
    """Microseconds since 1970-01-01T00:00:00Z."""
    return time.time_ns() // 1_000


def now_micros() -> int:
    """Microseconds since 1970-01-01T00:00:00Z, cut to the millisecond, which is what FHIR instants carry here."""
    return int(now().timestamp() * 1000) * 1000


def from_micros(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def instant(micros: int) -> str:
    """FHIR `instant` in UTC with milliseconds: `2026-11-22T10:04:48.123Z`."""
    return from_micros(micros).strftime("%Y-%m-%dT%H:%M:%S.") + f"{micros % 1_000_000 // 1000:03d}Z"


def http_date(micros: int) -> str:
    """RFC 9110 §5.6.7 date, to the second: `Sun, 22 Nov 2026 10:04:48 GMT`."""
    moment = from_micros(micros)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
        moment.month - 1
    ]
    return f"{day}, {moment:%d} {month} {moment:%Y %H:%M:%S} GMT"


def legal_zone() -> ZoneInfo:
    """The zone in which the country served counts its days."""
    return ZoneInfo(facts("legal_time").ZONE)


def end_of_day(day: date) -> int:
    """The first moment after a day of the country served, in microseconds."""
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), legal_zone())
    return (after - EPOCH) // timedelta(microseconds=1)


def business_date() -> date:
    return _day_of(micros() // _QUARTER_MICROS, legal_zone()) + _shift.get()


@lru_cache(maxsize=8)
def _day_of(quarter: int, zone: ZoneInfo) -> date:
    """Days begin on a quarter of an hour of UTC, whatever the zone: their offsets are such."""
    return from_micros(quarter * _QUARTER_MICROS).astimezone(zone).date()


@contextmanager
def business_shift(days: int) -> Iterator[None]:
    """Move the business clock by `days` within the block: demonstrations and tests of legal delays."""
    token = _shift.set(timedelta(days=days))
    try:
        yield
    finally:
        _shift.reset(token)
