"""Mails that leave, are refused, wait, come again: through the outbox, to a relay that speaks SMTP."""

import re

import pytest
import time_machine

from socle.kernel.access import ACCESS_MANAGER, AUDITOR
from socle.kernel.accounts.acts.grants import leave
from socle.kernel.accounts.acts.invite import accept, invite, invited
from socle.kernel.accounts.faults import EMAIL_NOT_READ, INVITATION_UNUSABLE
from socle.kernel.accounts.passwords import hashed
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.actions import Outcome
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.notify.acts.choosing import choose, resubscribe, unsubscribe
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.acts.sending import send_trial
from socle.kernel.notify.daily import send_digests
from socle.kernel.notify.faults import NO_RELAY
from socle.kernel.notify.mails import last_refused, sent, waiting
from socle.kernel.notify.manifest import unwell
from socle.kernel.notify.queries import choices
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.told.accounts import PASSWORD_CHANGED, ROLE_RECEIVED, ROLE_WITHDRAWN
from socle.kernel.notify.told.operation import DELIVERY_PARKED
from socle.kernel.notify.told.privacy import OWN_ASKED, REQUEST_RECEIVED
from socle.kernel.notify.unsubscribing import read_link
from socle.kernel.outbox.operate import retry
from socle.kernel.privacy.restriction import lift, restrict
from tests.kernel.accounts.conftest import STRUCTURE, VISITOR, Somebody
from tests.kernel.notify.telling import entries, forgotten, heard, mails, told
from tests.support.mail_relay import MailRelay
from tests.support.outbox import Stopped, states

Clock = time_machine.Traveller


@pytest.fixture
def nora(database: Database, relay: MailRelay, operator: Somebody) -> Somebody:
    """Somebody to whom no mail was sent yet."""
    forgotten(database)
    relay.taken.clear()
    relay.connections = 0
    return operator


def tell(db: Database, who: Somebody, cause: str = "a") -> None:
    with db.unit() as unit:
        assert notify(unit, ROLE_RECEIVED, who.account, cause, role="auditor", structure="")


