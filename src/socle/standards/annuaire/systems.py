"""Systems, code systems, profiles and extensions of the "Annuaire Santé" FHIR API, version 2.

Sources: ANS implementation guide "Annuaire Santé" 1.2 (identifier slices, profiles, extensions), ANS
documentation of the API v1 and v2 (names that version 1 used), ANS "Nomenclatures des objets de santé" (URL
and OID of every table), HL7 France FR Core 2.2. Canonicals carry no version: readers compare them without it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# -- Identifiers ---------------------------------------------------------------------------------------------

PERSON: Final = "urn:oid:1.2.250.1.71.4.2.1"
STRUCTURE: Final = "urn:oid:1.2.250.1.71.4.2.2"
RPPS: Final = "https://rpps.esante.gouv.fr"
RPPS_PRACTICE: Final = "https://rppsrang.esante.gouv.fr"
FINESS: Final = "https://finess.esante.gouv.fr"
SIRENE: Final = "https://sirene.fr"
ARHGOS: Final = "https://arhgos.ars.sante.fr"

IDENTIFIER_TYPES: Final = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
TYPE_PERSON: Final = "IDNPS"
TYPE_RPPS: Final = "RPPS"
TYPE_STRUCTURE: Final = "IDNST"
TYPE_FINESS_SITE: Final = "FINEG"
TYPE_FINESS_LEGAL: Final = "FINEJ"
TYPE_SIREN: Final = "SIREN"
TYPE_SIRET: Final = "SIRET"
# FR Core's code; the examples of the guide write RPPSRG for the same thing.
TYPE_RPPS_PRACTICE: Final = "INTRN"

SOURCE: Final = "https://annuaire.sante.fr"


# -- Code systems (TRE) --------------------------------------------------------------------------------------


def _tre(number: str, name: str) -> str:
    return f"https://mos.esante.gouv.fr/NOS/TRE_{number}-{name}/FHIR/TRE-{number}-{name}"


STRUCTURE_ID_TYPE: Final = _tre("G07", "TypeIdentifiantStructure")
PERSON_ID_TYPE: Final = _tre("G08", "TypeIdentifiantPersonne")
DEPARTMENT: Final = _tre("G09", "DepartementOM")
PROFESSION: Final = _tre("G15", "ProfessionSante")
SOCIAL_PROFESSION: Final = _tre("R94", "ProfessionSocial")
TITLE_USER: Final = _tre("R95", "UsagerTitre")
OTHER_PROFESSION: Final = _tre("R291", "AutreProfession")
CATEGORY: Final = _tre("R09", "CategorieProfessionnelle")
CIVILITY: Final = _tre("R81", "Civilite")
EXERCISE_CIVILITY: Final = _tre("R11", "CiviliteExercice")
SKILL_TYPE: Final = _tre("R04", "TypeSavoirFaire")
SPECIALTY: Final = _tre("R38", "SpecialiteOrdinale")
COMPETENCE: Final = _tre("R39", "Competence")
EXCLUSIVE_COMPETENCE: Final = _tre("R40", "CompetenceExclusive")
DESC: Final = _tre("R42", "DESCnonQualifiant")
CAPACITY: Final = _tre("R43", "CapaciteSavoirFaire")
PAC: Final = _tre("R44", "QualificationPAC")
QUALIFIED_FUNCTION: Final = _tre("R45", "FonctionQualifiee")
COMPLEMENTARY_RIGHT: Final = _tre("R97", "DroitExerciceCompl")
ORIENTATION: Final = _tre("G13", "OrientationParticuliere")
TRANSVERSAL_SPECIALTY: Final = _tre("R359", "SurspecialiteTransversale")
MODE: Final = _tre("R23", "ModeExercice")
ACTIVITY_KIND: Final = _tre("R22", "GenreActivite")
FUNCTION: Final = _tre("R21", "Fonction")
CARE_ROLE: Final = _tre("R85", "RolePriseCharge")
OTHER_FUNCTION: Final = _tre("R96", "AutreFonctionSanitaire")
PHARMACIST_SECTION: Final = _tre("R06", "SectionTableauCNOP")
PHARMACIST_SUBSECTION: Final = _tre("G05", "SousSectionTableauCNOP")
SECTOR: Final = _tre("R02", "SecteurActivite")
STRUCTURE_CATEGORY: Final = _tre("R66", "CategorieEtablissement")
LEGAL_STATUS: Final = _tre("R72", "FinessStatutJuridique")
AUTHORITY: Final = _tre("R60", "AutoriteEnregistrement")
DIPLOMA_TYPE: Final = _tre("R14", "TypeDiplome")
STATE_DIPLOMA: Final = _tre("R48", "DiplomeEtatFrancais")
AUTHORIZATION_TYPE: Final = _tre("R17", "TypeAutorisation")
AUTHORIZATION_FIELD: Final = _tre("R18", "DisciplineAutorisation")
STREET_TYPE: Final = _tre("R35", "TypeVoie")
COMMUNE: Final = _tre("R13", "Commune")
COUNTRY: Final = _tre("R20", "Pays")
MESSAGING_TYPE: Final = _tre("R256", "TypeMessagerie")
MAILBOX_TYPE: Final = _tre("R257", "TypeBAL")
CARD_TYPE: Final = _tre("R87", "TypeCarte")

ORGANIZATION_TYPE: Final = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-3307"

OIDS: Final = MappingProxyType(
    {
        STRUCTURE_ID_TYPE: "1.2.250.1.71.1.2.14",
        PERSON_ID_TYPE: "1.2.250.1.71.1.2.15",
        DEPARTMENT: "1.2.250.1.71.1.2.16",
        PROFESSION: "1.2.250.1.71.1.2.7",
        SOCIAL_PROFESSION: "1.2.250.1.213.1.6.1.4",
        TITLE_USER: "1.2.250.1.213.1.6.1.109",
        OTHER_PROFESSION: "1.2.250.1.213.1.6.1.140",
        CATEGORY: "1.2.250.1.213.1.6.1.10",
        CIVILITY: "1.2.250.1.213.1.6.1.69",
        EXERCISE_CIVILITY: "1.2.250.1.213.1.6.1.11",
        SKILL_TYPE: "1.2.250.1.213.1.6.1.16",
        SPECIALTY: "1.2.250.1.213.2.28",
        COMPETENCE: "1.2.250.1.213.2.29",
        EXCLUSIVE_COMPETENCE: "1.2.250.1.213.2.30",
        ORIENTATION: "1.2.250.1.213.2.31",
        DESC: "1.2.250.1.213.2.32",
        CAPACITY: "1.2.250.1.213.2.33",
        PAC: "1.2.250.1.213.2.34",
        QUALIFIED_FUNCTION: "1.2.250.1.213.2.35",
        TRANSVERSAL_SPECIALTY: "1.2.250.1.213.2.76",
        COMPLEMENTARY_RIGHT: "1.2.250.1.213.1.6.1.111",
        MODE: "1.2.250.1.213.1.6.1.18",
        ACTIVITY_KIND: "1.2.250.1.213.1.6.1.19",
        FUNCTION: "1.2.250.1.213.1.6.1.17",
        CARE_ROLE: "1.2.250.1.213.1.6.1.107",
        OTHER_FUNCTION: "1.2.250.1.213.1.6.1.110",
        PHARMACIST_SECTION: "1.2.250.1.213.2.37",
        PHARMACIST_SUBSECTION: "1.2.250.1.71.4.2.6",
        SECTOR: "1.2.250.1.71.4.2.4",
        STRUCTURE_CATEGORY: "1.2.250.1.213.1.6.1.8",
        LEGAL_STATUS: "1.2.250.1.213.1.6.1.44",
        AUTHORITY: "1.2.250.1.213.1.6.1.57",
        DIPLOMA_TYPE: "1.2.250.1.213.1.6.1.36",
        STATE_DIPLOMA: "1.2.250.1.213.1.6.1.31",
        AUTHORIZATION_TYPE: "1.2.250.1.213.1.6.1.14",
        AUTHORIZATION_FIELD: "1.2.250.1.213.1.6.1.67",
        STREET_TYPE: "1.2.250.1.213.2.44",
        COMMUNE: "1.2.250.1.213.2.23",
        MESSAGING_TYPE: "1.2.250.1.213.3.3.54",
        MAILBOX_TYPE: "1.2.250.1.213.3.3.55",
    }
)

# -- Profiles ------------------------------------------------------------------------------------------------

_GUIDE: Final = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/"
_FR_CORE: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/"

# For each resource type, what `meta.profile` carries in public data: the directory's profile, then FR Core's
# when there is one.
PUBLIC_PROFILES: Final = MappingProxyType(
    {
        "Practitioner": (_GUIDE + "as-dp-practitioner", _FR_CORE + "fr-core-practitioner"),
        "PractitionerRole": (_GUIDE + "as-dp-practitionerrole", _FR_CORE + "fr-core-practitioner-role"),
        "Organization": (_GUIDE + "as-dp-organization", _FR_CORE + "fr-core-organization"),
        "HealthcareService": (_GUIDE + "as-dp-healthcareservice-healthcare-activity",),
        "Device": (_GUIDE + "as-dp-device",),
    }
)
PUBLIC_SOCIAL_EQUIPMENT_PROFILE: Final = _GUIDE + "as-dp-healthcareservice-social-equipment"

# -- Extensions ----------------------------------------------------------------------------------------------

DATA_TRACE: Final = _GUIDE + "as-ext-data-trace"
SMART_CARD: Final = _GUIDE + "as-ext-smartcard"
PRACTITIONER_AUTHORIZATION: Final = _GUIDE + "as-ext-practitioner-authorization"
REGISTRATION: Final = _GUIDE + "as-ext-registration"
ORGANIZATION_TYPES: Final = _GUIDE + "as-ext-organization-types"
PHARMACY_LICENCE: Final = _GUIDE + "as-ext-organization-pharmacy-licence"
MAILBOX_METADATA: Final = _GUIDE + "as-ext-mailbox-mss-metadata"
AUTHORIZATION: Final = _GUIDE + "as-ext-authorization"
PLACE_NAME: Final = _GUIDE + "as-ext-lieu-dit"
EMAIL_TYPE: Final = _FR_CORE + "fr-core-contact-point-email-type"
INSEE_CODE: Final = _FR_CORE + "fr-core-address-insee-code"
ORGANIZATION_PERIOD: Final = "http://hl7.org/fhir/StructureDefinition/organization-period"

_ADDRESS_PART: Final = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-"
HOUSE_NUMBER: Final = _ADDRESS_PART + "houseNumber"
NUMBER_SUFFIX: Final = _ADDRESS_PART + "buildingNumberSuffix"
STREET_NAME_TYPE: Final = _ADDRESS_PART + "streetNameType"
STREET_NAME_BASE: Final = _ADDRESS_PART + "streetNameBase"
POST_BOX: Final = _ADDRESS_PART + "postBox"
CARE_OF: Final = _ADDRESS_PART + "careOf"
ADDITIONAL_LOCATOR: Final = _ADDRESS_PART + "additionalLocator"

# -- Older names ---------------------------------------------------------------------------------------------

# What version 1 of the API, older guides and OID-based formats (HL7 v2, CDA, XDS) write, and the name in
# force.
ALIASES: Final = MappingProxyType(
    {
        "http://rpps.fr": RPPS,
        "https://rpps.fr": RPPS,
        "http://rpps.esante.gouv.fr": RPPS,
        "http://finess.sante.gouv.fr": FINESS,
        "https://finess.sante.gouv.fr": FINESS,
        "http://finess.esante.gouv.fr": FINESS,
        "http://sirene.fr": SIRENE,
        "http://interopsante.org/CodeSystem/v2-0203": IDENTIFIER_TYPES,
        "http://interopsante.org/fhir/CodeSystem/fr-v2-0203": IDENTIFIER_TYPES,
        "http://www.interopsante.org/pam-fr/valuesets/identifier-type": IDENTIFIER_TYPES,
        "https://simplifier.net/FrenchProfiledFHIRAr/fr-practioner-identifier-type": IDENTIFIER_TYPES,
        "https://simplifier.net/FrenchProfiledFHIRAr/fr-organization-identifier-type": IDENTIFIER_TYPES,
        "http://interopsante.org/fhir/CodeSystem/fr-v2-3307": ORGANIZATION_TYPE,
        "http://interopsante.org/CodeSystem/fr-v2-3307": ORGANIZATION_TYPE,
        "http://www.interopsante.org/fhir/valuesets/fr-organization-type": ORGANIZATION_TYPE,
        "http://www.interopsante.org/fhir/structuredefinition/datatype/fr-address-insee-code": INSEE_CODE,
        "https://annuaire.esante.gouv.fr": SOURCE,
        _tre("R13", "CommuneOM"): COMMUNE,
        **{f"urn:oid:{oid}": url for url, oid in OIDS.items()},
    }
)


def canonical_system(system: str) -> str:
    """The name in force of an identifier system or code system; the name itself when it has no older form.

    A trailing `/` and a `|version` are dropped: the guide and the live service differ on both.
    """
    bare = system.partition("|")[0].rstrip("/")
    return ALIASES.get(bare, bare)
