"""What a person and a contract may say: names of people, days that can be, numbers with a key."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.foundations.directory.registration.contract import (
    HAVE_AN_END,
    Contract,
    ContractKind,
    checked_contract,
    roles,
)
from socle.foundations.directory.registration.evidence import evidence_of
from socle.foundations.directory.registration.numbers import national_id, rpps_number, rpps_of
from socle.foundations.directory.registration.person import (
    OLDEST,
    YOUNGEST,
    bears,
    checked_person,
    person_of,
    years_between,
)
from socle.kernel.errors import SocleError
from socle.standards.annuaire.identifiers import Check, check_person, check_rpps
from tests.foundations.directory.registration.house import CAMILLE

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
FIXED = Contract("318", ContractKind.FIXED_TERM, YESTERDAY, TOMORROW)


@pytest.mark.parametrize(
    ("name", "borne"),
    [
        ("Camille Modèle", True),
        ("MODELE  camille", True),
        ("Dr Camille Anne MODÈLE", True),
        ("Camille Dupré-Fable", True),
        ("Fable Camille", False),
        ("Camille", False),
        ("Modèle Dupré-Fable", False),
        ("Camilla Modèle", False),
        ("", False),
    ],
)
def test_a_name_is_compared_by_its_words(name: str, borne: bool) -> None:
    """The person was born Modèle and is called Dupré-Fable."""
    assert bears(name, replace(CAMILLE, used_name="Dupré-Fable")) is borne


@pytest.mark.parametrize(
    "name", ["Modèle", "D’Arc", "d'Arc", "Née-Dupont", "De La  Fable", "Ødegård", "Nguyễn", "Martin Jr."]
)
def test_names_as_people_bear_them(name: str) -> None:
    assert checked_person(replace(CAMILLE, birth_name=name), TODAY).birth_name == " ".join(name.split())


@pytest.mark.parametrize(
    "name", ["", " ", "-", "R2D2", "a|b", "<b>x</b>", "nom\tà\nlignes|", "x" * 81, "a@b", "="]
)
def test_names_that_nobody_bears(name: str) -> None:
    with pytest.raises(SocleError, match="registration-name"):
        checked_person(replace(CAMILLE, birth_name=name), TODAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sex": "X"}, "registration-sex"),
        ({"birth_date": TOMORROW}, "registration-birth"),
        ({"birth_date": date(1900, 1, 1)}, "registration-birth"),
        ({"phone": "zéro"}, "registration-phone"),
        ({"email": "nobody"}, "email-not-read"),
        ({"birth_place": "|"}, "registration-name"),
    ],
)
def test_each_fault_is_told_by_its_own_code(changes: dict[str, object], code: str) -> None:
    with pytest.raises(SocleError, match=code):
        checked_person(replace(CAMILLE, **changes), TODAY)  # type: ignore[arg-type]


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)))
def test_one_registers_between_two_birthdays(born: date) -> None:
    age = years_between(born, TODAY)
    try:
        checked_person(replace(CAMILLE, birth_date=born), TODAY)
    except SocleError:
        assert not YOUNGEST <= age <= OLDEST
    else:
        assert YOUNGEST <= age <= OLDEST


def test_traits_are_the_same_however_they_are_typed() -> None:
    other = replace(CAMILLE, birth_name="MODELE", given_name=" camille", email="x@y.test", used_name="Fable")
    assert other.traits() == CAMILLE.traits()
    assert replace(CAMILLE, birth_date=date(1990, 3, 1)).traits() != CAMILLE.traits()


def test_a_person_is_read_as_it_was_written() -> None:
    assert person_of(CAMILLE.as_json()) == CAMILLE
    assert replace(CAMILLE, used_name="Fable").practice_name == "FABLE"


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        (replace(FIXED, role="10"), "registration-role"),
        (replace(FIXED, ends=None), "registration-contract-end"),
        (replace(FIXED, starts=TOMORROW, ends=TODAY), "registration-contract-backwards"),
        (replace(FIXED, ends=YESTERDAY), "registration-contract-over"),
        (
            replace(FIXED, starts=TODAY + timedelta(days=91), ends=None, kind=ContractKind.PUBLIC),
            "contract-start",
        ),
        (replace(FIXED, starts=date(1899, 1, 1)), "registration-contract-start"),
    ],
)
def test_contracts_that_cannot_be(contract: Contract, code: str) -> None:
    with pytest.raises(SocleError, match=code):
        checked_contract(contract, TODAY)


@given(
    kind=st.sampled_from(ContractKind),
    starts=st.dates(date(2026, 1, 1), date(2027, 3, 1)),
    lasts=st.none() | st.integers(-20, 400),
)
def test_a_contract_that_is_taken_runs_or_will_run(
    kind: ContractKind, starts: date, lasts: int | None
) -> None:
    ends = None if lasts is None else starts + timedelta(days=lasts)
    contract = Contract("331", kind, starts, ends)
    try:
        checked_contract(contract, TODAY)
    except SocleError:
        return
    assert not contract.is_over(TODAY)
    assert ends is not None or kind not in HAVE_AN_END
    assert ends is None or ends >= starts
    assert contract.mode == ("B" if kind is ContractKind.VOLUNTEER else "S")


def test_the_roles_are_those_of_the_whole_table() -> None:
    assert len(roles()) == 71
    assert roles()["318"] == ("Auxiliaire de vie sociale", "Home care worker")


@given(prefix=st.from_regex(r"[0-9]{1,8}", fullmatch=True), rank=st.integers(0, 99))
def test_every_number_has_its_key(prefix: str, rank: int) -> None:
    number = rpps_number(prefix, rank)
    assert number.startswith(prefix)
    assert check_rpps(number) is Check.OK
    assert check_person(national_id(number)) is Check.OK
    assert rpps_of(national_id(number)) == number


def test_a_range_has_an_end() -> None:
    with pytest.raises(LookupError):
        rpps_number("89990000", 100)


def test_what_proves_an_identity_is_a_closed_list() -> None:
    assert evidence_of("passport").fr == "Passeport"
    with pytest.raises(SocleError, match="registration-evidence"):
        evidence_of("library-card")
