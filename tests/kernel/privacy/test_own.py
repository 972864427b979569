"""Who asks from their account: what they read, what they are told, what is gathered for them, what is frozen."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest

from socle.app.manifests import house
from socle.kernel.access import DATA_PROTECTION, OPERATOR
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.privacy import forget_leavers
from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.clock import business_date, business_shift
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.told.accounts import NEW_DEVICE, REVIEW_TO_OPEN
from socle.kernel.notify.wording import told as wording
from socle.kernel.privacy.acts.files import make_file, take_file
from socle.kernel.privacy.acts.instruct import ask, identify, warn
from socle.kernel.privacy.acts.own import ask_for_oneself, own
from socle.kernel.privacy.acts.requests import extend, receive, refuse, withdraw
from socle.kernel.privacy.grounds import GROUNDS, ground_of
from socle.kernel.privacy.holdings import fill, holdings
from socle.kernel.privacy.requests import Right
from socle.kernel.privacy.restriction import lift, restrict
from tests.kernel.notify.telling import forgotten, heard, told
from tests.kernel.privacy.conftest import OFFICER


@pytest.fixture(autouse=True)
def _house(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    fill(house)
    notify_settings.cache_clear()
    yield
    notify_settings.cache_clear()


def account(db: Database, email: str = "nora@exemple.test", role: Any = OPERATOR) -> Acting:
    """Somebody who signed in."""
    with db.unit() as unit:
        made = invite(unit, BY_SYSTEM, email=email, role=role).account
        unit.execute("UPDATE accounts_account SET state = 'active' WHERE id = ?1", made)
    return Acting(Actor(ActorKind.AGENT, made, Assurance.SUBSTANTIAL), door="tests")


def test_who_asked_is_told_of_each_thing_that_happens_to_their_request(database: Database) -> None:
    me, other = account(database), account(database, "lea@exemple.test")
    forgotten(database)
    with database.unit() as unit:
        made = ask_for_oneself(unit, me, Right.ACCESS, "tout")
        left = ask_for_oneself(unit, me, Right.ACCESS, "")
        ask(unit, OFFICER, made.id, "Quel service ?")
        extend(unit, OFFICER, made.id, "Beaucoup de demandes")
        withdraw(unit, me, left.id)
    make_file(database, OFFICER, made.id, holdings())
    with database.unit() as unit:
        refuse(unit, OFFICER, made.id, GROUNDS[1], "non")
    heard(database)
    assert told(database, me.actor.id) == [
        "privacy.own-asked",
        "privacy.own-closed",
        "privacy.own-extended",
        "privacy.own-file",
    ]
    assert told(database, other.actor.id) == []
    said = wording("privacy.own-file", {"right": "access", "request": made.id}, "fr")
    assert said.link == f"/compte/mes-donnees/{made.id}"


def test_ones_own_request_is_nobody_elses(database: Database) -> None:
    me, other = account(database), account(database, "lea@exemple.test")
    with database.unit() as unit:
        made = ask_for_oneself(unit, me, Right.ACCESS, "tout")
    with database.reading() as session:
        assert own(session, me, made.id) == made
        for who, id in ((other, made.id), (me, "0" * 16)):
            with pytest.raises(SocleError, match="privacy-request-unknown"):
                own(session, who, id)


def test_a_delay_that_is_over_is_told_as_such(database: Database) -> None:
    officer = account(database, "dpo@exemple.test", DATA_PROTECTION)
    forgotten(database)
    with database.unit() as unit:
        made = receive(unit, OFFICER, "record:1", Right.ACCESS)
    with business_shift((made.due - business_date()).days + 1):
        assert warn(database)["warned"] == 1
    heard(database)
    assert told(database, officer.actor.id) == ["privacy.request-late", "privacy.request-received"]
    said = wording("privacy.request-late", {"right": "access", "due": "2026-11-02"}, "fr")
    assert "dépassé depuis le 2 novembre 2026" in said.text


def test_only_what_concerns_security_and_requests_reaches_who_is_restricted(database: Database) -> None:
    me = account(database)
    with database.unit() as unit:
        restrict(unit, BY_SYSTEM, me.actor.subject)
        made = ask_for_oneself(unit, me, Right.ACCESS, "")
        ask(unit, OFFICER, made.id, "Quel service ?")
        assert not notify(unit, REVIEW_TO_OPEN, me.actor.id, "1", structure="")
        assert notify(unit, NEW_DEVICE, me.actor.id, "1")
    heard(database)
    assert told(database, me.actor.id) == ["privacy.own-asked", "security.new-device"]
    with database.unit() as unit:
        lift(unit, BY_SYSTEM, me.actor.subject)
        assert notify(unit, REVIEW_TO_OPEN, me.actor.id, "1", structure="")


def test_the_account_of_who_is_restricted_is_kept(database: Database) -> None:
    me = account(database)
    with database.unit() as unit:
        unit.execute("UPDATE accounts_account SET state = 'left', closed = 1 WHERE id = ?1", me.actor.id)
        restrict(unit, BY_SYSTEM, me.actor.subject)
        assert forget_leavers(unit) == 0
        lift(unit, BY_SYSTEM, me.actor.subject)
        assert forget_leavers(unit) > 0


def test_an_identifier_that_holds_nothing_is_refused(database: Database) -> None:
    with database.unit() as unit:
        made = receive(unit, OFFICER, "record:1", Right.ACCESS)
        unit.execute("UPDATE privacy_request SET identified = NULL, person = '' WHERE id = ?1", made.id)
        for nobody in ("record:8", "89999999999", "nora@exemple.test", "agent:0"):
            with pytest.raises(SocleError, match="privacy-nothing-held"):
                identify(unit, OFFICER, made.id, person=nobody, proof="vue")
        assert identify(unit, OFFICER, made.id, person="record:1", proof="vue").person == "record:1"


def test_of_two_who_take_a_file_at_once_one_has_it(database: Database) -> None:
    with database.unit() as unit:
        made = receive(unit, OFFICER, "record:1", Right.ACCESS)
    make_file(database, OFFICER, made.id, holdings())
    together, taken, refused = Barrier(2), list[Any](), list[str]()

    def take() -> None:
        together.wait(20)
        try:
            with database.unit() as unit:
                taken.append(take_file(unit, OFFICER, made.id))
        except SocleError as refusal:
            refused.append(refusal.code)

    both = [Thread(target=take) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert (len(taken), refused) == (1, ["privacy-file-gone"])


def test_articles_are_cited_as_each_language_does() -> None:
    ground = ground_of("archives")
    assert ground is not None
    assert ground.cited("fr").replace("\u00a0", " ") == "art. 17, § 3, d, et art. 21, § 6"
    assert ground.cited("en") == "art. 17(3)(d), 21(6)"


def test_how_long_is_told_as_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_PRIVACY_REQUESTS_MONTHS", "7")
    text = next(one.name for one in house() if one.name == "privacy")
    kept = next(one for one in house() if one.name == text).personal_data[1].retention
    assert holdings().in_force(kept.fr).startswith("7 mois")
