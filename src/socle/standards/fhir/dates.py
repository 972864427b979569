"""FHIR dates as half-open intervals (R4 datatypes.html#dateTime, search.html#date).

A FHIR date says how precise it is: `2025-09` is the whole month. Search compares intervals, never points,
so every date becomes [low, high) in integer microseconds since 1970-01-01T00:00:00Z. Both bounds may lie
before year 1 or after year 9999 by the offset of a zone or by the width of the last year; they always fit
64 bits.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal, NamedTuple, get_args

from socle.standards.fhir.faults import Bilingual, Fault, Refused, shown

Prefix = Literal["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]

_PREFIXES: Final[dict[str, Prefix]] = {prefix: prefix for prefix in get_args(Prefix)}
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()
_LAST_DAY: Final = date.max.toordinal()
_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_DAY: Final = 24 * 60 * _MINUTE
_MICROSECOND: Final = timedelta(microseconds=1)
_FRACTION_DIGITS: Final = 6
_SHAPE: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_RULE: Final = "R4 datatypes.html#dateTime"
_SHAPES: Final = Bilingual(
    "Écrivez AAAA, AAAA-MM, AAAA-MM-JJ, ou AAAA-MM-JJThh:mm:ss suivi de Z ou d’un décalage comme +01:00.",
    "Write YYYY, YYYY-MM, YYYY-MM-DD, or YYYY-MM-DDThh:mm:ss followed by Z or an offset such as +01:00.",
)


class DateFault(Refused):
    """A text that is not a date, or a date that does not exist."""

    def __init__(self, text: str, remedy: Bilingual, rule: str = _RULE) -> None:
        super().__init__(Fault("value", "", shown(text), rule, remedy))


class Interval(NamedTuple):
    """[low, high) in microseconds since 1970-01-01T00:00:00Z."""

    low: int
    high: int


class SearchDate(NamedTuple):
    """A date search value: its prefix (`eq` when none is written) and its interval [low, high)."""

    prefix: Prefix
    low: int
    high: int


def interval(text: str, zone: tzinfo = UTC) -> Interval:
    """The interval of a `date`, `dateTime` or `instant`; `zone` places what carries no offset.

    Raises DateFault. Fractions beyond the microsecond are cut: such an instant is the microsecond that
    holds it.
    """
    return _interval(text, zone, minutes_allowed=False)


def parse_search_date(text: str, zone: tzinfo = UTC) -> SearchDate:
    """Read a search value such as `ge2025-09-27`; unlike in a resource, a time may stop at the minutes."""
    prefix = _PREFIXES.get(text[:2])
    if prefix is not None:
        return SearchDate(prefix, *_interval(text[2:], zone, minutes_allowed=True))
    if text[:2].isalpha():
        known = ", ".join(_PREFIXES)
        remedy = Bilingual(f"Préfixes admis : {known}.", f"Prefixes allowed: {known}.")
        raise DateFault(text, remedy, "R4 search.html#prefix")
    return SearchDate("eq", *_interval(text, zone, minutes_allowed=True))


def _interval(text: str, zone: tzinfo, *, minutes_allowed: bool) -> Interval:
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise DateFault(text, _remedy_for_shape(text))
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    if hour is None:
        first, following = _days(text, int(year), month, day)
        return Interval(_midnight(first, zone), _midnight(following, zone))
    if second is None and not minutes_allowed:
        remedy = Bilingual("Ajoutez les secondes : hh:mm:ss.", "Add the seconds: hh:mm:ss.")
        raise DateFault(text, remedy)
    ordinal = _days(text, int(year), month, day)[0]
    since_midnight = _time_of_day(text, int(hour), int(minute), int(second or 0))
    low = (ordinal - _FIRST_DAY) * _DAY + since_midnight
    low -= _shift_of_zone(zone, ordinal, since_midnight) if offset is None else _shift_written(text, offset)
    if fraction is not None:
        low += int(fraction[:_FRACTION_DIGITS].ljust(_FRACTION_DIGITS, "0"))
        return Interval(low, low + 10 ** max(0, _FRACTION_DIGITS - len(fraction)))
    return Interval(low, low + (_MINUTE if second is None else _SECOND))


def _days(text: str, year: int, month: str | None, day: str | None) -> tuple[int, int]:
    """Ordinals of the first day and of the day after the last."""
    try:
        first = date(year, int(month or 1), int(day or 1)).toordinal()
    except ValueError:
        remedy = Bilingual(
            "Donnez un jour qui existe, entre 0001-01-01 et 9999-12-31.",
            "Give a day that exists, between 0001-01-01 and 9999-12-31.",
        )
        raise DateFault(text, remedy) from None
    if day is not None:
        return first, first + 1
    last_month = 12 if month is None else int(month)
    return first, _LAST_DAY + 1 if (year, last_month) == (9999, 12) else _first_of_next(year, last_month)


def _first_of_next(year: int, month: int) -> int:
    return date(year + month // 12, month % 12 + 1, 1).toordinal()


def _time_of_day(text: str, hour: int, minute: int, second: int) -> int:
    if hour <= 23 and minute <= 59 and second <= 59:
        return (hour * 60 + minute) * _MINUTE + second * _SECOND
    if second == 60 and hour <= 23 and minute <= 59:
        remedy = Bilingual(
            "Une seconde intercalaire n’a pas de place sur une échelle de temps UTC continue : écrivez :59.",
            "A leap second has no place on a continuous UTC scale: write :59.",
        )
    else:
        remedy = Bilingual(
            "L’heure va de 00:00:00 à 23:59:59 ; minuit est 00:00:00 du jour suivant.",
            "The time goes from 00:00:00 to 23:59:59; midnight is 00:00:00 of the next day.",
        )
    raise DateFault(text, remedy)


def _shift_written(text: str, offset: str) -> int:
    if offset == "Z":
        return 0
    hours, minutes = int(offset[1:3]), int(offset[4:])
    if minutes > 59 or (hours, minutes) > (14, 0):
        remedy = Bilingual("Le décalage va de -14:00 à +14:00.", "The offset goes from -14:00 to +14:00.")
        raise DateFault(text, remedy)
    shift = (hours * 60 + minutes) * _MINUTE
    return -shift if offset[0] == "-" else shift


def _midnight(ordinal: int, zone: tzinfo) -> int:
    return (ordinal - _FIRST_DAY) * _DAY - _shift_of_zone(zone, ordinal, 0)


def _shift_of_zone(zone: tzinfo, ordinal: int, since_midnight: int) -> int:
    """Offset of the zone at a local time, in microseconds; the day after the last uses the last day's."""
    if zone is UTC:
        return 0
    local = datetime.fromordinal(min(ordinal, _LAST_DAY)) + timedelta(microseconds=since_midnight)
    offset = local.replace(tzinfo=zone).utcoffset()
    return 0 if offset is None else offset // _MICROSECOND


def _remedy_for_shape(text: str) -> Bilingual:
    if _SHAPE.fullmatch(text.replace(" ", "+")):
        return Bilingual(
            "Dans une adresse, le signe + du décalage s’écrit %2B.",
            "In a URL, the + sign of the offset is written %2B.",
        )
    return _SHAPES
