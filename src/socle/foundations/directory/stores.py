"""The directory's two stores: public data, which anyone may read, and restricted data, which no door serves yet."""

from socle.engines.fhirstore.stores import StoreDefinition, TypeProfile
from socle.foundations.directory.search_parameters import ALIASES, PARAMETERS, PROFILES
from socle.foundations.directory.settings import directory_settings
from socle.kernel.access import PUBLIC as OPEN_TO_ALL
from socle.kernel.access import declare
from socle.kernel.settings import settings
from socle.standards.annuaire.systems import canonical_system

PUBLIC_PREFIX = "/fhir/v2"
READ_RESTRICTED = declare(
    "directory.restricted.read",
    "Lire les données restreintes de l’annuaire, sur habilitation",
    "Read the directory's restricted data, once authorised",
)
PUBLIC = StoreDefinition(
    name="directory-public",
    title="Annuaire Santé (données publiques), API FHIR v2",
    permission=OPEN_TO_ALL,
    types=PROFILES,
    declared=PARAMETERS,
    canonical=canonical_system,
    aliases=ALIASES,
    implementation_guide="https://interop.esante.gouv.fr/ig/fhir/annuaire/ImplementationGuide/ans.fhir.fr.annuaire",
    beside=("directory_statement", "directory_density", "directory_place"),
    delta_days=lambda: directory_settings().delta_days,
    base=lambda: settings().public_url + PUBLIC_PREFIX,
)
RESTRICTED = StoreDefinition(
    name="directory-restricted",
    title="Annuaire Santé (données restreintes)",
    permission=READ_RESTRICTED,
    types=(*PROFILES, TypeProfile("Person")),
    declared=PARAMETERS,
    canonical=canonical_system,
    aliases=ALIASES,
)
