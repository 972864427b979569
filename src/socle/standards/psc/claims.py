"""What Pro Santé Connect says of a professional: every exercise, every activity, as its userinfo spells them.

Keys are those of the ANS Java models and captured answers (PSC-POC, api-proxy model prosanteconnect; 30 keys an
activity, `numeroFinessetablissementJuridique` with that case). Every value is text, empty when unknown and never null.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from socle.standards.annuaire import systems

PROFESSION_OID: Final = "1.2.250.1.213.1.1.5.5"
SECTOR_OID: Final = "1.2.250.1.71.4.2.4"
LOCAL_PSI: Final = "1.2.250.1.213.1.3.1.1"
MOBILE_LEVEL: Final = "APPPRIP3^1.2.250.1.213.1.5.1.1.1"
"""Palier_Authentification of the captured answers, all of which came from the e-CPS."""
FULL_SCOPE: Final = "scope_all"
_ORIGINS: Final = {
    "8": "RPPS",
    "0": "ADELI",
    "3": "FINESS",
    "4": "SIREN",
    "5": "SIRET",
    "6": "RPPS",
    "1": "ADELI",
}
_OTHER_ORIGIN: Final = "EDIT"


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity: how, as what, and where, in the columns of the file Personne_activite of the Annuaire Santé;
    `structure_id` is the technical identifier of the structure."""

    mode: str = ""
    sector: str = ""
    pharmacist_section: str = ""
    role: str = ""
    activity_kind: str = ""
    siret: str = ""
    siren: str = ""
    finess: str = ""
    finess_ej: str = ""
    structure_id: str = ""
    structure_name: str = ""
    trade_name: str = ""
    address_recipient: str = ""
    address_point: str = ""
    street_number: str = ""
    street_suffix: str = ""
    street_type: str = ""
    street_name: str = ""
    distribution: str = ""
    post_office: str = ""
    postal_code: str = ""
    commune: str = ""
    country: str = ""
    phone: str = ""
    phone_2: str = ""
    fax: str = ""
    email: str = ""
    department: str = ""
    former_structure_id: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A profession practised, with one skill; both are empty for a role that an employer registered (RPPS+)."""

    profession: str
    category: str
    civility: str
    family_name: str
    given_name: str
    skill_type: str
    skill: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class Professional:
    """`national_id` is the national identification with its prefix (`8` and the RPPS number); `civility` that of daily
    life (M, MME)."""

    national_id: str
    family_name: str
    given_name: str
    civility: str
    exercises: tuple[Exercise, ...]

    @property
    def activities(self) -> tuple[Activity, ...]:
        return tuple(one for exercise in self.exercises for one in exercise.activities)


ACTIVITY_KEYS: Final[Mapping[str, str]] = {
    "mode": "codeModeExercice",
    "sector": "codeSecteurDactivite",
    "pharmacist_section": "codeSectionPharmacien",
    "role": "codeRole",
    "activity_kind": "codeGenreActivite",
    "siret": "numeroSiretSite",
    "siren": "numeroSirenSite",
    "finess": "numeroFinessSite",
    "finess_ej": "numeroFinessetablissementJuridique",
    "structure_id": "identifiantTechniqueDeLaStructure",
    "structure_name": "raisonSocialeSite",
    "trade_name": "enseigneCommercialeSite",
    "address_recipient": "complementDestinataire",
    "address_point": "complementPointGeographique",
    "street_number": "numeroVoie",
    "street_suffix": "indiceRepetitionVoie",
    "street_type": "codeTypeDeVoie",
    "street_name": "libelleVoie",
    "distribution": "mentionDistribution",
    "post_office": "bureauCedex",
    "postal_code": "codePostal",
    "commune": "codeCommune",
    "country": "codePays",
    "phone": "telephone",
    "phone_2": "telephone2",
    "fax": "telecopie",
    "email": "adresseEMail",
    "department": "codeDepartement",
    "former_structure_id": "ancienIdentifiantDeLaStructure",
    "authority": "autoriteDenregistrement",
}
"""Of each field of an Activity, in the order of the published models."""
_EXERCISE_KEYS: Final[Mapping[str, str]] = {
    "profession": "codeProfession",
    "category": "codeCategorieProfessionnelle",
    "civility": "codeCiviliteDexercice",
    "family_name": "nomDexercice",
    "given_name": "prenomDexercice",
    "skill_type": "codeTypeSavoirFaire",
    "skill": "codeSavoirFaire",
}


def subject_of(storage: str, national_id: str) -> str:
    """`sub`, as Keycloak writes it for persons of a storage of its own: `f:`, the storage's UUID, the number."""
    return f"f:{storage}:{national_id}"


def identity_claims(person: Professional) -> dict[str, Any]:
    """What the tokens say of the person, and userinfo for who asked for openid only."""
    return {
        "SubjectNameID": person.national_id,
        "preferred_username": person.national_id,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email_verified": False,
    }


def userinfo_claims(
    person: Professional, *, subject: str, scopes: Iterable[str], level: str = MOBILE_LEVEL
) -> dict[str, Any]:
    """The answer of userinfo. `scope_all` gives everything at once; whoever reads it picks the situation. What is said
    of one structure is of the first activity that has one."""
    claims = {"sub": subject, **identity_claims(person)}
    if FULL_SCOPE not in scopes:
        return claims
    place = next((one for one in person.activities if one.structure_id or one.structure_name), Activity())
    return {
        **claims,
        "SubjectRole": subject_roles(person),
        "SubjectOrganization": place.structure_name or place.trade_name,
        "SubjectOrganizationID": place.structure_id,
        "Secteur_Activite": f"{place.sector}^{SECTOR_OID}" if place.sector else "",
        "PSI_Locale": LOCAL_PSI,
        "Mode_Acces_Raison": "",
        "Acces_Regulation_Medicale": "FAUX",
        "UITVersion": "1.0",
        "Palier_Authentification": level,
        "otherIds": [{"identifiant": person.national_id, "origine": _origin(person), "qualite": 1}],
        "SubjectRefPro": {
            "codeCivilite": person.civility,
            "exercices": [_exercise(one) for one in person.exercises],
        },
    }


def subject_roles(person: Professional) -> list[str]:
    """`<code>^<OID>`, each once: the professions; of who has none, the roles that an employer registered, with the OID
    of their table (TRE_R85; that form is assumed)."""
    professions = [f"{one.profession}^{PROFESSION_OID}" for one in person.exercises if one.profession]
    role_oid = systems.OIDS[systems.CARE_ROLE]
    roles = [f"{one.role}^{role_oid}" for one in person.activities if one.role]
    return list(dict.fromkeys(professions or roles))


def _exercise(exercise: Exercise) -> dict[str, Any]:
    told = {key: getattr(exercise, field) for field, key in _EXERCISE_KEYS.items()}
    return {**told, "activities": [_activity(one) for one in exercise.activities]}


def _activity(activity: Activity) -> dict[str, str]:
    return {ACTIVITY_KEYS[field.name]: getattr(activity, field.name) for field in fields(activity)}


def _origin(person: Professional) -> str:
    return _ORIGINS.get(person.national_id[:1], _OTHER_ORIGIN)
