"""What the tests of notifications do again and again: let the house hear, and look at what somebody was told."""

from collections.abc import Callable
from typing import Any

from socle.app.worker import listeners
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.notify.manifest import MANIFEST
from socle.kernel.notify.queries import Wanted, notices
from tests.support.inbox import facts_in_inbox
from tests.support.outbox import worked


def heard(db: Database, clock: Callable[[], int] = micros, **chosen: Any) -> None:
    """Everything that was announced is heard, and every mail that can leave has left."""
    worked(db, listeners([MANIFEST]), clock, **chosen)


def told(db: Database, account: str) -> list[str]:
    """The kinds of what waits in somebody's centre, sorted."""
    with db.reading() as session:
        return sorted(one.kind for one in notices(session, account, Wanted(), 100))


def forgotten(db: Database) -> None:
    """What was told so far is of no interest to the test."""
    heard(db)
    with db.unit() as unit:
        unit.execute("DELETE FROM notify_notification")
        unit.execute("DELETE FROM notify_mail")


def mails(db: Database) -> list[tuple[str, str, int]]:
    """(purpose, state, status) of each mail, in the order in which they were asked for."""
    with db.reading() as session:
        rows = session.fetch("SELECT purpose, state, status FROM notify_mail ORDER BY at, id")
    return [(purpose, state, status) for purpose, state, status in rows]


def entries(db: Database, action: str) -> list[dict[str, Any]]:
    """The entries of the trail of one action."""
    return [entry for entry in facts_in_inbox(db) if entry["action"] == action]
