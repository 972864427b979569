"""Identifiers of people and structures in the French health directory, and their check digits.

Every check answers with a `Check` and never raises: published files and examples carry malformed numbers and
wrong keys, and a loader has to warn about them, not stop. Sources: Annuaire Santé FHIR guide 1.2 (identifier
slices of AsPractitioner and AsOrganization); FINESS+ numbering rule (department, order number, Luhn key);
INSEE, SIRENE numbering (SIREN, SIRET); ANS code tables TRE_G07 and TRE_G08 for the prefixes of the national
identifications.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from enum import StrEnum

RPPS_LENGTH = 11
FINESS_LENGTH = 9
SIREN_LENGTH = 9
SIRET_LENGTH = 14

_FINESS = re.compile(r"[0-9][0-9A-Z][0-9]{7}", re.ASCII)
_ADELI = re.compile(r"[0-9][0-9A-F][0-9]{7}", re.ASCII)
_LA_POSTE = "356000000"

_DOUBLED = str.maketrans("0123456789", "0246813579")
# In a Luhn sum a letter weighs the digits of its rank after 9 (A = 10, B = 11). The published Corsican
# numbers agree; no other letter is in use.
_CORSICA = str.maketrans("AB", "12")

# FINESS numbers of overseas departments carry the third digit of the department after the constant 0.
_FINESS_PREFIXES = {"971": "9701", "972": "9702", "973": "9703", "974": "9704", "976": "9805"}
_FINESS_DEPARTMENTS = {prefix: department for department, prefix in _FINESS_PREFIXES.items()}


class Check(StrEnum):
    """What is known of an identifier after its format and its key were looked at."""

    OK = "ok"
    MALFORMED = "malformed"
    WRONG_KEY = "wrong-key"


def luhn_key(digits: str) -> int:
    """The digit that makes `digits` followed by it a valid Luhn number (ISO/IEC 7812-1 annex B)."""
    return -_luhn_sum(digits + "0") % 10


def luhn_valid(number: str) -> bool:
    """Whether `number`, digits only, ends with its Luhn key."""
    return _luhn_sum(number) % 10 == 0


def _luhn_sum(number: str) -> int:
    weighed = number[-1::-2] + number[-2::-2].translate(_DOUBLED)
    return sum(weighed.encode("ascii")) - 48 * len(number)


def check_rpps(value: str) -> Check:
    """RPPS number of a person: 11 digits, the last one a Luhn key."""
    return _check_digits(value, RPPS_LENGTH)


def check_siren(value: str) -> Check:
    """SIREN number of a legal unit: 9 digits, the last one a Luhn key."""
    return _check_digits(value, SIREN_LENGTH)


def check_siret(value: str) -> Check:
    """SIRET number of an establishment: SIREN, 4-digit order number, Luhn key.

    The establishments of La Poste outgrew the Luhn numbering: for them the digits sum up to a multiple of 5.
    """
    verdict = _check_digits(value, SIRET_LENGTH)
    if verdict is Check.WRONG_KEY and value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0:
        return Check.OK
    return verdict


def _check_digits(value: str, length: int) -> Check:
    if len(value) != length or not (value.isascii() and value.isdigit()):
        return Check.MALFORMED
    return Check.OK if luhn_valid(value) else Check.WRONG_KEY


def check_finess(value: str) -> Check:
    """FINESS number of an entity, legal or geographic: 9 characters, the second may be the letter of 2A or
    2B.
    """
    if not _FINESS.fullmatch(value):
        return Check.MALFORMED
    digits = value.translate(_CORSICA)
    if not digits.isdigit():
        return Check.MALFORMED
    return Check.OK if luhn_valid(digits) else Check.WRONG_KEY


def finess_key(base: str) -> str:
    """The check digit of a FINESS number, from its first 8 characters."""
    return str(luhn_key(base.translate(_CORSICA)))


def finess_department(value: str) -> str | None:
    """The department (INSEE code: 01, 2A, 971) that numbered this entity; None when the number is silent."""
    if not _FINESS.fullmatch(value):
        return None
    if value[:2] in ("97", "98"):
        return _FINESS_DEPARTMENTS.get(value[:4])
    return value[:2]


def finess_numbers(department: str, start: int = 1) -> Iterator[str]:
    """The FINESS numbers of a department (INSEE code) from an order number on, in allocation order, with
    keys.
    """
    prefix = _FINESS_PREFIXES.get(department, department + "0")
    width = FINESS_LENGTH - 1 - len(prefix)
    for order in range(start, 10**width):
        base = f"{prefix}{order:0{width}d}"
        yield base + finess_key(base)


def allocate_finess(department: str, taken: Container[str]) -> str:
    """The first free FINESS number of a department: gaps are reused, legal and geographic entities share one
    series.

    Raises LookupError when the department has none left.
    """
    for number in finess_numbers(department):
        if number not in taken:
            return number
    raise LookupError(f"no FINESS number left in department {department}")


def check_person(national_id: str) -> Check:
    """National identification of a person (urn:oid:1.2.250.1.71.4.2.1): one prefix of TRE_G08, then the
    identifier.

    8 + RPPS, 0 + ADELI; 1, 3, 4, 5 and 6 are local identifiers scoped by a structure, of which only presence
    is checked.
    """
    prefix, identifier = national_id[:1], national_id[1:]
    if prefix == "8":
        return check_rpps(identifier)
    if prefix == "0":
        return Check.OK if _ADELI.fullmatch(identifier) else Check.MALFORMED
    return Check.OK if prefix in {"1", "3", "4", "5", "6"} and identifier else Check.MALFORMED


def check_structure(national_id: str) -> Check:
    """National identification of a structure (urn:oid:1.2.250.1.71.4.2.2): one prefix of TRE_G07, then the
    identifier.

    1 + FINESS, 2 + SIREN, 3 + SIRET; 0 + ADELI practice and 4 + RPPS practice number have no key.
    """
    prefix, identifier = national_id[:1], national_id[1:]
    keyed = {"1": check_finess, "2": check_siren, "3": check_siret}.get(prefix)
    if keyed is not None:
        return keyed(identifier)
    return Check.OK if prefix in {"0", "4"} and identifier.isalnum() else Check.MALFORMED
