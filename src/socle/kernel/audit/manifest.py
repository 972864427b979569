"""The audit trail's manifest: a room of the ground floor, run by the command line."""

from socle.kernel.access import PUBLIC, READ_TRAIL, Permission
from socle.kernel.audit.settings import AuditSettings
from socle.kernel.db import Database
from socle.kernel.manifest import (
    Counter,
    Endpoint,
    Fidelity,
    Job,
    LegalBasis,
    Manifest,
    Mount,
    Page,
    PersonalData,
    Processing,
    Standard,
    Text,
    Wing,
)
from socle.kernel.schedules.when import Daily

_PACKAGE = "socle.kernel.audit"
_PAGES = f"{_PACKAGE}.doors.pages"
_KEPT = Text(
    "tant que l’entrée est gardée (« socle audit purge ») ; les détails scellés jusqu’à l’effacement de la personne",
    "as long as the entry is kept (“socle audit purge”); sealed details until the person is erased",
)


def entries(db: Database) -> int:
    """How many entries the last signed head covers."""
    with db.reading() as session:
        row = session.fetch_one("SELECT max(size) FROM audit_head")
    return (row and row[0]) or 0


def _page(route: str, name: str, view: str, fr: str, en: str, *methods: str) -> Page:
    return Page(route, name, f"{_PAGES}:{view}", Text(fr, en), READ_TRAIL, methods=("GET", *methods))


def _fhir(path: str, fr: str, en: str, permission: Permission = READ_TRAIL, curl: str = "") -> Endpoint:
    # The standard is IHE's; no national system offers its trail at such an address.
    source = "Socle, as IHE ITI TF-2 3.81 [ITI-81] and FHIR R4"
    return Endpoint(f"/fhir/audit{path}", ("GET",), Text(fr, en), Fidelity.OWN, source, permission, curl)


def _export(name: str, fr: str, en: str) -> Endpoint:
    return Endpoint(f"/trace/export/{name}", ("GET",), Text(fr, en), Fidelity.OWN, "Socle", READ_TRAIL)


