"""Keeping one's factors: enrolling codes and passkeys, new recovery codes, another password."""

import os
from dataclasses import dataclass

from socle.kernel.access import Refused, require
from socle.kernel.accounts import attempts, credentials, passkeys, passwords, sessions, totp
from socle.kernel.accounts.actions import (
    FACTOR_ADDED,
    FACTOR_REMOVED,
    FACTORS,
    NEW_PASSWORD,
    PASSWORD_CHANGED,
)
from socle.kernel.accounts.acts.enter import Browser, raise_session
from socle.kernel.accounts.acts.told import announce, tell
from socle.kernel.accounts.credentials import SECOND_FACTORS, FactorKind
from socle.kernel.accounts.faults import (
    CODE_REFUSED,
    FACTOR_NEEDED,
    PASSKEY_REFUSED,
    PASSWORD_UNCHANGED,
    PROVE_AGAIN,
    TRY_LATER,
)
from socle.kernel.accounts.personal import person
from socle.kernel.accounts.roles import ENTER, OWN_ACCOUNT
from socle.kernel.accounts.sessions import Held
from socle.kernel.actors import Acting, Assurance
from socle.kernel.audit.actions import Outcome
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import SocleError

_CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`token` of the session that takes the place of the present one, or empty; `codes` the recovery codes to show
    once, when these are the first ones."""

    token: str
    codes: list[str]


def has_second_factor(session: Session, account: str) -> bool:
    return bool(credentials.credentials(session, account, *SECOND_FACTORS))


def _check_may_enrol(unit: Unit, by: Acting, held: Held) -> None:
    """A session with one factor enrols the first second factor, and no other: else a stolen password would be enough.
    Raises Refused, SocleError(PROVE_AGAIN)."""
    require(by, ENTER)
    if held.actor.assurance >= Assurance.SUBSTANTIAL:
        check_fresh(held)
    elif has_second_factor(unit, held.actor.id):
        raise Refused(by, OWN_ACCOUNT)


def check_fresh(held: Held) -> None:
    """Raise SocleError(PROVE_AGAIN) unless the second factor was given a moment ago."""
    if not held.fresh:
        raise SocleError(PROVE_AGAIN)


def begin_codes(unit: Unit, by: Acting, held: Held) -> bytes:
    """The secret to put into an authenticator app: the same as long as it is not confirmed.

    Raises Refused, SocleError(PROVE_AGAIN).
    """
    _check_may_enrol(unit, by, held)
    kept = sessions.pending(unit, held.digest, held.actor.id)
    if kept is not None:
        return bytes.fromhex(kept["secret"])
    secret = totp.new_secret()
    sessions.put_pending(unit, held.digest, held.actor.id, {"secret": secret.hex()})
    return secret


def confirm_codes(unit: Unit, browser: Browser, held: Held, received: str) -> Enrolled:
    """Keep the secret once a code of it was seen. Raises Refused, SocleError(CODE_REFUSED)."""
    _check_may_enrol(unit, browser.by, held)
    kept = sessions.pending(unit, held.digest, held.actor.id)
    secret = bytes.fromhex(kept["secret"]) if kept else b""
    step = totp.matching_step(secret, received, micros=micros(), after=0) if secret else None
    if step is None:
        raise SocleError(CODE_REFUSED)
    sessions.put_pending(unit, held.digest, held.actor.id, None)
    credentials.add(unit, held.actor.id, FactorKind.TOTP, {"secret": secret.hex()}, step)
    return _enrolled(unit, browser, held, FactorKind.TOTP)


def begin_passkey(unit: Unit, by: Acting, held: Held) -> str:
    """What the browser is asked to make a passkey from, as JSON. Raises Refused."""
    _check_may_enrol(unit, by, held)
    challenge = os.urandom(_CHALLENGE_BYTES)
    sessions.put_challenge(unit, held.digest, challenge)
    name = person(unit, held.actor.id).email
    return passkeys.creation_options(
        account=held.actor.id, name=name, known=known_passkeys(unit, held.actor.id), challenge=challenge
    )


def confirm_passkey(unit: Unit, browser: Browser, held: Held, answer: str) -> Enrolled:
    """Raises Refused, SocleError(PASSKEY_REFUSED)."""
    _check_may_enrol(unit, browser.by, held)
    challenge = sessions.take_challenge(unit, held.digest)
    if not challenge:
        raise SocleError(PASSKEY_REFUSED)
    made = passkeys.created(answer, challenge)
    document = {"handle": made.handle, "public": made.public}
    credentials.add(unit, held.actor.id, FactorKind.PASSKEY, document, made.counter)
    return _enrolled(unit, browser, held, FactorKind.PASSKEY)


def ask_passkey(unit: Unit, held: Held) -> str:
    """What the browser is asked to sign, as JSON; empty when the account has no passkey."""
    known = known_passkeys(unit, held.actor.id)
    if not known:
        return ""
    challenge = os.urandom(_CHALLENGE_BYTES)
    sessions.put_challenge(unit, held.digest, challenge)
    return passkeys.request_options(known, challenge)


def known_passkeys(session: Session, account: str) -> list[passkeys.Passkey]:
    return [
        passkeys.Passkey(one.document["handle"], one.document["public"], one.counter)
        for one in credentials.credentials(session, account, FactorKind.PASSKEY)
    ]


def _enrolled(unit: Unit, browser: Browser, held: Held, kind: FactorKind) -> Enrolled:
    tell(unit, FACTOR_ADDED, browser.by, held.actor.id, factor=kind.value)
    announce(unit, FACTORS, held.actor.id, change="added", factor=kind.value)
    first = credentials.recovery_left(unit, held.actor.id) == 0
    codes = credentials.renew_recovery(unit, held.actor.id) if first else []
    if held.actor.assurance >= Assurance.SUBSTANTIAL:
        return Enrolled("", codes)
    return Enrolled(raise_session(unit, browser, held, kind.value), codes)


def renew_codes(unit: Unit, by: Acting, held: Held) -> list[str]:
    """New recovery codes; those left stop working. Raises Refused, SocleError(PROVE_AGAIN)."""
    require(by, OWN_ACCOUNT)
    check_fresh(held)
    tell(unit, FACTOR_ADDED, by, by.actor.id, factor=FactorKind.RECOVERY.value)
    announce(unit, FACTORS, by.actor.id, change="added", factor=FactorKind.RECOVERY.value)
    return credentials.renew_recovery(unit, by.actor.id)


def remove(unit: Unit, by: Acting, held: Held, id: str) -> None:
    """Raises Refused, SocleError: PROVE_AGAIN, FACTOR_NEEDED for the last second factor."""
    require(by, OWN_ACCOUNT)
    check_fresh(held)
    known = {one.id: one for one in credentials.credentials(unit, by.actor.id, *SECOND_FACTORS)}
    if id not in known:
        return
    if len(known) == 1:
        raise SocleError(FACTOR_NEEDED)
    credentials.end_one(unit, by.actor.id, id)
    tell(unit, FACTOR_REMOVED, by, by.actor.id, factor=known[id].kind.value)
    announce(unit, FACTORS, by.actor.id, change="removed", factor=known[id].kind.value)


def change_password(db: Database, by: Acting, held: Held, *, current: str, new: str) -> None:
    """Another password; all other sessions of the account end.

    Raises Refused, SocleError: TRY_LATER, PASSWORD_UNCHANGED, and what `passwords.check` refuses.
    """
    require(by, OWN_ACCOUNT)
    account, counted = by.actor.id, f"change:{by.actor.id}"
    with db.unit() as unit:
        wait = attempts.begin(unit, counted).wait
        known = credentials.credentials(unit, account, FactorKind.PASSWORD)
        whose = person(unit, account)
    if wait:
        raise SocleError(TRY_LATER, seconds=wait)
    right = passwords.matches(known[0].document["hash"] if known else None, current)
    if right:
        passwords.check(new, email=whose.email, name=whose.name)
    hashed = passwords.hashed(new) if right else ""
    with db.unit() as unit:
        # Checking took a while, in which the password may have ended.
        right = right and credentials.hold(unit, known[0].id)
        if right:
            attempts.succeeded(unit, counted)
            credentials.end(unit, account, FactorKind.PASSWORD)
            credentials.add(unit, account, FactorKind.PASSWORD, {"hash": hashed})
            sessions.end_all(unit, account, but=held.digest)
            announce(unit, NEW_PASSWORD, account)
        tell(unit, PASSWORD_CHANGED, by, account, outcome=Outcome.SUCCESS if right else Outcome.REFUSED)
    if not right:
        raise SocleError(PASSWORD_UNCHANGED)
