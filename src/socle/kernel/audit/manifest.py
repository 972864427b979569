"""The audit trail's manifest: a room of the ground floor, run by the command line."""

from socle.kernel.audit.settings import AuditSettings
from socle.kernel.db import Database
from socle.kernel.manifest import Counter, Manifest, PersonalData, Standard, Text, Wing

_PACKAGE = "socle.kernel.audit"
_KEPT = Text(
    "tant que l’entrée est gardée (« socle audit purge ») ; les détails scellés jusqu’à l’effacement de la personne",
    "as long as the entry is kept (“socle audit purge”); sealed details until the person is erased",
)


def entries(db: Database) -> int:
    """How many entries the last signed head covers."""
    with db.reading() as session:
        row = session.fetch_one("SELECT max(size) FROM audit_head")
    return (row and row[0]) or 0


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
    ),
    settings=AuditSettings,
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
    counters=(Counter(Text("entrées prouvées", "proven entries"), f"{_PACKAGE}.manifest:entries"),),
    health=f"{_PACKAGE}.health:late",
    django_app=_PACKAGE,
    order=920,
)