MANIFEST = Manifest(
    name="audit",
    wing=Wing.GROUND,
    title=Text("Trace scellée", "Sealed trail"),
    subtitle=Text("chaque acte écrit, vérifiable hors ligne", "every act written, verifiable offline"),
    system="",
    standards=(
        Standard("Merkle tree", "RFC 9162 §2.1", "https://www.rfc-editor.org/rfc/rfc9162"),
        Standard("Checkpoint", "C2SP tlog-checkpoint", "https://c2sp.org/tlog-checkpoint"),
        Standard("Signed note", "C2SP signed-note", "https://c2sp.org/signed-note"),
        Standard("Tiles", "C2SP tlog-tiles", "https://c2sp.org/tlog-tiles"),
        Standard("AuditEvent", "FHIR R4", "https://hl7.org/fhir/R4/auditevent.html"),
        Standard("ATNA", "IHE ITI TF-1 §9", "https://profiles.ihe.net/ITI/TF/Volume1/ch-9.html"),
        Standard("RESTful ATNA", "IHE ITI TF-2 3.81", "https://profiles.ihe.net/ITI/TF/Volume2/ITI-81.html"),
    ),
    mounts=(
        Mount("/fhir/audit", f"{_PACKAGE}.doors.restful_atna:door"),
        # A file that the pages lead to, sent as it is read: no thread of theirs waits for a slow reader.
        Mount("/trace/export", f"{_PACKAGE}.doors.exporting:export", everywhere=True),
    ),
    endpoints=(
        _fhir("/AuditEvent", "Chercher des entrées de la trace", "Search for entries of the trail"),
        _fhir("/AuditEvent/{id}", "Lire une entrée de la trace", "Read an entry of the trail"),
        _fhir(
            "/metadata",
            "Ce que cette adresse sait faire",
            "What this address can do",
            PUBLIC,
            "{base}/fhir/audit/metadata",
        ),
        _export("entrees.csv", "Télécharger des entrées, en CSV", "Download entries, as CSV"),
        _export(
            "entrees.jsonl", "Télécharger des entrées, en lignes JSON", "Download entries, as JSON lines"
        ),
    ),
    pages=(
        Page("trace", "trail", f"{_PAGES}:trail", Text("Trace", "Trail"), READ_TRAIL, menu=True),
        _page(
            "trace/entrees/<int:position>",
            "trail-entry",
            "entry",
            "Une entrée de la trace",
            "An entry of the trail",
            "POST",
        ),
        _page(
            "trace/entrees/<int:position>/preuve.json",
            "trail-proof",
            "proof",
            "Preuve d’une entrée",
            "Proof of an entry",
        ),
        _page("trace/journal", "trail-journal", "journal", "État du journal", "State of the journal"),
        _page(
            "trace/journal/tete.txt", "trail-head", "head_file", "Dernière tête signée", "Last signed head"
        ),
    ),
    settings=AuditSettings,
    processing=Processing(
        LegalBasis.LEGAL_OBLIGATION,
        Text(
            "la sécurité du traitement et sa preuve (RGPD, art. 5, § 2, et art. 32, PGSSI-S)",
            "security of the processing and its proof (GDPR art. 5(2) and 32, PGSSI-S)",
        ),
        Text(
            "les auditeurs de la trace ; la personne elle-même",
            "the auditors of the trail; the person themselves",
        ),
    ),
    personal_data=(
        PersonalData(
            "audit_entry.actor, audit_entry.subject, audit_entry.facts, audit_inbox.facts",
            Text(
                "identifiants internes de qui agit et de qui il s’agit, faits codés",
                "internal identifiers of who acts and of whom it is about, coded facts",
            ),
            Text(
                "prouver qui a fait quoi, quand et pourquoi (PGSSI-S, imputabilité)",
                "to prove who did what, when and why (PGSSI-S, accountability)",
            ),
            _KEPT,
            kept_because=Text(
                "prouver qui a fait quoi ; sans les détails, ces codes ne nomment plus personne "
                "(RGPD, art. 17, § 3, b et e)",
                "to prove who did what; without the details these codes name nobody any more "
                "(GDPR art. 17(3)(b) and (e))",
            ),
        ),
        PersonalData(
            "audit_entry.subject_sealed, audit_entry.actor_sealed, audit_inbox.subject_sealed, "
            "audit_inbox.actor_sealed",
            Text(
                "détails qui nomment une personne : adresse de la machine, mots cherchés, motif en clair",
                "details that name a person: address of the machine, words searched for, a reason in plain text",
            ),
            Text("comprendre un accès contesté", "to understand a disputed access"),
            _KEPT,
            by_kernel=True,
        ),
    ),
    impersonal=(
        "audit_unit.id",
        "audit_unit.events_hash",
        "audit_unit.combined",
        "audit_inbox.unit",
        "audit_entry.unit",
        "audit_entry.action",
        "audit_tile.hashes",
        "audit_head.root",
        "audit_head.signer",
        "audit_head.checkpoint",
        "audit_key.public",
    ),
    jobs=(
        Job(
            "verify",
            Text("vérifier la trace entière", "verify the whole trail"),
            Daily(5),
            f"{_PACKAGE}.verification.daily:verify_daily",
        ),
        Job(
            "purge",
            Text(
                "retirer de la trace ce qui a passé SOCLE_AUDIT_KEEP_MONTHS",
                "remove from the trail what is older than SOCLE_AUDIT_KEEP_MONTHS",
            ),
            Daily(4),
            f"{_PACKAGE}.retention:purge_old",
            # No serving process may remove anything from the trail.
            owner=True,
        ),
    ),
    counters=(Counter(Text("entrées prouvées", "proven entries"), f"{_PACKAGE}.manifest:entries"),),
    health=f"{_PACKAGE}.health:late",
    django_app=_PACKAGE,
    order=920,
)
