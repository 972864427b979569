"""Births: incomplete dates are completed by rule and say so; places are known by their form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.ins.births import BirthDate, PlaceKind, check_place, complete, place_kind
from socle.standards.ins.faults import Fault, Refused
from tests.standards.ins.people import attempted


@given(st.dates())
def test_a_full_date_is_kept_as_it_is(day: date) -> None:
    assert complete(day.isoformat()) == BirthDate(day)
    assert not complete(day.isoformat()).is_uncertain


@pytest.mark.parametrize(
    ("received", "completed"),
    [
        ("1950-07-00", date(1950, 7, 1)),
        ("1950-07", date(1950, 7, 1)),
        ("1950-00-17", date(1950, 1, 17)),
        ("1950-00-31", date(1950, 1, 31)),
        ("1950-00-00", date(1950, 12, 31)),
        ("1950-00", date(1950, 12, 31)),
        ("1950", date(1950, 12, 31)),
    ],
)
def test_an_incomplete_date_is_completed_and_marked(received: str, completed: date) -> None:
    read = complete(received)
    assert (read.value, read.is_uncertain, read.lunar) == (completed, True, received)


@pytest.mark.parametrize(
    "received", ["", "0000-00-00", "1950-13-01", "2026-02-30", "14/07/2009", "1950-7-1", "٢٠٠٠"]
)
def test_what_is_no_date_is_refused(received: str) -> None:
    with pytest.raises(Refused) as refused:
        complete(received)
    assert refused.value.code == "ins-birth-date"


@given(st.text(max_size=12))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    read = attempted(complete, text)
    assert read.code == "ins-birth-date" if isinstance(read, Fault) else read.value.year == int(text[:4])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("63220", PlaceKind.FRANCE),
        ("2A004", PlaceKind.FRANCE),
        ("97105", PlaceKind.FRANCE),
        ("98735", PlaceKind.FRANCE),
        ("20004", PlaceKind.FRANCE),
        ("99109", PlaceKind.ABROAD),
        ("99999", PlaceKind.UNKNOWN),
        ("2C004", None),
        ("00001", None),
        ("6322", None),
        ("63220 ", None),
        ("Paris", None),
        ("", None),
    ],
)
def test_the_kind_of_a_place(code: str, kind: PlaceKind | None) -> None:
    assert place_kind(code) is kind
    assert (check_place(code) is None) is (kind is not None)
