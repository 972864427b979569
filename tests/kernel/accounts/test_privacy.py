"""What accounts tell a person of themselves, and what is left of them afterwards."""

from datetime import timedelta

import time_machine

from socle.kernel.accounts import sessions
from socle.kernel.accounts.acts.enter import sign_in
from socle.kernel.accounts.acts.grants import leave
from socle.kernel.accounts.personal import find_account, person
from socle.kernel.accounts.privacy import erase, export, forget_attempts, forget_leavers, forget_sessions
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Database
from tests.kernel.accounts.conftest import BROWSER, PASSWORD, Somebody, held_by, invited

Clock = time_machine.Traveller


def count(database: Database, table: str) -> int:
    with database.reading() as session:
        return int(session.fetch(f"SELECT count(*) FROM accounts_{table}")[0][0])


def test_a_person_is_told_all_that_is_held(database: Database, operator: Somebody) -> None:
    sign_in(database, BROWSER, email=operator.email, password=PASSWORD)
    with database.reading() as session:
        told = export(session, f"agent:{operator.account}")
        assert told is not None
        assert (told["name"], told["email"], told["state"]) == ("Nora Exemple", operator.email, "active")
        assert [one["role"] for one in told["roles"]] == ["operator"]
        assert {one["kind"] for one in told["factors"]} == {"password", "totp"}
        assert "192.0.2.7" in {one["client"] for one in told["sessions"]}
        assert export(session, f"record:{operator.account}") is None
        assert export(session, "agent:0000000000000000") is None


def test_erasure_leaves_a_number_and_nothing_to_find_or_open_it_by(
    database: Database, operator: Somebody, manager: Somebody
) -> None:
    with database.unit() as unit:
        assert erase(unit, f"agent:{operator.account}") > 0
        unit.execute("DELETE FROM keyring_envelope WHERE subject = ?1", f"agent:{operator.account}")
    with database.reading() as session:
        assert sessions.held_by(session, operator.token) is None
        assert find_account(session, operator.email) is None
        left = person(session, operator.account)
    assert (left.name, left.email, left.state) == ("", "", "left")
    assert held_by(database, manager.token)


def test_what_is_over_is_forgotten_in_its_time(
    database: Database, operator: Somebody, manager: Somebody, clock: Clock
) -> None:
    sign_in(database, BROWSER, email=operator.email, password=PASSWORD)
    invited(database, "jamais@exemple.test")
    with database.unit() as unit:
        leave(unit, BY_SYSTEM, account=manager.account)
        assert forget_sessions(unit) == forget_leavers(unit) == 0
        assert forget_attempts(unit) == 1, "what the machine was given back leaves nothing to count"
    clock.shift(timedelta(days=2))
    with database.unit() as unit:
        assert forget_attempts(unit) == 1
    clock.shift(timedelta(days=32))
    with database.unit() as unit:
        assert forget_sessions(unit) > 3
    clock.shift(timedelta(days=365))
    with database.unit() as unit:
        assert forget_leavers(unit) > 3
    assert {table: count(database, table) for table in ("account", "session", "invitation", "attempts")} == {
        "account": 2,
        "session": 0,
        "invitation": 0,
        "attempts": 0,
    }
    with database.reading() as session:
        assert find_account(session, manager.email) is None
        assert find_account(session, operator.email) == operator.account
