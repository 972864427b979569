"""Attempts to enter, counted in the database so that the count holds across processes."""

from socle.kernel.accounts.throttle import MACHINE_FACTOR, Attempts, Verdict, attempted
from socle.kernel.clock import micros
from socle.kernel.db import Unit
from socle.kernel.keys import authenticated

_PURPOSE = "accounts.attempts"
_READ = "SELECT failures, last, locked_until, day, lockouts FROM accounts_attempts WHERE key = ?1"
_WRITE = (
    "INSERT INTO accounts_attempts (key, failures, last, locked_until, day, lockouts) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (key) DO UPDATE SET failures = ?2, last = ?3, locked_until = ?4, "
    "day = ?5, lockouts = ?6"
)
_RESERVE = (
    "INSERT INTO accounts_attempts (key, failures, last, locked_until, day, lockouts) "
    "VALUES (?1, 0, 0, 0, 0, 0) ON CONFLICT (key) DO UPDATE SET failures = accounts_attempts.failures"
)


def begin(unit: Unit, what: str, *, machine: bool = False) -> Verdict:
    """Count one attempt on `what` (`password:address`, `machine:address`…) before it is heard.

    The row is written before it is read: two attempts at once wait for each other.
    """
    key = authenticated(_PURPOSE, what.encode())
    unit.execute(_RESERVE, key)
    row = unit.fetch_one(_READ, key)
    verdict = attempted(
        Attempts(*row) if row else Attempts(), micros(), factor=MACHINE_FACTOR if machine else 1
    )
    if not verdict.wait:
        told = verdict.attempts
        unit.execute(_WRITE, key, told.failures, told.last, told.locked_until, told.day, told.lockouts)
    return verdict


def succeeded(unit: Unit, what: str) -> bool:
    """Forget the failures in a row; the lockouts of the day stay. Whether a lockout came before this success."""
    key = authenticated(_PURPOSE, what.encode())
    row = unit.fetch_one("SELECT locked_until FROM accounts_attempts WHERE key = ?1", key)
    unit.execute("UPDATE accounts_attempts SET failures = 0, locked_until = 0 WHERE key = ?1", key)
    return bool(row and row[0])
