"""Who is told what: the person by mail, through a relay that speaks SMTP; the managers of the structure in their
notifications."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from socle.foundations.directory.registration import gate
from socle.foundations.directory.registration.acts import employer, telling
from socle.foundations.directory.registration.acts import person as acts
from socle.foundations.directory.registration.letters import KINDS
from socle.kernel.access import DIRECTORY_MANAGER
from socle.kernel.db import Database
from socle.kernel.outbox.heard import Hearing, HearingOutside
from tests.foundations.directory.registration.house import (
    CAMILLE,
    OTHER,
    STRUCTURE,
    VISITOR,
    code,
    confirmed,
    decided,
    declared,
    fill,
)
from tests.kernel.accounts.conftest import _cheap_hashes, clock, somebody
from tests.kernel.notify.conftest import relay, without_relay
from tests.kernel.notify.telling import told
from tests.support.mail_relay import MailRelay
from tests.support.outbox import Stopped, states, worked

__all__ = ["_cheap_hashes", "clock", "relay", "without_relay"]
MAIL = HearingOutside("registration-mail", frozenset(KINDS), telling.post)
NOTICES = Hearing("registration-notices", frozenset(telling.HEARD_OF), telling.tell_managers)


def test_the_code_and_the_link_of_a_mail_open_what_is_the_persons(
    database: Database, tmp_path: Path, relay: MailRelay
) -> None:
    fill(database, tmp_path)
    made = declared(database)
    worked(database, [MAIL])
    (mail,) = relay.taken
    assert mail.to == CAMILLE.email
    body = mail.body()
    typed, link = re.findall(r"\b\d{8}\b", body), re.findall(r"http\S+", body)
    token = parse_qs(urlsplit(link[0]).query)["jeton"][0]
    with database.reading() as session:
        assert gate.of_link(session, token).id == made.registration
    assert acts.confirm_address(database, VISITOR, token=token, code=typed[0]).id == made.registration
    assert CAMILLE.birth_name not in body
    decided(database, employer.refuse, made.registration, why="Pas chez nous.")
    worked(database, [MAIL])
    assert [one.message["Subject"] for one in relay.taken][1:] == ["Votre employeur a refusé ce rôle"]
    assert "Pas chez nous" not in relay.taken[-1].body()


def test_a_code_that_was_replaced_is_not_sent(database: Database, tmp_path: Path, relay: MailRelay) -> None:
    fill(database, tmp_path)
    made = declared(database)
    relay.answers["RCPT"] = "451 later"
    moment = Stopped()
    worked(database, [MAIL], clock=moment)
    assert [state for _, _, state, _ in states(database)] == ["waiting"]
    acts.confirm_address(database, VISITOR, token=made.token, code=code(database, made.registration))
    relay.answers.clear()
    moment.pass_by(10)
    worked(database, [MAIL], clock=moment)
    assert (relay.taken, states(database)) == ([], [])


def test_without_a_relay_nothing_is_parked(
    database: Database, tmp_path: Path, without_relay: pytest.MonkeyPatch
) -> None:
    fill(database, tmp_path)
    declared(database)
    worked(database, [MAIL])
    assert states(database) == []


def test_the_managers_of_the_structure_are_told_and_no_others(
    database: Database, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    fill(database, tmp_path)
    mine = somebody(database, "ici@exemple.test", DIRECTORY_MANAGER, STRUCTURE)
    theirs = somebody(database, "ailleurs@exemple.test", DIRECTORY_MANAGER, OTHER)
    confirmed(database)
    worked(database, [NOTICES])
    assert told(database, mine.account) == ["directory.role-waits"]
    assert told(database, theirs.account) == []
