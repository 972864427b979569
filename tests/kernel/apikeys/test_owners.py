"""A key ends with its owner: who leaves, or stops being a publisher, leaves no software behind that still calls."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from socle.app.worker import listeners
from socle.kernel.access import AUDITOR, OPERATOR, PUBLISHER, Role
from socle.kernel.accounts import grants
from socle.kernel.accounts.acts.grants import delegate, grant, leave, revoke
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.apikeys.acts import issue
from socle.kernel.apikeys.keys import KnownKeys
from socle.kernel.apikeys.manifest import MANIFEST
from socle.kernel.apikeys.owners import end_orphaned
from socle.kernel.clock import business_date
from socle.kernel.db import Database, Unit
from tests.support.inbox import facts_in_inbox
from tests.support.outbox import worked


def joined(db: Database, name: str, role: Role) -> str:
    with db.unit() as unit:
        account = invite(unit, BY_SYSTEM, email=f"{name}@exemple.test", role=role).account
        unit.execute("UPDATE accounts_account SET state = 'active' WHERE id = ?1", account)
        return account


def acting(account: str) -> Acting:
    roles = frozenset({PUBLISHER.code})
    return Acting(Actor(ActorKind.AGENT, account, Assurance.SUBSTANTIAL, roles=roles))


def keyed(db: Database, by: Acting) -> str:
    with db.unit() as unit:
        return issue(unit, by, service="directory", label="Logiciel d’essai")[1]


def held(db: Database, account: str, role: Role) -> str:
    with db.reading() as session:
        (found,) = (one for one in grants.of_account(session, account) if one.role == role.code)
        return found.id


def known(db: Database, *presented: str) -> list[bool]:
    """Whether a door that never asked before knows these keys."""

    async def ask() -> list[bool]:
        await db.open()
        asked = KnownKeys("directory")
        answers = [await asked.find(db, one.encode()) is not None for one in presented]
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        await db.aclose()
        return answers

    return asyncio.run(ask())


def reasons(db: Database) -> list[str]:
    told = (one for one in facts_in_inbox(db) if one["action"] == "apikey.ended")
    return [one["data"]["reason"] for one in told]


def left(unit: Unit, account: str, grant: str) -> None:
    assert leave(unit, BY_SYSTEM, account=account)


def taken_back(unit: Unit, account: str, grant: str) -> None:
    revoke(unit, BY_SYSTEM, grant=grant)


@pytest.mark.parametrize(("departure", "reason"), [(left, "owner-left"), (taken_back, "owner-role-ended")])
def test_the_keys_of_who_leaves_end(
    database: Database, departure: Callable[[Unit, str, str], None], reason: str
) -> None:
    publisher, other = joined(database, "a", PUBLISHER), joined(database, "b", PUBLISHER)
    gone = [keyed(database, acting(publisher)) for _ in range(2)]
    stay = [keyed(database, acting(other)), keyed(database, BY_SYSTEM)]
    assert known(database, *gone, *stay) == [True] * 4
    with database.unit() as unit:
        departure(unit, publisher, held(database, publisher, PUBLISHER))
    worked(database, listeners([MANIFEST]))
    assert known(database, *gone, *stay) == [False, False, True, True]
    assert reasons(database) == [reason, reason], "each key ends once, journaled"


def test_what_one_leaves_beside_the_role_ends_no_key(database: Database) -> None:
    publisher = joined(database, "a", PUBLISHER)
    with database.unit() as unit:
        audits = grant(unit, BY_SYSTEM, account=publisher, role=AUDITOR).id
    key = keyed(database, acting(publisher))
    with database.unit() as unit:
        revoke(unit, BY_SYSTEM, grant=audits)
        # Promoted before anybody heard: an operator keeps keys too.
        grant(unit, BY_SYSTEM, account=publisher, role=OPERATOR)
        revoke(unit, BY_SYSTEM, grant=held(database, publisher, PUBLISHER))
    worked(database, listeners([MANIFEST]))
    assert known(database, key) == [True]
    assert reasons(database) == []


def test_a_key_made_under_a_lent_role_ends_after_its_last_day(database: Database) -> None:
    with time_machine.travel("2026-11-22 09:00Z", tick=False) as clock:
        lender, borrower = joined(database, "a", PUBLISHER), joined(database, "b", AUDITOR)
        mine = held(database, lender, PUBLISHER)
        with database.unit() as unit:
            email = "b@exemple.test"
            delegate(unit, acting(lender), grant=mine, email=email, until=business_date())
        keys = [keyed(database, acting(lender)), keyed(database, acting(borrower))]
        assert end_orphaned(database) == {"keys-ended": 0}
        clock.shift(timedelta(days=1))
        assert end_orphaned(database) == {"keys-ended": 1}
        assert end_orphaned(database) == {"keys-ended": 0}
        assert known(database, *keys) == [True, False]
    assert reasons(database) == ["owner-role-ended"]
