"""A small installation: people who have accounts, and a clock that moves when a test says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from argon2 import PasswordHasher

from socle.kernel.access import ACCESS_MANAGER, OPERATOR, Role
from socle.kernel.accounts import passwords, sessions, totp
from socle.kernel.accounts.acts.enter import Browser, enter_code, sign_in
from socle.kernel.accounts.acts.factors import Enrolled, begin_codes, confirm_codes
from socle.kernel.accounts.acts.grants import act_for
from socle.kernel.accounts.acts.invite import accept, invite
from socle.kernel.accounts.sessions import Held
from socle.kernel.actors import ANONYMOUS, BY_SYSTEM, Acting
from socle.kernel.clock import micros
from socle.kernel.db import Database

PASSWORD = "quatre loutres sous la pluie"
STRUCTURE = "690900006"
MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
VISITOR = Acting(ANONYMOUS, door="page", request="test", client="192.0.2.7")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with the least work: what the tests look at is not how long it takes."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))


@dataclass
class Somebody:
    """A person with an account: what they know, and the session that they hold."""

    db: Database
    email: str
    account: str
    secret: bytes
    codes: list[str]
    token: str

    @property
    def held(self) -> Held:
        return held_by(self.db, self.token)

    @property
    def by(self) -> Acting:
        return Acting(self.held.actor, door="page", client="192.0.2.7")

    def code(self, steps: int = 0) -> str:
        """The code that their application shows, so many half minutes from now."""
        return totp.code(self.secret, totp.step_at(micros()) + steps)

    def enter(self, clock: time_machine.Traveller) -> None:
        """Sign in anew with both factors."""
        clock.shift(timedelta(seconds=60))
        half = held_by(self.db, sign_in(self.db, BROWSER, email=self.email, password=PASSWORD))
        self.token = enter_code(self.db, BROWSER, half, self.code())


BROWSER = Browser(VISITOR, "Mozilla/5.0")


def held_by(db: Database, token: str) -> Held:
    """The session of a token, which is open."""
    with db.reading() as session:
        held = sessions.held_by(session, token)
    assert held is not None
    return held


def invited(
    db: Database, email: str, role: Role = OPERATOR, structure: str = "", by: Acting = BY_SYSTEM
) -> str:
    """The token of the link."""
    with db.unit() as unit:
        return invite(unit, by, email=email, role=role, structure=structure).token


def accepted(db: Database, token: str, name: str = "Nora Exemple") -> str:
    """The token of the session with one factor."""
    with db.unit() as unit:
        made = passwords.hashed(PASSWORD)
        return accept(unit, VISITOR, token=token, name=name, password_hash=made, agent="Mozilla/5.0")


def enrolled(db: Database, token: str) -> tuple[bytes, Enrolled]:
    held = held_by(db, token)
    by = Acting(held.actor)
    with db.unit() as unit:
        secret = begin_codes(unit, by, held)
        code = totp.code(secret, totp.step_at(micros()))
        return secret, confirm_codes(unit, Browser(by, "Mozilla/5.0"), held, code)


def somebody(db: Database, email: str, role: Role = OPERATOR, structure: str = "") -> Somebody:
    """Invited, accepted, enrolled, and acting for the structure."""
    secret, done = enrolled(db, accepted(db, invited(db, email, role, structure)))
    account = held_by(db, done.token).actor.id
    found = Somebody(db, email, account, secret, done.codes, done.token)
    if structure:
        with db.unit() as unit:
            act_for(unit, found.by, found.held, structure)
    return found


@pytest.fixture
def operator(database: Database, clock: time_machine.Traveller) -> Somebody:
    return somebody(database, "operatrice@exemple.test")


@pytest.fixture
def manager(database: Database, clock: time_machine.Traveller) -> Somebody:
    """The access manager of STRUCTURE."""
    return somebody(database, "gestionnaire@exemple.test", ACCESS_MANAGER, STRUCTURE)
