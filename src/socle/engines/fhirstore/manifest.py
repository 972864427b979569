"""The FHIR store's manifest: a room on the ground floor, on which the services that hold FHIR resources stand."""

import json

from socle.engines.fhirstore.settings import FhirstoreSettings
from socle.kernel.db import Database
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

_COUNTS = (
    "SELECT t.counts FROM fhirstore_store s "
    "JOIN fhirstore_transaction t ON t.store = s.id AND t.number = s.published"
)


def resources(db: Database) -> int:
    """How many resources the stores hold in their published states, all types together."""
    with db.reading() as session:
        return sum(sum(json.loads(counts).values()) for (counts,) in session.fetch(_COUNTS))


MANIFEST = Manifest(
    name="fhirstore",
    wing=Wing.GROUND,
    title=Text("Entrepôt FHIR R4", "FHIR R4 store"),
    subtitle=Text("ressources, versions, recherche", "resources, versions, search"),
    system="",
    standards=(
        Standard("HL7 FHIR", "R4 (4.0.1)", "https://hl7.org/fhir/R4/"),
        Standard("RESTful API", "R4 §3.1.0", "https://hl7.org/fhir/R4/http.html"),
        Standard("Search", "R4 §3.1.1", "https://hl7.org/fhir/R4/search.html"),
    ),
    processing=Processing(
        LegalBasis.PUBLIC_TASK,
        Text(
            "celle du service qui range ces ressources",
            "that of the service that keeps these resources",
        ),
        Text(
            "ceux du service qui range ces ressources",
            "those of the service that keeps these resources",
        ),
    ),
    personal_data=(
        PersonalData(
            "fhirstore_version.body, fhirstore_identity.fid, fhirstore_string.value",
            Text(
                "les ressources que les services y rangent, leurs identifiants, leurs mots",
                "the resources that services keep there, their identifiers, their words",
            ),
            Text("servir et chercher ces ressources", "to serve and to search these resources"),
            Text("celle du service qui les y range", "that of the service that keeps them there"),
            kept_because=Text(
                "aujourd’hui l’annuaire seul y range les siennes, que la loi fait publier",
                "today the directory alone keeps its own there, which the law has published",
            ),
        ),
    ),
    impersonal=(
        "fhirstore_store.name",
        "fhirstore_transaction.state",
        "fhirstore_transaction.source",
        "fhirstore_transaction.counts",
        "fhirstore_transaction.unit",
        "fhirstore_version.digest",
    ),
    effects="socle.engines.fhirstore.effects:EFFECTS",
    jobs=(
        Job(
            "purge-closed",
            Text(
                "retirer les versions que plus personne ne voit",
                "remove the versions that nobody sees any more",
            ),
            Daily(2, 30),
            "socle.engines.fhirstore.purge:purge_closed",
        ),
    ),
    counters=(Counter(Text("ressources", "resources"), "socle.engines.fhirstore.manifest:resources"),),
    settings=FhirstoreSettings,
    django_app="socle.engines.fhirstore",
    order=910,
)
