"""From what happens in the house to what somebody is told: for whom, once, and as they chose."""

from datetime import timedelta

import pytest
import time_machine

from socle.app.manifests import house
from socle.kernel.access import ACCESS_MANAGER, AUDITOR, DATA_PROTECTION, OPERATOR
from socle.kernel.accounts.acts.enter import Browser, enter_code, sign_in
from socle.kernel.accounts.acts.factors import change_password, renew_codes
from socle.kernel.accounts.acts.grants import delegate, end_grant, grant, leave, revoke
from socle.kernel.accounts.acts.review import open_review
from socle.kernel.accounts.throttle import LOCK_AT, LOCK_SECONDS
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.notify.acts.choosing import choose
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.acts.reading import put_all_back, put_back, read, read_all
from socle.kernel.notify.faults import CHANNEL_REFUSED, NOTICE_UNKNOWN
from socle.kernel.notify.kinds import CATALOGUE
from socle.kernel.notify.queries import Wanted, count, notices, unread
from socle.kernel.notify.told.accounts import ROLE_RECEIVED
from socle.kernel.notify.told.operation import DELIVERY_PARKED, JOB_FAILED
from socle.kernel.outbox.actions import PARKED
from socle.kernel.outbox.events import Event
from socle.kernel.privacy.actions import RECEIVED_EVENT
from socle.kernel.schedules.acts import FAILED_EVENT
from socle.kernel.webhooks.actions import STOPPED
from socle.kernel.work import emit
from tests.kernel.accounts.conftest import BROWSER, PASSWORD, STRUCTURE, VISITOR, Somebody, held_by, somebody
from tests.kernel.notify.telling import entries, forgotten, heard, told

Clock = time_machine.Traveller
PHONE = Browser(VISITOR, "Mozilla/5.0 (Telephone) Autre/12.1")


@pytest.fixture(autouse=True)
def _no_mail(without_relay: pytest.MonkeyPatch) -> None:
    """What is told in the centre; mails have tests of their own."""


@pytest.fixture
def lea(database: Database, operator: Somebody) -> Somebody:
    """An access manager to whom nothing was told yet."""
    found = somebody(database, "lea@exemple.test", ACCESS_MANAGER, STRUCTURE)
    forgotten(database)
    return found


def enter(db: Database, clock: Clock, who: Somebody, browser: Browser, code: str = "") -> None:
    clock.shift(60)
    half = held_by(db, sign_in(db, browser, email=who.email, password=PASSWORD))
    who.token = enter_code(db, browser, half, code or who.code())


def test_an_unusual_browser_is_told_and_a_newer_version_is_not(
    database: Database, lea: Somebody, clock: Clock
) -> None:
    enter(database, clock, lea, Browser(VISITOR, "Mozilla/5.1"))
    heard(database)
    assert told(database, lea.account) == []
    enter(database, clock, lea, PHONE)
    enter(database, clock, lea, PHONE)
    heard(database)
    assert told(database, lea.account) == ["security.new-device"]


def test_a_sign_in_after_a_lockout_and_three_lockouts_are_told(
    database: Database, lea: Somebody, clock: Clock
) -> None:
    for _ in range(3):
        for _ in range(LOCK_AT):
            clock.shift(61)
            with pytest.raises(SocleError):
                sign_in(database, BROWSER, email=lea.email, password="pas celui-là")
        clock.shift(LOCK_SECONDS)
    enter(database, clock, lea, BROWSER)
    enter(database, clock, lea, BROWSER)
    heard(database)
    assert told(database, lea.account) == ["security.after-lockout", "security.blocked"]


def test_changes_of_what_one_enters_with_are_told(database: Database, lea: Somebody, clock: Clock) -> None:
    enter(database, clock, lea, BROWSER, lea.codes[0])
    with database.unit() as unit:
        renew_codes(unit, lea.by, lea.held)
    change_password(database, lea.by, lea.held, current=PASSWORD, new="sept hérons sur la berge")
    with pytest.raises(SocleError):
        change_password(database, lea.by, lea.held, current="faux", new="sept hérons sur la berge")
    heard(database)
    assert told(database, lea.account) == [
        *("security.factor-added", "security.password-changed", "security.recovery-used"),
    ]


