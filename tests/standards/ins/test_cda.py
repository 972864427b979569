"""The CDA form: the header's patient, and the traits that a number makes mandatory."""

from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.standards.ins import cda
from socle.standards.ins.authorities import NIR, NUMBERS
from socle.standards.ins.faults import Refused
from socle.standards.ins.identity import Carried
from socle.standards.ins.matricule import ins
from socle.standards.ins.statuses import Status
from socle.standards.ins.traits import Sex
from socle.standards.ins.transitions import Check, Recovery
from socle.standards.xml import parse
from tests.standards.ins.carried import DAY, dominique, identities
from tests.standards.ins.people import DOMINIQUE

NUMBER = ins("2790351215189", NIR)
QUALIFIED = dominique(Recovery(NUMBER, DAY), Check("CN", DAY))


def as_the_header_tells(identity: Carried) -> Carried:
    """No status but what a number says, no evidence, no attribute, no short names of authorities."""
    return Carried(
        identity.traits,
        Status.QUALIFIED if identity.ins else None,
        identity.ins,
        local_ids=tuple(replace(one, namespace="") for one in identity.local_ids if not one.is_old),
    )


@given(identities())
@settings(max_examples=50)
def test_what_is_written_is_read_back_as_far_as_the_header_tells(identity: Carried) -> None:
    target = parse(cda.document_part(cda.write(identity)))
    assert cda.read(target, accepted=NUMBERS) == (as_the_header_tells(identity), ())


def header(patient: str, number: str = "", guardian: str = "") -> Element:
    document = (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>{number}<patient>{patient}{guardian}'
        "</patient></patientRole></recordTarget></ClinicalDocument>"
    )
    return parse(document.encode())


WITH_NUMBER = '<id extension="279035121518989" root="1.2.250.1.213.1.4.8"/>'
FAMILY = '<family qualifier="BR">PAT-TROIS</family>'
GIVEN = '<given qualifier="BR">DOMINIQUE</given>'
LIST = "<given>DOMINIQUE MARIE-LOUISE</given>"
GENDER = '<administrativeGenderCode code="F"/>'
BORN = '<birthTime value="19790328"/>'
PLACE = "<birthplace><place><addr><county>51215</county></addr></place></birthplace>"
FULL = f"<name>{FAMILY}{GIVEN}{LIST}</name>{GENDER}{BORN}{PLACE}"


def test_a_header_is_the_one_of_the_patient_not_of_a_guardian() -> None:
    guardian = '<guardian><id extension="1" root="1.2"/><guardianPerson><name><family>X</family></name>'
    read = cda.read(header(FULL, WITH_NUMBER, guardian + "</guardianPerson></guardian>"))
    assert read.identity == Carried(DOMINIQUE, Status.QUALIFIED, NUMBER)


@pytest.mark.parametrize(
    ("part", "path"),
    [
        (FAMILY, "name/family[@qualifier='BR']"),
        (GIVEN, "name/given[@qualifier='BR']"),
        (LIST, "name/given"),
        (GENDER, "administrativeGenderCode/@code"),
        (BORN, "birthTime/@value"),
        (PLACE, "birthplace/place/addr/county"),
    ],
)
def test_a_number_makes_each_of_the_six_traits_mandatory(part: str, path: str) -> None:
    with pytest.raises(Refused) as refused:
        cda.read(header(FULL.replace(part, ""), WITH_NUMBER))
    assert refused.value.code == "ins-carried-missing"
    assert path in refused.value.sentence()


def test_without_a_number_less_is_asked_and_no_status_is_told() -> None:
    read = cda.read(header(f"<name>{FAMILY}{LIST}</name><birthTime value='1979'/>"))
    assert (read.identity.status, read.identity.ins) == (None, None)
    assert read.identity.is_date_uncertain
    traits = read.identity.traits
    assert (traits.first_given_name, traits.sex, traits.birth_place) == (
        "DOMINIQUE",
        Sex.INDETERMINATE,
        "99999",
    )


def test_the_older_qualifier_of_the_name_in_use() -> None:
    read = cda.read(header(FULL.replace("</name>", '<family qualifier="SP">AUTRE</family></name>')))
    assert read.identity.traits.used_name == "AUTRE"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (parse(b"<ClinicalDocument xmlns='urn:hl7-org:v3'/>"), "ins-carried-shape"),
        (parse(b"<recordTarget xmlns='urn:hl7-org:v3'><patientRole/></recordTarget>"), "ins-carried-missing"),
        (header(FULL.replace("19790328", "unknown")), "ins-carried-shape"),
        (header(FULL.replace("19790328", "19790230")), "ins-birth-date"),
        (header(FULL, WITH_NUMBER.replace("989", "988")), "ins-matricule-key"),
        (header(FULL, WITH_NUMBER.replace("4.8", "4.11")), "ins-authority-fictive"),
    ],
)
def test_what_is_refused(document: Element, code: str) -> None:
    with pytest.raises(Refused) as refused:
        cda.read(document)
    assert refused.value.code == code


def test_contacts_stand_between_the_numbers_and_the_patient() -> None:
    telecom = Element(f"{{{cda.NAMESPACE}}}telecom", {"value": "tel:0100000000"})
    role = cda.write(QUALIFIED, [telecom])[0]
    assert [child.tag.rpartition("}")[2] for child in role] == ["id", "id", "telecom", "patient"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=9))
def test_a_name_of_any_characters_is_written_as_text(name: str) -> None:
    identity = Carried(replace(DOMINIQUE, birth_name=f"A{name}B"))
    written = parse(cda.document_part(cda.write(identity)))
    assert cda.read(written).identity.traits.birth_name == " ".join(f"A{name}B".split())
