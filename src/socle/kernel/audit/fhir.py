"""An entry as a FHIR R4 AuditEvent (https://hl7.org/fhir/R4/auditevent.html), from its document alone.

What names a person is sealed and not in the document; actors and subjects are internal identifiers.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from socle.kernel.audit.actions import CATALOGUE
from socle.kernel.audit.wanted import About
from socle.standards.fhir.structure import is_resource

Facts = Mapping[str, Any]
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OURS = "urn:socle:audit"
RECORD_TYPE, OTHER_TYPE = "110110", "110100"
PATIENT_ROLE, USER_ROLE = "1", "6"
PERSON, SYSTEM_OBJECT = "1", "2"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def audit_event(facts: Facts, origin: str) -> dict[str, Any]:
    """`facts` is the document of an entry as `facts_of` makes it; `origin` names the trail, which is the observer."""
    action = CATALOGUE.get(facts["action"])
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": f"{facts['unit']}-{facts['n']}",
        "type": _type(facts),
        "subtype": [_coding(f"{OURS}:action", facts["action"], action.en if action else "")],
        "recorded": facts["at"],
        "outcome": facts["outcome"],
        "agent": list(_agents(facts["actor"])),
        "source": _source(facts, origin),
        "entity": list(_entities(facts)),
    }
    if action is not None:
        event["action"] = action.kind.value
    if "purpose" in facts:
        event["purposeOfEvent"] = [{"coding": [_coding(_REASON, facts["purpose"])]}]
    return event


def _type(facts: Facts) -> dict[str, str]:
    """DICOM PS3.16, CID 400: what concerns a person's record, and everything else."""
    if About.of(str(facts.get("subject", ""))) is About.RECORD:
        return _coding(DICOM, RECORD_TYPE, "Patient Record")
    return _coding(DICOM, OTHER_TYPE, "Application Activity")


def _agents(actor: Facts) -> Iterator[dict[str, Any]]:
    yield {
        "extension": [{"url": f"{OURS}:assurance", "valueCode": actor["assurance"]}],
        "who": _identified("actor", f"{actor['kind']}:{actor['id']}"),
        "requestor": True,
    }
    if "organisation" in actor:
        yield {"who": _identified("organisation", actor["organisation"]), "requestor": False}


def _source(facts: Facts, origin: str) -> dict[str, Any]:
    source: dict[str, Any] = {"observer": _identified("origin", origin)}
    if "door" in facts:
        source["site"] = facts["door"]
    return source


def _entities(facts: Facts) -> Iterator[dict[str, Any]]:
    """The act itself with its coded facts, what was acted on, and whom it is about."""
    thing = _coding(_ENTITY, SYSTEM_OBJECT, "System Object")
    act: dict[str, Any] = {"what": _identified("unit", facts["unit"]), "type": thing}
    details = [{"type": name, "valueString": _text(value)} for name, value in facts.get("data", {}).items()]
    if "request" in facts:
        details.append({"type": "request", "valueString": facts["request"]})
    if details:
        act["detail"] = details
    yield act
    if "target" in facts:
        type_name = facts["target"].partition("/")[0]
        known = is_resource(type_name)
        what = {"reference": facts["target"]} if known else _identified("target", facts["target"])
        yield {"what": what, "type": thing}
    if "subject" in facts:
        yield {"what": _identified("subject", facts["subject"]), **_person(facts["subject"], thing)}


def _person(subject: str, thing: dict[str, str]) -> dict[str, Any]:
    """Those whose record it is, those who have an account here, and what is nobody."""
    about = About.of(subject)
    if about is About.NOBODY:
        return {"type": thing}
    patient = about is About.RECORD
    role = _coding(_ROLE, PATIENT_ROLE, "Patient") if patient else _coding(_ROLE, USER_ROLE, "User")
    return {"type": _coding(_ENTITY, PERSON, "Person"), "role": role}


def _text(value: object) -> str:
    """FHIR has no empty string, and no control character in one (R4 §2.24.0.1)."""
    told = str(value).lower() if isinstance(value, bool) else str(value)
    return _CONTROL.sub("\ufffd", told).strip() or "-"


def _identified(kind: str, value: str) -> dict[str, Any]:
    return {"identifier": {"system": f"{OURS}:{kind}", "value": value}}


def _coding(system: str, code: str, display: str = "") -> dict[str, str]:
    return {"system": system, "code": code} | ({"display": display} if display else {})
