"""Systems: older names lead to one current name."""

import pytest

from socle.standards.annuaire import systems


@pytest.mark.parametrize(
    ("older", "current"),
    [
        ("http://rpps.fr", systems.RPPS),
        ("http://finess.sante.gouv.fr", systems.FINESS),
        ("https://arhgos.ars.sante.fr/", systems.ARHGOS),
        ("urn:oid:1.2.250.1.71.1.2.7", systems.PROFESSION),
        ("urn:oid:1.2.250.1.213.1.6.1.107", systems.CARE_ROLE),
        ("http://interopsante.org/fhir/CodeSystem/fr-v2-0203", systems.IDENTIFIER_TYPES),
        ("https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM", systems.COMMUNE),
        (systems.PROFESSION + "|20231215120000", systems.PROFESSION),
    ],
)
def test_an_older_name_gives_the_name_in_force(older: str, current: str) -> None:
    assert systems.canonical_system(older) == current


def test_a_name_without_older_form_is_kept() -> None:
    assert systems.canonical_system(systems.PERSON) == systems.PERSON
    assert systems.canonical_system("https://example.org/local") == "https://example.org/local"


def test_no_alias_leads_to_another_alias() -> None:
    assert not [target for target in systems.ALIASES.values() if target in systems.ALIASES]


def test_an_oid_names_one_code_system_only() -> None:
    assert len(set(systems.OIDS.values())) == len(systems.OIDS)
