"""Privacy's manifest: the requests of persons and their delays; its pages come with accounts."""

from socle.kernel.clock import business_date
from socle.kernel.db import Database
from socle.kernel.manifest import Counter, Manifest, PersonalData, Retention, Standard, Text, Wing
from socle.kernel.privacy.settings import PrivacySettings

_PACKAGE = "socle.kernel.privacy"
_LATE = "SELECT count(*) FROM privacy_request WHERE closed IS NULL AND due < ?1"
_OPEN = "SELECT count(*) FROM privacy_request WHERE closed IS NULL"
_FIVE_YEARS = Text(
    "cinq ans après la réponse ; ce qui a été dit disparaît avec l’effacement de la personne",
    "five years after the answer; what was said goes with the erasure of the person",
)


def waiting(db: Database) -> int:
    """Requests that wait for an answer."""
    return _count(db, _OPEN)


def late(db: Database) -> int:
    """Requests whose delay is over without an answer."""
    return _count(db, _LATE, business_date().isoformat())


def _count(db: Database, sql: str, *parameters: str) -> int:
    with db.reading() as session:
        row = session.fetch_one(sql, *parameters)
    return row[0] if row else 0


MANIFEST = Manifest(
    name="privacy",
    wing=Wing.GROUND,
    title=Text("Vie privée", "Privacy"),
    subtitle=Text("droits des personnes et leurs délais", "rights of persons and their delays"),
    system="",
    standards=(
        Standard("GDPR", "regulation (EU) 2016/679", "https://eur-lex.europa.eu/eli/reg/2016/679/oj"),
        Standard(
            "Periods, dates and time limits",
            "regulation (EEC, Euratom) 1182/71",
            "https://eur-lex.europa.eu/eli/reg/1971/1182/oj",
        ),
    ),
    events=("privacy.erased.1",),
    personal_data=(
        PersonalData(
            "privacy_request.subject, privacy_restriction.subject",
            Text("l’identifiant interne de qui demande", "the internal identifier of who asks"),
            Text("répondre dans les délais, et le montrer", "to answer in time, and to show it"),
            _FIVE_YEARS,
        ),
        PersonalData(
            "privacy_request.details, privacy_request.answer",
            Text("ce qui est demandé et répondu, scellé", "what is asked and answered, sealed"),
            Text("répondre, et pouvoir le redire", "to answer, and to be able to tell it again"),
            _FIVE_YEARS,
        ),
    ),
    impersonal=(
        "privacy_request.id",
        "privacy_request.kind",
        "privacy_request.state",
        "privacy_request.received",
        "privacy_request.due",
        "privacy_request.extended",
        "privacy_request.closed",
        "privacy_restriction.since",
    ),
    export=f"{_PACKAGE}.export:export_person",
    erase=f"{_PACKAGE}.requests:erase_requests",
    retention=(
        Retention(
            "requests",
            Text(
                "demandes closes depuis SOCLE_PRIVACY_REQUESTS_MONTHS mois",
                "requests closed since SOCLE_PRIVACY_REQUESTS_MONTHS months",
            ),
            f"{_PACKAGE}.retention:purge_requests",
        ),
    ),
    settings=PrivacySettings,
    counters=(
        Counter(Text("demandes en attente", "requests waiting"), f"{_PACKAGE}.manifest:waiting"),
        Counter(Text("demandes en retard", "requests late"), f"{_PACKAGE}.manifest:late"),
    ),
    django_app=_PACKAGE,
    order=940,
)
