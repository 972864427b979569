"""Identifiers: formats, keys, allocation."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.annuaire.identifiers import (
    Check,
    allocate_finess,
    check_finess,
    check_person,
    check_rpps,
    check_siren,
    check_siret,
    check_structure,
    finess_department,
    finess_numbers,
    luhn_key,
    luhn_valid,
)

digits = st.text(alphabet="0123456789", min_size=1, max_size=20)


@given(digits)
def test_a_number_followed_by_its_key_is_valid(number: str) -> None:
    assert luhn_valid(f"{number}{luhn_key(number)}")


@given(digits, st.integers(1, 9))
def test_any_other_key_is_wrong(number: str, shift: int) -> None:
    assert not luhn_valid(f"{number}{(luhn_key(number) + shift) % 10}")


@given(digits.filter(lambda text: len(text) > 1), st.data())
def test_one_wrong_digit_is_always_seen(number: str, data: st.DataObject) -> None:
    full = f"{number}{luhn_key(number)}"
    rank = data.draw(st.integers(0, len(full) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != full[rank]))
    assert not luhn_valid(full[:rank] + other + full[rank + 1 :])


@given(st.text(max_size=20))
def test_no_text_makes_a_check_raise(text: str) -> None:
    checks = (check_rpps, check_finess, check_siren, check_siret, check_person, check_structure)
    assert all(check(text) in Check for check in checks)
    assert finess_department(text) is None or len(text) == 9


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("89970000017", Check.OK),
        ("89970000018", Check.WRONG_KEY),
        ("8997000001", Check.MALFORMED),
        ("8997000001²", Check.MALFORMED),
        ("", Check.MALFORMED),
    ],
)
def test_rpps(value: str, verdict: Check) -> None:
    assert check_rpps(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("540002698", Check.OK),
        ("010780054", Check.OK),
        ("750712184", Check.OK),
        ("2A0000014", Check.OK),
        ("2B0000020", Check.OK),
        ("754567860", Check.WRONG_KEY),
        ("2C0000014", Check.MALFORMED),
        ("A50712184", Check.MALFORMED),
        ("75071218", Check.MALFORMED),
    ],
)
def test_finess(value: str, verdict: Check) -> None:
    assert check_finess(value) is verdict


@pytest.mark.parametrize(
    ("value", "department"),
    [
        ("690000001", "69"),
        ("2A0000014", "2A"),
        ("970100228", "971"),
        ("970408589", "974"),
        ("97", None),
        ("", None),
    ],
)
def test_the_department_that_numbered_an_entity(value: str, department: str | None) -> None:
    assert finess_department(value) == department


@pytest.mark.parametrize("department", ["01", "69", "2A", "2B", "971", "976"])
def test_allocated_numbers_are_valid_and_tell_their_department(department: str) -> None:
    numbers = list(islice(finess_numbers(department), 500))
    assert len(set(numbers)) == 500
    assert {check_finess(number) for number in numbers} == {Check.OK}
    assert {finess_department(number) for number in numbers} == {department}


def test_allocation_reuses_the_first_gap() -> None:
    first, second, third = islice(finess_numbers("69"), 3)
    assert allocate_finess("69", {first, third}) == second


def test_sirene_numbers() -> None:
    assert check_siren("732829320") is Check.OK
    assert check_siren("732829321") is Check.WRONG_KEY
    assert check_siret("73282932000074") is Check.OK
    assert check_siret("73282932000075") is Check.WRONG_KEY
    assert check_siret("732829320000") is Check.MALFORMED


def test_la_poste_has_its_own_siret_rule() -> None:
    assert check_siret("35600000049837") is Check.OK
    assert check_siret("35600000049838") is Check.WRONG_KEY


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("889970000017", Check.OK),
        ("889970000018", Check.WRONG_KEY),
        ("0693000019", Check.OK),
        ("02A3000019", Check.OK),
        ("069300001", Check.MALFORMED),
        ("3690000001/12", Check.OK),
        ("3", Check.MALFORMED),
        ("789970000017", Check.MALFORMED),
    ],
)
def test_national_identification_of_a_person(value: str, verdict: Check) -> None:
    assert check_person(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("1540002698", Check.OK),
        ("1754567860", Check.WRONG_KEY),
        ("2732829320", Check.OK),
        ("373282932000074", Check.OK),
        ("410005531586003", Check.OK),
        ("069300001900", Check.OK),
        ("4", Check.MALFORMED),
        ("9540002698", Check.MALFORMED),
    ],
)
def test_national_identification_of_a_structure(value: str, verdict: Check) -> None:
    assert check_structure(value) is verdict
