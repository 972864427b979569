"""Dates and places of birth, those that are not wholly known among them.

Sources: Guide INS EXI ID 11 and EXI ID 12, RNIV EXI PP 19 (incomplete dates); INSEE, code officiel géographique
(places). The place is that of the time of birth, hence codes of communes and departments that exist no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from socle.standards.ins.faults import BIRTH_DATE, BIRTH_PLACE, Fault, fault, refuse

UNKNOWN_PLACE: Final = "99999"
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_COMMUNE: Final = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-6]|2[AB])[0-9]{3}|9[78][1-9][0-9]{2}", re.ASCII)
_ABROAD: Final = re.compile(r"99[0-9]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A full date, and whether the rule of EXI ID 11 made it; then `lunar` is what was received, which is kept apart
    from the health identity."""

    value: date
    lunar: str = ""

    @property
    def is_uncertain(self) -> bool:
        return bool(self.lunar)


def complete(text: str) -> BirthDate:
    """A date as a document or INSi gives it: AAAA-MM-JJ, AAAA-MM or AAAA, 00 standing for what is unknown.

    Day unknown: the first of the month. Month unknown: January. Both: 31 December. Raises Refused (BIRTH_DATE), when
    the year is unknown too, and for a day that does not exist.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise refuse(BIRTH_DATE, text)
    year, month, day = (int(part or 0) for part in match.groups())
    lunar = "" if month and day else text
    if not month and not day:
        month, day = 12, 31
    try:
        return BirthDate(date(year, month or 1, day or 1), lunar)
    except ValueError:
        raise refuse(BIRTH_DATE, text) from None


class PlaceKind(StrEnum):
    FRANCE = "france"
    ABROAD = "abroad"
    UNKNOWN = "unknown"


def place_kind(code: str) -> PlaceKind | None:
    """What a code of birth place tells; None when it has not the form of one. Former communes are places of France."""
    if code == UNKNOWN_PLACE:
        return PlaceKind.UNKNOWN
    if _ABROAD.fullmatch(code):
        return PlaceKind.ABROAD
    return PlaceKind.FRANCE if _COMMUNE.fullmatch(code) else None


def check_place(code: str) -> Fault | None:
    return fault(BIRTH_PLACE, code) if place_kind(code) is None else None
