"""The webhooks' manifest: the subscribers outside, and what an operator watches of them."""

from socle.kernel.db import Database
from socle.kernel.manifest import Counter, Listener, Manifest, Page, Standard, Text, Wing
from socle.kernel.webhooks.actions import HAS_GONE, STOPPED
from socle.kernel.webhooks.roles import OPERATE
from socle.kernel.webhooks.settings import WebhookSettings

_ACTIVE = "SELECT COUNT(*) FROM webhook WHERE state = 'active'"
_SUSPENDED = "SELECT COUNT(*) FROM webhook WHERE state = 'suspended'"


def _page(route: str, name: str, view: str, fr: str, en: str, *methods: str) -> Page:
    path = f"socle.kernel.webhooks.doors.pages:{view}"
    return Page(f"exploitation/webhooks{route}", name, path, Text(fr, en), OPERATE, methods=("GET", *methods))


def active(db: Database) -> int:
    """How many subscribers are sent to."""
    return _number(db, _ACTIVE)


def suspended(db: Database) -> int:
    """How many subscribers are not sent to, because they failed for too long or an operator said so."""
    return _number(db, _SUSPENDED)


def _number(db: Database, sql: str) -> int:
    with db.reading() as session:
        return int(session.fetch(sql)[0][0])


MANIFEST = Manifest(
    name="webhooks",
    wing=Wing.GROUND,
    title=Text("Webhooks", "Webhooks"),
    subtitle=Text("évènements signés, envoyés aux abonnés", "signed events, sent to subscribers"),
    system="",
    standards=(
        Standard("Standard Webhooks", "1.0.0", "https://www.standardwebhooks.com/"),
        Standard("HMAC", "RFC 2104", "https://www.rfc-editor.org/rfc/rfc2104"),
    ),
    pages=(
        _page("", "webhooks", "listing", "Webhooks", "Webhooks"),
        _page("/creer", "webhook-create", "creating", "Créer un webhook", "Create a webhook", "POST"),
        _page("/<slug:id>", "webhook", "card", "Un webhook", "A webhook", "POST"),
    ),
    events=("webhook.trial.1", STOPPED.code, HAS_GONE.code),
    listeners=(Listener("webhooks.keys", (HAS_GONE.code,), "socle.kernel.webhooks.hooks:forget_key"),),
    settings=WebhookSettings,
    impersonal=(
        "webhook.id",
        "webhook.url",
        "webhook.kinds",
        "webhook.secret_sealed",
        "webhook.previous_sealed",
        "webhook.state",
        "webhook.reason",
        "webhook.batch_message",
        "webhook.holder",
    ),
    counters=(
        Counter(Text("abonnés actifs", "active subscribers"), "socle.kernel.webhooks.manifest:active"),
        Counter(
            Text("abonnés suspendus", "suspended subscribers"), "socle.kernel.webhooks.manifest:suspended"
        ),
    ),
    django_app="socle.kernel.webhooks",
    order=935,
)
