"""Names: what INSi and the datamatrix take, what is put in form, what is refused, what the first given name may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.ins.faults import Fault, Refused
from socle.standards.ins.names import Profile, begins_list, check, check_first, normalise
from tests.standards.ins.people import attempted, families, given_lists


@pytest.mark.parametrize(
    ("typed", "profile", "normalised"),
    [
        ("D’Aéion", Profile.FAMILY, "D'AEION"),
        ("Cœur", Profile.GIVEN, "COEUR"),
        ("  jean   CHRISTOPHE ", Profile.GIVEN, "JEAN CHRISTOPHE"),
        ("Le Goff--Ñáñez", Profile.FAMILY, "LE GOFF--NANEZ"),
        ("Weiß", Profile.FAMILY, "WEISS"),
        ("Ægidius", Profile.GIVEN, "AEGIDIUS"),
        ("Marie–Ange", Profile.GIVEN, "MARIE-ANGE"),
        ("c\u0327edille", Profile.GIVEN, "CEDILLE"),
        ("'t Hooft", Profile.FAMILY, "'T HOOFT"),
        ("garcia\u00a0hammadi", Profile.FAMILY, "GARCIA HAMMADI"),
        ("LE GOFF -", Profile.FAMILY, "LE GOFF -"),
        ("A" * 100, Profile.PRINTED, "A" * 100),
    ],
)
def test_put_in_form(typed: str, profile: Profile, normalised: str) -> None:
    assert normalise(typed, profile) == normalised


@pytest.mark.parametrize(
    ("typed", "profile", "code"),
    [
        ("", Profile.FAMILY, "ins-name-empty"),
        (" - ", Profile.FAMILY, "ins-name-empty"),
        ("ANNE3", Profile.GIVEN, "ins-name-character"),
        ("JEAN.PAUL", Profile.GIVEN, "ins-name-character"),
        ("Jørgen", Profile.GIVEN, "ins-name-character"),
        ("Yıldız", Profile.FAMILY, "ins-name-character"),
        ("Иван", Profile.GIVEN, "ins-name-character"),
        ("ﬁacre", Profile.GIVEN, "ins-name-character"),
        ("-MARTIN", Profile.FAMILY, "ins-name-start"),
        ("JEAN -PAUL", Profile.GIVEN, "ins-name-start"),
        ("JEAN-", Profile.GIVEN, "ins-name-end"),
        ("JEAN' PAUL", Profile.GIVEN, "ins-name-doubled"),
        ("JEAN- PAUL", Profile.GIVEN, "ins-name-end"),
        ("JEAN'", Profile.GIVEN, "ins-name-end"),
        ("JEAN--PAUL", Profile.GIVEN, "ins-name-doubled"),
        ("LE---GOFF", Profile.FAMILY, "ins-name-doubled"),
        ("D' ARC", Profile.FAMILY, "ins-name-doubled"),
        ("D''ARC", Profile.FAMILY, "ins-name-doubled"),
        ("A" * 101, Profile.PRINTED, "ins-name-long"),
    ],
)
def test_refused(typed: str, profile: Profile, code: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise(typed, profile)
    assert refused.value.code == code


def test_a_character_without_equivalent_is_told_with_its_place() -> None:
    with pytest.raises(Refused) as refused:
        normalise("Jørgen", Profile.GIVEN)
    assert "position 2" in refused.value.sentence("fr")
    assert '"ø"' in refused.value.sentence("en")


def test_what_normalising_forgives_checking_tells() -> None:
    assert [check(text, Profile.FAMILY) is None for text in ("MARTIN", "Martin", "A  B", "MARTIN ")] == [
        True,
        False,
        False,
        False,
    ]


@given(st.text(max_size=30), st.sampled_from(Profile))
def test_normalising_twice_changes_nothing_and_gives_what_the_check_takes(
    text: str, profile: Profile
) -> None:
    once = attempted(normalise, text, profile)
    if isinstance(once, Fault):
        assert once.sentence("fr") != once.sentence("en")
        return
    assert normalise(once, profile) == once
    assert check(once, profile) is None


@given(st.text("aéèÀçñüœÆ'’-– bcXYZ", max_size=20))
def test_no_letter_is_lost(text: str) -> None:
    normalised = attempted(normalise, text, Profile.FAMILY)
    if isinstance(normalised, Fault):
        return
    doubled = sum(text.count(ligature) for ligature in "œÆ")
    assert sum(map(str.isalpha, normalised)) == sum(map(str.isalpha, text)) + doubled


@given(families, given_lists)
def test_what_insi_returns_passes_as_it_is(family: str, names: list[str]) -> None:
    assert normalise(family, Profile.FAMILY) == family
    assert normalise(" ".join(names), Profile.GIVEN) == " ".join(names)


@pytest.mark.parametrize(
    ("first", "coherent"),
    [
        ("JEAN", True),
        ("JEAN CHRISTOPHE", True),
        ("JEAN-CHRISTOPHE", True),
        ("JEAN-CHRISTOPHE-PIERRE", True),
        ("JEAN CHRISTOPHE-PIERRE", True),
        ("Jean", True),
        ("CHRISTOPHE", False),
        ("PIERRE", False),
        ("JEANNE", False),
        ("JE", False),
        ("JEAN PIERRE", False),
        ("", False),
        ("JEAN CHRISTOPHE PIERRE PAUL", False),
    ],
)
def test_the_first_given_name_begins_the_list(first: str, coherent: bool) -> None:
    names = "JEAN CHRISTOPHE PIERRE"
    assert begins_list(first, names) is coherent
    assert (check_first(first, names) is None) is coherent


@given(given_lists, st.data())
def test_any_beginning_of_the_list_is_coherent_however_it_is_joined(
    names: list[str], data: st.DataObject
) -> None:
    taken = data.draw(st.integers(1, len(names)))
    first = data.draw(st.sampled_from([" ", "-"])).join(names[:taken])
    assert begins_list(first, " ".join(names))
