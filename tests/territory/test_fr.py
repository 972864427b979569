"""Facts of France: complete, consistent, replaceable."""

import re
from collections import Counter

import pytest

from socle.territory.fr.geography import communes, communes_of, departments
from socle.territory.fr.names import given_names, surnames
from socle.territory.fr.population import from_insee, populations


def test_there_are_101_departments_in_18_regions() -> None:
    assert len(departments()) == 101
    assert len({(department.region, department.region_name) for department in departments().values()}) == 18


def test_every_department_has_its_prefecture_and_another_commune() -> None:
    for code, department in departments().items():
        known = {commune.insee for commune in communes_of(code)}
        assert department.prefecture in known
        assert len(known) >= 2


def test_codes_of_a_commune_agree_with_its_department() -> None:
    for commune in communes():
        assert re.fullmatch(r"\d{5}|2[AB]\d{3}", commune.insee)
        assert commune.insee.startswith(commune.department)
        assert re.fullmatch(r"\d{5}", commune.postal_code)
        expected = "20" if commune.department in ("2A", "2B") else commune.department
        assert commune.postal_code.startswith(expected), commune.name


def test_no_commune_stands_twice() -> None:
    assert max(Counter(commune.insee for commune in communes()).values()) == 1


def test_every_department_has_a_population() -> None:
    assert populations().keys() == departments().keys()
    assert 60_000_000 < sum(population.inhabitants for population in populations().values()) < 75_000_000


def test_population_is_replaced_from_the_published_file() -> None:
    published = ["REG;CODDEP;DEP;PMUN;PTOT", "ARA;69;Rhône;1900000;1950000\r\n", "Corse;2A;C;9;9"]
    assert from_insee(published, 2030) == "department;population;year\n2A;9;2030\n69;1900000;2030\n"


@pytest.mark.parametrize("published", [[], ["CODDEP;DEP"], ["CODDEP;PMUN", "69;beaucoup"]])
def test_a_file_that_is_not_the_published_one_is_refused(published: list[str]) -> None:
    with pytest.raises(ValueError, match=r"CODDEP|PMUN|int"):
        from_insee(published, 2030)


def test_there_are_enough_names_for_difficult_searches() -> None:
    assert min(len(given_names("F")), len(given_names("M"))) >= 150
    assert len(surnames()) >= 200
    for names in (given_names("F"), given_names("M"), surnames()):
        assert len(set(names)) == len(names)
        assert all(name == name.upper() and name.isalpha() for name in names)
