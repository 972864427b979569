"""Signing in: a password, then a second factor; each attempt is counted before it is heard.

What takes long, the check of a password, happens between two units of work and not inside one: a unit on SQLite holds
the pen for everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from socle.kernel.accounts import attempts, credentials, passkeys, passwords, sessions, totp
from socle.kernel.accounts.actions import (
    FACTORS,
    LOCKED_OUT,
    LOCKOUT_ALERT,
    LOCKOUTS,
    SECOND_FACTOR,
    SIGNED_IN,
    SIGNED_OUT,
    UNUSUAL,
)
from socle.kernel.accounts.acts.told import announce, tell
from socle.kernel.accounts.credentials import Credential, FactorKind
from socle.kernel.accounts.faults import (
    CODE_REFUSED,
    PASSKEY_REFUSED,
    PROVE_AGAIN,
    SIGN_IN_REFUSED,
    TRY_LATER,
)
from socle.kernel.accounts.personal import find_account, person
from socle.kernel.accounts.sessions import Held
from socle.kernel.accounts.throttle import MACHINE_FACTOR, Verdict
from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.audit.actions import Outcome
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import ErrorKind, SocleError

Proof = Callable[[Unit], str]
"""Which factor was proven in a unit; empty when none was."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a session is opened from: `agent` is what the browser says of itself."""

    by: Acting
    agent: str


def sign_in(db: Database, browser: Browser, *, email: str, password: str) -> str:
    """The token of a session with one factor.

    Raises SocleError: TRY_LATER, or SIGN_IN_REFUSED with the same sentence and after the same work whether the account
    exists or not.
    """
    address = email.strip().casefold()
    counted, machine = f"password:{address}", f"machine:{browser.by.client}"
    with db.unit() as unit:
        account = find_account(unit, address) or ""
        wait = _begin(unit, browser.by, account, counted)
        of_machine = attempts.begin(unit, machine, factor=MACHINE_FACTOR)
        if wait:
            _tell_lock(unit, browser.by, account, of_machine)
    if wait := max(wait, of_machine.wait):
        raise SocleError(TRY_LATER, seconds=wait)
    with db.reading() as session:
        known = _password(session, account)
    right = passwords.matches(known.document["hash"] if known else None, password)
    renewed = _rehashed(known, password) if right else ""
    with db.unit() as unit:
        if right and known and _still_counts(unit, known):
            if attempts.succeeded(unit, counted):
                announce(unit, UNUSUAL, account, why="after-lockout")
            attempts.give_back(unit, machine, of_machine)
            if renewed:
                credentials.end(unit, account, FactorKind.PASSWORD)
                credentials.add(unit, account, FactorKind.PASSWORD, {"hash": renewed})
            return _opened(unit, browser, account)
        # Only now is it known that a machine was locked by a failure.
        _tell_lock(unit, browser.by, account, of_machine)
        tell(unit, SIGNED_IN, browser.by, account, outcome=Outcome.REFUSED)
    raise SocleError(SIGN_IN_REFUSED)


def _rehashed(known: Credential | None, password: str) -> str:
    """The hash to keep from now on, when the one kept was made with other costs; else empty."""
    return passwords.hashed(password) if known and passwords.is_outdated(known.document["hash"]) else ""


def _still_counts(unit: Unit, known: Credential) -> bool:
    """Whether the password is in use and its account open: both may have ended while it was checked."""
    return credentials.hold(unit, known.id) and person(unit, known.account).state == "active"


def _begin(unit: Unit, by: Acting, account: str, counted: str) -> int:
    """Count the attempt; the seconds to wait before it is heard."""
    verdict = attempts.begin(unit, counted)
    _tell_lock(unit, by, account, verdict)
    return verdict.wait


def _tell_lock(unit: Unit, by: Acting, account: str, verdict: Verdict) -> None:
    if verdict.locks:
        tell(unit, LOCKED_OUT, by, account, outcome=Outcome.REFUSED, lockouts=verdict.attempts.lockouts)
    if verdict.alert:
        tell(unit, LOCKOUT_ALERT, by, account, outcome=Outcome.REFUSED)
        announce(unit, LOCKOUTS, account)


def _password(session: Session, account: str) -> Credential | None:
    """The password of an account that is open; None for one that is not, or that does not exist."""
    if not account or person(session, account).state != "active":
        return None
    return next(iter(credentials.credentials(session, account, FactorKind.PASSWORD)), None)


