"""From facts to FHIR: valid R4, the published profiles' shape, and nothing that public data may not hold."""

from dataclasses import replace
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.foundations.directory.compose import (
    legal_entity,
    organization,
    practitioner,
    practitioner_roles,
    tombstone,
)
from socle.foundations.directory.facts import PersonFacts, StructureFacts
from socle.foundations.directory.statements import (
    ActivityLine,
    DiplomaLine,
    MailboxLine,
    SkillLine,
    StructureLine,
    organization_id,
    practitioner_id,
)
from socle.standards.annuaire import systems
from socle.standards.fhir.structure import check
from tests.support.fhir_store import Resource, as_stored

PERSON = "810000000001"
_texts = st.just("") | st.text("aÉ '-", min_size=1, max_size=6).map(str.strip)
_CODES = {
    "profession": ("10", "60", "9x"),
    "category": ("C", "E"),
    "skill_type": ("S", "C"),
    "skill": ("SM26", "C01", "zz"),
    "mode": ("S", "L", "B"),
    "role": ("318", "FON-01", "400"),
    "activity_kind": ("GENR01",),
    "pharmacist_section": ("A", "DA"),
    "authority": ("CNOM/CNOM/CNOM", "ARS", "/ARS"),
    "commune": ("69383", "2A004"),
    "structure": ("690000001", "R1"),
    "diploma_type": ("DE",),
    "diploma": ("DE05", "zz"),
    "authorization_type": ("AM01",),
    "authorization_field": ("DAUT01",),
    "mailbox_type": ("PER", "ORG"),
    "id_type": ("8",),
    "sector": ("SA01", "SA99"),
    "variant": ("v",),
}


def lines(kind: Any) -> st.SearchStrategy[Any]:
    """Lines of any content, codes from the code tables or from nowhere."""
    fields = (st.sampled_from(("", *_CODES[name])) if name in _CODES else _texts for name in kind._fields)
    return st.tuples(*fields).map(kind._make)


people = st.builds(
    PersonFacts,
    st.just(PERSON),
    st.lists(lines(ActivityLine), min_size=1, max_size=4),
    st.lists(lines(SkillLine), max_size=2),
    st.lists(lines(DiplomaLine), max_size=2),
    st.lists(lines(MailboxLine).map(lambda line: line._replace(address="a@x", person=PERSON)), max_size=2),
)
structures = st.builds(
    StructureFacts,
    st.sampled_from(("690000001", "R1", "C99000006900015")),
    st.lists(st.tuples(st.integers(1, 3), lines(StructureLine)), max_size=3),
    st.lists(lines(MailboxLine).map(lambda line: line._replace(address="s@x")), max_size=2),
    st.booleans(),
).filter(StructureFacts.is_stated)


def composed(facts: PersonFacts) -> list[Resource]:
    return [as_stored(practitioner(facts)), *map(as_stored, practitioner_roles(facts))]


def shuffled(facts: PersonFacts, seed: int) -> PersonFacts:
    random = Random(seed)
    other = replace(facts)
    for part in ("activity", "skills", "diplomas", "mailboxes"):
        told_in_order = getattr(facts, part)
        setattr(other, part, random.sample(told_in_order, len(told_in_order)))
    return other


@given(facts=people)
def test_a_person_is_composed_of_valid_resources(facts: PersonFacts) -> None:
    for resource in composed(facts):
        assert list(check(resource)) == []
        assert set(systems.PUBLIC_PROFILES[resource["resourceType"]]) == set(resource["meta"]["profile"])
        assert list(check(as_stored(tombstone(resource)))) == []


@given(facts=structures)
def test_a_structure_is_composed_of_a_valid_resource(facts: StructureFacts) -> None:
    resource = as_stored(organization(facts))
    assert list(check(resource)) == []
    assert resource["id"] == organization_id(facts.key)
    national = [one for one in resource["identifier"] if one["use"] == "official"]
    assert any(one["system"] in (systems.STRUCTURE, "urn:socle:directory:structure") for one in national)


@given(facts=people, seed=st.integers(0, 99))
def test_the_order_of_what_is_told_means_nothing(facts: PersonFacts, seed: int) -> None:
    assert composed(shuffled(facts, seed)) == composed(facts)


@given(facts=structures, seed=st.integers(0, 99))
def test_the_order_of_descriptions_means_nothing(facts: StructureFacts, seed: int) -> None:
    random = Random(seed)
    other = StructureFacts(
        facts.key,
        random.sample(facts.descriptions, len(facts.descriptions)),
        random.sample(facts.mailboxes, len(facts.mailboxes)),
        facts.is_legal_entity,
    )
    assert as_stored(organization(other)) == as_stored(organization(facts))


@given(facts=people)
def test_public_data_hold_what_their_profiles_allow(facts: PersonFacts) -> None:
    """as-dp-practitioner and as-dp-practitionerrole: neither gender, birth, address, telephone, nor period."""
    person, *roles = composed(facts)
    allowed = {"resourceType", "id", "meta", "language", "identifier", "active", "telecom"}
    assert person.keys() <= allowed | {"extension", "name", "qualification"}
    for role in roles:
        assert role.keys() <= allowed | {"practitioner", "organization", "code"}
    for telecom in chain.from_iterable(one.get("telecom", []) for one in (person, *roles)):
        assert telecom["system"] == "email"
        assert systems.EMAIL_TYPE in [one["url"] for one in telecom["extension"]]


