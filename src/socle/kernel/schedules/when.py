"""When a job is due. A time is due once: of a day on which the clock is put forward over it, at the same distance from
midnight as if it had not been; of one on which the hour comes twice, the first time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from socle.kernel.clock import EPOCH, from_micros

_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at this hour of the country's own time."""

    hour: int
    minute: int = 0

    def __post_init__(self) -> None:
        time(self.hour, self.minute)


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes, counted from 1970 so that all processes agree."""

    minutes: int

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError(f"every {self.minutes} minutes: expected 1 or more")


When = Daily | Every


def last_due(when: When, at: int, zone: ZoneInfo) -> int:
    """The last moment up to `at` at which it was due; microseconds, like `at`."""
    if isinstance(when, Every):
        period = when.minutes * _MINUTE
        return at // period * period
    day = from_micros(at).astimezone(zone).date()
    due = _instant(_on(day, when, zone))
    return due if due <= at else _instant(_on(day - timedelta(days=1), when, zone))


def next_due(when: When, at: int, zone: ZoneInfo) -> int:
    """The first moment after `at` at which it will be due."""
    if isinstance(when, Every):
        return last_due(when, at, zone) + when.minutes * _MINUTE
    day = from_micros(at).astimezone(zone).date()
    due = _instant(_on(day, when, zone))
    return due if due > at else _instant(_on(day + timedelta(days=1), when, zone))


def _on(day: date, when: Daily, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(when.hour, when.minute), zone)


def _instant(moment: datetime) -> int:
    return (moment.astimezone(UTC) - EPOCH) // _MICROSECOND
