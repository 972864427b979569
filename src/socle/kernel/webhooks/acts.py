"""Every write that a person decides: create, rotate, suspend, resume, replay, delete. Each is journaled, and raises
Refused for who may not keep webhooks, whatever the door checked."""

import os
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import orjson

from socle.kernel.access import require
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Action
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.clock import micros
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.outbox.events import Event
from socle.kernel.settings import settings
from socle.kernel.webhooks import actions
from socle.kernel.webhooks.addresses import UrlRefused, checked_url
from socle.kernel.webhooks.faults import CURSOR_OUT_OF_LOG, KIND_UNKNOWN, NOT_IN_STATE, URL_REFUSED
from socle.kernel.webhooks.hooks import HookState, hook, seal_key
from socle.kernel.webhooks.roles import OPERATE
from socle.kernel.webhooks.settings import WebhookSettings, webhook_settings
from socle.kernel.work import emit, record
from socle.standards.standard_webhooks import secret_of

_KEY_BYTES = 32
_CREATE = (
    "INSERT INTO webhook (id, url, kinds, secret_sealed, previous_sealed, previous_until, state, reason, cursor, "
    "batch_message, batch_last, failures, failing_since, next_at, holder, held_until, last_status, last_at, created) "
    "VALUES (?1, ?2, ?3, ?4, NULL, 0, 'active', '', (SELECT last FROM outbox_counter), '', 0, 0, 0, 0, '', 0, 0, 0, ?5)"
)
_ROTATE = "UPDATE webhook SET previous_sealed = secret_sealed, previous_until = ?2, secret_sealed = ?3 WHERE id = ?1"
# A message that is under way no longer counts: it is sent again, under the same name, when the webhook goes on.
_STATE = (
    "UPDATE webhook SET state = ?2, reason = ?3, failures = 0, failing_since = 0, next_at = 0, holder = '', "
    "held_until = 0 WHERE id = ?1"
)
# What is under way is not acknowledged any more: whoever is sending it no longer holds the webhook.
_REPLAY = (
    "UPDATE webhook SET cursor = ?2, batch_message = '', batch_last = 0, next_at = 0, holder = '', held_until = 0 "
    "WHERE id = ?1"
)
_LOG = "SELECT COALESCE(MIN(sequence), (SELECT last + 1 FROM outbox_counter)) FROM outbox_event"
_LAST = "SELECT last FROM outbox_counter"


def create(
    unit: Unit,
    by: Acting,
    url: str,
    kinds: Collection[str],
    announced: Collection[str],
    chosen: WebhookSettings | None = None,
) -> tuple[str, str]:
    """(identifier, secret) of a webhook that hears what is announced from now on; `kinds` are codes of events, none for
    all, and `announced` those that exist here. The secret is shown this once.

    Raises Refused, SocleError: URL_REFUSED, KIND_UNKNOWN.
    """
    require(by, OPERATE)
    chosen = chosen or webhook_settings()
    try:
        parts = checked_url(url, private=chosen.allow_private, plain=not settings().production)
    except UrlRefused as why:
        raise SocleError(URL_REFUSED, url=url, reason_fr=why.fr, reason_en=why.en) from None
    for code in kinds:
        if code not in announced:
            raise SocleError(KIND_UNKNOWN, code=code, known=", ".join(sorted(announced)) or "-")
    id, key = os.urandom(8).hex(), os.urandom(_KEY_BYTES)
    listed = orjson.dumps(sorted(set(kinds))).decode()
    unit.execute(_CREATE, id, url, listed, seal_key(unit, id, key), micros())
    # The path may hold what only the subscriber should know.
    data: Coded = {"host": parts.hostname or "", "kinds": len(set(kinds))}
    _record(unit, actions.CREATED, by, id, data, {"url": url})
    return id, secret_of(key)


def rotate(unit: Unit, by: Acting, id: str, chosen: WebhookSettings | None = None) -> str:
    """A new secret, shown this once. Messages carry a signature of the old one too, for the time of the settings.
    Raises Refused, SocleError(UNKNOWN)."""
    require(by, OPERATE)
    chosen, key = chosen or webhook_settings(), os.urandom(_KEY_BYTES)
    hook(unit, id)
    until = micros() + timedelta(hours=chosen.rotation_hours) // timedelta(microseconds=1)
    unit.execute(_ROTATE, id, until, seal_key(unit, id, key))
    _record(unit, actions.ROTATED, by, id)
    return secret_of(key)


def suspend(unit: Unit, by: Acting, id: str) -> None:
    """Send nothing until it is resumed; its cursor stays. Raises Refused, SocleError: UNKNOWN, NOT_IN_STATE."""
    require(by, OPERATE)
    _change(unit, id, HookState.SUSPENDED, "operator")
    _record(unit, actions.SUSPENDED, by, id, {"reason": "operator"})


def resume(unit: Unit, by: Acting, id: str) -> None:
    """Go on from its cursor, at once. Raises Refused, SocleError: UNKNOWN, NOT_IN_STATE."""
    require(by, OPERATE)
    _change(unit, id, HookState.ACTIVE, "")
    _record(unit, actions.RESUMED, by, id)


def replay(unit: Unit, by: Acting, id: str, after: int) -> None:
    """Send again everything after this event of the log. Raises Refused, SocleError: UNKNOWN,
    CURSOR_OUT_OF_LOG."""
    require(by, OPERATE)
    before = hook(unit, id).cursor
    first, last = unit.fetch(_LOG)[0][0], unit.fetch(_LAST)[0][0]
    if not first - 1 <= after <= last:
        raise SocleError(CURSOR_OUT_OF_LOG, first=first, last=last, cursor=after)
    unit.execute(_REPLAY, id, after)
    _record(unit, actions.REPLAYED, by, id, {"before": before, "after": after})


def delete(unit: Unit, by: Acting, id: str) -> None:
    """Forget the subscriber and its secrets; the key that sealed them is destroyed by who hears of it.
    Raises Refused, SocleError(UNKNOWN)."""
    require(by, OPERATE)
    hook(unit, id)
    unit.execute("DELETE FROM webhook WHERE id = ?1", id)
    _record(unit, actions.DELETED, by, id)
    emit(unit, Event(actions.HAS_GONE, f"webhook:{id}", {"webhook": id}))


def _change(unit: Unit, id: str, state: HookState, reason: str) -> None:
    if hook(unit, id).state is state:
        raise SocleError(NOT_IN_STATE, id=id, state=state.value)
    unit.execute(_STATE, id, state.value, reason)


def _record(
    unit: Unit,
    action: Action,
    by: Acting,
    id: str,
    data: Coded | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    record(unit, Entry(action, by, target=f"Webhook/{id}", data=data or {}, actor_details=details))
