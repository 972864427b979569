"""Invitations, sign-in, second factors: what opens an account, and what does not."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from socle.kernel.access import ACCESS_MANAGER, Refused
from socle.kernel.accounts import passwords, sessions
from socle.kernel.accounts.acts.enter import end_other, enter_code, sign_in, sign_out
from socle.kernel.accounts.acts.factors import (
    begin_codes,
    change_password,
    confirm_codes,
    remove,
    renew_codes,
)
from socle.kernel.accounts.acts.grants import leave
from socle.kernel.accounts.acts.invite import accept, renew
from socle.kernel.accounts.acts.invite import invited as opened_by
from socle.kernel.accounts.credentials import FactorKind, credentials
from socle.kernel.accounts.faults import (
    CODE_REFUSED,
    FACTOR_NEEDED,
    INVITATION_UNUSABLE,
    PASSWORD_UNCHANGED,
    PROVE_AGAIN,
    SIGN_IN_REFUSED,
    TRY_LATER,
)
from socle.kernel.accounts.settings import accounts_settings
from socle.kernel.accounts.throttle import LOCK_AT, LOCK_SECONDS, MACHINE_FACTOR
from socle.kernel.accounts.tokens import RECOVERY_CODES
from socle.kernel.actors import BY_SYSTEM, Acting, Assurance
from socle.kernel.audit.actions import Outcome
from socle.kernel.db import Database
from socle.kernel.errors import ErrorKind, SocleError
from tests.kernel.accounts.conftest import (
    BROWSER,
    PASSWORD,
    STRUCTURE,
    VISITOR,
    Somebody,
    accepted,
    enrolled,
    held_by,
    invited,
)
from tests.kernel.accounts.trail import entries

Clock = time_machine.Traveller


def expect_refused(kind: ErrorKind, *arguments: Any, **named: Any) -> SocleError:
    act, *rest = arguments
    with pytest.raises(SocleError) as told:
        act(*rest, **named)
    assert told.value.kind is kind
    return told.value


def test_an_invitation_becomes_an_account_with_two_factors(database: Database, operator: Somebody) -> None:
    assert operator.held.actor.assurance is Assurance.SUBSTANTIAL
    assert operator.held.actor.roles == {"operator"}
    told = [entry["action"] for entry in entries(database)]
    assert told == [
        *("role.granted", "account.invited", "account.accepted", "factor.added", "session.raised"),
    ]


def test_the_trail_names_nobody(database: Database, operator: Somebody) -> None:
    said = str(entries(database))
    assert operator.account in said
    assert not any(word in said for word in ("operatrice", "Nora", "Exemple", "192.0.2.7"))


def test_a_link_works_once(database: Database, clock: Clock) -> None:
    token = invited(database, "une@exemple.test")
    accepted(database, token)
    expect_refused(INVITATION_UNUSABLE, accepted, database, token)


def test_a_link_that_is_too_old_or_not_ours_is_refused(database: Database, clock: Clock) -> None:
    token = invited(database, "une@exemple.test")
    expect_refused(INVITATION_UNUSABLE, accepted, database, token[:-1] + ("A" if token[-1] != "A" else "B"))
    clock.shift(timedelta(hours=accounts_settings().invitation_hours, seconds=1))
    expect_refused(INVITATION_UNUSABLE, accepted, database, token)


def test_a_second_invitation_ends_the_first_link(database: Database, clock: Clock) -> None:
    first = invited(database, "une@exemple.test")
    second = invited(database, "Une@Exemple.test")
    expect_refused(INVITATION_UNUSABLE, accepted, database, first)
    with database.reading() as session:
        assert opened_by(session, second).email == "une@exemple.test"


def test_with_one_factor_one_may_only_add_the_second(database: Database, clock: Clock) -> None:
    half = held_by(database, accepted(database, invited(database, "une@exemple.test")))
    assert half.actor.assurance is Assurance.LOW
    assert half.actor.roles == {"operator"}
    with pytest.raises(Refused):
        change_password(database, Acting(half.actor), half, current=PASSWORD, new=PASSWORD + "s")


def test_both_factors_open_a_session(database: Database, operator: Somebody, clock: Clock) -> None:
    before = operator.token
    operator.enter(clock)
    assert operator.token != before
    assert operator.held.actor.assurance is Assurance.SUBSTANTIAL


def test_the_session_of_one_factor_ends_when_the_second_is_given(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    clock.shift(60)
    half = sign_in(database, BROWSER, email=operator.email, password=PASSWORD)
    raised = enter_code(database, BROWSER, held_by(database, half), operator.code())
    with database.reading() as session:
        assert sessions.held_by(session, half) is None
        assert sessions.held_by(session, raised) is not None


def test_a_code_is_worth_nothing_the_second_time(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    clock.shift(60)
    code = operator.code()
    first = sign_in(database, BROWSER, email=operator.email, password=PASSWORD)
    enter_code(database, BROWSER, held_by(database, first), code)
    second = held_by(database, sign_in(database, BROWSER, email=operator.email, password=PASSWORD))
    expect_refused(CODE_REFUSED, enter_code, database, BROWSER, second, code)
    expect_refused(CODE_REFUSED, enter_code, database, BROWSER, second, operator.code(-1))


def test_a_recovery_code_works_once_however_it_is_typed(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    typed = operator.codes[3].upper().replace("-", " ")
    half = held_by(database, sign_in(database, BROWSER, email=operator.email, password=PASSWORD))
    enter_code(database, BROWSER, half, typed)
    again = held_by(database, sign_in(database, BROWSER, email=operator.email, password=PASSWORD))
    expect_refused(CODE_REFUSED, enter_code, database, BROWSER, again, typed)
    assert entries(database, "session.raised")[-2]["data"] == {"factor": "recovery"}


def test_a_stolen_password_adds_no_factor(database: Database, operator: Somebody) -> None:
    half = held_by(database, sign_in(database, BROWSER, email=operator.email, password=PASSWORD))
    with database.unit() as unit, pytest.raises(Refused):
        begin_codes(unit, Acting(half.actor), half)
    with database.unit() as unit, pytest.raises(Refused):
        confirm_codes(unit, BROWSER, half, operator.code())


@pytest.mark.parametrize("email", ["operatrice@exemple.test", "personne@exemple.test"])
def test_the_same_is_told_whether_the_account_exists(
    database: Database, operator: Somebody, clock: Clock, email: str
) -> None:
    told = []
    for _ in range(LOCK_AT + 1):
        with pytest.raises(SocleError) as refusal:
            sign_in(database, BROWSER, email=email, password="ce n’est pas celui-là")
        told.append((refusal.value.code, refusal.value.data))
        clock.shift(61)
    assert told[:LOCK_AT] == [(SIGN_IN_REFUSED.code, {})] * LOCK_AT
    assert told[LOCK_AT] == (TRY_LATER.code, {"seconds": LOCK_SECONDS - 61})


def test_attempts_in_a_row_wait_longer_and_longer(database: Database, operator: Somebody) -> None:
    for _ in range(4):
        expect_refused(
            SIGN_IN_REFUSED, sign_in, database, BROWSER, email=operator.email, password="non, pas cela"
        )
    late = expect_refused(TRY_LATER, sign_in, database, BROWSER, email=operator.email, password=PASSWORD)
    assert late.data == {"seconds": 2}


def test_the_third_lockout_of_a_day_is_an_alert(database: Database, operator: Somebody, clock: Clock) -> None:
    for _ in range(3):
        for _ in range(LOCK_AT):
            clock.shift(61)
            expect_refused(
                SIGN_IN_REFUSED, sign_in, database, BROWSER, email=operator.email, password="pas celui-là"
            )
        clock.shift(LOCK_SECONDS)
    assert [entry["data"]["lockouts"] for entry in entries(database, "account.locked-out")] == [1, 2, 3]
    assert [entry["subject"] for entry in entries(database, "account.lockout-alert")] == [
        f"agent:{operator.account}"
    ]
    with database.reading() as session:
        kinds = [kind for (kind,) in session.fetch("SELECT kind FROM outbox_inbox")]
    assert kinds.count("account.lockouts.1") == 1


def test_success_forgets_the_failures(database: Database, operator: Somebody, clock: Clock) -> None:
    for _ in range(3):
        for _ in range(3):
            expect_refused(
                SIGN_IN_REFUSED, sign_in, database, BROWSER, email=operator.email, password="non, pas cela"
            )
        sign_in(database, BROWSER, email=operator.email, password=PASSWORD)


def test_a_hospital_behind_one_address_is_not_locked_by_those_who_enter(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    for _ in range(LOCK_AT * MACHINE_FACTOR + 1):
        sign_in(database, BROWSER, email=operator.email, password=PASSWORD)
        clock.shift(120)
    assert entries(database, "account.locked-out") == []


def test_who_enters_gives_the_machine_their_own_attempt_back_and_no_other(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    for number in range(LOCK_AT * MACHINE_FACTOR - 1):
        clock.shift(61)
        expect_refused(
            SIGN_IN_REFUSED,
            sign_in,
            database,
            BROWSER,
            email=f"personne{number}@exemple.test",
            password="non",
        )
    clock.shift(61)
    # The hundredth of the machine, and a right one: it locks nobody out.
    sign_in(database, BROWSER, email=operator.email, password=PASSWORD)
    assert entries(database, "account.locked-out") == []
    clock.shift(61)
    expect_refused(SIGN_IN_REFUSED, sign_in, database, BROWSER, email="autre@exemple.test", password="non")
    late = expect_refused(TRY_LATER, sign_in, database, BROWSER, email=operator.email, password=PASSWORD)
    assert late.data == {"seconds": LOCK_SECONDS}


@pytest.mark.parametrize("outdated", [False, True])
@pytest.mark.parametrize("meanwhile", ["renewed", "changed", "left"])
def test_a_password_that_ends_while_it_is_checked_opens_nothing(
    database: Database,
    operator: Somebody,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: str,
    outdated: bool,
) -> None:
    new, checked = "onze hérons sur le toit", passwords.matches

    def change(db: Database) -> None:
        if meanwhile == "renewed":
            with db.unit() as unit:
                link = renew(unit, BY_SYSTEM, account=operator.account)
                accept(
                    *(unit, VISITOR),
                    token=link.token,
                    name="N",
                    password_hash=passwords.hashed(new),
                    agent="x",
                )
        elif meanwhile == "changed":
            change_password(db, operator.by, operator.held, current=PASSWORD, new=new)
        else:
            with db.unit() as unit:
                leave(unit, BY_SYSTEM, account=operator.account)

    def slowly(stored: str | None, password: str) -> bool:
        right = checked(stored, password)
        monkeypatch.setattr(passwords, "matches", checked)
        change(database)
        return right

    monkeypatch.setattr(passwords, "is_outdated", lambda stored: outdated)
    monkeypatch.setattr(passwords, "matches", slowly)
    expect_refused(SIGN_IN_REFUSED, sign_in, database, BROWSER, email=operator.email, password=PASSWORD)
    assert entries(database, "session.opened")[-1]["outcome"] == Outcome.REFUSED.value
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: False)
    if meanwhile != "left":
        assert sign_in(database, BROWSER, email=operator.email, password=new)
    expect_refused(SIGN_IN_REFUSED, sign_in, database, BROWSER, email=operator.email, password=PASSWORD)


def test_a_password_that_ends_while_it_is_checked_is_not_the_one_to_change(
    database: Database, operator: Somebody, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, checked = "onze hérons sur le toit", "douze loirs sous le pont", passwords.matches
    by, held = operator.by, operator.held

    def slowly(stored: str | None, password: str) -> bool:
        monkeypatch.setattr(passwords, "matches", checked)
        change_password(database, by, held, current=PASSWORD, new=first)
        return checked(stored, password)

    monkeypatch.setattr(passwords, "matches", slowly)
    expect_refused(PASSWORD_UNCHANGED, change_password, database, by, held, current=PASSWORD, new=second)
    assert sign_in(database, BROWSER, email=operator.email, password=first)


def test_another_link_that_is_accepted_ends_every_session(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    with database.unit() as unit:
        link = renew(unit, BY_SYSTEM, account=operator.account)
        # As an entry that was under way when the link was made would leave it.
        left = sessions.open_session(unit, operator.account, Assurance.LOW, client="192.0.2.7", agent="x")
    accepted(database, link.token)
    with database.reading() as session:
        assert sessions.held_by(session, left) is None


def test_failures_are_in_the_trail(database: Database, operator: Somebody) -> None:
    expect_refused(
        SIGN_IN_REFUSED, sign_in, database, BROWSER, email=operator.email, password="non, pas cela"
    )
    expect_refused(
        SIGN_IN_REFUSED, sign_in, database, BROWSER, email="x@exemple.test", password="non, pas cela"
    )
    known, unknown = entries(database, "session.opened")
    assert (known["outcome"], known["subject"], known["actor"]["kind"]) == (
        "4",
        f"agent:{operator.account}",
        "anonymous",
    )
    assert "subject" not in unknown


def test_another_password_ends_the_other_sessions(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    other = operator.token
    operator.enter(clock)
    wrong = {"current": "pas celui-là du tout", "new": "trois castors au soleil"}
    expect_refused(PASSWORD_UNCHANGED, change_password, database, operator.by, operator.held, **wrong)
    change_password(database, operator.by, operator.held, current=PASSWORD, new="trois castors au soleil")
    assert operator.held
    with database.reading() as session:
        assert sessions.held_by(session, other) is None
    expect_refused(SIGN_IN_REFUSED, sign_in, database, BROWSER, email=operator.email, password=PASSWORD)


def test_signing_out_ends_the_session_once(database: Database, operator: Somebody) -> None:
    held = operator.held
    with database.unit() as unit:
        sign_out(unit, operator.by, held)
        sign_out(unit, operator_by(held), held)
    with database.reading() as session:
        assert sessions.held_by(session, operator.token) is None
    assert len(entries(database, "session.ended")) == 1


def operator_by(held: sessions.Held) -> Acting:
    return Acting(held.actor)


def test_one_second_factor_is_kept(database: Database, operator: Somebody, clock: Clock) -> None:
    (only,) = credentials_of(database, operator)
    with database.unit() as unit:
        expect_refused(FACTOR_NEEDED, remove, unit, operator.by, operator.held, only)
    clock.shift(60)
    enrolled(database, operator.token)
    with database.unit() as unit:
        remove(unit, operator.by, operator.held, only)
    assert only not in credentials_of(database, operator)


def credentials_of(database: Database, who: Somebody) -> list[str]:
    with database.reading() as session:
        return [one.id for one in credentials(session, who.account, FactorKind.TOTP)]


def test_a_new_link_replaces_what_was_lost_and_keeps_the_roles(
    database: Database, operator: Somebody, manager: Somebody
) -> None:
    with database.unit() as unit:
        made = renew(unit, operator.by, account=manager.account)
    with database.reading() as session:
        assert sessions.held_by(session, manager.token) is None
    expect_refused(SIGN_IN_REFUSED, sign_in, database, BROWSER, email=manager.email, password=PASSWORD)
    _, done = enrolled(database, accepted(database, made.token))
    assert held_by(database, done.token).actor.roles == {"access-manager"}


def test_no_manager_gets_a_link_that_opens_what_was_entrusted_elsewhere(
    database: Database, operator: Somebody, manager: Somebody
) -> None:
    """An operator who has not accepted yet is invited by the manager of a structure, too."""
    invited(database, "deux@exemple.test")
    assert invited(database, "deux@exemple.test", ACCESS_MANAGER, STRUCTURE, manager.by) == ""
    account = entries(database, "account.invited")[-1]["subject"].removeprefix("agent:")
    with database.unit() as unit, pytest.raises(Refused):
        renew(unit, manager.by, account=account)
    with database.unit() as unit:
        assert renew(unit, BY_SYSTEM, account=account).token


def test_what_touches_the_account_s_security_asks_for_the_second_factor_again(
    database: Database, operator: Somebody, clock: Clock
) -> None:
    clock.shift(timedelta(minutes=16))
    by, held = operator.by, operator.held
    (only,) = credentials_of(database, operator)
    with database.unit() as unit:
        expect_refused(PROVE_AGAIN, begin_codes, unit, by, held)
        expect_refused(PROVE_AGAIN, remove, unit, by, held, only)
        expect_refused(PROVE_AGAIN, renew_codes, unit, by, held)
        expect_refused(PROVE_AGAIN, end_other, unit, by, held)
    operator.token = enter_code(database, BROWSER, held, operator.code())
    with database.unit() as unit:
        assert len(renew_codes(unit, operator.by, operator.held)) == RECOVERY_CODES
