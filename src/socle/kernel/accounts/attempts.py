"""Attempts to enter, counted in the database so that the count holds across processes."""

from socle.kernel.accounts.throttle import Attempts, Verdict, attempted, given_back
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


def begin(unit: Unit, what: str, *, factor: int = 1) -> Verdict:
    """Count one attempt on `what` (`password:address`, `machine:address`…) before it is heard. `factor` multiplies
    what is allowed: MACHINE_FACTOR for a machine, behind which many people may sit.

    The row is written before it is read: two attempts at once wait for each other.
    """
    key = authenticated(_PURPOSE, what.encode())
    verdict = attempted(_reserved(unit, key), micros(), factor=factor)
    if not verdict.wait:
        _write(unit, key, verdict.attempts)
    return verdict


def give_back(unit: Unit, what: str, counted: Verdict) -> None:
    """Take back one attempt that turned out right, and nothing else of what was counted."""
    key = authenticated(_PURPOSE, what.encode())
    _write(unit, key, given_back(counted, _reserved(unit, key)))


def _reserved(unit: Unit, key: bytes) -> Attempts:
    """What is counted so far, held until the unit ends."""
    unit.execute(_RESERVE, key)
    row = unit.fetch_one(_READ, key)
    return Attempts(*row) if row else Attempts()


def _write(unit: Unit, key: bytes, told: Attempts) -> None:
    unit.execute(_WRITE, key, told.failures, told.last, told.locked_until, told.day, told.lockouts)


def succeeded(unit: Unit, what: str) -> bool:
    """Forget the failures in a row; the lockouts of the day stay. Whether a lockout came before this success."""
    key = authenticated(_PURPOSE, what.encode())
    row = unit.fetch_one("SELECT locked_until FROM accounts_attempts WHERE key = ?1", key)
    unit.execute("UPDATE accounts_attempts SET failures = 0, locked_until = 0 WHERE key = ?1", key)
    return bool(row and row[0])