def test_a_notification_is_mailed_to_its_reader_in_their_language(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    tell(database, nora)
    with database.unit() as unit:
        choose(unit, nora.by, {}, "en")
    heard(database)
    (taken,) = relay.taken
    assert (taken.sender, taken.to) == ("socle@exemple.test", nora.email)
    assert taken.message["Subject"] == "You were given a role"
    assert "http://localhost:8000/compte" in taken.body()
    assert "Nora" not in taken.body("html")
    assert mails(database) == [("notice", "sent", 250)]
    entry = entries(database, "mail.sent")[-1]
    assert entry["subject"] == f"agent:{nora.account}"
    assert nora.email not in str(entries(database, "mail.sent"))
    assert (sent(database), waiting(database)) == (1, 0)
    heard(database)
    assert len(relay.taken) == 1


def test_without_a_relay_nothing_is_asked_for_and_the_centre_goes_on(
    database: Database, operator: Somebody, without_relay: pytest.MonkeyPatch
) -> None:
    forgotten(database)
    tell(database, operator)
    heard(database)
    assert told(database, operator.account) == ["role.received"]
    assert mails(database) == []
    with pytest.raises(SocleError) as refusal:
        send_trial(database, BY_SYSTEM, operator.email)
    assert refusal.value.kind is NO_RELAY


def test_the_link_of_a_mail_stops_such_mails_and_takes_them_up_again(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    tell(database, nora)
    heard(database)
    what = read_link(relay.taken[0].stop.partition("jeton=")[2])
    with database.unit() as unit:
        unsubscribe(unit, VISITOR, what)
        unsubscribe(unit, VISITOR, what)
    tell(database, nora, "b")
    heard(database)
    assert len(relay.taken) == 1
    assert told(database, nora.account) == ["role.received", "role.received"]
    with database.unit() as unit:
        resubscribe(unit, VISITOR, what)
    tell(database, nora, "c")
    heard(database)
    assert len(relay.taken) == 2
    (first, *_) = entries(database, "notification.unsubscribed")
    assert (first["subject"], first["actor"]["kind"]) == (f"agent:{nora.account}", "anonymous")


def test_an_old_link_does_not_undo_what_was_chosen_since(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    tell(database, nora)
    heard(database)
    what = read_link(relay.taken[0].stop.partition("jeton=")[2])
    for chosen in ("off", "digest"):
        with database.unit() as unit:
            choose(unit, nora.by, {"role.received": chosen}, "fr")
            unsubscribe(unit, VISITOR, what)
            resubscribe(unit, VISITOR, what)
        with database.reading() as session:
            assert choices(session, nora.account)["role.received"] == chosen


def test_security_is_mailed_without_a_way_to_stop_it(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    with database.unit() as unit:
        notify(unit, PASSWORD_CHANGED, nora.account, "a")
    relay.answers["TAKEN"] = "252 2.1.5 taken charge of"
    heard(database)
    assert mails(database) == [("notice", "sent", 252)], "what the relay said is what is kept"
    assert [entry["data"]["status"] for entry in entries(database, "mail.sent")][-1] == 252
    (taken,) = relay.taken
    assert b"List-Unsubscribe" not in taken.data
    assert "desabonnement" not in taken.body("html")


def test_a_relay_that_puts_a_mail_off_gets_the_same_one_later(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    clock = Stopped()
    relay.answers["TAKEN"] = f"451 4.7.1 <{nora.email}> later"
    tell(database, nora)
    heard(database, clock)
    assert [state for *_, state, tries in states(database)] == ["waiting"]
    assert mails(database) == [("notice", "waiting", 0)]
    with database.reading() as session:
        ((error,),) = session.fetch("SELECT last_error FROM outbox_delivery")
    assert "mail-deferred" in error
    assert nora.email not in error
    relay.answers.clear()
    heard(database, clock)
    assert len(relay.taken) == 1, "not before its time"
    clock.pass_by(2)
    heard(database, clock)
    first, second = relay.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.data == second.data
    assert (states(database), mails(database)) == ([], [("notice", "sent", 250)])


def test_a_mail_that_is_refused_is_parked_at_once_and_holds_up_no_other(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    relay.answers["RCPT"] = f"550 5.1.1 <{nora.email}> unknown"
    tell(database, nora)
    heard(database)
    ((listener, sequence, state, tries),) = states(database)
    assert (listener, state, tries) == ("mail", "parked", 1)
    assert mails(database) == [("notice", "refused", 550)]
    (entry,) = entries(database, "mail.refused")
    assert (entry["outcome"], entry["data"]) == (Outcome.REFUSED.value, {"purpose": "notice", "status": 550})
    assert nora.email not in str(entry)
    assert told(database, nora.account) == [DELIVERY_PARKED.code, "role.received"]
    assert unwell(database) == "mail-parked"
    with database.reading() as session:
        assert last_refused(session, nora.account) is not None
    assert relay.connections == 1, "what parks mails is not told by mail"
    relay.answers.clear()
    tell(database, nora, "b")
    heard(database)
    assert len(relay.taken) == 1
    with database.unit() as unit:
        retry(unit, BY_SYSTEM, listener, sequence)
    heard(database)
    assert len(relay.taken) == 2
    assert unwell(database) is None
    with database.reading() as session:
        assert last_refused(session, nora.account) is None


def test_an_invitation_is_mailed_with_a_link_of_its_own(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    with database.unit() as unit:
        made = invite(unit, nora.by, email="lea@exemple.test", role=AUDITOR)
    relay.answers["MAIL"] = "451 4.3.0 later"
    clock = Stopped()
    heard(database, clock)
    relay.answers.clear()
    clock.pass_by(2)
    heard(database, clock)
    (taken,) = relay.taken
    assert taken.to == "lea@exemple.test"
    token = re.search(r"/compte/invitation\?jeton=([\w-]+)", taken.body())
    assert token
    assert token[1] != made.token
    with database.reading() as session:
        assert invited(session, token[1]).account == invited(session, made.token).account == made.account
        assert session.fetch("SELECT sealed FROM notify_mail") == [(None,)], "forgotten once it has left"
        assert token[1] not in str(session.fetch("SELECT document FROM outbox_event"))
    with database.unit() as unit:
        accept(unit, VISITOR, token=token[1], name="Léa", password_hash=hashed("x"), agent="")
    with database.unit() as unit, pytest.raises(SocleError) as refusal:
        accept(unit, VISITOR, token=made.token, name="Autre", password_hash=hashed("x"), agent="")
    assert refusal.value.kind is INVITATION_UNUSABLE


def test_who_left_before_their_mail_gets_none(database: Database, nora: Somebody, relay: MailRelay) -> None:
    with database.unit() as unit:
        lea = invite(
            unit, nora.by, email="lea@exemple.test", role=ACCESS_MANAGER, structure=STRUCTURE
        ).account
    relay.answers["MAIL"] = "451 4.3.0 later"
    clock = Stopped()
    heard(database, clock)
    relay.answers.clear()
    with database.unit() as unit:
        leave(unit, nora.by, account=lea)
    clock.pass_by(2)
    heard(database, clock)
    assert relay.taken == []
    assert mails(database) == [("invitation", "dropped", 0)]


def test_the_digest_of_the_day_is_one_mail(database: Database, nora: Somebody, relay: MailRelay) -> None:
    with database.unit() as unit:
        choose(unit, nora.by, {"role.received": "digest"}, "fr")
    for cause in "abc":
        tell(database, nora, cause)
    heard(database)
    assert relay.taken == []
    assert send_digests(database) == {"mails": 1}
    assert send_digests(database) == {"mails": 0}
    heard(database)
    (taken,) = relay.taken
    assert taken.message["Subject"].replace("\u00a0", " ") == "Socle : 3 notifications"
    assert taken.body().count("Un rôle vous est confié") == 3
    what = read_link(taken.stop.partition("jeton=")[2])
    with database.unit() as unit:
        unsubscribe(unit, VISITOR, what)
    tell(database, nora, "d")
    assert send_digests(database) == {"mails": 0}


def test_who_is_restricted_gets_no_digest_and_no_heap_of_them_later(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    with database.unit() as unit:
        choose(unit, nora.by, {"role.received": "digest"}, "fr")
    tell(database, nora)
    with database.unit() as unit:
        restrict(unit, BY_SYSTEM, f"agent:{nora.account}")
        assert not notify(unit, ROLE_RECEIVED, nora.account, "b", role="auditor", structure="")
    assert send_digests(database) == {"mails": 0}
    with database.unit() as unit:
        lift(unit, BY_SYSTEM, f"agent:{nora.account}")
    assert send_digests(database) == {"mails": 0}
    heard(database)
    assert (relay.taken, mails(database)) == ([], [])
    # What was told before stays in the centre, and what is told from now on is mailed again.
    assert told(database, nora.account) == ["role.received"]
    tell(database, nora, "c")
    assert send_digests(database) == {"mails": 1}


def test_mails_that_wait_when_the_data_are_restricted_do_not_leave(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    relay.answers["MAIL"] = "451 4.3.0 later"
    with database.unit() as unit:
        choose(unit, nora.by, {"role.withdrawn": "digest"}, "fr")
        notify(unit, ROLE_WITHDRAWN, nora.account, "a", role="auditor", structure="", reason="revoked")
    assert send_digests(database) == {"mails": 1}
    tell(database, nora)
    with database.unit() as unit:
        notify(unit, PASSWORD_CHANGED, nora.account, "b")
        notify(unit, OWN_ASKED, nora.account, "c", right="access", request="0123456789abcdef")
    clock = Stopped()
    heard(database, clock)
    assert relay.taken == []
    with database.unit() as unit:
        restrict(unit, BY_SYSTEM, f"agent:{nora.account}")
    relay.answers.clear()
    clock.pass_by(2)
    heard(database, clock)
    # What concerns security, and what they asked for, is told all the same (GDPR art. 18(2)).
    assert sorted(mails(database)) == [
        ("digest", "dropped", 0),
        ("notice", "dropped", 0),
        ("notice", "sent", 250),
        ("notice", "sent", 250),
    ]
    assert len(relay.taken) == 2


def test_requests_that_strangers_deposit_send_no_mail_each(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    with database.unit() as unit:
        for cause in "abc":
            notify(unit, REQUEST_RECEIVED, nora.account, cause, right="access", due="2026-12-22")
    heard(database)
    assert relay.taken == []
    assert told(database, nora.account) == [REQUEST_RECEIVED.code] * 3
    assert send_digests(database) == {"mails": 1}


def test_leaving_the_digest_takes_out_what_waited_for_it(
    database: Database, nora: Somebody, relay: MailRelay
) -> None:
    with database.unit() as unit:
        choose(unit, nora.by, {"role.received": "digest"}, "fr")
    tell(database, nora)
    with database.unit() as unit:
        choose(unit, nora.by, {"role.received": "centre"}, "fr")
    assert send_digests(database) == {"mails": 0}
    assert told(database, nora.account) == ["role.received"]


def test_without_a_relay_the_digest_is_not_heaped_up(
    database: Database, nora: Somebody, relay: MailRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit() as unit:
        choose(unit, nora.by, {"role.received": "digest"}, "fr")
    tell(database, nora)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOCLE_MAIL_RELAY")
        notify_settings.cache_clear()
        assert send_digests(database) == {"mails": 0}
    notify_settings.cache_clear()
    assert send_digests(database) == {"mails": 0}


def test_a_trial_mail_tells_what_the_relay_answered(database: Database, relay: MailRelay) -> None:
    assert send_trial(database, BY_SYSTEM, " Lea@Exemple.test ") == "250 2.0.0 queued as 1"
    assert relay.taken[0].to == "lea@exemple.test"
    relay.answers["RCPT"] = "550 5.1.1 no"
    with pytest.raises(SocleError):
        send_trial(database, BY_SYSTEM, "lea@exemple.test")
    with pytest.raises(SocleError) as refusal:
        send_trial(database, BY_SYSTEM, "lea@exemple.test\r\nRCPT TO:<autre@exemple.test>")
    assert refusal.value.kind is EMAIL_NOT_READ
    assert [entry["outcome"] for entry in entries(database, "mail.tried")] == [
        *(Outcome.SUCCESS.value, Outcome.REFUSED.value),
    ]
