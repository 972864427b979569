"""What comes back each day, and what is forgotten in its time."""

from datetime import timedelta

import pytest
import time_machine

from socle.kernel.access import ACCESS_MANAGER, AUDITOR
from socle.kernel.accounts.acts.grants import delegate, grant, revoke
from socle.kernel.accounts.acts.review import close_due, confirm, open_review
from socle.kernel.accounts.grants import of_structure
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.clock import business_date
from socle.kernel.db import Database
from socle.kernel.notify.acts.choosing import choose
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.daily import remind
from socle.kernel.notify.privacy import erase, export, forget_choices, forget_notices
from socle.kernel.notify.queries import language_of
from socle.kernel.notify.told.accounts import ROLE_RECEIVED
from tests.kernel.accounts.conftest import STRUCTURE, Somebody, somebody
from tests.kernel.notify.telling import forgotten, told

Clock = time_machine.Traveller
pytestmark = pytest.mark.usefixtures("without_relay")


@pytest.fixture
def lea(database: Database, operator: Somebody) -> Somebody:
    """The access manager of STRUCTURE, to whom nothing was told yet."""
    found = somebody(database, "lea@exemple.test", ACCESS_MANAGER, STRUCTURE)
    forgotten(database)
    return found


def test_both_are_told_of_a_delegation_two_days_before_it_ends_and_once(
    database: Database, operator: Somebody, lea: Somebody, clock: Clock
) -> None:
    with database.unit() as unit:
        mine = grant(unit, BY_SYSTEM, account=operator.account, role=AUDITOR)
        until = business_date() + timedelta(days=5)
        lent = delegate(unit, operator.by, grant=mine.id, email=lea.email, until=until)
    told_on = []
    for _ in range(8):
        told_on.append(remind(database)["delegations"])
        clock.shift(timedelta(days=1))
    assert told_on == [0, 0, 0, 0, 2, 0, 0, 0]
    assert told(database, lea.account) == told(database, operator.account) == ["role.delegation-ending"]
    assert lent.expires is not None


def test_a_delegation_taken_back_is_not_told_of_again(
    database: Database, operator: Somebody, lea: Somebody
) -> None:
    with database.unit() as unit:
        mine = grant(unit, BY_SYSTEM, account=operator.account, role=AUDITOR)
        lent = delegate(unit, operator.by, grant=mine.id, email=lea.email, until=business_date())
        revoke(unit, operator.by, grant=lent.id)
    assert remind(database)["delegations"] == 0


def test_a_review_is_told_of_again_in_its_last_week_as_long_as_something_waits(
    database: Database, lea: Somebody, clock: Clock
) -> None:
    clock.shift(timedelta(days=1))
    with database.unit() as unit:
        review = open_review(unit, BY_SYSTEM, structure=STRUCTURE)
    assert remind(database)["reviews"] == 0
    clock.shift(timedelta(days=(review.due - business_date()).days - 7))
    assert [remind(database)["reviews"] for _ in range(2)] == [1, 0]
    assert told(database, lea.account) == ["review.due"]
    forgotten(database)
    with database.unit() as unit:
        for held in of_structure(unit, STRUCTURE):
            confirm(unit, BY_SYSTEM, grant=held.id)
    assert remind(database)["reviews"] == 0


def test_a_review_is_to_be_opened_a_year_after_the_first_role_or_the_last_review(
    database: Database, operator: Somebody, lea: Somebody, clock: Clock
) -> None:
    clock.shift(timedelta(days=364))
    assert remind(database)["reviews"] == 0
    clock.shift(timedelta(days=1))
    assert [remind(database)["reviews"] for _ in range(2)] == [2, 0]
    assert told(database, lea.account) == told(database, operator.account) == ["review.to-open"]
    with database.unit() as unit:
        open_review(unit, BY_SYSTEM, structure=STRUCTURE)
        for held in of_structure(unit, STRUCTURE):
            confirm(unit, BY_SYSTEM, grant=held.id)
    clock.shift(timedelta(days=40))
    with database.unit() as unit:
        assert close_due(unit, BY_SYSTEM) == 1
    clock.shift(timedelta(days=364))
    assert remind(database)["reviews"] == 0
    clock.shift(timedelta(days=1))
    assert remind(database)["reviews"] == 1
    assert told(database, lea.account) == ["review.to-open"] * 2


def test_what_is_past_its_time_is_forgotten(database: Database, lea: Somebody, clock: Clock) -> None:
    with database.unit() as unit:
        notify(unit, ROLE_RECEIVED, lea.account, "a", role="auditor", structure="")
    clock.shift(timedelta(days=179))
    with database.unit() as unit:
        notify(unit, ROLE_RECEIVED, lea.account, "b", role="auditor", structure="")
        assert forget_notices(unit) == 0
    clock.shift(timedelta(days=2))
    with database.unit() as unit:
        assert forget_notices(unit) == 1
    assert told(database, lea.account) == ["role.received"]


def test_choices_live_as_long_as_the_account(database: Database, lea: Somebody) -> None:
    with database.unit() as unit:
        choose(unit, lea.by, {"role.received": "off"}, "en")
        assert forget_choices(unit) == 0
        unit.execute("DELETE FROM accounts_account WHERE id = ?1", lea.account)
        assert forget_choices(unit) == 2


def test_a_person_is_told_all_that_is_held_and_it_goes_with_them(database: Database, lea: Somebody) -> None:
    subject = f"agent:{lea.account}"
    with database.unit() as unit:
        notify(unit, ROLE_RECEIVED, lea.account, "a", role="auditor", structure="")
        choose(unit, lea.by, {"role.received": "digest"}, "en")
    with database.reading() as session:
        held = export(session, subject)
        assert held is not None
        assert (held["language"], held["preferences"]) == ("en", {"role.received": "digest"})
        (notice,) = held["notifications"]
        assert (notice["title"], notice["read"]) == ("You were given a role", None)
        assert export(session, "record:1") is None
        assert export(session, "agent:0000000000000000") is None
    with database.unit() as unit:
        assert erase(unit, subject) == 3
        assert erase(unit, subject) == erase(unit, "record:1") == 0
        assert language_of(unit, lea.account) == "fr"
    assert told(database, lea.account) == []
