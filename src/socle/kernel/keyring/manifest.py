"""The keyring's manifest: a room of the ground floor, without page or address; the command line runs it."""

from socle.kernel.db import Database
from socle.kernel.keyring.settings import KeyringSettings
from socle.kernel.keys import masters
from socle.kernel.manifest import (
    Counter,
    Job,
    LegalBasis,
    Manifest,
    PersonalData,
    Processing,
    Standard,
    Text,
    Wing,
)
from socle.kernel.schedules.when import Daily

_PACKAGE = "socle.kernel.keyring"


def envelopes(db: Database) -> int:
    """How many persons have details under a key of their own."""
    with db.reading() as session:
        row = session.fetch_one("SELECT count(*) FROM keyring_envelope")
    return row[0] if row else 0


def health(db: Database) -> str | None:
    """One word when signing keys are under a master key that this process does not hold; None when all is well."""
    held = {master.id for master in masters()}
    with db.reading() as session:
        rows = session.fetch("SELECT DISTINCT master FROM keyring_signing WHERE sealed IS NOT NULL")
    return "master-key-missing" if {master for (master,) in rows} - held else None


MANIFEST = Manifest(
    name="keyring",
    wing=Wing.GROUND,
    title=Text("Trousseau", "Keyring"),
    subtitle=Text(
        "une clé par personne, effacer en la détruisant", "a key a person, erased by destroying it"
    ),
    system="",
    standards=(
        Standard("HKDF", "RFC 5869", "https://www.rfc-editor.org/rfc/rfc5869"),
        Standard("AES-256-GCM", "NIST SP 800-38D", "https://csrc.nist.gov/pubs/sp/800/38/d/final"),
        Standard("Ed25519", "RFC 8032", "https://www.rfc-editor.org/rfc/rfc8032"),
    ),
    processing=Processing(
        LegalBasis.LEGAL_OBLIGATION,
        Text(
            "sceller les détails et pouvoir les effacer (RGPD art. 17 et 32)",
            "to seal details and to be able to erase them (GDPR art. 17 and 32)",
        ),
        Text(
            "personne : les clés ne quittent pas l’installation",
            "nobody: keys do not leave the installation",
        ),
    ),
    personal_data=(
        PersonalData(
            "keyring_envelope.subject, keyring_erasure.subject_hash, keyring_erasure.wrapped",
            Text("l’identifiant interne d’une personne", "the internal identifier of a person"),
            Text(
                "dire quelle clé ouvre ses détails, ou qu’elle a été effacée",
                "to say which key opens their details, or that they were erased",
            ),
            Text(
                "jusqu’à l’effacement ; ensuite sous la clé maîtresse, tant qu’une sauvegarde antérieure peut exister",
                "until erasure; then under the master key, as long as an earlier backup may exist",
            ),
            kept_because=Text(
                "seule la marque de l’effacement reste, pour le refaire si une sauvegarde est rendue "
                "(RGPD, art. 5, § 2, et art. 17)",
                "only the mark of the erasure stays, to make it again when a backup is restored "
                "(GDPR art. 5(2) and 17)",
            ),
        ),
    ),
    impersonal=(
        "keyring_envelope.wrapped",
        "keyring_envelope.master",
        "keyring_signing.kid",
        "keyring_signing.purpose",
        "keyring_signing.algorithm",
        "keyring_signing.state",
        "keyring_signing.public",
        "keyring_signing.sealed",
        "keyring_signing.master",
        "keyring_erasure.master",
        "keyring_succession.kid",
        "keyring_succession.public",
        "keyring_succession.predecessor",
        "keyring_succession.signature",
    ),
    settings=KeyringSettings,
    jobs=(
        Job(
            "remove-outlived",
            Text(
                "ne plus servir les clés dont plus rien de signé ne circule",
                "stop serving the keys of which nothing signed circulates any more",
            ),
            Daily(1),
            f"{_PACKAGE}.signing:remove_outlived_keys",
        ),
    ),
    counters=(Counter(Text("personnes sous clé", "persons under a key"), f"{_PACKAGE}.manifest:envelopes"),),
    health=f"{_PACKAGE}.manifest:health",
    django_app=_PACKAGE,
    order=930,
)
