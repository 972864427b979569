"""A message between two units: taken from the log under a lease, then settled by what became of it.

The message is written down before it is sent: each try sends the same events under the same name, by which a subscriber
tells a repetition. The lease is held until a moment a little after the longest exchange; nobody else sends for this
webhook meanwhile, and a process that is killed holds up nothing for longer.
"""

import os
from dataclasses import dataclass
from datetime import timedelta

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.db import Row, Unit
from socle.kernel.outbox.events import Event
from socle.kernel.outbox.states import SECOND
from socle.kernel.webhooks import actions
from socle.kernel.webhooks.hooks import Hook, HookState, hook, signing_keys
from socle.kernel.webhooks.outcome import GONE, Outcome
from socle.kernel.webhooks.settings import WebhookSettings
from socle.kernel.work import emit, record
from socle.standards import standard_webhooks

DUE = (
    "SELECT id FROM webhook WHERE state = 'active' AND next_at <= ?1 AND held_until <= ?1 "
    "AND cursor < (SELECT last FROM outbox_counter) ORDER BY next_at, id"
)
_HOLD = (
    "UPDATE webhook SET holder = ?2, held_until = ?3 "
    "WHERE id = ?1 AND state = 'active' AND next_at <= ?4 AND held_until <= ?4"
)
_LET_GO = "UPDATE webhook SET holder = '', held_until = 0 WHERE holder = ?1"
_LAST = "SELECT last FROM outbox_counter"
_EVENTS = (
    "SELECT sequence, document FROM outbox_event WHERE sequence > ?1 AND sequence <= ?2{heard} "
    "ORDER BY sequence LIMIT ?3"
)
_WRITTEN = "UPDATE webhook SET batch_message = ?2, batch_last = ?3 WHERE id = ?1"
_PASSED = "UPDATE webhook SET cursor = ?2, holder = '', held_until = 0 WHERE id = ?1"
_RECEIVED = (
    "UPDATE webhook SET cursor = ?3, batch_message = '', batch_last = 0, reason = '', failures = 0, failing_since = 0, "
    "next_at = 0, holder = '', held_until = 0, last_status = ?4, last_at = ?5 WHERE id = ?1 AND holder = ?2"
)
_FAILED = (
    "UPDATE webhook SET state = ?3, reason = ?4, failures = ?5, failing_since = ?6, next_at = ?7, holder = '', "
    "held_until = 0, last_status = ?8 WHERE id = ?1 AND holder = ?2"
)
# How much of the log one unit looks through for a webhook that hears little of it.
_WINDOW = 10_000
_MARGIN_SECONDS = 5
_FIRST_DELAY, _GROWTH, _LONGEST_DELAY = 5, 4, 4 * 3_600


@dataclass(frozen=True, slots=True)
class Message:
    """A JSON list of events in their order, up to `last`, for one webhook, held by `holder`."""

    hook: Hook
    holder: str
    name: str
    last: int
    body: bytes
    keys: tuple[bytes, ...]

    def headers(self, now: int) -> dict[str, str]:
        return standard_webhooks.headers(self.keys, self.name, now // SECOND, self.body)


def claim(unit: Unit, id: str, holder: str, now: int, chosen: WebhookSettings) -> Message | None:
    """The next message of a webhook, now held by `holder`; None when it is held elsewhere or has nothing to hear."""
    until = now + round((chosen.seconds + _MARGIN_SECONDS) * SECOND)
    if not unit.execute(_HOLD, id, holder, until, now):
        return None
    found = hook(unit, id)
    last = unit.fetch(_LAST)[0][0]
    end = found.batch_last or min(last, found.cursor + _WINDOW)
    rows = _events(unit, found, end, chosen)
    if not rows:
        unit.execute(_PASSED, id, end)
        return None
    name, reached = found.batch_message or f"msg_{os.urandom(12).hex()}", found.batch_last or rows[-1][0]
    unit.execute(_WRITTEN, id, name, reached)
    body = b"[" + b",".join(bytes(row[1]) for row in rows) + b"]"
    return Message(found, holder, name, reached, body, tuple(signing_keys(unit, id, now)))


def settle(unit: Unit, message: Message, outcome: Outcome, now: int, chosen: WebhookSettings) -> None:
    """Write down what became of a message; nothing when its lease was lost in the meantime."""
    if outcome.received:
        unit.execute(_RECEIVED, message.hook.id, message.holder, message.last, outcome.status, now)
        return
    failures = message.hook.failures + 1
    since = message.hook.failing_since or now
    given_up = now - since >= timedelta(hours=chosen.give_up_hours) // timedelta(microseconds=1)
    state = HookState.SUSPENDED if given_up or outcome.status == GONE else HookState.ACTIVE
    fate = (state.value, outcome.problem, failures, since, now + delay(failures) * SECOND, outcome.status)
    touched = unit.execute(_FAILED, message.hook.id, message.holder, *fate)
    if touched and state is HookState.SUSPENDED:
        data: Coded = {"reason": outcome.problem, "failures": failures}
        record(unit, Entry(actions.SUSPENDED, BY_SYSTEM, target=f"Webhook/{message.hook.id}", data=data))
        stopped = {"webhook": message.hook.id, "reason": outcome.problem}
        emit(unit, Event(actions.STOPPED, f"webhook:{message.hook.id}", stopped))


def let_go(unit: Unit, holder: str) -> None:
    """Give back what this holder was sending: it is sent again, under the same name."""
    unit.execute(_LET_GO, holder)


def delay(failures: int) -> int:
    """Seconds before the next try: 5, 20, 80… four hours at most."""
    seconds: int = _FIRST_DELAY * _GROWTH ** min(failures - 1, 10)
    return min(_LONGEST_DELAY, seconds)


def _events(unit: Unit, found: Hook, end: int, chosen: WebhookSettings) -> list[Row]:
    """(sequence, document) of what comes next: as much as a message holds, or all of the one that is under way."""
    heard, named = "", []
    if found.kinds:
        heard = " AND " + unit.dialect.among_texts("kind", 4)
        named = [unit.dialect.listed(sorted(found.kinds))]
    limit = _WINDOW if found.batch_last else chosen.batch_events
    rows = unit.fetch(_EVENTS.format(heard=heard), found.cursor, end, limit, *named)
    return rows if found.batch_last else _that_fit(rows, chosen.batch_bytes)


def _that_fit(rows: list[Row], most: int) -> list[Row]:
    size = 0
    for number, (_, document) in enumerate(rows):
        size += len(document) + 1
        if size > most and number:
            return rows[:number]
    return rows
