"""Structural faults: which rule, at which FHIRPath, and what would pass."""

from __future__ import annotations

from typing import Any

import pytest

from socle.standards.fhir.faults import Fault
from socle.standards.fhir.json import Decimal
from socle.standards.fhir.structure import MOST_FAULTS, check

URL = "https://example.org/extension"
NULL = "json.html#primitive"


def organization(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Organization", **members}


def the_fault(resource: dict[str, Any]) -> Fault:
    faults = check(resource)
    assert len(faults) == 1, faults
    return faults[0]


SOUND: list[dict[str, Any]] = [
    organization(),
    organization(name="x", alias=["a", "b"], active=False),
    organization(_name={"extension": [{"url": URL, "valueCode": "x"}]}),
    organization(alias=["a", None], _alias=[None, {"id": "1"}]),
    organization(_alias=[{"extension": [{"url": URL, "valueString": "x"}]}]),
    organization(extension=[{"url": URL, "extension": [{"url": "a", "valueDecimal": Decimal("1.10")}]}]),
    organization(extension=[{"url": URL, "_valueString": {"extension": [{"url": URL, "valueCode": "x"}]}}]),
    organization(contained=[{"resourceType": "Location", "id": "l", "status": "active"}]),
    organization(partOf={"reference": "Organization/1"}),
    organization(partOf={"reference": "#p", "type": "Organization"}),
    organization(partOf={"reference": "https://example.org/fhir/Location/1"}),
    organization(partOf={"reference": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"}),
    organization(partOf={"identifier": {"value": "1"}, "_reference": {"id": "x"}}),
    {"resourceType": "Patient", "deceasedBoolean": False, "_deceasedBoolean": {"id": "a"}},
    {"resourceType": "Patient", "contact": [{"name": {"given": ["A"]}}]},
    {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueInteger": 1},
    {"resourceType": "Observation", "_status": {"id": "a"}, "code": {"text": "x"}},
    {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": organization(name="x")}]},
    {"resourceType": "Questionnaire", "status": "draft", "item": [
        {"linkId": "1", "type": "group", "item": [{"linkId": "2", "type": "string"}]}]},
    {"resourceType": "Parameters", "parameter": [{"name": "a", "part": [{"name": "b", "valueCode": "c"}]}]},
]  # fmt: skip


@pytest.mark.parametrize("resource", SOUND)
def test_sound_resources_have_no_fault(resource: dict[str, Any]) -> None:
    assert check(resource) == []


@pytest.mark.parametrize(
    ("members", "code", "place", "received", "rule"),
    [
        ({"alias": "CABINET"}, "structure", "alias", '"CABINET"', "Organization.alias 0..* string"),
        ({"name": ["x"]}, "structure", "name", "[…] (1)", "Organization.name 0..1 string"),
        ({"name": {"a": 1}}, "value", "name", '{"a": …}', "Organization.name 0..1 string"),
        ({"name": 12}, "value", "name", "12", "Organization.name 0..1 string"),
        ({"name": ""}, "value", "name", '""', "Organization.name 0..1 string"),
        ({"active": "true"}, "value", "active", '"true"', "Organization.active 0..1 boolean"),
        ({"id": "a b"}, "value", "id", '"a b"', "Organization.id 0..1 id"),
        ({"name": None}, "structure", "name", "null", "json.html#primitive; R4 Organization.name"),
        ({"partOf": None}, "structure", "partOf", "null", NULL),
        ({"telecom": None}, "structure", "telecom", "null", NULL),
        ({"telecom": [None]}, "structure", "telecom[0]", "null", NULL),
        ({"alias": ["a", None]}, "structure", "alias[1]", "null", NULL),
        ({"telecom": []}, "structure", "telecom", "[]", "json.html; R4 Organization.telecom 0..*"),
        ({"partOf": {}}, "structure", "partOf", "{}", "json.html; R4 Organization.partOf 0..1"),
        ({"partOf": [{"display": "x"}]}, "structure", "partOf", "[…] (1)", "Organization.partOf 0..1"),
        ({"telecom": {"value": "1"}}, "structure", "telecom", '{"value": …}', "Organization.telecom 0..*"),
        ({"telecom": ["1"]}, "structure", "telecom[0]", '"1"', "Organization.telecom 0..* ContactPoint"),
        ({"endpoints": 1}, "structure", "endpoints", '"endpoints"', "Organization"),
        ({"a b": 1}, "structure", "`a b`", '"a b"', "Organization"),
        ({"_telecom": [{"id": "1"}]}, "structure", "`_telecom`", '"_telecom"', "Organization"),
        ({"telecom": [{"rank": "1"}]}, "value", "telecom[0].rank", '"1"', "ContactPoint.rank 0..1"),
        ({"_name": {"value": "x"}}, "structure", "name.value", '"value"', "Element"),
        ({"_name": None, "name": "x"}, "structure", "name", "null", NULL),
        ({"_alias": [None]}, "structure", "alias[0]", "null", NULL),
        ({"_alias": {"id": "1"}}, "structure", "alias", '{"id": …}', "Organization.alias 0..*"),
        ({"alias": ["a", "b"], "_alias": [{"id": "1"}]}, "structure", "alias", "2 ≠ 1", NULL),
        ({"identifier": [{"_id": {"id": "x"}}]}, "structure", "identifier[0].`_id`", '"_id"', "Identifier"),
        ({"partOf": {"reference": "Patient/1"}}, "value", "partOf.reference", '"Patient/1"', "Organization"),
        ({"partOf": {"type": "Patient"}}, "value", "partOf.type", '"Patient"', "Organization.partOf"),
        ({"extension": [{"valueCode": "x"}]}, "required", "extension[0]", "∅", "Extension.url 1..1 uri"),
        ({"extension": [{"url": URL}]}, "structure", "extension[0]", "∅", "extensibility.html ext-1"),
        ({"contained": [{"id": "1"}]}, "structure", "contained[0].resourceType", "null", "json.html#"),
        ({"contained": ["x"]}, "structure", "contained[0]", '"x"', "Organization.contained 0..* Resource"),
        ({"meta": {"lastUpdated": "2019"}}, "value", "meta.lastUpdated", '"2019"', "Meta.lastUpdated 0..1"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_place_and_rule(
    members: dict[str, Any], code: str, place: str, received: str, rule: str
) -> None:
    fault = the_fault(organization(**members))
    assert (fault.code, fault.expression, fault.received) == (code, f"Organization.{place}", received)
    assert fault.rule.startswith(f"R4 {rule}")
    assert fault.remedy.fr != fault.remedy.en


def test_a_required_element_is_missing() -> None:
    faults = check({"resourceType": "Observation", "status": "final"})
    assert [(f.code, f.expression, f.rule) for f in faults] == [
        ("required", "Observation", "R4 Observation.code 1..1 CodeableConcept")
    ]


def test_a_required_choice_is_missing() -> None:
    fault = the_fault(
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"id": "a"}}
    )
    assert (fault.code, fault.remedy.en) == ("required", "Add “medication[x]”.")


def test_two_choices_exclude_each_other() -> None:
    fault = the_fault({"resourceType": "Patient", "deceasedBoolean": True, "deceasedDateTime": "2020"})
    assert (fault.code, fault.received) == ("structure", "deceasedBoolean, deceasedDateTime")
    assert fault.expression.startswith("Patient.deceased")
    assert (
        len(check({"resourceType": "Patient", "deceasedBoolean": True, "_deceasedDateTime": {"id": "a"}}))
        == 1
    )


def test_a_choice_is_named_as_fhirpath_names_it() -> None:
    observation = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    fault = the_fault({**observation, "valueQuantity": {"value": "6"}})
    assert fault.expression == "Observation.value.ofType(Quantity).value"


def test_an_extension_has_not_both_a_value_and_extensions() -> None:
    both = {"url": URL, "valueCode": "x", "extension": [{"url": URL, "valueCode": "y"}]}
    assert the_fault(organization(extension=[both])).rule == "R4 extensibility.html ext-1"


@pytest.mark.parametrize("name", [None, "", "Organisation", "DomainResource", 3, ["Organization"], {}])
def test_an_unknown_resource_type_is_refused(name: Any) -> None:
    fault = the_fault({"resourceType": name, "x": 1})
    assert (fault.code, fault.expression) == ("structure", "Resource.resourceType")


def test_a_near_name_is_suggested() -> None:
    assert the_fault(organization(telecoms=[])).remedy.en == "Did you mean “telecom”?"
    assert "extension" in the_fault(organization(quux=[])).remedy.en


def test_faults_in_bundles_and_contained_resources_carry_the_whole_path() -> None:
    inner = organization(contained=[{"resourceType": "Location", "name": 1}])
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": "urn:x"}, {"resource": inner}],
    }
    assert the_fault(bundle).expression == "Bundle.entry[1].resource.contained[0].name"


def test_the_place_of_the_resource_may_be_given() -> None:
    (fault,) = check(organization(name=1), where="Bundle.entry[4].resource")
    assert fault.expression == "Bundle.entry[4].resource.name"


def test_several_faults_are_told_at_once() -> None:
    faults = check(organization(name="", alias="a", telecom=[{"rank": 0}, {"system": " "}]))
    assert [fault.expression for fault in faults] == [
        "Organization.name",
        "Organization.alias",
        "Organization.telecom[0].rank",
        "Organization.telecom[1].system",
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"alias": [1] * 500},
        {"_alias": [{}] * 500},
        {"telecom": [{"rank": "1", "use": 1}] * 500},
        {f"x{number}": 1 for number in range(500)},
    ],
)
def test_the_number_of_faults_is_bounded(members: dict[str, Any]) -> None:
    assert len(check(organization(**members))) == MOST_FAULTS


def test_hostile_names_and_values_reach_no_message_as_they_are() -> None:
    faults = check(organization(**{"\u001b[2J\n" + "x" * 5000: 1, "name": "\u0000" * 5000}))
    assert all(part.isprintable() and len(part) < 120 for f in faults for part in (f.expression, f.received))
