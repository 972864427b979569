"""What is asked of a registration is done once, in the order of its states, by who may, and leaves its trace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.acts import clocks, employer
from socle.foundations.directory.registration.acts import person as acts
from socle.foundations.directory.registration.privacy import erase, export, forget_registrations
from socle.foundations.directory.registration.states import Reason, State
from socle.foundations.directory.registration.steps import story_of
from socle.kernel.access import DIRECTORY_MANAGER, Refused
from socle.kernel.actors import Acting, Assurance
from socle.kernel.clock import business_date
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.erasure import Reason as ErasedFor
from socle.kernel.privacy.erasure import erase as erase_person
from tests.foundations.directory.registration.house import (
    CAMILLE,
    CLOSED,
    OTHER,
    STRUCTURE,
    VISITOR,
    code,
    confirmed,
    contract,
    decided,
    declared,
    fill,
    manager,
    now,
    published,
    roles,
    shown,
    validated,
    work,
)
from tests.kernel.accounts.conftest import somebody
from tests.kernel.accounts.trail import entries

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Database:
    fill(database, tmp_path)
    return database


def refusal(db: Database, structure: str) -> str:
    with pytest.raises(SocleError) as refused:
        declared(db, structure=structure)
    return refused.value.code


def test_the_whole_way_leaves_a_story_a_trail_and_news(house: Database) -> None:
    made = published(house)
    one = now(house, made.registration)
    with house.reading() as session:
        told = [step.what for step in story_of(session, one.id)]
        news = [kind for (kind,) in session.fetch("SELECT kind FROM outbox_event ORDER BY sequence")]
    assert told == ["declared", "confirm", "identify", "validate", "publish"]
    assert [kind.rpartition("-")[2] for kind in news if "registration" in kind] == [
        *("wanted.1", "validate.1", "validated.1", "published.1")
    ]
    trail = [one for one in entries(house) if one["action"].startswith("registration.")]
    assert {entry["subject"] for entry in trail} == {one.subject}
    assert [entry["action"].rpartition("-")[2] for entry in trail][1:] == told[1:]
    # Nothing that names the person stands in clear, in the trail or in the registration's own row.
    with house.reading() as session:
        row = str(session.fetch("SELECT * FROM directory_registration"))
    for word in ("Modèle", "Camille", "camille@", "1990"):
        assert word not in row
        assert word not in str(trail)
    assert one.national_id[1:] not in str(trail)


def test_unknown_and_closed_structures_are_told_apart(house: Database) -> None:
    assert refusal(house, "123456789") == "registration-structure-unknown"
    assert refusal(house, CLOSED) == "registration-structure-closed"


def test_a_code_is_right_once_in_time_and_after_few_errors(house: Database) -> None:
    made = declared(house)
    right, wrong = code(house, made.registration), "12345678"

    def tried(typed: str, token: str = made.token) -> str:
        try:
            acts.confirm_address(house, VISITOR, token=token, code=typed)
        except SocleError as refused:
            return refused.code
        return "confirmed"

    assert tried(right, "somebody-else") == "registration-link"
    assert tried(wrong if wrong != right else "87654321") == "registration-code"
    assert tried("") == "registration-code"
    assert tried("1") == "registration-code"
    assert tried("00000000" if right != "00000000" else "1") == "registration-code"
    assert tried(right) == "try-later"
    with time_machine.travel(timedelta(minutes=5)):
        assert tried(f" {right[:4]} {right[4:]}") == "confirmed"
        assert tried(right) == "registration-moved"
    refused = entries(house, "registration.code-tried")
    assert [entry["outcome"] for entry in refused] == ["4"] * 4


def test_a_code_grows_old(house: Database) -> None:
    made = declared(house)
    with time_machine.travel(timedelta(hours=25)):
        with pytest.raises(SocleError, match="registration-code-expired"):
            acts.confirm_address(house, VISITOR, token=made.token, code=code(house, made.registration))
        with house.unit() as unit:
            acts.renew_code(unit, VISITOR, token=made.token)
        acts.confirm_address(house, VISITOR, token=made.token, code=code(house, made.registration))


def test_a_new_code_takes_the_place_of_the_first(house: Database) -> None:
    made = declared(house)
    first = code(house, made.registration)
    with house.unit() as unit:
        acts.renew_code(unit, VISITOR, token=made.token)
    second = code(house, made.registration)
    assert second != first
    with pytest.raises(SocleError, match="registration-code"):
        acts.confirm_address(house, VISITOR, token=made.token, code=first)
    acts.confirm_address(house, VISITOR, token=made.token, code=second)
    assert code(house, made.registration) == ""


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except SocleError as refused:
        return refused.code
    return "done"


@pytest.mark.usefixtures("strict")
def test_one_network_address_declares_a_bounded_number_of_times(house: Database) -> None:
    by = VISITOR

    def declare() -> None:
        with house.unit() as unit:
            acts.declare(unit, by, person=CAMILLE, contract=contract(), structure=STRUCTURE)

    assert [outcome(declare) for _ in range(5)] == ["done"] * 4 + ["registration-too-many"]
    by = replace(VISITOR, client="192.0.2.99")
    assert outcome(declare) == "done"
    by = VISITOR
    with time_machine.travel(timedelta(minutes=20)):
        assert outcome(declare) == "done"


@pytest.mark.usefixtures("strict")
def test_whatever_sends_a_code_counts_for_the_network_address(house: Database) -> None:
    made = [declared(house, replace(CAMILLE, email=f"a{n}@exemple.test")) for n in range(2)]

    def renew(number: int) -> None:
        with house.unit() as unit:
            acts.renew_code(unit, VISITOR, token=made[number].token)

    def correct(email: str) -> None:
        person = replace(CAMILLE, email=email)
        with house.unit() as unit:
            acts.correct(
                unit, VISITOR, token=made[0].token, person=person, contract=contract(), structure=STRUCTURE
            )

    assert outcome(lambda: renew(0)) == outcome(lambda: correct("b@exemple.test")) == "done"
    assert outcome(lambda: renew(1)) == outcome(lambda: correct("c@exemple.test")) == "registration-too-many"
    person = now(house, made[0].registration).person
    assert person is not None
    assert person.email == "b@exemple.test"


@pytest.mark.usefixtures("strict")
def test_codes_are_not_tried_one_registration_after_another(house: Database) -> None:
    made = [
        declared(
            house, replace(CAMILLE, email=f"a{n}@exemple.test"), by=replace(VISITOR, client=f"192.0.2.{n}")
        )
        for n in range(6)
    ]

    def tried(number: int, by: Acting = VISITOR) -> str:
        return outcome(lambda: acts.confirm_address(house, by, token=made[number].token, code="1"))

    told = [tried(number) for number in range(5)]
    assert told == ["registration-code"] * 4 + ["registration-too-many"]
    assert tried(5, replace(VISITOR, client="192.0.2.99")) == "registration-code"
    with time_machine.travel(timedelta(minutes=20)):
        acts.confirm_address(house, VISITOR, token=made[4].token, code=code(house, made[4].registration))


def test_what_is_elsewhere_is_as_unknown_as_what_is_nowhere(house: Database) -> None:
    hidden, seen = declared(house), confirmed(house, replace(CAMILLE, email="autre@exemple.test"))
    told = set()
    for by, registration in (
        (manager(OTHER), seen.registration),
        (manager(), hidden.registration),
        (manager(), "0000000000000000"),
    ):
        with house.unit() as unit, pytest.raises(SocleError, match="registration-unknown") as unknown:
            employer.refuse(unit, by, registration=registration, why="non")
        told.add(unknown.value.sentence().replace(registration, ""))
    assert len(told) == 1
    assert now(house, seen.registration).state is State.CONFIRMED


def test_who_manages_nothing_is_refused(house: Database) -> None:
    made = confirmed(house)
    nobody = replace(manager(), actor=replace(manager().actor, roles=frozenset()))
    low = replace(manager(), actor=replace(manager().actor, assurance=Assurance.LOW))
    for by in (nobody, low, VISITOR):
        with house.unit() as unit, pytest.raises(Refused):
            employer.refuse(unit, by, registration=made.registration, why="non")
    assert now(house, made.registration).state is State.CONFIRMED


def test_nobody_decides_upon_themselves(house: Database) -> None:
    me = somebody(house, "camille@exemple.test", DIRECTORY_MANAGER, STRUCTURE)
    made = confirmed(house)
    with house.unit() as unit, pytest.raises(SocleError, match="registration-own"):
        employer.verify_identity(unit, me.by, registration=made.registration, evidence="passport")


def test_another_address_does_not_let_one_decide_upon_oneself(house: Database) -> None:
    me = somebody(house, "gestionnaire@exemple.test", DIRECTORY_MANAGER, STRUCTURE)
    mine = confirmed(house, replace(CAMILLE, birth_name="Exemple", given_name="Nora"))
    other = confirmed(house, replace(CAMILLE, birth_name="Exemple", given_name="Norah"))
    with house.unit() as unit, pytest.raises(SocleError, match="registration-own"):
        employer.verify_identity(unit, me.by, registration=mine.registration, evidence="passport")
    with house.unit() as unit:
        employer.verify_identity(unit, me.by, registration=other.registration, evidence="passport")
    # A namesake is not kept waiting for ever: whoever else manages the structure decides.
    decided(house, employer.verify_identity, mine.registration, evidence="passport")
    assert now(house, mine.registration).state is State.IDENTIFIED


def test_steps_are_taken_in_order_and_once(house: Database) -> None:
    made = confirmed(house)
    with pytest.raises(SocleError, match="registration-moved"):
        decided(house, employer.validate, made.registration)
    decided(house, employer.verify_identity, made.registration, evidence="passport")
    with pytest.raises(SocleError, match="registration-moved"):
        decided(house, employer.verify_identity, made.registration, evidence="passport")
    decided(house, employer.validate, made.registration)
    for act, arguments in ((employer.refuse, {"why": "non"}), (employer.reopen, {}), (employer.validate, {})):
        with pytest.raises(SocleError, match="registration-moved"):
            decided(house, act, made.registration, **arguments)
    with pytest.raises(SocleError, match="registration-moved"):
        acts.confirm_address(house, VISITOR, token=made.token, code="00000000")


def test_a_list_is_read_page_after_page_without_gap_or_repetition(house: Database) -> None:
    waits = frozenset((State.CONFIRMED,))
    with time_machine.travel(NOON, tick=False):
        # All of them have waited as long: their identifiers give the order.
        made = [confirmed(house, replace(CAMILLE, email=f"a{n}@exemple.test")).registration for n in range(5)]
    confirmed(house, structure=OTHER)
    seen, after = [], ""
    with house.reading() as session:
        while found := records.page_of_structure(session, STRUCTURE, waits, 2, after):
            seen.append([one.id for one in found])
            after = found[-1].place
        assert records.count_of_structure(session, STRUCTURE, waits) == 5
        for nonsense in ("", "x", "1-", "-a", "9" * 30 + "-a", "１-a"):
            assert len(records.page_of_structure(session, STRUCTURE, waits, 2, nonsense)) in (0, 2)
        twins = records.page_of_structure(session, STRUCTURE, waits, 2, matched=True)
        assert (twins, records.count_of_structure(session, STRUCTURE, waits, matched=True)) == ([], 0)
    assert [len(ids) for ids in seen] == [2, 2, 1]
    assert [id for ids in seen for id in ids] == sorted(made)


def test_a_stale_write_changes_nothing(house: Database) -> None:
    made = confirmed(house)
    before = now(house, made.registration)
    decided(house, employer.refuse, made.registration, why="non")
    with house.unit() as unit:
        assert not records.replace_in(unit, before, replace(before, state=State.IDENTIFIED))
    assert now(house, made.registration).state is State.REFUSED


def test_the_same_person_twice_is_one_too_many(house: Database) -> None:
    first = confirmed(house)
    again = declared(house)
    with pytest.raises(SocleError, match="registration-duplicate"):
        acts.confirm_address(house, VISITOR, token=again.token, code=code(house, again.registration))
    # From another address nothing is told to who may be a stranger; the employer sees it.
    other = confirmed(house, replace(CAMILLE, email="autre@exemple.test"))
    decided(house, employer.verify_identity, other.registration, evidence="passport")
    with pytest.raises(SocleError, match="registration-duplicate"):
        decided(house, employer.validate, other.registration)
    with house.unit() as unit:
        acts.withdraw(unit, VISITOR, token=first.token)
    decided(house, employer.validate, other.registration)
    assert now(house, first.registration).reason == Reason.WITHDRAWN


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.IDENTIFIED),
        ({"phone": "0465710001"}, State.IDENTIFIED),
        ({"birth_name": "Modèles"}, State.CONFIRMED),
        ({"email": "autre@exemple.test"}, State.DECLARED),
    ],
)
def test_a_correction_is_checked_for_what_it_changes(
    house: Database, changes: dict[str, str], state: State
) -> None:
    made = confirmed(house)
    decided(house, employer.verify_identity, made.registration, evidence="passport")
    with pytest.raises(SocleError, match="registration-reason"):
        decided(house, employer.ask_correction, made.registration, why="  ")
    decided(house, employer.ask_correction, made.registration, why="Le nom.")
    with house.unit() as unit:
        acts.correct(
            unit,
            VISITOR,
            token=made.token,
            person=replace(CAMILLE, **changes),  # type: ignore[arg-type]
            contract=contract(),
            structure=STRUCTURE,
        )
    one = now(house, made.registration)
    assert one.state is state
    assert bool(one.evidence) is (state is not State.CONFIRMED)
    assert bool(code(house, one.id)) is (state is State.DECLARED)
    if state is State.DECLARED:
        acts.confirm_address(house, VISITOR, token=made.token, code=code(house, one.id))
        assert now(house, one.id).state is State.IDENTIFIED


def test_a_refusal_says_why_and_can_be_undone(house: Database) -> None:
    made = confirmed(house)
    decided(house, employer.refuse, made.registration, why="Pas chez nous.")
    with house.reading() as session:
        assert [step.note for step in story_of(session, made.registration)][-1] == "Pas chez nous."
    assert decided(house, employer.reopen, made.registration).state is State.CONFIRMED


def test_time_gives_up_what_nobody_attends_to(house: Database) -> None:
    silent, waiting = declared(house), confirmed(house, replace(CAMILLE, email="autre@exemple.test"))
    sent_back = confirmed(house, replace(CAMILLE, birth_name="Fable"))
    decided(house, employer.ask_correction, sent_back.registration, why="Le nom.")
    seen = []
    for days in (7, 8, 15, 16, 30, 31):
        with time_machine.travel(timedelta(days=days)):
            clocks.daily(house)
        seen.append("".join(now(house, one.registration).state[0] for one in (silent, waiting, sent_back)))
    assert seen == ["dct", "act", "act", "aca", "aca", "aaa"]
    assert now(house, silent.registration).reason == Reason.NOT_CONFIRMED
    assert now(house, waiting.registration).reason == Reason.NOT_VALIDATED
    assert now(house, sent_back.registration).reason == Reason.NOT_CORRECTED


def test_the_end_of_a_contract_can_be_moved_until_it_has_come(house: Database) -> None:
    made = published(house, days=3)
    later = business_date() + timedelta(days=60)
    decided(house, employer.change_end, made.registration, ends=later)
    with time_machine.travel(timedelta(days=10)):
        assert clocks.daily(house)["closed"] == 0
    with pytest.raises(SocleError, match="registration-contract-backwards"):
        decided(house, employer.change_end, made.registration, ends=date(2000, 1, 1))
    with pytest.raises(SocleError, match="registration-contract-end"):
        decided(house, employer.change_end, made.registration, ends=None)
    with time_machine.travel(timedelta(days=61)):
        assert clocks.close_all_ended(house) == 1
        work(house)
    one = now(house, made.registration)
    assert (one.state, one.reason) == (State.CLOSED, Reason.CONTRACT_ENDED)
    assert roles(house, one.national_id) == []


def test_who_is_erased_is_found_nowhere_and_shown_no_more(house: Database) -> None:
    made = published(house)
    one = now(house, made.registration)
    with house.reading() as session:
        told = export(session, one.subject)
        assert export(session, "agent:0123") is None
    assert told is not None
    assert (told["person"]["birth_name"], told["national_id"]) == ("Modèle", one.national_id)
    erase_person(house, one.subject, ErasedFor.REQUEST, erasers=[erase])
    work(house)
    with house.reading() as session:
        assert records.of_person(session, one.traits_key) == []
    assert now(house, one.id).person is None
    assert shown(house, one.national_id)["active"] is False
    again = now(house, published(house).registration)
    assert again.national_id != one.national_id
    assert erase_twice(house, one.subject) == 0


def erase_twice(db: Database, subject: str) -> int:
    with db.unit() as unit:
        erase(unit, subject)
        return erase(unit, "registration:unknown")


def test_what_is_over_is_forgotten_in_time_and_the_number_kept(house: Database) -> None:
    first = published(house, days=1)
    number = now(house, first.registration).national_id
    with time_machine.travel(timedelta(days=3)):
        clocks.daily(house)
        work(house)
    for days, left in ((300, 1), (400, 0)):
        with time_machine.travel(timedelta(days=days)), house.unit() as unit:
            forget_registrations(unit)
            assert len(records.ids(unit, "state = 'closed'")) == left
    with time_machine.travel(timedelta(days=401)):
        assert now(house, validated(house).registration).national_id == number
