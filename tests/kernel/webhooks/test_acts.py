"""Who may do what with webhooks, and what a trial leaves behind."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from socle.kernel.access import AUDITOR, OPERATOR, Refused
from socle.kernel.actors import BY_SYSTEM, Acting, Assurance
from socle.kernel.db import Database, Unit
from socle.kernel.webhooks import acts, trial
from socle.kernel.webhooks.hooks import Hook, hooks
from socle.kernel.webhooks.trial import send_trial
from socle.standards.standard_webhooks import key_of, verify
from tests.kernel.webhooks.house import KNOWN, REFUSAL, House, in_house
from tests.support.acting import agent
from tests.support.inbox import facts_in_inbox
from tests.support.subscriber import OK, saying

OPERATES, AUDITS = agent(OPERATOR), agent(AUDITOR)


def every_act(id: str) -> list[Callable[[Unit, Acting], object]]:
    return [
        lambda unit, by: acts.create(unit, by, "https://subscriber.example/", (), KNOWN),
        lambda unit, by: acts.rotate(unit, by, id),
        lambda unit, by: acts.suspend(unit, by, id),
        lambda unit, by: acts.resume(unit, by, id),
        lambda unit, by: acts.replay(unit, by, id, 0),
        lambda unit, by: acts.delete(unit, by, id),
    ]


def test_every_act_needs_its_permission(database: Database) -> None:
    with database.unit() as unit:
        id, _ = acts.create(unit, OPERATES, "https://subscriber.example/", (), KNOWN)
    before = known(database)
    weak = replace(OPERATES, actor=replace(OPERATES.actor, assurance=Assurance.LOW))
    for by, act in product((AUDITS, weak), every_act(id)):
        with pytest.raises(Refused), database.unit() as unit:
            act(unit, by)
    assert known(database) == before
    assert [entry["action"] for entry in facts_in_inbox(database)] == ["webhook.created"]


def known(db: Database) -> list[Hook]:
    with db.reading() as session:
        return hooks(session)


def tried(db: Database) -> list[tuple[str, dict[str, Any]]]:
    """Outcome and data of each trial in the trail."""
    found = [entry for entry in facts_in_inbox(db) if entry["action"] == "webhook.tried"]
    return [(entry["outcome"], entry["data"]) for entry in found]


def test_who_may_not_try_a_webhook_sends_nothing(database: Database) -> None:
    async def story(house: House) -> None:
        with pytest.raises(Refused):
            await asyncio.to_thread(send_trial, house.db, AUDITS, house.id, house.chosen)
        assert house.subscriber.received == []
        assert tried(house.db) == []

    in_house(database, story)


def test_a_trial_is_in_the_trail_with_what_was_answered(database: Database) -> None:
    async def story(house: House) -> None:
        for _ in range(2):
            await asyncio.to_thread(send_trial, house.db, OPERATES, house.id, house.chosen)
        assert tried(house.db) == [("8", {"problem": "status-500", "status": 500}), ("0", {"status": 204})]
        (first, _) = (one for one in facts_in_inbox(house.db) if one["action"] == "webhook.tried")
        assert (first["actor"]["id"], first["target"]) == (OPERATES.actor.id, f"Webhook/{house.id}")

    in_house(database, story, REFUSAL, saying(OK))


def test_a_trial_that_is_cut_short_is_in_the_trail_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit() as unit:
        id, _ = acts.create(unit, OPERATES, "https://subscriber.example/", (), KNOWN)

    async def interrupted(*_: object) -> None:
        raise InterruptedError

    monkeypatch.setattr(trial, "post", interrupted)
    with pytest.raises(InterruptedError):
        send_trial(database, OPERATES, id)
    assert tried(database) == [("8", {"problem": "cut-short", "status": 0})]


def test_a_trial_message_arrives_without_the_log_knowing(database: Database) -> None:
    async def story(house: House) -> None:
        outcome = await asyncio.to_thread(send_trial, house.db, BY_SYSTEM, house.id, house.chosen)
        assert outcome.received
        (sent,) = house.subscriber.received
        verify(key_of(house.secret), sent.headers, sent.body, house.clock() // 1_000_000)
        assert [event["kind"] for event in json.loads(sent.body)] == ["webhook.trial.1"]

    in_house(database, story)
