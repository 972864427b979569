"""Periods of the law counted in months (regulation (EEC, Euratom) 1182/71, art. 3), as the GDPR's are.

The day of the event does not count. A period ends with the day of the same date in its last month, or with the last day
of that month where there is no such date; a Saturday, a Sunday or a public holiday moves the end to the next working
day.
"""

from calendar import monthrange
from datetime import date, timedelta

from socle.kernel.territory import facts

_SATURDAY = 5


def months_after(event: date, months: int) -> date:
    """The last day of a period of so many months that runs from an event, before weekends and holidays move it."""
    year, month = divmod(event.year * 12 + event.month - 1 + months, 12)
    return date(year, month + 1, min(event.day, monthrange(year, month + 1)[1]))


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in facts("holidays").public_holidays(day.year)


def end_of_period(event: date, months: int) -> date:
    """The last day on which what must be done within so many months is done in time."""
    day = months_after(event, months)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