def _opened(unit: Unit, browser: Browser, account: str) -> str:
    by = replace(browser.by, actor=Actor(ActorKind.AGENT, account, Assurance.LOW))
    tell(unit, SIGNED_IN, by, account)
    return sessions.open_session(unit, account, Assurance.LOW, client=by.client, agent=browser.agent)


def enter_code(db: Database, browser: Browser, held: Held, received: str) -> str:
    """The token of the session that takes the place of this one, raised by a code of an authenticator or by a recovery
    code. Raises SocleError: TRY_LATER, CODE_REFUSED."""

    def proven(unit: Unit) -> str:
        for known in credentials.credentials(unit, held.actor.id, FactorKind.TOTP):
            secret = bytes.fromhex(known.document["secret"])
            step = totp.matching_step(secret, received, micros=micros(), after=known.counter)
            if step is not None and credentials.advance(unit, known.id, step):
                return FactorKind.TOTP
        return FactorKind.RECOVERY if credentials.use_recovery(unit, held.actor.id, received) else ""

    return _second(db, browser, held, proven, CODE_REFUSED)


def enter_passkey(db: Database, browser: Browser, held: Held, answer: str) -> str:
    """The same, raised by a signature of one of the account's passkeys. Raises SocleError: TRY_LATER,
    PASSKEY_REFUSED."""

    def proven(unit: Unit) -> str:
        challenge = sessions.take_challenge(unit, held.digest)
        for known in credentials.credentials(unit, held.actor.id, FactorKind.PASSKEY) if challenge else ():
            key = passkeys.Passkey(known.document["handle"], known.document["public"], known.counter)
            if key.handle in answer:
                try:
                    credentials.touch(unit, known.id, passkeys.signed(answer, challenge, key))
                except SocleError:
                    return ""
                return FactorKind.PASSKEY
        return ""

    return _second(db, browser, held, proven, PASSKEY_REFUSED)


def _second(db: Database, browser: Browser, held: Held, proven: Proof, refusal: ErrorKind) -> str:
    counted = f"second:{held.actor.id}"
    with db.unit() as unit:
        wait = _begin(unit, browser.by, held.actor.id, counted)
        if not wait:
            factor = proven(unit)
            if factor:
                if attempts.succeeded(unit, counted):
                    announce(unit, UNUSUAL, held.actor.id, why="after-lockout")
                return raise_session(unit, browser, held, factor)
            tell(unit, SECOND_FACTOR, browser.by, held.actor.id, outcome=Outcome.REFUSED)
    raise SocleError(TRY_LATER, seconds=wait) if wait else SocleError(refusal)


def raise_session(unit: Unit, browser: Browser, held: Held, factor: str) -> str:
    """Put a session with two factors in the place of this one, under another token: whoever knew the first one gains
    nothing (OWASP ASVS 5.0, 7.2.4)."""
    account = held.actor.id
    sessions.end(unit, held.digest)
    if sessions.is_new_device(unit, account, browser.agent):
        announce(unit, UNUSUAL, account, why="new-device")
    if factor == FactorKind.RECOVERY:
        announce(unit, FACTORS, account, change="used", factor=factor)
    raised = replace(browser.by, actor=replace(held.actor, assurance=Assurance.SUBSTANTIAL))
    tell(unit, SECOND_FACTOR, raised, account, factor=factor)
    return sessions.open_session(
        unit,
        account,
        Assurance.SUBSTANTIAL,
        client=browser.by.client,
        agent=browser.agent,
        structure=held.actor.organisation,
    )


def sign_out(unit: Unit, by: Acting, held: Held) -> None:
    if sessions.end(unit, held.digest):
        tell(unit, SIGNED_OUT, by, held.actor.id)


def end_other(unit: Unit, by: Acting, held: Held, name: str = "") -> int:
    """End one of one's own other sessions by its public handle, or all of them; how many ended.

    Raises SocleError(PROVE_AGAIN).
    """
    if not held.fresh:
        raise SocleError(PROVE_AGAIN)
    ended = 0
    for digest, known in sessions.listed(unit, by.actor.id):
        if digest != held.digest and name in ("", known.name):
            ended += sessions.end(unit, digest)
            tell(unit, SIGNED_OUT, by, by.actor.id)
    return ended
