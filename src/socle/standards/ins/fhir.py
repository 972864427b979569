"""An identity as a FHIR Patient: FR Core 2.2 `fr-core-patient-ins`, read also as its older drafts wrote it.

The profile of the INS is claimed only with a number. Sub-extensions that only some senders write are left alone, and
the codes of status and comment are taken from any system: before 2.2 they sat together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from socle.standards.ins.authorities import IDENTIFIER_TYPES, REAL, Authority
from socle.standards.ins.births import UNKNOWN_PLACE, PlaceKind, complete, place_kind
from socle.standards.ins.evidence import Channel
from socle.standards.ins.faults import CARRIED_MISSING, CARRIED_SHAPE, refuse
from socle.standards.ins.identity import (
    Carried,
    LocalId,
    Received,
    comments,
    read_codes,
    read_number,
    settled,
)
from socle.standards.ins.matricule import KeyRule
from socle.standards.ins.traits import Sex, Traits

_CORE: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
_CODES: Final = "https://hl7.fr/ig/fhir/core/CodeSystem/"
PATIENT: Final = _CORE + "fr-core-patient"
PATIENT_INS: Final = _CORE + "fr-core-patient-ins"
RELIABILITY: Final = _CORE + "fr-core-identity-reliability"
GIVEN_NAMES: Final = _CORE + "fr-core-patient-birth-list-given-name"
DATE_UPDATED: Final = _CORE + "fr-core-patient-birthdate-update-indicator"
INSEE_CODE: Final = _CORE + "fr-core-address-insee-code"
BIRTH_PLACE: Final = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
STATUS_CODES: Final = _CODES + "fr-core-cs-identity-status"
COMMENT_CODES: Final = _CODES + "fr-core-cs-identity-status-comment"
METHOD_CODES: Final = _CODES + "fr-core-cs-identity-method-collection"
DOCUMENT_CODES: Final = _CODES + "fr-core-cs-mode-validation-identity"
LOCAL_TYPES: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
_NOS: Final = "https://mos.esante.gouv.fr/NOS/"
COMMUNES: Final = f"{_NOS}TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
COUNTRIES: Final = f"{_NOS}TRE_R20-Pays/FHIR/TRE-R20-Pays"

_GENDERS: Final = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.INDETERMINATE: "unknown"}
_SEXES: Final = {"male": Sex.MALE, "female": Sex.FEMALE}
_INTERROGATED: Final = ("dateInterrogationINSi", "dateCollection")
_OID: Final = "urn:oid:"

Json = dict[str, Any]


# -- Write -----------------------------------------------------------------------------------------------------------


def write(identity: Carried) -> Json:
    """A Patient resource without id, as JSON members."""
    traits = identity.traits
    return {
        "resourceType": "Patient",
        "meta": {"profile": [PATIENT if identity.ins is None else PATIENT_INS]},
        "extension": [_birth_place(traits.birth_place), *_reliability(identity), *_updated(identity)],
        **({"identifier": found} if (found := list(_identifiers(identity))) else {}),
        "active": identity.is_active,
        "name": list(_names(traits)),
        "gender": _GENDERS[traits.sex],
        "birthDate": traits.birth_date.isoformat(),
    }


def _birth_place(code: str) -> Json:
    system = COMMUNES if place_kind(code) is PlaceKind.FRANCE else COUNTRIES
    coding = {"system": system, "code": code}
    return {"url": BIRTH_PLACE, "valueAddress": {"extension": [{"url": INSEE_CODE, "valueCoding": coding}]}}


def _updated(identity: Carried) -> Iterator[Json]:
    if identity.is_date_uncertain:
        yield {"url": DATE_UPDATED, "valueBoolean": True}


def _reliability(identity: Carried) -> Iterator[Json]:
    parts: list[Json] = []
    if identity.channel is not None:
        parts.append(_coded("methodCollection", METHOD_CODES, identity.channel.value))
    if identity.recovered_on is not None:
        parts.append({"url": _INTERROGATED[0], "valueDate": identity.recovered_on.isoformat()})
    if identity.status is not None:
        parts.append(_coded("identityStatus", STATUS_CODES, identity.status.value))
    for code in comments(identity):
        concept = {"coding": [{"system": COMMENT_CODES, "code": code}]}
        parts.append({"url": "comment", "valueCodeableConcept": concept})
    if identity.checked_on is not None:
        parts.append({"url": "validationDate", "valueDate": identity.checked_on.isoformat()})
    if identity.document:
        parts.append(_coded("validationMode", DOCUMENT_CODES, identity.document))
    if parts:
        yield {"url": RELIABILITY, "extension": parts}


def _coded(url: str, system: str, code: str) -> Json:
    return {"url": url, "valueCoding": {"system": system, "code": code}}


def _identifiers(identity: Carried) -> Iterator[Json]:
    if identity.ins is not None:
        authority = identity.ins.authority
        coding = {"system": IDENTIFIER_TYPES, "code": authority.code}
        yield {
            "use": authority.use,
            "type": {"coding": [coding]},
            "system": authority.uri,
            "value": identity.ins.number,
        }
    for local in identity.local_ids:
        system = local.authority if ":" in local.authority else _OID + local.authority
        yield {
            "use": "old" if local.is_old else "usual",
            "type": {"coding": [{"system": LOCAL_TYPES, "code": "PI"}]},
            "system": system,
            "value": local.value,
        }


def _names(traits: Traits) -> Iterator[Json]:
    listed = (
        {"extension": [{"url": GIVEN_NAMES, "valueString": traits.given_names}]} if traits.given_names else {}
    )
    yield {**listed, "use": "official", "family": traits.birth_name, "given": [traits.first_given_name]}
    used: Json = {"use": "usual"}
    if traits.used_name:
        used["family"] = traits.used_name
    if traits.used_given_name:
        used["given"] = [traits.used_given_name]
    if len(used) > 1:
        yield used


# -- Read ------------------------------------------------------------------------------------------------------------


def read(
    patient: Mapping[str, Any],
    *,
    accepted: Collection[Authority] = REAL,
    key_rule: KeyRule = KeyRule.BY_AUTHORITY,
) -> Received:
    """An identity from a Patient that has the structure of FHIR R4. `accepted` and `key_rule` are those of
    `matricule.parse`. Raises Refused."""
    if patient.get("resourceType") != "Patient":
        raise refuse(CARRIED_SHAPE, patient.get("resourceType"), expected="Patient")
    parts = _parts(patient)
    claim = read_codes(list(_codes(parts, "identityStatus", "comment")))
    identifiers = patient.get("identifier", [])
    pairs = [(one.get("value", ""), one.get("system", "").removeprefix(_OID)) for one in identifiers]
    number, doubts = read_number(pairs, accepted, key_rule)
    traits = _traits(patient)
    identity = Carried(
        traits,
        claim.status,
        None,
        claim.attributes,
        tuple(_local_ids(identifiers)),
        _channel(parts),
        _dated(parts, *_INTERROGATED),
        next(_codes(parts, "validationMode"), ""),
        _dated(parts, "validationDate"),
        claim.is_active and patient.get("active", True),
        traits.has_uncertain_date
        or any(one.get("valueBoolean") is True for one in _extensions(patient, DATE_UPDATED)),
    )
    received, broken = settled(identity, number)
    return Received(received, (*doubts, *claim.warnings, *broken))


def _extensions(element: Mapping[str, Any], *urls: str) -> list[Json]:
    return [one for url in urls for one in element.get("extension", []) if one.get("url") == url]


def _parts(patient: Mapping[str, Any]) -> Json:
    """The sub-extensions of reliability, whichever instance of it holds them."""
    return {
        "extension": [part for one in _extensions(patient, RELIABILITY) for part in one.get("extension", [])]
    }


def _codes(parts: Json, *urls: str) -> Iterator[str]:
    for part in _extensions(parts, *urls):
        coding = part.get("valueCoding")
        codings = [coding] if coding else part.get("valueCodeableConcept", {}).get("coding", [])
        yield from (one["code"] for one in codings if one.get("code"))


def _channel(parts: Json) -> Channel | None:
    known = [code for code in _codes(parts, "methodCollection") if code in set(Channel)]
    return Channel(known[0]) if known else None


def _dated(parts: Json, *urls: str) -> date | None:
    for part in _extensions(parts, *urls):
        text = (part.get("valueDate") or part.get("valueDateTime") or "")[:10]
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise refuse(CARRIED_SHAPE, text, expected=f"{urls[0]} AAAA-MM-JJ") from None
    return None


def _local_ids(identifiers: list[Json]) -> Iterator[LocalId]:
    for one in identifiers:
        codes = {coding.get("code") for coding in one.get("type", {}).get("coding", [])}
        if "PI" in codes and one.get("value"):
            authority = one.get("system", "").removeprefix(_OID)
            yield LocalId(one["value"], authority, is_old=one.get("use") == "old")


def _traits(patient: Mapping[str, Any]) -> Traits:
    official, used = _named(patient, "official", "maiden"), _named(patient, "usual")
    official = official or next((one for one in patient.get("name", []) if "use" not in one), {})
    given = _said(official, "given")
    listed = next((one.get("valueString", "") for one in _extensions(official, GIVEN_NAMES)), "")
    required = {
        "name.family": official.get("family"),
        "name.given": given,
        "birthDate": patient.get("birthDate"),
    }
    missing = [path for path, value in required.items() if not value]
    if missing:
        raise refuse(CARRIED_MISSING, ", ".join(missing))
    born = complete(patient["birthDate"])
    return Traits(
        official["family"],
        given[0],
        born.value,
        _SEXES.get(patient.get("gender", ""), Sex.INDETERMINATE),
        _place(patient),
        listed or (" ".join(given) if len(given) > 1 else ""),
        used.get("family", ""),
        " ".join(_said(used, "given")),
        born.lunar,
    )


def _named(patient: Mapping[str, Any], *uses: str) -> Json:
    return next((one for use in uses for one in patient.get("name", []) if one.get("use") == use), {})


def _said(name: Json, part: str) -> list[str]:
    """The texts of a repeating part: where one has only extensions, its place in the list holds null."""
    return [text for text in name.get(part, []) if text]


def _place(patient: Mapping[str, Any]) -> str:
    for place in _extensions(patient, BIRTH_PLACE):
        for code in _extensions(place.get("valueAddress", {}), INSEE_CODE):
            found: str = code.get("valueCoding", {}).get("code", "")
            return found or UNKNOWN_PLACE
    return UNKNOWN_PLACE