def test_roles_given_lent_and_taken_back_are_told_to_their_holder(
    database: Database, lea: Somebody, operator: Somebody
) -> None:
    with database.unit() as unit:
        given = grant(unit, operator.by, account=lea.account, role=AUDITOR)
        mine = grant(unit, BY_SYSTEM, account=operator.account, role=AUDITOR)
    with database.unit() as unit:
        revoke(unit, operator.by, grant=given.id)
        delegate(unit, operator.by, grant=mine.id, email=lea.email, until=business_date())
    with database.unit() as unit:
        end_grant(unit, BY_SYSTEM, mine, "unconfirmed")
    heard(database)
    assert told(database, lea.account) == [
        *("role.delegation-received", "role.received", "role.withdrawn", "role.withdrawn"),
    ]
    with database.reading() as session:
        reasons = {
            one.data["reason"] for one in notices(session, lea.account, Wanted(kind="role.withdrawn"), 9)
        }
    assert reasons == {"revoked", "delegation-ended"}


def test_who_leads_the_review_is_told_and_nobody_elsewhere(
    database: Database, lea: Somebody, operator: Somebody
) -> None:
    elsewhere = somebody(database, "autre@exemple.test", ACCESS_MANAGER, "130900009")
    forgotten(database)
    with database.unit() as unit:
        open_review(unit, lea.by, structure=STRUCTURE)
    heard(database)
    assert [told(database, one.account) for one in (lea, operator, elsewhere)] == [["review.open"], [], []]


def test_who_left_is_told_nothing(database: Database, lea: Somebody, operator: Somebody) -> None:
    with database.unit() as unit:
        leave(unit, operator.by, account=lea.account)
    heard(database)
    assert told(database, lea.account) == []


def announce(unit: Unit, number: int, listener: str = "projection") -> None:
    told = {"listener": listener, "sequence": number, "event": "test.counted.1"}
    emit(unit, Event(PARKED, f"listener:{listener}", told))


def test_operators_are_told_of_what_stands_still_once_a_day_for_each_listener(
    database: Database, lea: Somebody, operator: Somebody, clock: Clock
) -> None:
    with database.unit() as unit:
        announce(unit, 1)
        announce(unit, 2)
        announce(unit, 3, "mail")
        emit(unit, Event(STOPPED, "webhook:0123", {"webhook": "0123", "reason": "timeout"}))
    heard(database)
    parked = DELIVERY_PARKED.code
    assert told(database, operator.account) == [parked, parked, "operation.webhook-stopped"]
    assert told(database, lea.account) == []
    clock.shift(timedelta(days=1))
    with database.unit() as unit:
        announce(unit, 4)
    heard(database)
    assert told(database, operator.account).count(parked) == 3


def test_operators_are_told_of_a_job_that_fails_once_a_day(
    database: Database, lea: Somebody, operator: Somebody, clock: Clock
) -> None:
    def fails(job: str) -> None:
        with database.unit() as unit:
            emit(unit, Event(FAILED_EVENT, f"job:{job}", {"job": job, "due": 1, "tries": 1}))
        heard(database)

    for job in ("tests.work", "tests.work", "tests.other"):
        fails(job)
    assert told(database, operator.account) == [JOB_FAILED.code] * 2
    assert told(database, lea.account) == []
    clock.shift(timedelta(days=1))
    fails("tests.work")
    assert told(database, operator.account) == [JOB_FAILED.code] * 3


def test_who_instructs_is_told_of_a_request(database: Database, operator: Somebody) -> None:
    delegate_of_data = somebody(database, "dpd@exemple.test", DATA_PROTECTION)
    forgotten(database)
    with database.unit() as unit:
        data = {"request": "0123", "right": "access", "due": "2026-12-22"}
        emit(unit, Event(RECEIVED_EVENT, "privacy-request:0123", data))
    heard(database)
    assert told(database, delegate_of_data.account) == ["privacy.request-received"]
    assert told(database, operator.account) == []