@given(facts=people)
def test_every_mailbox_is_shown_once(facts: PersonFacts) -> None:
    facts.mailboxes = [
        box._replace(address=f"{rank}@x") for rank, box in enumerate(dict.fromkeys(facts.mailboxes))
    ]
    shown = [telecom["value"] for one in composed(facts) for telecom in one.get("telecom", [])]
    assert sorted(shown) == sorted(box.address for box in facts.mailboxes)


def told(kind: Any, **fields: str) -> Any:
    return kind._make(fields.get(name, "") for name in kind._fields)


def test_a_doctor_in_a_practice() -> None:
    line = told(
        ActivityLine,
        id_type="8",
        id="10000000001",
        civility="MME",
        exercise_civility="DR",
        family_name="GEROU",
        given_name="ROSE",
        profession="10",
        category="C",
        skill_type="S",
        skill="SM26",
        mode="L",
        authority="CNOM/CNOM/CNOM",
        structure="R1",
    )
    person, role = composed(PersonFacts(PERSON, [line]))
    assert {one["system"]: one["value"] for one in person["identifier"]} == {
        systems.PERSON: PERSON,
        systems.RPPS: "10000000001",
    }
    assert person["name"] == [
        {"use": "usual", "family": "GEROU", "given": ["ROSE"], "prefix": ["MME"], "suffix": ["DR"]}
    ]
    assert [one["code"]["coding"] for one in person["qualification"]] == [
        [{"system": systems.PROFESSION, "code": "10"}, {"system": systems.CATEGORY, "code": "C"}],
        [{"system": systems.SPECIALTY, "code": "SM26"}, {"system": systems.SKILL_TYPE, "code": "S"}],
    ]
    assert role["practitioner"] == {"reference": f"Practitioner/{practitioner_id(PERSON)}"}
    assert role["organization"] == {"reference": f"Organization/{organization_id('R1')}"}
    assert role["code"] == [{"coding": [{"system": systems.MODE, "code": "L"}]}]


def test_an_address_is_written_as_people_write_it_with_its_parts_beside() -> None:
    line = told(
        StructureLine,
        structure_id="R1",
        structure_name="CABINET",
        address_recipient="CHEZ M. FABLE",
        address_point="BATIMENT E",
        street_number="12",
        street_suffix="B",
        street_type="R",
        street_name="DES LILAS",
        distribution="BP 3",
        post_office="69003 LYON CEDEX 03",
        postal_code="69003",
        commune="69383",
        country="99000",
        department="69",
    )
    (address,) = as_stored(organization(StructureFacts("R1", [(1, line)])))["address"]
    assert address["line"][2].startswith("12 B ")
    assert address["line"][2].endswith(" DES LILAS")
    assert (address["city"], address["postalCode"], address["district"]) == ("LYON", "69003", "69")
    parts = {part["url"]: part["valueString"] for one in address["_line"] for part in one["extension"]}
    assert parts[systems.STREET_NAME_BASE] == "DES LILAS"
    assert parts[systems.POST_BOX] == "BP 3"
    assert address["extension"][0]["valueCoding"]["code"] == "69383"


def kinds_and_numbers(resource: Resource) -> tuple[str, list[str]]:
    """The kind of structure (LEGAL-ENTITY or GEOGRAPHICAL-ENTITY), and the kinds of its FINESS numbers."""
    finess = [one for one in resource["identifier"] if one["system"] == systems.FINESS]
    return resource["type"][0]["coding"][0]["code"], [one["type"]["coding"][0]["code"] for one in finess]


@given(facts=structures)
def test_a_legal_entity_and_its_number_say_the_same(facts: StructureFacts) -> None:
    kind, numbers = kinds_and_numbers(as_stored(organization(facts)))
    assert (kind == "LEGAL-ENTITY") is facts.is_legal_entity
    legal = facts.is_legal_entity
    assert set(numbers) <= {systems.TYPE_FINESS_LEGAL if legal else systems.TYPE_FINESS_SITE}


@pytest.mark.parametrize("legal", [True, False])
def test_a_structure_with_a_finess_number_is_a_legal_entity_or_a_site(legal: bool) -> None:
    line = told(StructureLine, finess="690780101", structure_name="HOSPITAL")
    box = told(MailboxLine, address="s@x")
    expected = (
        ("LEGAL-ENTITY", [systems.TYPE_FINESS_LEGAL])
        if legal
        else ("GEOGRAPHICAL-ENTITY", [systems.TYPE_FINESS_SITE])
    )
    described = StructureFacts("690780101", [(1, line)], is_legal_entity=legal)
    by_mailbox = StructureFacts("690780101", mailboxes=[box], is_legal_entity=legal)
    for facts in (described, by_mailbox):
        assert kinds_and_numbers(as_stored(organization(facts))) == expected


@pytest.mark.parametrize("key", ["690780101", "x"])
def test_a_legal_entity_of_which_only_the_number_is_known(key: str) -> None:
    resource = as_stored(legal_entity(key))
    assert list(check(resource)) == []
    assert resource["id"] == organization_id(key)
    assert "name" not in resource
