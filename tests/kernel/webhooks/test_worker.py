"""Webhooks beside an outbox: what an act announces leaves by itself, and a slow subscriber holds up nobody."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Database
from socle.kernel.outbox.settings import OutboxSettings
from socle.kernel.outbox.worker import Outbox
from socle.kernel.webhooks import acts
from socle.kernel.webhooks.settings import WebhookSettings
from socle.kernel.webhooks.worker import Webhooks
from tests.support.outbox import COUNTED, announce
from tests.support.subscriber import Subscriber, silence

CHOSEN = WebhookSettings(allow_private=True, seconds=30)


def subscribed(db: Database, *subscribers: Subscriber) -> None:
    for one in subscribers:
        with db.unit() as unit:
            acts.create(unit, BY_SYSTEM, f"http://127.0.0.1:{one.port}/", (), {COUNTED.code}, CHOSEN)


async def at_work(db: Database, story: Callable[[], Awaitable[None]]) -> None:
    await db.open()
    companions = (Outbox([], OutboxSettings(), lambda: db), Webhooks(CHOSEN, lambda: db))
    for one in companions:
        await one.open()
    try:
        await story()
    finally:
        for one in companions:
            await one.aclose()
        await db.aclose()


def numbers(subscriber: Subscriber) -> list[int]:
    return [event["data"]["number"] for one in subscriber.received for event in json.loads(one.body)]


def test_a_silent_subscriber_holds_up_nobody(database: Database) -> None:
    async def told() -> None:
        silent, well = Subscriber([silence]), Subscriber()
        async with silent.listening(), well.listening():
            await asyncio.to_thread(subscribed, database, silent, well)

            async def story() -> None:
                await database.run(announce, "a", 1)
                await silent.has_received(1)
                await well.has_received(1)
                await database.run(announce, "a", 2)
                await well.has_received(2)

            await at_work(database, story)
        assert numbers(well) == [1, 2]
        assert numbers(silent) == [1]

    asyncio.run(told())


def test_what_was_being_sent_at_the_stop_is_sent_again_at_the_start(database: Database) -> None:
    async def told() -> None:
        subscriber = Subscriber([silence])
        async with subscriber.listening():
            await asyncio.to_thread(subscribed, database, subscriber)

            async def first() -> None:
                await database.run(announce, "a", 1)
                await subscriber.has_received(1)

            async def second() -> None:
                await subscriber.has_received(2)

            await at_work(database, first)
            await at_work(database, second)
        one, two = subscriber.received
        assert one.body == two.body
        assert one.headers["webhook-id"] == two.headers["webhook-id"]

    asyncio.run(told())
