"""The traits of a person and how to write to them, as they are typed and as they are compared.

The traits are those that the RPPS keeps of a person with a role: sex, birth name and given name, date and place of
birth (ANS, portail RPPS+); the given name is the first one of the civil status.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from socle.foundations.directory.registration.faults import (
    BIRTH_IMPOSSIBLE,
    NAME_UNREADABLE,
    PHONE_UNREADABLE,
    SEX_UNKNOWN,
)
from socle.kernel.accounts.personal import read_email
from socle.kernel.errors import SocleError
from socle.standards.fhir.text import fold

_NAME: Final = re.compile(r"[^\W\d_]+(?:[ '’.\-]+[^\W\d_]+)*\.?")
_PLACE: Final = re.compile(r"[^\W_](?:[^\W_]|[ '’\-.,()/])*")
_PHONE: Final = re.compile(r"\+?\d{6,15}")
_PLACE_LIMIT: Final = 80
_NAME_LIMIT: Final = 80
# The youngest apprentice of the labour code (art. L6222-1, L4153-1) and the oldest person that is plausible at work.
YOUNGEST, OLDEST = 14, 100
_CIVILITIES: Final = {"F": "MME", "M": "M"}


@dataclass(frozen=True, slots=True)
class Person:
    """`used_name` is the name of daily life when it differs from the birth name; `sex` is F or M. Names are as typed,
    without needless spaces."""

    birth_name: str
    given_name: str
    sex: str
    birth_date: date
    birth_place: str
    email: str
    used_name: str = ""
    phone: str = ""

    @property
    def shown(self) -> str:
        return f"{self.given_name} {self.practice_name}"

    @property
    def practice_name(self) -> str:
        """The name under which the directory shows the person, in capitals as the files write it."""
        return (self.used_name or self.birth_name).upper()

    @property
    def civility(self) -> str:
        """Code of JDV_J78."""
        return _CIVILITIES[self.sex]

    def traits(self) -> str:
        """The strict traits as one text, the same however they are typed: what tells whether two registrations are of
        one person. The place of birth is free text and does not count."""
        return "|".join((fold(self.birth_name), fold(self.given_name), self.sex, self.birth_date.isoformat()))

    def as_json(self) -> dict[str, str]:
        return {**asdict(self), "birth_date": self.birth_date.isoformat()}


def bears(name: str, person: Person) -> bool:
    """Whether a name as somebody gave it (`MODÈLE Camille`, a title or more given names with it) is the person's given
    name with their birth name or their name of daily life: words are compared as `fold` writes them, in any order."""
    words = set(fold(name).split())
    families = (fold(family).split() for family in (person.birth_name, person.used_name) if family)
    return any(words >= {*fold(person.given_name).split(), *family} for family in families)


def person_of(document: Mapping[str, Any]) -> Person:
    """The person whose `as_json` this is."""
    return Person(**{**document, "birth_date": date.fromisoformat(document["birth_date"])})


def checked_person(person: Person, today: date) -> Person:
    """The person as kept. Raises SocleError: NAME_UNREADABLE, SEX_UNKNOWN, BIRTH_IMPOSSIBLE, PHONE_UNREADABLE,
    EMAIL_NOT_READ."""
    if person.sex not in _CIVILITIES:
        raise SocleError(SEX_UNKNOWN, received=person.sex[:20])
    check_birth(person.birth_date, today)
    return replace(
        person,
        birth_name=read_name(person.birth_name),
        given_name=read_name(person.given_name),
        used_name=read_name(person.used_name) if person.used_name.strip() else "",
        birth_place=read_place(person.birth_place),
        email=read_email(person.email),
        phone=read_phone(person.phone),
    )


def check_birth(birth: date, today: date) -> None:
    """Raises SocleError(BIRTH_IMPOSSIBLE)."""
    if not YOUNGEST <= years_between(birth, today) <= OLDEST:
        raise SocleError(BIRTH_IMPOSSIBLE, received=birth.isoformat(), youngest=YOUNGEST, oldest=OLDEST)


def years_between(birth: date, day: date) -> int:
    """Whole years of age on a day; negative before the birth."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def read_name(received: str) -> str:
    """Raises SocleError(NAME_UNREADABLE)."""
    name = " ".join(received.split())
    if len(name) > _NAME_LIMIT or not _NAME.fullmatch(name):
        raise SocleError(NAME_UNREADABLE, received=name[:40])
    return name


def read_place(received: str) -> str:
    """A town, as it stands in the civil status. Raises SocleError(NAME_UNREADABLE)."""
    place = " ".join(received.split())
    if len(place) > _PLACE_LIMIT or not _PLACE.fullmatch(place):
        raise SocleError(NAME_UNREADABLE, received=place[:40])
    return place


def read_phone(received: str) -> str:
    """Digits, after a plus perhaps; empty for none. Raises SocleError(PHONE_UNREADABLE)."""
    number = re.sub(r"[ .\-()\u00a0\u202f]", "", received)
    if number and not _PHONE.fullmatch(number):
        raise SocleError(PHONE_UNREADABLE, received=received.strip()[:30])
    return number
