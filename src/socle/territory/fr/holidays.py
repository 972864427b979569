"""Public holidays (Code du travail, art. L3133-1), those that the whole country has.

Alsace-Moselle and overseas departments have others besides; national delays do not count them.
"""

from datetime import date, timedelta
from functools import cache
from typing import Final

_FIXED: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Easter Monday, Ascension, Whit Monday: days after Easter Sunday.
_AFTER_EASTER: Final = (1, 39, 50)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, Gregorian calendar."""
    fixed = {date(year, month, day) for month, day in _FIXED}
    return frozenset(fixed | {easter(year) + timedelta(days=after) for after in _AFTER_EASTER})


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian algorithm (J. Meeus, Astronomical Algorithms, chapter 8)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    skipped, kept = century // 4, century % 4
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped - correction + 15) % 30
    weekday = (32 + 2 * kept + 2 * (of_century // 4) - epact - of_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
