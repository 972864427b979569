"""What notifications keep of a person: told to them, forgotten in time, taken away on erasure."""

from datetime import timedelta
from typing import Any

import orjson

from socle.kernel.accounts.privacy import account_of
from socle.kernel.clock import instant, micros
from socle.kernel.db import Session, Unit
from socle.kernel.notify.queries import language_of
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.wording import told

_TABLES = ("notify_notification", "notify_preference", "notify_reader", "notify_mail")
_CHOICES = ("notify_preference", "notify_reader")
_MICROSECOND = timedelta(microseconds=1)


def export(session: Session, subject: str) -> dict[str, Any] | None:
    """What is held of an agent; None of anybody else."""
    account = account_of(session, subject)
    if account is None:
        return None
    lang = language_of(session, account)
    notices = session.fetch(
        "SELECT kind, data, at, read FROM notify_notification WHERE account = ?1 ORDER BY at, id", account
    )
    chosen = session.fetch(
        "SELECT kind, channel FROM notify_preference WHERE account = ?1 ORDER BY kind", account
    )
    mails = session.fetch(
        "SELECT purpose, state, at, done FROM notify_mail WHERE account = ?1 ORDER BY at, id", account
    )
    return {
        "language": lang,
        "notifications": [_notice(row, lang) for row in notices],
        "preferences": dict(chosen),
        "mails": [
            {
                "purpose": purpose,
                "state": state,
                "asked": instant(at),
                "done": instant(done) if done else None,
            }
            for purpose, state, at, done in mails
        ],
    }


def _notice(row: tuple[Any, ...], lang: str) -> dict[str, Any]:
    kind, data, at, read = row
    said = told(kind, orjson.loads(data), lang)
    return {
        "kind": kind,
        "title": said.title,
        "text": said.text,
        "at": instant(at),
        "read": instant(read) if read else None,
    }


def erase(unit: Unit, subject: str) -> int:
    """All of it goes: nothing here has to outlive the person. Rows taken away."""
    account = account_of(unit, subject)
    if account is None:
        return 0
    return sum(unit.execute(f"DELETE FROM {table} WHERE account = ?1", account) for table in _TABLES)


def forget_notices(unit: Unit) -> int:
    """Notifications and mails whose time has passed."""
    before = micros() - timedelta(days=notify_settings().notify_keep_days) // _MICROSECOND
    return sum(
        unit.execute(f"DELETE FROM {table} WHERE at < ?1", before)
        for table in ("notify_notification", "notify_mail")
    )


def forget_choices(unit: Unit) -> int:
    """What was chosen by people whose account is gone."""
    gone = "account NOT IN (SELECT id FROM accounts_account)"
    return sum(unit.execute(f"DELETE FROM {table} WHERE {gone}") for table in _CHOICES)
