"""The outbox's manifest: what it keeps, and what an operator watches."""

from socle.kernel.db import Database
from socle.kernel.manifest import Counter, LegalBasis, Manifest, Page, PersonalData, Processing, Text, Wing
from socle.kernel.outbox.actions import PARKED
from socle.kernel.outbox.roles import OPERATE
from socle.kernel.outbox.settings import OutboxSettings

_DOOR = "socle.kernel.outbox.doors.pages"
_LAST = "SELECT last FROM outbox_counter"
_PARKED = "SELECT COUNT(*) FROM outbox_delivery WHERE state = 'parked'"
_RETENTION = Text(
    "SOCLE_OUTBOX_KEEP_DAYS jours après la livraison",
    "SOCLE_OUTBOX_KEEP_DAYS days after delivery",
)
_SHORTLY = Text(
    "des identifiants internes, sans nom, le temps que chaque service ait reçu l’évènement, l’effacement compris "
    "(RGPD, art. 11, § 1)",
    "internal identifiers, without a name, until each service has received the event, the erasure included "
    "(GDPR art. 11(1))",
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
    return PersonalData(where, Text(fr, en), purpose, _RETENTION, kept_because=_SHORTLY)


MANIFEST = Manifest(
    name="outbox",
    wing=Wing.GROUND,
    title=Text("Évènements", "Events"),
    subtitle=Text("annoncés, livrés dans l’ordre, à chacun", "announced, delivered in order, to each"),
    system="",
    pages=(
        Page(
            "exploitation/livraisons",
            "deliveries",
            f"{_DOOR}:desk",
            Text("Livraisons", "Deliveries"),
            OPERATE,
        ),
        Page(
            "exploitation/livraisons.csv",
            "deliveries-export",
            f"{_DOOR}:export",
            Text("Livraisons, en fichier", "Deliveries, as a file"),
            OPERATE,
        ),
        Page(
            "exploitation/livraisons/<path:delivery>",
            "delivery",
            f"{_DOOR}:card",
            Text("Une livraison", "A delivery"),
            OPERATE,
            methods=("GET", "POST"),
        ),
    ),
    events=(PARKED.code,),
    settings=OutboxSettings,
    processing=Processing(
        LegalBasis.PUBLIC_TASK,
        Text(
            "faire circuler entre les services ce qui a changé",
            "to let services know of what changed",
        ),
        Text(
            "les services de la maison ; les abonnés que l’exploitant a inscrits",
            "the services of the house; the subscribers whom the operator registered",
        ),
    ),
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
        Counter(Text("livraisons bloquées", "parked deliveries"), "socle.kernel.outbox.manifest:parked"),
    ),
    django_app="socle.kernel.outbox",
    order=930,
)
