"""How long a session lasts, and what opens none."""

import asyncio
import base64
from datetime import timedelta

import pytest
import time_machine

from socle.kernel.accounts import sessions
from socle.kernel.accounts.acts.enter import end_other, sign_in
from socle.kernel.accounts.acts.grants import leave
from socle.kernel.accounts.settings import accounts_settings
from socle.kernel.accounts.tokens import digest_of, new_token
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Database
from tests.kernel.accounts.conftest import BROWSER, PASSWORD, Somebody

Clock = time_machine.Traveller
IDLE = timedelta(minutes=accounts_settings().idle_minutes)
WHOLE = timedelta(hours=accounts_settings().session_hours)


def is_open(database: Database, token: str) -> bool:
    with database.reading() as session:
        return sessions.held_by(session, token) is not None


def test_a_session_nobody_uses_ends(database: Database, operator: Somebody, clock: Clock) -> None:
    clock.shift(IDLE - timedelta(seconds=1))
    assert is_open(database, operator.token)
    clock.shift(timedelta(seconds=1))
    assert not is_open(database, operator.token)


def test_a_session_in_use_ends_all_the_same(database: Database, operator: Somebody, clock: Clock) -> None:
    step = IDLE / 2
    for _ in range(int(WHOLE / step) - 1):
        clock.shift(step)
        with database.unit() as unit:
            sessions.touch(unit, operator.held.digest)
    clock.shift(step - timedelta(seconds=1))
    assert is_open(database, operator.token)
    clock.shift(timedelta(seconds=1))
    assert not is_open(database, operator.token)


def test_a_session_is_touched_once_a_minute_at_most(operator: Somebody, clock: Clock) -> None:
    assert not operator.held.stale
    clock.shift(timedelta(seconds=61))
    assert operator.held.stale


@pytest.mark.parametrize(
    "token", ["", "x" * 43, "é" * 43, "' OR 1=1 --" + "x" * 32, "\x00" * 43, "x" * 10_000]
)
def test_a_forged_token_opens_nothing(database: Database, operator: Somebody, token: str) -> None:
    assert not is_open(database, token)


def test_the_digest_of_a_session_opens_nothing(database: Database, operator: Somebody) -> None:
    """Who reads the database, or a backup, learns no token."""
    digest = digest_of(operator.token)
    assert not is_open(database, digest.hex())
    assert not is_open(database, digest.hex()[:43])


def test_the_same_on_the_event_loop(database: Database, operator: Somebody) -> None:
    async def ask() -> tuple[sessions.Held | None, sessions.Held | None]:
        await database.open()
        try:
            return (
                await sessions.held_by_async(database, operator.token),
                await sessions.held_by_async(database, new_token()),
            )
        finally:
            await database.aclose()

    assert asyncio.run(ask()) == (operator.held, None)


def test_one_ends_one_s_own_other_sessions_only(
    database: Database, operator: Somebody, manager: Somebody, clock: Clock
) -> None:
    first = operator.token
    name = operator.held.digest.hex()[:16]
    operator.enter(clock)
    with database.unit() as unit:
        assert not end_other(unit, manager.by, manager.held, name)
    assert is_open(database, first)
    with database.unit() as unit:
        assert end_other(unit, operator.by, operator.held, name) == 1
    assert not is_open(database, first)
    assert is_open(database, operator.token)


def test_whose_account_is_closed_has_no_session(
    database: Database, operator: Somebody, manager: Somebody
) -> None:
    with database.unit() as unit:
        leave(unit, BY_SYSTEM, account=manager.account)
    assert not is_open(database, manager.token)


def test_the_machines_of_one_s_sessions_are_shown_to_oneself(database: Database, operator: Somebody) -> None:
    with database.reading() as session:
        ((digest, shown),) = sessions.listed(session, operator.account)
        kept = session.fetch("SELECT sealed FROM accounts_session")
    assert digest == operator.held.digest
    assert (shown.client, shown.agent) == ("", "Mozilla/5.0")
    assert all(b"Mozilla" not in bytes(sealed) for (sealed,) in kept)


def test_tokens_hold_256_bits() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(base64.urlsafe_b64decode(f"{token}=")) for token in tokens} == {32}


def test_what_cannot_be_journaled_is_not_done(database: Database, operator: Somebody) -> None:
    with database.unit() as unit:
        unit.execute("DROP TABLE audit_inbox")
    with pytest.raises(Exception, match="audit_inbox"):
        sign_in(database, BROWSER, email=operator.email, password=PASSWORD)
    with database.reading() as session:
        assert (
            session.fetch("SELECT account FROM accounts_session WHERE assurance = 1 AND ended IS NULL") == []
        )
