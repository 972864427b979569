"""The webhooks at work: what is due is sent, each webhook by itself, so that a slow subscriber holds up nobody."""

import asyncio
import logging
import os
from collections.abc import Callable

from socle.kernel.clock import micros
from socle.kernel.db import Database, database
from socle.kernel.outbox.waking import LOGGED
from socle.kernel.webhooks.outcome import NOT_SENT, Outcome
from socle.kernel.webhooks.sending import DUE, claim, let_go, settle
from socle.kernel.webhooks.settings import WebhookSettings, webhook_settings

log = logging.getLogger("socle.webhooks")
_LOOK_SECONDS = 0.25
_AT_ONCE = 16


async def send_next(
    db: Database, id: str, holder: str, chosen: WebhookSettings, clock: Callable[[], int] = micros
) -> bool:
    """Send one message for this webhook; whether it was received, which means that there may be another."""
    # Nothing that only answers, or has no subscriber, loads a client.
    from socle.kernel.webhooks.client import post

    message = await db.run(claim, id, holder, clock(), chosen)
    if message is None:
        return False
    try:
        outcome = await post(message.hook.url, message.headers(clock()), message.body, chosen)
    except Exception:
        # A fault of ours is a failure like another: told, tried later and later, given up in the end.
        log.exception("webhook %s: the message could not be sent", id)
        outcome = Outcome(0, NOT_SENT)
    await db.run(settle, message, outcome, clock(), chosen)
    if not outcome.received:
        log.warning("webhook %s: %s", id, outcome.problem)
    return outcome.received


class Webhooks:
    """Opened and closed with the event loop that runs it; by default on the process's own database."""

    def __init__(self, chosen: WebhookSettings | None = None, db: Callable[[], Database] = database) -> None:
        self._chosen, self._database = chosen or webhook_settings(), db
        self._holder = os.urandom(8).hex()
        self._sending: dict[str, asyncio.Task[None]] = {}

    async def open(self) -> None:
        self._db, self._bell = self._database(), LOGGED.hang()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._looking = asyncio.create_task(self._look_for_ever())

    async def aclose(self) -> None:
        """What is being sent is dropped, and sent again by who comes next."""
        LOGGED.take_down(self._bell)
        tasks = [self._looking, *self._sending.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._db.run(let_go, self._holder)

    async def _look_for_ever(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:
                log.exception("the webhooks are in trouble; they go on in a moment")
            await self._bell.sleep(_LOOK_SECONDS)

    async def _look(self) -> None:
        for (id,) in await self._db.fetch(DUE, micros()):
            if id not in self._sending:
                self._sending[id] = task = asyncio.create_task(self._send(id))
                task.add_done_callback(lambda _, id=id: self._sending.pop(id, None))  # type: ignore[misc]

    async def _send(self, id: str) -> None:
        try:
            async with self._room:
                while await send_next(self._db, id, self._holder, self._chosen):
                    pass
        except Exception:
            log.exception("webhook %s is in trouble; it goes on in a moment", id)