def test_the_same_cause_tells_once_and_data_are_those_that_the_kind_declares(
    database: Database, lea: Somebody
) -> None:
    with database.unit() as unit:
        assert notify(unit, ROLE_RECEIVED, lea.account, "a", role="auditor", structure="")
        assert not notify(unit, ROLE_RECEIVED, lea.account, "a", role="auditor", structure="")
        assert notify(unit, ROLE_RECEIVED, lea.account, "b", role="auditor", structure="")
        with pytest.raises(ValueError, match="expected"):
            notify(unit, ROLE_RECEIVED, lea.account, "c", role="auditor")
    assert len(told(database, lea.account)) == 2
    (first, _) = entries(database, "notification.made")[-2:]
    assert (first["subject"], first["data"]) == (f"agent:{lea.account}", {"kind": "role.received"})


def test_what_is_turned_off_is_not_told_and_security_is_not_turned_off(
    database: Database, lea: Somebody
) -> None:
    with database.unit() as unit:
        assert choose(unit, lea.by, {"role.received": "off"}, "en") == 1
        assert choose(unit, lea.by, {"role.received": "off"}, "en") == 0
        assert not notify(unit, ROLE_RECEIVED, lea.account, "a", role="auditor", structure="")
    security = [kind for kind in CATALOGUE.values() if kind.security]
    assert security
    for kind in security:
        for channel in ("off", "centre", "digest", "pigeon"):
            with database.unit() as unit, pytest.raises(SocleError) as refusal:
                choose(unit, lea.by, {kind.code: channel}, "fr")
            assert refusal.value.kind is CHANNEL_REFUSED
    told_of = [entry["data"] for entry in entries(database, "notification.preferences")]
    assert told_of == [{"kind": "role.received", "before": "mail", "after": "off"}, {"lang": "en"}]


def test_one_reads_puts_back_and_undoes(
    database: Database, lea: Somebody, operator: Somebody, clock: Clock
) -> None:
    with database.unit() as unit:
        for cause in "abc":
            notify(unit, ROLE_RECEIVED, lea.account, cause, role="auditor", structure="")
            clock.shift(1)
    with database.reading() as session:
        newest, middle, _ = notices(session, lea.account, Wanted(), 9)
    assert newest.at > middle.at
    with database.unit() as unit:
        read(unit, lea.by, newest.id)
        read(unit, lea.by, newest.id)
    with database.reading() as session:
        assert unread(session, lea.account) == 2
        assert [one.id for one in notices(session, lea.account, Wanted(), 9)][-1] == newest.id
        assert count(session, lea.account, Wanted(unread=True)) == 2
    clock.shift(1)
    with database.unit() as unit:
        moment = read_all(unit, lea.by)
        assert moment == micros()
        assert read_all(unit, lea.by) == 0
        assert put_all_back(unit, lea.by, moment) == 2
        put_back(unit, lea.by, newest.id)
    with database.reading() as session:
        assert unread(session, lea.account) == 3
    assert [entry["data"]["count"] for entry in entries(database, "notification.read")] == [1, 2]
    for act in (read, put_back):
        with database.unit() as unit, pytest.raises(SocleError) as refusal:
            act(unit, operator.by, newest.id)
        assert refusal.value.kind is NOTICE_UNKNOWN


def test_every_kind_is_told_by_one_manifest_and_the_other_way_round() -> None:
    declared = [code for manifest in house() for code in manifest.notices]
    assert sorted(declared) == sorted(CATALOGUE)


def test_roles_tell_who_holds_a_permission() -> None:
    """The kinds that only some are told name a permission that somebody can hold."""
    asked = [kind.reader for kind in CATALOGUE.values() if kind.reader]
    assert asked
    assert all(permission.roles for permission in asked)
    assert OPERATOR in DELIVERY_PARKED.reader.roles  # type: ignore[union-attr]
