"""What accounts keep of a person: told to them, forgotten in time, taken away on erasure."""

import os
from typing import Any

from socle.kernel.accounts import credentials, grants, sessions
from socle.kernel.accounts.personal import find_account, person, read_email, subject_of
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.clock import instant, micros
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Held, Text

_DAY = 86_400 * 1_000_000
_MONTH, _YEAR = 30 * _DAY, 365 * _DAY
_PREFIX = subject_of("")
_ACCOUNT = Text("un compte de cette installation", "an account of this installation")
_LEFT = (
    "SELECT id FROM accounts_account WHERE state = 'left' AND closed < ?2 "
    "AND ?1 || id NOT IN (SELECT subject FROM privacy_restriction)"
)
_OF_ACCOUNT = ("accounts_session", "accounts_credential", "accounts_invitation", "accounts_grant")


def account_of(session: Session, subject: str) -> str | None:
    """The account of `agent:…`; None when the subject is no agent, or has no account here."""
    account = subject.removeprefix(_PREFIX)
    if account == subject:
        return None
    known = session.fetch_one("SELECT id FROM accounts_account WHERE id = ?1", account)
    return account if known else None


def find(session: Session, words: str) -> list[Held]:
    """An account by its address or its identifier."""
    account = by_address(session, words) if "@" in words else account_of(session, words)
    return [Held(subject_of(account), _ACCOUNT)] if account else []


def by_address(session: Session, words: str) -> str | None:
    try:
        return find_account(session, read_email(words))
    except SocleError:
        return None


def export(session: Session, subject: str) -> dict[str, Any] | None:
    """What is held of an agent; None of anybody else."""
    account = account_of(session, subject)
    if account is None:
        return None
    known = person(session, account)
    return {
        "name": known.name,
        "email": known.email,
        "state": known.state,
        "roles": [
            {"role": one.role, "structure": one.structure, "since": instant(one.begins)}
            for one in grants.of_account(session, account)
        ],
        "factors": [
            {"kind": one.kind.value, "since": instant(one.created)}
            for one in credentials.credentials(session, account)
        ],
        "sessions": [
            {"client": one.client, "browser": one.agent, "since": instant(one.created)}
            for _, one in sessions.listed(session, account)
        ],
    }


def erase(unit: Unit, subject: str) -> int:
    """Close the account and take away all that finds or opens it; its number stays, for the trail. The sealed name is
    unreadable once the person's key is destroyed. Rows touched."""
    account = account_of(unit, subject)
    if account is None:
        return 0
    rows = sum(unit.execute(f"DELETE FROM {table} WHERE account = ?1", account) for table in _OF_ACCOUNT)
    nobody = digest_of(os.urandom(16).hex())
    return rows + unit.execute(
        "UPDATE accounts_account SET state = 'left', email_key = ?1, closed = ?2 WHERE id = ?3",
        *(nobody, micros(), account),
    )


def forget_sessions(unit: Unit) -> int:
    """Sessions and invitations that have been over for a month."""
    before = micros() - _MONTH
    return unit.execute("DELETE FROM accounts_session WHERE expires < ?1", before) + unit.execute(
        "DELETE FROM accounts_invitation WHERE expires < ?1", before
    )


def forget_attempts(unit: Unit) -> int:
    """Counts of attempts that nobody has made for a day."""
    return unit.execute("DELETE FROM accounts_attempts WHERE last < ?1", micros() - _DAY)


def forget_leavers(unit: Unit) -> int:
    """Accounts closed a year ago, with what they held; those of persons whose data are restricted are kept (GDPR
    art. 18(2))."""
    rows = unit.fetch(_LEFT, _PREFIX, micros() - _YEAR)
    gone = 0
    for (account,) in rows:
        gone += sum(unit.execute(f"DELETE FROM {table} WHERE account = ?1", account) for table in _OF_ACCOUNT)
        gone += unit.execute("DELETE FROM accounts_account WHERE id = ?1", account)
    return gone
