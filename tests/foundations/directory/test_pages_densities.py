"""Densities: the figures are those of the directory, the drawing and the file say the same."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.foundations.directory.densities import (
    LEVELS,
    PER,
    Density,
    by_department,
    level,
    thresholds,
    together,
)
from socle.territory.fr.geography import departments
from socle.territory.fr.population import populations
from socle.territory.fr.tiles import tiles
from tests.foundations.directory.conftest import Site

PAGE = "/annuaire/densites"


def rows(html: str, table: str) -> list[list[str]]:
    """The cells of the table of this caption."""
    body = html.partition(f"<caption>{table}")[2].partition("</tbody>")[0].partition("<tbody")[2]
    cells = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
    texts = [
        [re.sub(r"<[^>]+>", "", unescape(cell)).strip() for cell in cells.findall(row)]
        for row in body.split("<tr")
    ]
    return [[text.replace("\u00a0", " ").replace("\u202f", " ") for text in row] for row in texts if row]


def counted(site: Site, profession: str) -> dict[str, int]:
    """Persons of a profession with an activity in a structure of each department, counted without any search."""
    districts = {
        f"Organization/{fid}": one.get("address", [{}])[0].get("district", "")
        for (kind, fid), one in site.resources.items()
        if kind == "Organization"
    }
    trained = {
        f"Practitioner/{fid}"
        for (kind, fid), one in site.resources.items()
        if kind == "Practitioner"
        and any(c["code"] == profession for q in one.get("qualification", []) for c in q["code"]["coding"])
    }
    pairs = {
        (districts.get(one.get("organization", {}).get("reference"), ""), one["practitioner"]["reference"])
        for (kind, _), one in site.resources.items()
        if kind == "PractitionerRole" and one["active"] and one["practitioner"]["reference"] in trained
    }
    found: dict[str, int] = {}
    for department, _ in pairs:
        if department:
            found[department] = found.get(department, 0) + 1
    return found


def test_the_table_counts_the_people_of_the_directory(site: Site) -> None:
    expected = counted(site, "60")
    table = rows(site.html(f"{PAGE}?profession=60"), "Infirmier, par département")
    shown = {re.search(r"\((\w+)\)", row[0])[1]: int(row[1].replace(" ", "")) for row in table}  # type: ignore[index]
    assert {code: persons for code, persons in shown.items() if persons} == expected


def test_the_sentence_says_the_number_of_the_whole(site: Site) -> None:
    expected = counted(site, "60")
    people = sum(populations()[code].inhabitants for code in expected)
    html = site.html(f"{PAGE}?profession=60").replace("\u00a0", " ")
    assert f"<h1>{sum(expected.values()) * PER / people:.0f} pour 100 000 habitants</h1>" in html
    source = "INSEE, populations légales"
    assert f"Le nombre d’habitants vient de la source « {source} », années 2017 et 2021." in html
    english = site.html(f"{PAGE}?profession=60", "en")
    assert f"The number of inhabitants comes from “{source}”, years 2017 and 2021." in english


def test_the_map_draws_every_department_and_shades_those_covered(site: Site) -> None:
    html = site.html(f"{PAGE}?profession=60")
    codes = re.findall(r'class="tile-code tile-code-(\d)">(\w+)<', html)
    assert {code for _, code in codes} == set(departments())
    assert {code for shade, code in codes if shade != "0"} == set(counted(site, "60"))


def test_the_file_says_what_the_table_says(site: Site) -> None:
    html = site.html(f"{PAGE}?profession=60")
    href = re.search(rf'href="({PAGE}\.csv[^"]+)"', html)
    assert href
    text = site.visitor.get(unescape(href[1])).text.removeprefix("\ufeff")
    header, *lines = csv.reader(StringIO(text, newline=""), delimiter=";")
    assert header[-1].replace("\u00a0", " ") == "Pour 100 000 habitants"
    table = rows(html, "Infirmier, par département")
    assert [f"{line[1]} ({line[0]})" for line in lines] == [row[0] for row in table]
    assert [line[3] for line in lines] == [row[1].replace(" ", "") for row in table]
    assert [line[5] for line in lines] == [row[3] for row in table]


def test_a_department_shows_every_profession_and_leads_to_its_people(site: Site) -> None:
    html = site.html(f"{PAGE}/01")
    table = {row[0]: row for row in rows(html, "Toutes les professions")}
    assert int(table["Infirmier"][1]) == counted(site, "60")["01"]
    people = unescape(re.search(r'href="(/annuaire\?[^"]*metier=60[^"]*)"', html)[1])  # type: ignore[index]
    assert "Infirmier" in site.html(people)


def test_a_department_without_anybody_says_so(site: Site) -> None:
    assert "L’annuaire ne compte personne ici" in site.html(f"{PAGE}/2A")
    assert "The directory counts nobody here" in site.html(f"{PAGE}/2A", "en")


@pytest.mark.parametrize("department", ["00", "xx", "%00", "é"])
def test_an_unknown_department_is_refused(site: Site, department: str) -> None:
    assert site.visitor.get(f"{PAGE}/{department}").status_code == 404


@pytest.mark.parametrize("profession", ["", "zz", "<script>", "%00"])
def test_an_unknown_profession_shows_physicians(site: Site, profession: str) -> None:
    html = site.visitor.get(f"{PAGE}?profession={profession}").text
    assert '<p class="overline">Médecin</p>' in html


# -- The rules ------------------------------------------------------------------------------------------------------

PLACES = st.lists(
    st.builds(
        Density,
        st.text("012", min_size=2, max_size=2),
        st.just("x"),
        st.integers(0, 9_000),
        st.integers(0, 10**6),
    ),
    max_size=30,
)


@given(PLACES)
def test_shades_follow_the_rates(some: list[Density]) -> None:
    cuts = thresholds(some)
    assert cuts == sorted(set(cuts))
    assert len(cuts) < LEVELS
    for one in some:
        assert (level(one, cuts) == 0) == (one.rate is None)
        for other in some:
            if one.rate is not None and other.rate is not None and one.rate <= other.rate:
                assert level(one, cuts) <= level(other, cuts) <= LEVELS


@given(st.dictionaries(st.text("ab", min_size=1, max_size=2), st.integers(0, 99)))
def test_departments_stand_by_their_rate_and_none_is_lost(persons: dict[str, int]) -> None:
    found = by_department(persons, persons, {}, dict.fromkeys(persons, 1_000) | {"a": 0})
    assert {one.code: one.persons for one in found} == persons
    rates = [one.rate for one in found if one.rate is not None]
    assert rates == sorted(rates, reverse=True)
    assert together(found).persons == sum(one.persons for one in found if one.code != "a")


def test_a_rate_is_for_a_hundred_thousand_inhabitants() -> None:
    assert Density("69", "Rhône", 19, 1_900_000).rate == 1
    assert Density("xx", "", 19, 0).rate is None


def test_every_department_has_a_tile_of_its_own() -> None:
    assert set(tiles()) == set(departments())
    assert len(set(tiles().values())) == len(tiles())
