"""Fictive identities for the tests: traits of every shape that a name, a date and a place may have."""

from collections.abc import Callable
from datetime import date
from typing import ParamSpec, TypeVar

from hypothesis import strategies as st

from socle.standards.ins.authorities import NIA, NIR, TEST
from socle.standards.ins.faults import Fault, Refused
from socle.standards.ins.matricule import Ins, ins
from socle.standards.ins.traits import KNOWN_SEXES, Sex, Traits

PIERRE_ALAIN = Traits(
    "ECETINSI", "PIERRE-ALAIN", date(2009, 7, 14), Sex.MALE, "63220", "PIERRE-ALAIN MURIEL FLORIANT"
)
DOMINIQUE = Traits("PAT-TROIS", "DOMINIQUE", date(1979, 3, 28), Sex.FEMALE, "51215", "DOMINIQUE MARIE-LOUISE")

letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)
given = st.one_of(
    letters, st.builds("{}-{}".format, letters, letters), st.builds("{}'{}".format, letters, letters)
)
given_lists = st.lists(given, min_size=1, max_size=4)
families = st.one_of(
    letters,
    st.builds("{}--{}".format, letters, letters),
    st.builds("D'{}".format, letters),
    st.builds("{} {}".format, letters, letters),
)
places = st.sampled_from(["63220", "2A004", "2B033", "97105", "20004", "75056", "99109", "99999"])
dates = st.dates(date(1890, 1, 1), date(2026, 11, 22))


@st.composite
def traits(draw: st.DrawFn) -> Traits:
    """Traits that INSi could have returned: complete, normalised, of one of the sexes it knows."""
    names = draw(given_lists)
    return Traits(
        draw(families),
        names[0],
        draw(dates),
        draw(st.sampled_from(KNOWN_SEXES)),
        draw(places),
        " ".join(names),
        used_name=draw(st.one_of(st.just(""), families)),
        used_given_name=draw(st.one_of(st.just(""), given)),
    )


@st.composite
def numbers(draw: st.DrawFn) -> Ins:
    body = draw(st.from_regex(r"[12][0-9]{2}(0[1-9]|1[0-2])(63|2A|2B|99)[0-9]{6}", fullmatch=True))
    return ins(body, draw(st.sampled_from([NIR, NIA, TEST])))


P = ParamSpec("P")
T = TypeVar("T")


def attempted(function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | Fault:
    """What a function gives, or why it refuses."""
    try:
        return function(*args, **named)
    except Refused as refused:
        return refused.fault
