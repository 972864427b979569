"""API keys: shown once, recognised by their digest, ended everywhere within half a minute; journaled."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from socle.kernel.access import PUBLISHER, Refused
from socle.kernel.actors import ANONYMOUS, BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.apikeys.acts import (
    MOST_A_SECOND,
    MOST_OF_ONE,
    end,
    forget_ended,
    issue,
    limit,
    set_incidents,
)
from socle.kernel.apikeys.faults import (
    BAD_INCIDENTS,
    BAD_LABEL,
    BAD_QUOTA,
    EXPIRED_BEFORE,
    NO_INCIDENTS,
    TOO_MANY_KEYS,
    UNKNOWN_KEY,
)
from socle.kernel.apikeys.keys import DAY, ApiKey, KnownKeys, expiring, listed
from socle.kernel.clock import micros
from socle.kernel.db import Database, Unit
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
        # The last use is written down beside the answer.
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
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


def test_a_key_opens_nothing_after_its_end(database: Database) -> None:
    with time_machine.travel("2026-01-02 10:00Z", tick=False) as clock:
        with database.unit() as unit:
            key, presented = issue(unit, BY_SYSTEM, service="directory", label="A", expires=micros() + DAY)
        assert found(database, presented) == [key]
        with database.reading() as session:
            assert (expiring(session, micros()), listed(session)[0].is_open(micros())) == (1, True)
        clock.shift(timedelta(days=1))
        assert found(database, presented) == [None]
        with database.reading() as session:
            assert (expiring(session, micros()), listed(session)[0].is_open(micros())) == (0, False)
        with pytest.raises(SocleError) as refused, database.unit() as unit:
            issue(unit, BY_SYSTEM, service="directory", label="A", expires=micros())
    assert refused.value.kind is EXPIRED_BEFORE


def test_a_key_is_forgotten_a_year_after_its_end(database: Database) -> None:
    def left() -> list[str]:
        with database.unit() as unit:
            forget_ended(unit)
            return sorted(one.key.label for one in listed(unit))

    with time_machine.travel("2026-01-02 10:00Z", tick=False) as clock:
        made(database, "in use")
        key, _ = made(database, "ended")
        with database.unit() as unit:
            end(unit, BY_SYSTEM, key.id)
            expires = micros() + 30 * DAY
            issue(unit, BY_SYSTEM, service="directory", label="expired", expires=expires)
            issue(unit, BY_SYSTEM, service="directory", label="lasting", expires=micros() + 3000 * DAY)
        clock.shift(timedelta(days=365))
        assert left() == ["ended", "expired", "in use", "lasting"]
        clock.shift(timedelta(seconds=1))
        assert left() == ["expired", "in use", "lasting"]
        clock.shift(timedelta(days=30))
        assert left() == ["in use", "lasting"]


def test_the_last_use_is_known_to_ten_minutes(database: Database) -> None:
    def used() -> int | None:
        with database.reading() as session:
            return listed(session)[0].used

    with time_machine.travel("2026-01-02 10:00Z", tick=False) as clock:
        _, presented = made(database)
        assert used() is None
        found(database, presented)
        first = used()
        assert first == micros()
        clock.shift(timedelta(minutes=9))
        found(database, presented)
        assert used() == first
        clock.shift(timedelta(minutes=2))
        found(database, presented)
        assert used() == micros()


def publisher(name: str) -> Acting:
    level = Assurance.SUBSTANTIAL
    return Acting(Actor(ActorKind.AGENT, name, level, roles=frozenset({PUBLISHER.code})))


def test_a_publisher_makes_a_bounded_number_of_keys(database: Database) -> None:
    for number in range(MOST_OF_ONE):
        with database.unit() as unit:
            key, _ = issue(unit, publisher("a"), service="directory", label=f"{number}", a_second=0)
        assert key.a_second is None
    with pytest.raises(SocleError) as refused, database.unit() as unit:
        issue(unit, publisher("a"), service="directory", label="one more")
    assert refused.value.kind is TOO_MANY_KEYS
    with database.unit() as unit:
        end(unit, publisher("a"), key.id)
        issue(unit, publisher("a"), service="directory", label="one more")
        issue(unit, publisher("b"), service="directory", label="another's")


def test_who_keeps_no_software_makes_no_key(database: Database) -> None:
    for by in (Acting(ANONYMOUS), Acting(Actor(ActorKind.AGENT, "a", Assurance.SUBSTANTIAL))):
        with pytest.raises(Refused), database.unit() as unit:
            issue(unit, by, service="directory", label="A")


def test_who_lost_the_role_tends_no_key_any_more(database: Database) -> None:
    with database.unit() as unit:
        key, presented = issue(unit, publisher("a"), service="directory", label="A")
    left = Acting(Actor(ActorKind.AGENT, "a", Assurance.SUBSTANTIAL))
    acts: list[Callable[[Unit], None]] = [
        lambda unit: end(unit, left, key.id),
        lambda unit: set_incidents(unit, left, key.id, "502:1"),
        lambda unit: limit(unit, left, key.id, 0),
    ]
    for act in acts:
        with pytest.raises(Refused), database.unit() as unit:
            act(unit)
    assert found(database, presented) == [key]


def test_what_a_key_cannot_be_given_is_told(database: Database) -> None:
    key, _ = made(database)
    for incidents in ("503:1", "502", "502:60 504:60"):
        with pytest.raises(SocleError) as refused, database.unit() as unit:
            set_incidents(unit, BY_SYSTEM, key.id, incidents)
        assert refused.value.kind is BAD_INCIDENTS
    for a_second in (-1, MOST_A_SECOND + 1):
        with pytest.raises(SocleError) as refused, database.unit() as unit:
            limit(unit, BY_SYSTEM, key.id, a_second)
        assert refused.value.kind is BAD_QUOTA


def test_production_simulates_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    key, _ = made(database)
    monkeypatch.setenv("SOCLE_PROFILE", "production")
    settings.cache_clear()
    try:
        with pytest.raises(SocleError) as refused, database.unit() as unit:
            set_incidents(unit, BY_SYSTEM, key.id, "502:5")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert refused.value.kind is NO_INCIDENTS


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
