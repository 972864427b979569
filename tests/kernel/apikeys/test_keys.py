"""API keys: shown once, recognised by their digest, ended everywhere within half a minute; journaled."""

import asyncio

import pytest
import time_machine

from socle.kernel.actors import BY_SYSTEM, ActorKind
from socle.kernel.apikeys.faults import BAD_LABEL, UNKNOWN_KEY
from socle.kernel.apikeys.keys import ApiKey, KnownKeys, end, issue, listed
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.manifest import DEMO_KEY
from socle.kernel.settings import settings
from tests.support.inbox import facts_in_inbox


def made(db: Database, label: str = "Logiciel d’essai") -> tuple[ApiKey, str]:
    with db.unit() as unit:
        return issue(unit, BY_SYSTEM, service="directory", label=label)


def found(db: Database, *presented: str, service: str = "directory") -> list[ApiKey | None]:
    async def ask() -> list[ApiKey | None]:
        await db.open()
        known = KnownKeys(service)
        answers = [await known.find(db, one.encode("latin-1", "replace")) for one in presented]
        await db.aclose()
        return answers

    return asyncio.run(ask())


def test_a_key_is_recognised_and_is_not_kept(database: Database) -> None:
    key, presented = made(database)
    assert found(database, presented, presented.upper(), "", "é") == [key, None, None, None]
    assert found(database, presented, service="other") == [None]
    with database.reading() as session:
        stored = str(session.fetch("SELECT * FROM apikeys_key"))
    assert presented not in stored
    assert key.actor.kind is ActorKind.SOFTWARE


def test_an_ended_key_is_refused(database: Database) -> None:
    key, presented = made(database)
    with database.unit() as unit:
        end(unit, BY_SYSTEM, key.id)
    assert found(database, presented) == [None]
    with pytest.raises(SocleError) as refused, database.unit() as unit:
        end(unit, BY_SYSTEM, key.id)
    assert refused.value.kind is UNKNOWN_KEY


def test_what_happens_to_keys_is_in_the_trail(database: Database) -> None:
    key, presented = made(database)
    with database.unit() as unit:
        end(unit, BY_SYSTEM, key.id)
    told = facts_in_inbox(database)
    assert [(one["action"], one["target"]) for one in told] == [
        ("apikey.issued", f"ApiKey/{key.id}"),
        ("apikey.ended", f"ApiKey/{key.id}"),
    ]
    assert presented not in str(told)
    assert key.label not in str(told)


def test_keys_in_use_are_listed_first(database: Database) -> None:
    with time_machine.travel("2026-01-02 10:00Z", tick=False):
        old, _ = made(database, "A")
    with time_machine.travel("2026-01-03 10:00Z", tick=False):
        new, _ = made(database, "B")
    with database.unit() as unit:
        end(unit, BY_SYSTEM, new.id)
    with database.reading() as session:
        shown = listed(session)
    assert [(one.key, one.ended is None) for one in shown] == [(old, True), (new, False)]


@pytest.mark.parametrize("label", ["", "   ", "a\nb", "x" * 121])
def test_a_key_says_which_application_it_is_for(database: Database, label: str) -> None:
    with pytest.raises(SocleError) as refused:
        made(database, label)
    assert refused.value.kind is BAD_LABEL


def test_the_demonstration_s_key_is_unknown_in_production(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [key and key.id for key in found(database, DEMO_KEY)] == ["demo"]
    monkeypatch.setenv("SOCLE_PROFILE", "production")
    settings.cache_clear()
    try:
        assert found(database, DEMO_KEY) == [None]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
