"""The FHIR form: written as FR Core 2.2 has it, read back equal, read from older senders with a warning."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.fhir.structure import check as check_structure
from socle.standards.ins import fhir
from socle.standards.ins.authorities import IDENTIFIER_TYPES, NIA, NIR, NUMBERS, TEST
from socle.standards.ins.faults import Fault, Refused
from socle.standards.ins.identity import Carried
from socle.standards.ins.matricule import KeyRule, ins
from socle.standards.ins.statuses import Attribute, Status
from socle.standards.ins.traits import Sex
from socle.standards.ins.transitions import Check, Recovery
from tests.standards.ins.carried import DAY, dominique, identities
from tests.standards.ins.people import DOMINIQUE, attempted

NUMBER = ins("2790351215189", NIR)
QUALIFIED = fhir.write(dominique(Recovery(NUMBER, DAY), Check("CN", DAY)))


def without_namespaces(identity: Carried) -> Carried:
    """FHIR has no place for the short name of an authority."""
    return replace(identity, local_ids=tuple(replace(one, namespace="") for one in identity.local_ids))


@given(identities())
def test_what_is_written_is_a_patient_and_is_read_back_equal(identity: Carried) -> None:
    written = fhir.write(identity)
    assert list(check_structure(written)) == []
    assert fhir.read(written, accepted=NUMBERS) == (without_namespaces(identity), ())
    assert (fhir.PATIENT_INS in written["meta"]["profile"]) is (identity.ins is not None)


def test_a_qualified_identity_in_full() -> None:
    assert QUALIFIED["identifier"] == [
        {
            "use": "official",
            "type": {"coding": [{"system": IDENTIFIER_TYPES, "code": "INS-NIR"}]},
            "system": "urn:oid:1.2.250.1.213.1.4.8",
            "value": "279035121518989",
        },
        {
            "use": "usual",
            "type": {"coding": [{"system": fhir.LOCAL_TYPES, "code": "PI"}]},
            "system": "urn:oid:1.2.3.4.567.8.9.10",
            "value": "1234567890121",
        },
    ]
    assert QUALIFIED["name"][0]["extension"] == [
        {"url": fhir.GIVEN_NAMES, "valueString": "DOMINIQUE MARIE-LOUISE"}
    ]
    assert [part["url"] for part in QUALIFIED["extension"][1]["extension"]] == [
        "methodCollection",
        "dateInterrogationINSi",
        "identityStatus",
        "validationDate",
        "validationMode",
    ]


def test_no_other_status_shows_the_number_in_any_form() -> None:
    for evidence in ((Recovery(NUMBER, DAY), None), (None, Check("CN", DAY)), (None, None)):
        assert "279035121518989" not in str(fhir.write(dominique(*evidence)))


def changed(change: dict[str, Any], status: str | None = None, *comments: str) -> dict[str, Any]:
    patient = deepcopy({**QUALIFIED, **change})
    patient["extension"] = [one for one in patient["extension"] if one["url"] != fhir.RELIABILITY]
    parts = [{"url": "identityStatus", "valueCoding": {"code": status}}] if status else []
    parts += [{"url": "comment", "valueCodeableConcept": {"coding": [{"code": code}]}} for code in comments]
    patient["extension"].append({"url": fhir.RELIABILITY, "extension": parts})
    return patient


@pytest.mark.parametrize(
    ("patient", "status", "number", "warned"),
    [
        (changed({}), "QUAL", NUMBER, []),
        (changed({}, "VALI"), "QUAL", NUMBER, ["ins-older-sender"]),
        (changed({}, "PROV"), "PROV", None, ["ins-number-dropped"]),
        (changed({}, "QUAL", "DOUT"), "PROV", None, ["ins-status-forced", "ins-number-dropped"]),
        (changed({"active": False}, "PROV", "DOUA", "DESA"), "PROV", None, ["ins-number-dropped"]),
        (changed({"identifier": []}, "QUAL"), "VALI", None, ["ins-number-absent"]),
        (changed({"identifier": []}, "VIDE"), None, None, []),
        (changed({}, "UNDI"), "QUAL", NUMBER, ["ins-status-unknown"]),
        (changed({"identifier": []}, "VALI", "PROV"), "VALI", None, []),
    ],
)
def test_what_senders_say_of_the_status(
    patient: dict[str, Any], status: str | None, number: object, warned: list[str]
) -> None:
    identity, warnings = fhir.read(patient)
    assert (identity.status, identity.ins) == (status and Status(status), number)
    assert [found.code for found in warnings] == warned


def test_older_names_are_read() -> None:
    patient = changed({}, "QUAL", "HOMD")
    patient["extension"][-1]["extension"].append(
        {"url": "dateCollection", "valueDateTime": "2026-11-22T10:00:00Z"}
    )
    identity = fhir.read(patient).identity
    assert (identity.attributes, identity.recovered_on) == (frozenset({Attribute.HOMONYM}), DAY)


def test_names_without_use_or_list_and_partial_dates_are_read() -> None:
    patient = changed({"name": [{"family": "PAT-TROIS", "given": [None, "DOMINIQUE", "MARIE-LOUISE"]}]})
    assert fhir.read(patient).identity.traits == DOMINIQUE
    read = fhir.read(changed({"birthDate": "1979-03", "gender": "other", "identifier": []})).identity
    assert (read.traits.lunar, read.is_date_uncertain, read.traits.sex) == (
        "1979-03",
        True,
        Sex.INDETERMINATE,
    )


@pytest.mark.parametrize(
    ("patient", "code"),
    [
        ({"resourceType": "Person"}, "ins-carried-shape"),
        ({"resourceType": "Patient"}, "ins-carried-missing"),
        (changed({}, "QUAL", "DOUT", "FICT"), "ins-attributes"),
        (
            fhir.write(dominique(Recovery(ins("2790351215189", TEST), DAY), Check("CN", DAY))),
            "ins-authority-fictive",
        ),
        (changed({"identifier": [{"system": NIR.uri, "value": "279035121518988"}]}), "ins-matricule-key"),
        (changed({"birthDate": "1979-02-30"}), "ins-birth-date"),
        (changed({"gender": "unknown"}), "ins-carried-missing"),
        (changed({"name": [{"family": "PAT-TROIS", "given": ["DOMINIQUE"]}]}), "ins-carried-missing"),
    ],
)
def test_what_is_refused(patient: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        fhir.read(patient)
    assert refused.value.code == code


def test_of_a_nir_and_its_nia_the_nir_is_read_and_two_nirs_are_refused() -> None:
    both = [{"system": NIA.uri, "value": NUMBER.number}, {"system": NIR.uri, "value": NUMBER.number}]
    assert fhir.read(changed({"identifier": both})).identity.ins == NUMBER
    two = [*both, {"system": NIR.uri, "value": ins("2790351215190", NIR).number}]
    with pytest.raises(Refused) as refused:
        fhir.read(changed({"identifier": two}))
    assert refused.value.code == "ins-several-numbers"


def test_a_published_number_with_a_wrong_key_is_read_with_a_warning_when_asked() -> None:
    patient = changed({"identifier": [{"system": NIR.uri, "value": "123456789012244"}]})
    received = fhir.read(patient, key_rule=KeyRule.WARN)
    assert [found.code for found in received.warnings] == ["ins-matricule-key", "ins-matricule-month"]


@given(st.data())
def test_a_patient_with_parts_left_out_is_read_or_refused(data: st.DataObject) -> None:
    patient: Any = deepcopy(QUALIFIED)
    for _ in range(data.draw(st.integers(1, 3))):
        prune(patient, data)
    read = attempted(fhir.read, patient)
    if not isinstance(read, Fault):
        assert read.identity.traits.birth_name == "PAT-TROIS"


def prune(node: Any, data: st.DataObject) -> None:
    """Takes away one member somewhere below."""
    while isinstance(node, (dict, list)) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], (dict, list)) or data.draw(st.booleans()):
            del node[key]
            return
        node = node[key]
