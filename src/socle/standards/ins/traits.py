"""The traits of an identity: what they must be, how two sets compare, and what may be sent to INSi.

Sources: RNIV 1 v2.0 §3 (strict traits), Guide INS EXI ID 08 and EXI ID 10, SEL-MP-043 §2 (call by traits). The name and
the given name in use stand beside the birth traits and never replace nor receive them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from socle.standards.fhir.text import fold
from socle.standards.ins.births import UNKNOWN_PLACE, check_place
from socle.standards.ins.faults import SEX, SEX_NOT_SENT, Fault, Refused, fault, refuse
from socle.standards.ins.names import Profile, check, check_first, normalise


class Sex(StrEnum):
    """`INDETERMINATE` exists locally only: INSi knows the other two."""

    MALE = "M"
    FEMALE = "F"
    INDETERMINATE = "I"


KNOWN_SEXES: Final = (Sex.MALE, Sex.FEMALE)
STRICT: Final = ("birth_name", "given_names", "birth_date", "sex", "birth_place")
"""The traits that INSi certifies: an edit of one by hand takes the certification away."""


def sex_of(code: str) -> Sex:
    """By its letter. Raises Refused (SEX)."""
    try:
        return Sex(code)
    except ValueError:
        raise refuse(SEX, code, accepted=", ".join(Sex)) from None


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """Who somebody is. `birth_place` is a COG code of 5 characters, `99999` when unknown; `given_names` is the list of
    the birth certificate, separated by spaces, empty while it is not known; `lunar` is an incomplete birth date as it
    was received, kept because `birth_date` was then made by rule (EXI ID 11)."""

    birth_name: str
    first_given_name: str
    birth_date: date
    sex: Sex
    birth_place: str = UNKNOWN_PLACE
    given_names: str = ""
    used_name: str = ""
    used_given_name: str = ""
    lunar: str = ""

    @property
    def strict(self) -> tuple[object, ...]:
        """What INSi certifies, in the order of `STRICT`."""
        return tuple(getattr(self, name) for name in STRICT)

    @property
    def has_uncertain_date(self) -> bool:
        return bool(self.lunar)


def check_traits(traits: Traits) -> tuple[Fault, ...]:
    """What keeps an identity from being sent as it is, once normalised: names, place, first given name."""
    names = [
        _name_fault(traits.birth_name, Profile.FAMILY),
        _name_fault(traits.first_given_name, Profile.GIVEN),
    ]
    if traits.given_names:
        names.append(_name_fault(traits.given_names, Profile.GIVEN))
        names.append(check_first(traits.first_given_name, traits.given_names))
    return tuple(found for found in (*names, check_place(traits.birth_place)) if found is not None)


def _name_fault(text: str, profile: Profile) -> Fault | None:
    try:
        return check(normalise(text, profile), profile)
    except Refused as refused:
        return refused.fault


# -- Comparison ------------------------------------------------------------------------------------------------------


class Likeness(StrEnum):
    """`SAME` to the letter; `EQUIVALENT` but for case, accents, hyphens, apostrophes and spaces; `UNKNOWN` when one
    side does not have the trait."""

    SAME = "same"
    EQUIVALENT = "equivalent"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class Comparison(NamedTuple):
    """Trait by trait, in the order in which a desk shows them side by side."""

    birth_name: Likeness
    first_given_name: Likeness
    given_names: Likeness
    birth_date: Likeness
    sex: Likeness
    birth_place: Likeness

    @property
    def agree(self) -> bool:
        """No trait differs."""
        return Likeness.DIFFERENT not in self

    @property
    def different(self) -> tuple[str, ...]:
        return tuple(
            name for name, found in zip(self._fields, self, strict=True) if found is Likeness.DIFFERENT
        )


def compare(left: Traits, right: Traits) -> Comparison:
    """The names in use take no part: they are not identity."""
    places = ("" if place == UNKNOWN_PLACE else place for place in (left.birth_place, right.birth_place))
    sexes = ("" if sex is Sex.INDETERMINATE else sex.value for sex in (left.sex, right.sex))
    return Comparison(
        _likeness(left.birth_name, right.birth_name),
        _likeness(left.first_given_name, right.first_given_name),
        _likeness(left.given_names, right.given_names),
        _likeness(left.birth_date.isoformat(), right.birth_date.isoformat()),
        _likeness(*sexes),
        _likeness(*places),
    )


def _likeness(left: str, right: str) -> Likeness:
    if not left or not right:
        return Likeness.UNKNOWN
    if left == right:
        return Likeness.SAME
    # A date or a code has hyphens and digits only, which folding keeps apart.
    return Likeness.EQUIVALENT if fold(left) == fold(right) else Likeness.DIFFERENT


def incoherent_traits(left: Traits, right: Traits) -> tuple[str, ...]:
    """What keeps an incoming document from an identity: the birth name, the sex and the date must be known and agree,
    and one given name be shared (RNIV, integration of documents). Empty when the traits are coherent."""
    found = compare(left, right)
    agreeing = (Likeness.SAME, Likeness.EQUIVALENT)
    asked = ("birth_name", "sex", "birth_date")
    shared = () if given_words(left) & given_words(right) else ("given_names",)
    return (*(name for name in asked if getattr(found, name) not in agreeing), *shared)


def given_words(traits: Traits) -> frozenset[str]:
    """Every word of the birth given names, folded."""
    return frozenset(fold(f"{traits.given_names} {traits.first_given_name}").split())


# -- INSi ------------------------------------------------------------------------------------------------------------


class InsiRequest(NamedTuple):
    """What a search by traits carries: one given name for each element, the place only when it is known."""

    birth_name: str
    given_names: tuple[str, ...]
    sex: Sex
    birth_date: date
    birth_place: str | None


def check_sendable(traits: Traits) -> tuple[Fault, ...]:
    """Why INSi must not be asked about these traits; empty when it may. An identity marked doubtful or fictive is not
    sent either: that is not among the traits (`statuses.check_attributes_sendable`)."""
    faults = check_traits(traits)
    if traits.sex not in KNOWN_SEXES:
        return (*faults, fault(SEX_NOT_SENT, traits.sex.value))
    return faults


def insi_requests(traits: Traits) -> tuple[InsiRequest, ...]:
    """The calls to try in turn, until one finds a single identity: with the first given name, with the whole list, with
    the place, then each other given name alone (SEL-MP-043; Guide INS). Raises Refused with the first reason."""
    wrong = check_sendable(traits)
    if wrong:
        raise Refused(wrong[0])
    first = normalise(traits.first_given_name, Profile.GIVEN)
    names = tuple(normalise(traits.given_names or first, Profile.GIVEN).split())
    place = None if traits.birth_place == UNKNOWN_PLACE else traits.birth_place
    tries = [((first,), None), (names, None), (names, place), *(((name,), place) for name in names[1:])]
    surname = normalise(traits.birth_name, Profile.FAMILY)
    return tuple(
        InsiRequest(surname, given, traits.sex, traits.birth_date, where)
        for given, where in dict.fromkeys(tries)
    )
