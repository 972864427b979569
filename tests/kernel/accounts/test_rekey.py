"""Changing the master key: accounts are found by their address before, during and after; an interruption changes
nothing of that."""

from collections.abc import Callable, Iterator

import pytest

from socle.kernel.access import OPERATOR
from socle.kernel.accounts import personal
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.personal import find_account
from socle.kernel.accounts.privacy import erase as erase_account
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Database
from socle.kernel.keyring.envelopes import forget_keys
from socle.kernel.keyring.rewrap import left_to_rewrap, rewrap
from socle.kernel.keyring.signing import _private
from socle.kernel.keys import derived_key
from socle.kernel.privacy.erasure import Reason, erase
from socle.kernel.settings import settings

FIRST, SECOND = "the first master key, thirty-two long", "the second master key, thirty-two long"
EMAILS = [f"personne{number}@exemple.test" for number in range(5)]
Hold = Callable[..., None]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hold]:
    """Have the process hold this master key, and perhaps the one before."""

    def held(secret: str, previous: str = "") -> None:
        monkeypatch.setenv("SOCLE_SECRET", secret)
        monkeypatch.setenv("SOCLE_SECRET_PREVIOUS", previous)
        forget()

    def forget() -> None:
        for cached in (settings, derived_key, _private):
            cached.cache_clear()
        forget_keys()

    yield held
    monkeypatch.undo()
    forget()


@pytest.fixture
def accounts(database: Database, hold: Hold) -> list[str]:
    """Made under the first master key; the last one is erased."""
    hold(FIRST)
    with database.unit() as unit:
        made = [invite(unit, BY_SYSTEM, email=email, role=OPERATOR).account for email in EMAILS]
    erase(database, f"agent:{made[-1]}", Reason.REQUEST, erasers=[erase_account])
    return [*made[:-1], ""]


def found(db: Database) -> list[str]:
    with db.reading() as session:
        return [find_account(session, email) or "" for email in EMAILS]


def test_accounts_are_found_after_the_earlier_master_is_gone(
    database: Database, accounts: list[str], hold: Hold
) -> None:
    hold(SECOND)
    assert set(found(database)) == {""}
    hold(SECOND, previous=FIRST)
    assert found(database) == accounts
    keys = left_to_rewrap(database)
    assert rewrap(database, rekeys={"accounts": personal.rekey}) == keys + 4
    assert rewrap(database, rekeys={"accounts": personal.rekey}) == 0
    hold(SECOND)
    assert found(database) == accounts


def test_an_interrupted_change_is_taken_up_again(
    database: Database, accounts: list[str], hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each piece in turn."""
    monkeypatch.setattr(personal, "_PIECE", 2)
    hold(SECOND, previous=FIRST)
    pieces: list[str] = []

    def interrupted(name: str, done: int, total: int) -> None:
        pieces.append(name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrap(database, tell=interrupted, rekeys={"accounts": personal.rekey})
    assert pieces == ["accounts"]
    assert found(database) == accounts
    rewrap(database, rekeys={"accounts": personal.rekey})
    hold(SECOND)
    assert found(database) == accounts
