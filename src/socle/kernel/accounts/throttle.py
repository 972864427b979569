"""How attempts to enter are slowed down: growing delays, then a lock, counted for the address of the account and for
that of the machine (OWASP ASVS 5.0, 6.3.1; PGSSI-S 5.2.3.3).

A lock is for a quarter of an hour and never for good, so that nobody can be kept out of their account for long by
somebody who knows its address.
"""

from dataclasses import dataclass, replace

FREE = 3
LOCK_AT = 10
LOCK_SECONDS = 900
LONGEST_DELAY = 60
ALERT_AT = 3
FORGOTTEN_SECONDS = 24 * 3600
# Many people may sit behind one address.
MACHINE_FACTOR = 10
_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failures in a row, the moment of the last (microseconds), until when nothing is heard, and the lockouts of one
    day (its number since 1970)."""

    failures: int = 0
    last: int = 0
    locked_until: int = 0
    day: int = 0
    lockouts: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait`: seconds to wait before this attempt is heard, 0 when it is; `locks`: this failure began a lockout;
    `alert`: the third lockout of the day; `before`: what had been counted without this attempt."""

    attempts: Attempts
    wait: int = 0
    locks: bool = False
    alert: bool = False
    before: Attempts = Attempts()


def attempted(before: Attempts, micros: int, *, factor: int = 1) -> Verdict:
    """Count an attempt as a failure before it is heard, so that many at once do not count for one; success forgets
    them, or gives this one back. `factor` multiplies what is allowed."""
    wait = wait_seconds(before, micros, factor=factor)
    if wait:
        return Verdict(before, wait, before=before)
    fresh = before if micros - before.last < FORGOTTEN_SECONDS * _MICROS else Attempts()
    today = micros // (86_400 * _MICROS)
    lockouts = fresh.lockouts if fresh.day == today else 0
    counted = replace(fresh, failures=fresh.failures + 1, last=micros, day=today, lockouts=lockouts)
    if counted.failures < LOCK_AT * factor:
        return Verdict(counted, before=fresh)
    locked = replace(counted, failures=0, locked_until=micros + LOCK_SECONDS * _MICROS, lockouts=lockouts + 1)
    return Verdict(locked, locks=True, alert=locked.lockouts == ALERT_AT, before=fresh)


def given_back(counted: Verdict, now: Attempts) -> Attempts:
    """What stands when this one attempt turns out right, `now` being what stood a moment ago: what failed before it or
    meanwhile still counts, or else one right password would pay for many guesses."""
    if counted.locks:
        return counted.before if now == counted.attempts else now
    last = counted.before.last if now.last == counted.attempts.last else now.last
    return replace(now, failures=max(0, now.failures - 1), last=last)


def wait_seconds(attempts: Attempts, micros: int, *, factor: int = 1) -> int:
    """How long until an attempt is heard: 1, 2, 4… seconds after the first free failures, or the rest of a lock."""
    if attempts.locked_until > micros:
        return _up(attempts.locked_until - micros)
    over = attempts.failures - FREE * factor
    if over <= 0:
        return 0
    delay = min(2 ** (min(over, LOCK_AT * factor) // factor), LONGEST_DELAY)
    return max(0, _up(attempts.last + delay * _MICROS - micros))


def _up(micros: int) -> int:
    return -(-micros // _MICROS)
