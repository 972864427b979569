"""The outbox's manifest: what it keeps, and what an operator watches."""

from socle.kernel.db import Database
from socle.kernel.manifest import Counter, Manifest, PersonalData, Text, Wing
from socle.kernel.outbox.settings import OutboxSettings

_LAST = "SELECT last FROM outbox_counter"
_PARKED = "SELECT COUNT(*) FROM outbox_delivery WHERE state = 'parked'"
_RETENTION = Text(
    "30 jours après la livraison (SOCLE_OUTBOX_KEEP_DAYS)",
    "30 days after delivery (SOCLE_OUTBOX_KEEP_DAYS)",
)


def announced(db: Database) -> int:
    """How many events have entered the log since the installation."""
    return _number(db, _LAST)


def parked(db: Database) -> int:
    """How many deliveries wait for an operator."""
    return _number(db, _PARKED)


def _number(db: Database, sql: str) -> int:
    with db.reading() as session:
        return int(session.fetch(sql)[0][0])


def _held(where: str, fr: str, en: str) -> PersonalData:
    purpose = Text(
        "prévenir les services et les abonnés de ce qui a changé",
        "to tell services and subscribers what changed",
    )
    return PersonalData(where, Text(fr, en), purpose, _RETENTION)


MANIFEST = Manifest(
    name="outbox",
    wing=Wing.GROUND,
    title=Text("Évènements", "Events"),
    subtitle=Text("annoncés, livrés dans l’ordre, à chacun", "announced, delivered in order, to each"),
    system="",
    settings=OutboxSettings,
    personal_data=(
        _held(
            "outbox_inbox.lane, outbox_event.lane, outbox_delivery.lane",
            "identifiant interne de ce que l’évènement concerne",
            "internal identifier of what the event is about",
        ),
        _held(
            "outbox_inbox.document, outbox_event.document",
            "données codées de l’évènement, sans nom ni texte libre",
            "coded data of the event, without name or free text",
        ),
    ),
    impersonal=(
        "outbox_inbox.id",
        "outbox_inbox.unit",
        "outbox_inbox.kind",
        "outbox_event.id",
        "outbox_event.unit",
        "outbox_event.kind",
        "outbox_delivery.listener",
        "outbox_delivery.state",
        "outbox_delivery.last_error",
    ),
    counters=(
        Counter(Text("évènements annoncés", "events announced"), "socle.kernel.outbox.manifest:announced"),
        Counter(Text("livraisons garées", "parked deliveries"), "socle.kernel.outbox.manifest:parked"),
    ),
    django_app="socle.kernel.outbox",
    order=930,
)
