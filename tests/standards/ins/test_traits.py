"""Traits: what INSi may be asked, how two sets compare, when a document's traits are those of an identity."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from socle.standards.ins.faults import Refused
from socle.standards.ins.names import Profile, check
from socle.standards.ins.traits import (
    KNOWN_SEXES,
    InsiRequest,
    Likeness,
    Sex,
    Traits,
    check_sendable,
    check_traits,
    compare,
    incoherent_traits,
    insi_requests,
    sex_of,
)
from tests.standards.ins.people import DOMINIQUE, PIERRE_ALAIN, traits


def test_the_calls_to_try_follow_the_documents_given_names_then_the_place() -> None:
    person = Traits("Tchitchi", "Catarina", date(1936, 6, 21), Sex.FEMALE, "63220", "Catarina Bella")
    same = ("TCHITCHI", Sex.FEMALE, date(1936, 6, 21))
    assert [(r.given_names, r.birth_place) for r in insi_requests(person)] == [
        (("CATARINA",), None),
        (("CATARINA", "BELLA"), None),
        (("CATARINA", "BELLA"), "63220"),
        (("BELLA",), "63220"),
    ]
    assert {(r.birth_name, r.sex, r.birth_date) for r in insi_requests(person)} == {same}


@given(traits())
def test_what_is_sent_is_what_insi_accepts(person: Traits) -> None:
    requests = insi_requests(person)
    assert len(set(requests)) == len(requests)
    for request in requests:
        assert isinstance(request, InsiRequest)
        assert check(request.birth_name, Profile.FAMILY) is None
        assert [check(name, Profile.GIVEN) for name in request.given_names] == [None] * len(
            request.given_names
        )
        assert request.birth_place != "99999"
        assert request.sex in KNOWN_SEXES


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sex": Sex.INDETERMINATE}, "ins-sex-not-sent"),
        ({"birth_name": "Müller3"}, "ins-name-character"),
        ({"first_given_name": "MURIEL"}, "ins-first-given-name"),
        ({"given_names": "PIERRE--ALAIN"}, "ins-name-doubled"),
        ({"birth_place": "633"}, "ins-birth-place"),
    ],
)
def test_what_is_not_sent(change: dict[str, object], code: str) -> None:
    person = replace(PIERRE_ALAIN, **change)  # type: ignore[arg-type]
    assert code in [found.code for found in check_sendable(person)]
    with pytest.raises(Refused) as refused:
        insi_requests(person)
    assert refused.value.code == code


def test_traits_without_the_list_of_given_names_are_sent_too() -> None:
    person = replace(DOMINIQUE, given_names="", birth_place="99999")
    assert check_traits(person) == ()
    assert [request.given_names for request in insi_requests(person)] == [("DOMINIQUE",)]


def test_a_sex_that_is_none_is_refused_with_those_that_are() -> None:
    assert [sex_of(letter) for letter in "MFI"] == list(Sex)
    with pytest.raises(Refused) as refused:
        sex_of("male")
    assert "M, F, I" in refused.value.sentence()


def test_a_comparison_tells_letter_by_letter_from_equivalent_from_different() -> None:
    other = replace(
        DOMINIQUE, birth_name="Pat trois", sex=Sex.INDETERMINATE, birth_place="51216", used_name="AUTRE"
    )
    found = compare(DOMINIQUE, other)
    assert found._asdict() == {
        "birth_name": Likeness.EQUIVALENT,
        "first_given_name": Likeness.SAME,
        "given_names": Likeness.SAME,
        "birth_date": Likeness.SAME,
        "sex": Likeness.UNKNOWN,
        "birth_place": Likeness.DIFFERENT,
    }
    assert (found.agree, found.different) == (False, ("birth_place",))


@given(traits(), traits())
def test_comparing_does_not_depend_on_the_side(left: Traits, right: Traits) -> None:
    assert compare(left, right) == compare(right, left)
    assert incoherent_traits(left, right) == incoherent_traits(right, left)
    assert compare(left, left).agree
    assert incoherent_traits(left, left) == ()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"birth_name": "Ecetinsi"}, ()),
        ({"first_given_name": "MURIEL", "given_names": ""}, ()),
        ({"birth_place": "75056"}, ()),
        ({"first_given_name": "PAUL", "given_names": "PAUL"}, ("given_names",)),
        ({"birth_date": date(2009, 7, 15)}, ("birth_date",)),
        ({"sex": Sex.INDETERMINATE}, ("sex",)),
        ({"birth_name": ""}, ("birth_name",)),
        ({"birth_name": "DUPONT", "sex": Sex.FEMALE}, ("birth_name", "sex")),
    ],
)
def test_a_documents_traits(change: dict[str, object], wrong: tuple[str, ...]) -> None:
    assert incoherent_traits(PIERRE_ALAIN, replace(PIERRE_ALAIN, **change)) == wrong  # type: ignore[arg-type]


def test_traits_do_not_show_in_a_log() -> None:
    assert "ECETINSI" not in repr(PIERRE_ALAIN)
