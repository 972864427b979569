"""A database with one webhook, and a subscriber that it leads to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Database
from socle.kernel.outbox.events import Event
from socle.kernel.webhooks import acts
from socle.kernel.webhooks.hooks import Hook, hook
from socle.kernel.webhooks.settings import WebhookSettings
from socle.kernel.webhooks.worker import send_next
from socle.kernel.work import emit
from socle.standards.standard_webhooks import key_of, verify
from tests.support.outbox import COUNTED, FORGOTTEN, Stopped, announced, worked
from tests.support.subscriber import Received, Subscriber, saying

KNOWN = {COUNTED.code, FORGOTTEN.code}
CHOSEN = WebhookSettings(allow_private=True, seconds=5)
REFUSAL = saying(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")


class House:
    """A database with one webhook that leads to `subscriber`."""

    def __init__(self, db: Database, subscriber: Subscriber, clock: Stopped, chosen: WebhookSettings) -> None:
        self.db, self.subscriber, self.clock, self.chosen = db, subscriber, clock, chosen
        with db.unit() as unit:
            self.id, self.secret = acts.create(
                unit, BY_SYSTEM, f"http://127.0.0.1:{subscriber.port}/hook", [COUNTED.code], KNOWN, chosen
            )

    @property
    def hook(self) -> Hook:
        with self.db.reading() as session:
            return hook(session, self.id)

    async def announce(self, *numbers: int) -> None:
        await asyncio.to_thread(_logged, self.db, numbers)

    async def send(self) -> bool:
        return await send_next(self.db, self.id, "a-holder", self.chosen, self.clock)

    def numbers(self) -> list[list[int]]:
        """What the subscriber has received, message by message; each is checked as a subscriber checks it."""
        return [self.read(one) for one in self.subscriber.received]

    def read(self, one: Received) -> list[int]:
        verify(key_of(self.secret), one.headers, one.body, self.clock() // 1_000_000)
        return [event["data"]["number"] for event in json.loads(one.body)]


def _logged(db: Database, numbers: tuple[int, ...]) -> None:
    announced(db, "a", *numbers)
    with db.unit() as unit:
        emit(unit, Event(FORGOTTEN, "a", {"number": 0}))
    worked(db, [])


def in_house(
    db: Database, story: Callable[[House], Awaitable[None]], *answers: Any, chosen: WebhookSettings = CHOSEN
) -> None:
    async def told() -> None:
        subscriber = Subscriber(list(answers)) if answers else Subscriber()
        async with subscriber.listening():
            house = await asyncio.to_thread(House, db, subscriber, Stopped(), chosen)
            await story(house)

    asyncio.run(told())
