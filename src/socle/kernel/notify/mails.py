"""The mails that were asked for, and what became of each."""

from dataclasses import dataclass
from enum import StrEnum

from socle.kernel.db import Database, Session


class Purpose(StrEnum):
    NOTICE = "notice"
    DIGEST = "digest"
    INVITATION = "invitation"


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Mail:
    """`sealed` is what only this mail may say (the token of an invitation), `at` when it was asked for
    (microseconds)."""

    id: str
    account: str
    purpose: Purpose
    state: MailState
    sealed: bytes | None
    at: int


def mail(session: Session, id: str) -> Mail | None:
    """None once its time has passed, or its reader was erased."""
    row = session.fetch_one(
        "SELECT id, account, purpose, state, sealed, at FROM notify_mail WHERE id = ?1", id
    )
    if row is None:
        return None
    id, account, purpose, state, sealed, at = row
    return Mail(id, account, Purpose(purpose), MailState(state), bytes(sealed) if sealed else None, at)


def place(id: str) -> str:
    """What the sealed part of a mail is bound to."""
    return f"notify_mail:{id}"


def last_refused(session: Session, account: str) -> int | None:
    """When the last mail to this person was refused, if none was taken since; microseconds."""
    row = session.fetch_one(
        "SELECT state, done FROM notify_mail WHERE account = ?1 AND done IS NOT NULL ORDER BY done DESC LIMIT 1",
        account,
    )
    return int(row[1]) if row and row[0] == MailState.REFUSED else None


def sent(db: Database) -> int:
    """Mails that the relay took, of those still known."""
    return _number(db, MailState.SENT)


def waiting(db: Database) -> int:
    """Mails that no relay has taken yet."""
    return _number(db, MailState.WAITING)


def _number(db: Database, state: MailState) -> int:
    with db.reading() as session:
        row = session.fetch_one("SELECT count(*) FROM notify_mail WHERE state = ?1", state.value)
    return int(row[0]) if row else 0
