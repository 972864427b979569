"""Privacy's manifest: the requests of persons and their delays, the pages on which they are deposited, followed and
instructed."""

from socle.kernel.access import PUBLIC, Permission
from socle.kernel.accounts.roles import OWN_ACCOUNT
from socle.kernel.clock import business_date
from socle.kernel.db import Database
from socle.kernel.manifest import (
    Counter,
    Job,
    LegalBasis,
    Manifest,
    Page,
    PersonalData,
    Processing,
    Retention,
    Standard,
    Text,
    Wing,
)
from socle.kernel.privacy.actions import CLOSED_EVENT, DUE_EVENT, INSTRUCT, MOVED_EVENT, RECEIVED_EVENT
from socle.kernel.privacy.restriction import CHANGED_EVENT
from socle.kernel.privacy.settings import PrivacySettings
from socle.kernel.schedules.when import Daily, Every

_PACKAGE = "socle.kernel.privacy"
_LATE = "SELECT count(*) FROM privacy_request WHERE closed IS NULL AND due < ?1"
_OPEN = "SELECT count(*) FROM privacy_request WHERE closed IS NULL"
_KEPT = Text(
    "SOCLE_PRIVACY_REQUESTS_MONTHS mois après la réponse ; ce qui a été dit disparaît avec l’effacement de la "
    "personne",
    "SOCLE_PRIVACY_REQUESTS_MONTHS months after the answer; what was said goes with the erasure of the person",
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


def _page(route: str, name: str, view: str, permission: Permission, fr: str, en: str, *methods: str) -> Page:
    path = f"{_PACKAGE}.doors.{view}"
    # Those who instruct find their desk in the menu.
    return Page(route, name, path, Text(fr, en), permission, name == "rights-desk", ("GET", *methods))


PAGES = (
    _page("droits", "rights", "public:rights", PUBLIC, "Vos données, vos droits", "Your data, your rights"),
    _page(
        "droits/demande", "rights-ask", "public:ask", PUBLIC, "Exercer un droit", "Exercise a right", "POST"
    ),
    _page(
        "droits/suivi",
        "rights-follow",
        "public:follow",
        PUBLIC,
        "Suivre ma demande",
        "Follow my request",
        "POST",
    ),
    _page(
        "droits/instruction",
        "rights-desk",
        "desk:desk",
        INSTRUCT,
        "Demandes à instruire",
        "Requests to process",
    ),
    _page(
        "droits/instruction/<slug:id>",
        "rights-dossier",
        "dossier:dossier",
        INSTRUCT,
        "Dossier d’une demande",
        "Dossier of a request",
        "POST",
    ),
    _page("compte/mes-donnees", "own-data", "own:own_data", OWN_ACCOUNT, "Mes données", "My data", "POST"),
    _page(
        "compte/mes-donnees/<slug:id>",
        "own-request",
        "own:own_request",
        OWN_ACCOUNT,
        "Une de mes demandes",
        "One of my requests",
        "POST",
    ),
)
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
    pages=PAGES,
    events=(
        "privacy.erased.1",
        RECEIVED_EVENT.code,
        DUE_EVENT.code,
        MOVED_EVENT.code,
        CLOSED_EVENT.code,
        CHANGED_EVENT.code,
    ),
    processing=Processing(
        LegalBasis.LEGAL_OBLIGATION,
        Text(
            "répondre aux demandes des personnes dans les délais (RGPD art. 12 et 15 à 22)",
            "to answer what persons ask in time (GDPR art. 12 and 15 to 22)",
        ),
        Text(
            "le délégué à la protection des données ; l’autorité de contrôle, si elle le demande",
            "the data protection officer; the supervisory authority, if it asks",
        ),
    ),
    personal_data=(
        PersonalData(
            "privacy_request.subject, privacy_request.person, privacy_restriction.subject",
            Text("l’identifiant interne de qui demande", "the internal identifier of who asks"),
            Text("répondre dans les délais, et le montrer", "to answer in time, and to show it"),
            _KEPT,
            kept_because=Text(
                "montrer que les délais ont été tenus (RGPD, art. 5, § 2, et art. 17, § 3, b et e)",
                "to show that delays were kept (GDPR art. 5(2), 17(3)(b) and (e))",
            ),
        ),
        PersonalData(
            "privacy_request.details, privacy_request.answer",
            Text("ce qui est demandé et répondu, scellé", "what is asked and answered, sealed"),
            Text("répondre, et pouvoir le redire", "to answer, and to be able to tell it again"),
            _KEPT,
        ),
        PersonalData(
            "privacy_message.sealed",
            Text("les échanges au sujet d’une demande, scellés", "what is told about a request, sealed"),
            Text("préciser la demande et y répondre", "to clarify the request and to answer it"),
            _KEPT,
        ),
        PersonalData(
            "privacy_file.subject, privacy_file.sealed",
            Text(
                "la copie des données préparée pour la personne, scellée",
                "the copy made for the person, sealed",
            ),
            Text("la lui remettre, une fois", "to hand it over, once"),
            Text(
                "jusqu’à sa remise, SOCLE_PRIVACY_FILE_DAYS jours au plus",
                "until it is taken, SOCLE_PRIVACY_FILE_DAYS days at most",
            ),
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
        "privacy_request.follow",
        "privacy_request.identified",
        "privacy_request.asked",
        "privacy_request.erased",
        "privacy_request.warned",
        "privacy_message.request",
        "privacy_message.day",
        "privacy_message.author",
        "privacy_message.kind",
        "privacy_file.request",
        "privacy_restriction.since",
    ),
    export=f"{_PACKAGE}.export:export_person",
    find=f"{_PACKAGE}.export:find",
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
        Retention(
            "files",
            Text("fichiers que personne n’a pris à temps", "files that nobody took in time"),
            f"{_PACKAGE}.acts.files:forget_files",
        ),
    ),
    jobs=(
        Job(
            "erase",
            Text("effacer ceux dont l’effacement est décidé", "erase those whose erasure was decided"),
            Every(10),
            f"{_PACKAGE}.acts.erasing:erase_due",
        ),
        Job(
            "scrub",
            Text("vider la place des clés effacées", "clear the room of erased keys"),
            Daily(4),
            f"{_PACKAGE}.erasure:scrub_daily",
            owner=True,
        ),
        Job(
            "warn",
            Text("prévenir des délais qui approchent", "warn of delays that approach"),
            Daily(7),
            f"{_PACKAGE}.acts.instruct:warn",
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
