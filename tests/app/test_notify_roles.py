"""Notifications under least privilege: pages tell and choose as the role that serves, the worker hears and mails as its
own."""

import pytest

from socle.kernel.access import AUDITOR, OPERATOR
from socle.kernel.accounts.acts.grants import grant
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.notify.acts.choosing import choose
from socle.kernel.notify.acts.reading import read_all
from socle.kernel.notify.daily import remind, send_digests
from tests.app.test_database_roles import Served, opened, served
from tests.kernel.accounts.test_pages import opened as account_opened
from tests.kernel.notify.conftest import relay, without_relay
from tests.kernel.notify.telling import heard, told
from tests.support.mail_relay import MailRelay

__all__ = ["relay", "served", "without_relay"]


@pytest.mark.postgresql
def test_each_process_does_its_part_of_a_notification_under_its_own_role(
    served: Served, relay: MailRelay
) -> None:
    with opened(served.url("app")) as db, db.unit() as unit:
        nora = account_opened(unit, "nora@exemple.test", "Nora Exemple", OPERATOR)
        invite(unit, BY_SYSTEM, email="lea@exemple.test", role=AUDITOR)
        choose(unit, acting(nora), {"role.received": "digest"}, "en")
        grant(unit, BY_SYSTEM, account=nora, role=AUDITOR)
    with opened(served.url("worker")) as db:
        heard(db)
        remind(db)
        assert send_digests(db) == {"mails": 1}
        heard(db)
        assert told(db, nora) == ["role.received", "role.received"]
    purposes = {(taken.to, taken.message["Subject"].replace("\u00a0", " ")) for taken in relay.taken}
    assert {
        ("lea@exemple.test", "Votre invitation à Socle"),
        ("nora@exemple.test", "Socle: 2 notifications"),
    } <= purposes
    with opened(served.url("app")) as db, db.unit() as unit:
        assert read_all(unit, acting(nora))


def acting(account: str) -> Acting:
    return Acting(Actor(ActorKind.AGENT, account, Assurance.SUBSTANTIAL), door="page")
