"""A message that says nothing, for a subscriber who wants to see one arrive."""

import asyncio
import os

import orjson

from socle.kernel.access import require
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Outcome as Told
from socle.kernel.audit.entry import Coded, Entry, stamp
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.outbox.events import event_kind
from socle.kernel.outbox.states import SECOND
from socle.kernel.webhooks.actions import TRIED
from socle.kernel.webhooks.client import post
from socle.kernel.webhooks.hooks import hook, signing_keys
from socle.kernel.webhooks.outcome import Outcome
from socle.kernel.webhooks.roles import OPERATE
from socle.kernel.webhooks.settings import WebhookSettings, webhook_settings
from socle.kernel.work import record
from socle.standards.standard_webhooks import headers

TRIAL = event_kind("webhook.trial.1", "Message d’essai", "Test message")
_CUT_SHORT = "cut-short"


def send_trial(db: Database, by: Acting, id: str, chosen: WebhookSettings | None = None) -> Outcome:
    """Send one signed message of the usual form, whose only event is of the kind TRIAL, and wait for what is answered;
    neither the log nor the cursor knows of it, the trail does. Not to be called from an event loop.

    Raises Refused, SocleError(UNKNOWN).
    """
    require(by, OPERATE)
    now = micros()
    with db.reading() as session:
        found, keys = hook(session, id), signing_keys(session, id, now)
    name = os.urandom(16).hex()
    body = _body(name, id, now)
    signed = headers(keys, f"msg_{name}", now // SECOND, body)
    outcome = Outcome(0, _CUT_SHORT)
    try:
        outcome = asyncio.run(post(found.url, signed, body, chosen or webhook_settings()))
    finally:
        # Whatever happened, something may have left.
        with db.unit() as unit:
            record(unit, _entry(by, id, outcome))
    return outcome


def _body(name: str, id: str, now: int) -> bytes:
    event = {
        "id": name,
        "kind": TRIAL.code,
        "subject": f"webhook:{id}",
        "at": stamp(now),
        "unit": bytes(16).hex(),
        "data": {},
    }
    return orjson.dumps([event], option=orjson.OPT_SORT_KEYS)


def _entry(by: Acting, id: str, outcome: Outcome) -> Entry:
    data: Coded = {"status": outcome.status}
    if outcome.problem:
        data = {**data, "problem": outcome.problem}
    told = Told.SUCCESS if outcome.received else Told.FAILED
    return Entry(TRIED, by, told, target=f"Webhook/{id}", data=data)
