"""A message that says nothing, for a subscriber who wants to see one arrive."""

import os

import orjson

from socle.kernel.audit.entry import stamp
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.outbox.events import event_kind
from socle.kernel.outbox.states import SECOND
from socle.kernel.webhooks.client import post
from socle.kernel.webhooks.hooks import hook, signing_keys
from socle.kernel.webhooks.outcome import Outcome
from socle.kernel.webhooks.settings import WebhookSettings, webhook_settings
from socle.standards.standard_webhooks import headers

TRIAL = event_kind("webhook.trial.1", "Message d’essai", "Test message")


async def send_trial(db: Database, id: str, chosen: WebhookSettings | None = None) -> Outcome:
    """Send one signed message of the usual form, whose only event is of the kind TRIAL; neither the log nor
    the cursor knows of it. Raises SocleError(UNKNOWN)."""
    now = micros()
    with db.reading() as session:
        found, keys = hook(session, id), signing_keys(session, id, now)
    name = os.urandom(16).hex()
    event = {
        "id": name,
        "kind": TRIAL.code,
        "subject": f"webhook:{id}",
        "at": stamp(now),
        "unit": bytes(16).hex(),
        "data": {},
    }
    body = orjson.dumps([event], option=orjson.OPT_SORT_KEYS)
    signed = headers(keys, f"msg_{name}", now // SECOND, body)
    return await post(found.url, signed, body, chosen or webhook_settings())
