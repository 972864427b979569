"""The INS datamatrix as a string: what a label carries, and what a scanner sends (ANS, INS format datamatrix 2.2).

It is not signed: a scan fills in traits, by the channel `CB`, and qualifies nothing. Header of 26 characters, then
blocks `S1` to `S7`; the separator GS (U+001D) ends a block of variable length that is neither full nor last.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from socle.standards.ins.authorities import REAL, Authority
from socle.standards.ins.births import UNKNOWN_PLACE, check_place
from socle.standards.ins.faults import (
    DATAMATRIX_BLOCK,
    DATAMATRIX_DATE,
    DATAMATRIX_HEADER,
    DATAMATRIX_LENGTH,
    DATAMATRIX_MISSING,
    DATAMATRIX_SEPARATOR,
    NOT_QUALIFIED,
    SEX,
    Fault,
    Refused,
    fault,
    refuse,
)
from socle.standards.ins.identity import Carried
from socle.standards.ins.matricule import Ins, KeyRule, parse
from socle.standards.ins.names import Profile, check, normalise
from socle.standards.ins.traits import KNOWN_SEXES, Sex, Traits

MENTION: Final = "INS à scanner"
"""What is printed beside the code (Guide INS EXI DIF 02)."""
GS: Final = "\x1d"
HEADER: Final = "IS01" + 22 * "0"
# Some scanners begin with the identifier of the symbology (ISO/IEC 15424).
_SYMBOLOGY: Final = re.compile(r"\]d[0-6]")
_DATE: Final = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}", re.ASCII)


class Length(NamedTuple):
    least: int
    most: int


BLOCKS: Final[Mapping[str, Length]] = {
    "S1": Length(15, 15),
    "S2": Length(19, 20),
    "S3": Length(1, 100),
    "S4": Length(1, 100),
    "S5": Length(1, 1),
    "S6": Length(10, 10),
    "S7": Length(5, 5),
}
MANDATORY: Final = tuple(BLOCKS)[:-1]


@dataclass(frozen=True, slots=True, repr=False)
class Label:
    """What a datamatrix tells. `birth_place` is empty where it is not known."""

    ins: Ins
    given_names: str
    birth_name: str
    sex: Sex
    birth_date: date
    birth_place: str = ""

    @property
    def traits(self) -> Traits:
        """Traits to fill in; the first given name is the first word of the list until somebody tells otherwise."""
        first = self.given_names.split()[0]
        place = self.birth_place or UNKNOWN_PLACE
        return Traits(self.birth_name, first, self.birth_date, self.sex, place, self.given_names)


class Scanned(NamedTuple):
    """A label that was read; the warnings are about its key and its separators."""

    label: Label
    warnings: tuple[Fault, ...]


def label_of(identity: Carried) -> Label:
    """What to print on the documents of an identity. Raises Refused: it is not qualified, or a name is too long."""
    if identity.ins is None:
        raise refuse(NOT_QUALIFIED, None if identity.status is None else identity.status.value)
    traits = identity.traits
    place = "" if traits.birth_place == UNKNOWN_PLACE else traits.birth_place
    return Label(
        identity.ins,
        normalise(traits.given_names, Profile.PRINTED),
        normalise(traits.birth_name, Profile.PRINTED),
        traits.sex,
        traits.birth_date,
        place,
    )


# -- Write -----------------------------------------------------------------------------------------------------------


def encode(label: Label) -> str:
    """The string to print. Raises Refused when a field has not the form of its block."""
    values = {
        "S1": label.ins.number,
        "S2": label.ins.oid,
        "S3": label.given_names,
        "S4": label.birth_name,
        "S5": label.sex.value,
        "S6": f"{label.birth_date:%d-%m-}{label.birth_date.year:04d}",
        "S7": label.birth_place,
    }
    present = {block: value for block, value in values.items() if value or block in MANDATORY}
    _check_fields(present)
    last = tuple(present)[-1]
    blocks = (
        f"{block}{value}{GS if len(value) < BLOCKS[block].most and block != last else ''}"
        for block, value in present.items()
    )
    return HEADER + "".join(blocks)


def _check_fields(values: Mapping[str, str]) -> None:
    for block, value in values.items():
        _check_length(block, value)
    for block in ("S3", "S4"):
        wrong = check(values[block], Profile.PRINTED)
        if wrong is not None:
            raise Refused(wrong)
    if values["S5"] not in KNOWN_SEXES:
        raise refuse(SEX, values["S5"], accepted=", ".join(KNOWN_SEXES))
    misplaced = check_place(values["S7"]) if "S7" in values else None
    if misplaced is not None:
        raise Refused(misplaced)


def _check_length(block: str, value: str) -> None:
    least, most = BLOCKS[block]
    if not least <= len(value) <= most:
        accepted = str(most) if least == most else f"{least}-{most}"
        raise refuse(DATAMATRIX_LENGTH, value, block=block, accepted=accepted)


# -- Read ------------------------------------------------------------------------------------------------------------


def decode(
    scanned: str,
    *,
    accepted: Collection[Authority] = REAL,
    key_rule: KeyRule = KeyRule.BY_AUTHORITY,
) -> Scanned:
    """What a scanner sent; blocks may come in any order. `accepted` and `key_rule` are those of `matricule.parse`.

    A separator that the format does not ask for is a warning: the code is readable without it. Raises Refused.
    """
    text = _SYMBOLOGY.sub("", scanned, count=1) if scanned.startswith("]") else scanned
    if not text.startswith(HEADER):
        raise refuse(DATAMATRIX_HEADER, text[: len(HEADER)])
    values, unneeded = _blocks(text)
    missing = [block for block in MANDATORY if block not in values]
    if missing:
        raise refuse(DATAMATRIX_MISSING, ", ".join(missing))
    _check_fields(values)
    number, doubts = parse(values["S1"], values["S2"], accepted=accepted, key_rule=key_rule)
    day = _day(values["S6"])
    label = Label(number, values["S3"], values["S4"], Sex(values["S5"]), day, values.get("S7", ""))
    return Scanned(label, (*doubts, *(fault(DATAMATRIX_SEPARATOR, block) for block in unneeded)))


def _blocks(text: str) -> tuple[dict[str, str], list[str]]:
    """Values by block, and the blocks after which a separator was not needed."""
    values: dict[str, str] = {}
    unneeded = []
    position = len(HEADER)
    while position < len(text):
        block = text[position : position + 2]
        if block not in BLOCKS or block in values:
            raise refuse(DATAMATRIX_BLOCK, block, position=position + 1)
        start, most = position + 2, BLOCKS[block].most
        value = text[start : start + most].split(GS, 1)[0]
        position = start + len(value)
        values[block] = value
        if text.startswith(GS, position):
            position += 1
            if len(value) == most or position == len(text):
                unneeded.append(block)
    return values, unneeded


def _day(text: str) -> date:
    day, month, year = text.split("-") if _DATE.fullmatch(text) else ("0", "0", "0")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise refuse(DATAMATRIX_DATE, text) from None
