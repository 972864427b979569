"""The number of the INS ("matricule"): its parts, its key, and what may be doubted of it (décret 82-103 art. 4).

Thirteen characters and a key of two digits. Nothing is derived from them: the sex, the date and the place that a
number shows may differ from the person's traits. A number whose key does not verify is refused when it claims to be a
real person's, and only warned about when its OID says that the patient is fictive: published samples carry such keys.
The caller may decide otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from socle.standards.ins.authorities import COMPUTED, FICTIVE, REAL, Authority, authority_of
from socle.standards.ins.faults import (
    AUTHORITY_FICTIVE,
    AUTHORITY_NOT_TAKEN,
    AUTHORITY_OBSOLETE,
    MATRICULE_KEY,
    MATRICULE_MONTH,
    MATRICULE_SHAPE,
    Fault,
    fault,
    refuse,
)

LENGTH: Final = 15
BODY_LENGTH: Final = 13
_SHAPE: Final = re.compile(r"[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", re.ASCII)
# Months that the register gives: the real ones, and those for births of which the month is unknown or whose series is
# full (INSEE).
_MONTHS: Final = frozenset((*range(1, 13), 20, *range(30, 43), *range(50, 100)))
_DEPARTMENT: Final = slice(5, 7)
_CORSICA: Final = {"2A": "19", "2B": "18"}


class KeyRule(StrEnum):
    """What becomes of a key that does not verify."""

    BY_AUTHORITY = "by-authority"
    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Ins:
    """A number of 15 characters and who assigned it: a test number never equals a real one.

    `repr` hides the number, which is personal.
    """

    number: str
    authority: Authority

    def __repr__(self) -> str:
        return f"Ins({self.authority.kind.value})"

    @property
    def body(self) -> str:
        return self.number[:BODY_LENGTH]

    @property
    def key(self) -> str:
        return self.number[BODY_LENGTH:]

    @property
    def oid(self) -> str:
        return self.authority.oid

    @property
    def is_fictive(self) -> bool:
        return self.authority in FICTIVE


class Parsed(NamedTuple):
    """An accepted number and what may be doubted of it."""

    ins: Ins
    warnings: tuple[Fault, ...]


def key_of(body: str) -> str:
    """The two digits that follow 13 characters: 97 − (N mod 97), the Corsican 2A and 2B counting as 19 and 18.

    Raises Refused (MATRICULE_SHAPE).
    """
    if len(body) != BODY_LENGTH or not _SHAPE.fullmatch(f"{body}00"):
        raise refuse(MATRICULE_SHAPE, body)
    department = body[_DEPARTMENT]
    digits = f"{body[:5]}{_CORSICA.get(department, department)}{body[7:]}"
    return f"{97 - int(digits) % 97:02d}"


def tidied(typed: str) -> str:
    """What a person typed or a reader sent, without the spaces and points between groups, in capitals: for a search."""
    return re.sub(r"[\s.]", "", typed).upper()


def parse(
    number: str,
    oid: str,
    *,
    accepted: Collection[Authority] = REAL,
    key_rule: KeyRule = KeyRule.BY_AUTHORITY,
) -> Parsed:
    """An INS as it is received: 15 characters, and an OID alone or as `urn:oid:…`.

    `accepted` says which authorities this place takes; by default those of real persons, so that a test number is
    refused unless somebody decided otherwise. Raises Refused.
    """
    authority = _accepted(oid, accepted)
    if not _SHAPE.fullmatch(number):
        raise refuse(MATRICULE_SHAPE, number)
    warnings = []
    doubt = _key_doubt(number)
    if doubt is not None:
        if key_rule is KeyRule.REFUSE or (key_rule is KeyRule.BY_AUTHORITY and authority in REAL):
            raise refuse(MATRICULE_KEY, number, expected=doubt.data["expected"])
        warnings.append(doubt)
    if int(number[3:5]) not in _MONTHS:
        warnings.append(fault(MATRICULE_MONTH, number, month=number[3:5]))
    return Parsed(Ins(number, authority), tuple(warnings))


def _accepted(oid: str, accepted: Collection[Authority]) -> Authority:
    authority = authority_of(oid)
    if authority is COMPUTED:
        raise refuse(AUTHORITY_OBSOLETE, oid)
    if authority in accepted:
        return authority
    if authority in FICTIVE:
        raise refuse(AUTHORITY_FICTIVE, oid)
    raise refuse(AUTHORITY_NOT_TAKEN, oid, accepted=", ".join(sorted(one.oid for one in accepted)))


def _key_doubt(number: str) -> Fault | None:
    expected = key_of(number[:BODY_LENGTH])
    return None if number[BODY_LENGTH:] == expected else fault(MATRICULE_KEY, number, expected=expected)


def ins(body: str, authority: Authority) -> Ins:
    """The INS of 13 characters, with the key they have: for a register that assigns numbers. Raises Refused."""
    return Ins(body + key_of(body), authority)
