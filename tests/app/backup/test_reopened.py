"""What was open when a backup was made and was closed since is not opened again by restoring it."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import time_machine

from socle.app.backup.make import back_up
from socle.app.backup.restore import restore
from socle.kernel.accounts import sessions
from socle.kernel.accounts.acts.enter import sign_out
from socle.kernel.accounts.acts.invite import invited as invitation
from socle.kernel.accounts.people import active_accounts
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from tests.kernel.accounts.conftest import MORNING, accepted, held_by, invited, somebody


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def test_a_restoration_ends_sessions_and_invitations(
    database: Database, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    person = somebody(database, "operatrice@exemple.test")
    used, open_still = (invited(database, f"{name}@exemple.test") for name in ("nora", "noor"))
    made = back_up(database, tmp_path / "backups")
    with database.unit() as unit:
        sign_out(unit, person.by, person.held)
    accepted(database, used)
    done = restore(database, made.path, align=lambda _: None, replace=True)
    with database.reading() as session:
        assert sessions.held_by(session, person.token) is None
        for token in (used, open_still):
            with pytest.raises(SocleError, match="invitation-unusable"):
                invitation(session, token)
        ((facts,),) = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq DESC LIMIT 1")
    assert (done.closed.sessions, done.closed.invitations) == (1, 2)
    told = orjson.loads(bytes(facts))
    assert (told["action"], told["data"]["sessions"], told["data"]["invitations"]) == (
        "operation.restored",
        1,
        2,
    )
    assert active_accounts(database) == 1
    person.enter(clock)
    assert held_by(database, person.token).actor.id == person.account
