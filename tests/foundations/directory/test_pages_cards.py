"""Cards: one person or one structure at a glance, what is left of those who left, and what is not there."""

import re
from html import escape, unescape
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.foundations.directory.doors.drawing import (
    options,
    people_lines,
    people_rows,
    structure_rows,
)
from socle.foundations.directory.elements import address_lines, capitalized, grouped, person_name
from socle.foundations.directory.rows import Row
from socle.standards.annuaire import systems
from tests.app.html import Page, typed
from tests.foundations.directory.conftest import Site

PERSON, STRUCTURE = "/annuaire/professionnel/", "/annuaire/structure/"


def words(html: str) -> str:
    """The text of the page's own part, in one line."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ").split())


def identified(site: Site, type_name: str, number: str) -> dict[str, Any]:
    """The resource that bears this number."""
    return next(
        one
        for (kind, _), one in site.resources.items()
        if kind == type_name and any(i["value"] == number for i in one.get("identifier", ()))
    )


def phone_of(site: Site, number: str) -> str:
    telecom = identified(site, "Organization", number)["telecom"]
    return grouped(next(one["value"] for one in telecom if one["system"] == "phone"))


# -- A professional -------------------------------------------------------------------------------------------------


def test_a_professional_at_a_glance(site: Site) -> None:
    person = identified(site, "Practitioner", "89970010016")
    said = words(site.html(PERSON + person["id"]))
    for expected in (
        "Dr Nora EXEMPLE",
        "Médecin · Cardiologie et Maladies vasculaires",
        "en activité",
        "nora.exemple@ lyon.mssante.example",
        "2 lieux d’exercice",
        "CABINET DU DR NORA EXEMPLE",
        "3 cours LAFAYETTE 69003 Lyon 3e Arrondissement",
        phone_of(site, "R10109999999901"),
        "Fonction Titulaire de cabinet",
        "Mode d’exercice Salarié",
        "Spécialité ordinale Cardiologie et Maladies vasculaires",
        "89970010016",
        "889970010016",
        "Dernier changement",
    ):
        assert expected in said
    english = words(site.html(PERSON + person["id"], "en"))
    assert "Physician · Cardiology and vascular diseases" in english
    assert "2 places of practice" in english


def test_the_command_of_a_card_reads_that_very_resource(site: Site) -> None:
    for path, type_name, number in (
        (PERSON, "Practitioner", "89970010016"),
        (STRUCTURE, "Organization", "690900006"),
    ):
        resource = identified(site, type_name, number)
        address, headers = typed(site.html(path + resource["id"]))
        assert site.visitor.get(address, headers={"Accept": "*/*", **headers}).json()["id"] == resource["id"]


def test_places_lead_to_their_structures(site: Site) -> None:
    person = identified(site, "Practitioner", "89970010016")
    there = set(re.findall(rf'href="({STRUCTURE}[^"]+)"', site.html(PERSON + person["id"])))
    mine = {
        STRUCTURE + one["organization"]["reference"].partition("/")[2]
        for (kind, _), one in site.resources.items()
        if kind == "PractitionerRole" and one["practitioner"]["reference"].endswith(person["id"])
    }
    assert there == mine
    assert all(site.visitor.get(href).status_code == 200 for href in there)


@pytest.mark.parametrize(
    ("path", "number", "type_name"),
    [(PERSON, "89970010016", "Practitioner"), (STRUCTURE, "690900006", "Organization")],
)
def test_the_national_number_leads_to_the_card(site: Site, path: str, number: str, type_name: str) -> None:
    answer = site.visitor.get(path + number)
    assert answer.status_code == 302
    assert answer.headers["location"] == path + identified(site, type_name, number)["id"]


def test_somebody_who_left_is_told_plainly(site: Site) -> None:
    gone = site.first("Practitioner", active=False)
    number = next(one["value"] for one in gone["identifier"] if one["system"] == systems.RPPS)
    said = words(site.html(PERSON + gone["id"]))
    assert f"RPPS {number}" in said
    assert "n’est plus en activité" in said
    assert "Aucune source officielle ne déclare plus ce professionnel" in said
    assert "no longer in activity" in words(site.html(PERSON + gone["id"], "en"))
    found = site.html(f"/annuaire?q={number}")
    assert PERSON + gone["id"] in found
    assert "n’est plus en activité" in found


# -- A structure ----------------------------------------------------------------------------------------------------


def test_a_structure_at_a_glance(site: Site) -> None:
    structure = identified(site, "Organization", "690900006")
    said = words(site.html(STRUCTURE + structure["id"]))
    for expected in (
        "CENTRE HOSPITALIER FICTIF DE LYON",
        "Etablissement public de santé",
        "1 avenue DES FABLES 69003 Lyon 3e Arrondissement",
        phone_of(site, "690900006"),
        "secretariat@ ch-fictif-lyon.mssante.example",
        "Entité juridique",
        "690900006",
        "Qui y travaille",
        "Infirmier",
    ):
        assert expected in said


def test_everybody_who_works_in_a_structure_is_listed_once(site: Site) -> None:
    structure = identified(site, "Organization", "690900006")
    expected = sorted(
        PERSON + one["practitioner"]["reference"].partition("/")[2]
        for (kind, _), one in site.resources.items()
        if kind == "PractitionerRole"
        and one["active"]
        and one.get("organization", {}).get("reference") == f"Organization/{structure['id']}"
    )
    listed: list[str] = []
    address = following = STRUCTURE + structure["id"]
    while following:
        html = site.html(following)
        listed += re.findall(rf'<li class="line"><a href="({PERSON}[^"]+)"', html)
        found = re.search(r'rel="next" href="(\?[^"#]+)', html)
        following = address + unescape(found[1]) if found else ""
    assert sorted(listed) == expected


def test_people_stand_under_their_profession_by_family_name(site: Site) -> None:
    html = site.html(STRUCTURE + identified(site, "Organization", "690900006")["id"])
    titles = re.findall(r"<h3>(.*?)</h3>", html.partition('id="personnes"')[2])
    assert titles == sorted(titles)
    for group in html.partition('id="personnes"')[2].split("<h3>")[1:]:
        families = [name.split(" ", 2)[2] for name in re.findall(r'professionnel/[^"]+">([^<]+)<', group)]
        assert families == sorted(families)


def test_a_legal_entity_shows_its_sites_and_a_site_its_legal_entity(site: Site) -> None:
    hospital = identified(site, "Organization", "690900006")
    legal = hospital["partOf"]["reference"].partition("/")[2]
    assert STRUCTURE + legal in site.html(STRUCTURE + hospital["id"])
    said = site.html(STRUCTURE + legal)
    assert STRUCTURE + hospital["id"] in said
    assert "Ses sites" in said


def test_a_list_of_people_never_goes_on_with_another_structures(site: Site) -> None:
    hospital = identified(site, "Organization", "690900006")
    other = site.first("Organization")
    token = re.search(r"\?suite=([^#\"]+)", site.html(STRUCTURE + hospital["id"]))
    assert token
    assert "Voici la liste depuis son début" in site.html(f"{STRUCTURE}{other['id']}?suite={token[1]}")


# -- All of them, and none ------------------------------------------------------------------------------------------


def test_any_card_can_be_opened(site: Site) -> None:
    paths = {"Practitioner": PERSON, "Organization": STRUCTURE}
    known = sorted(key for key in site.resources if key[0] in paths)
    for kind, fid in Random(7).sample(known, 60):
        html = site.html(paths[kind] + fid)
        assert Page(html).faults == []


@pytest.mark.parametrize("path", [PERSON, STRUCTURE])
@pytest.mark.parametrize(
    "fid", ["x", "003-0", "12345678901", "690900999", "%00", "a" * 200, "é", "<b>", "..%2F..", "' OR 1=1"]
)
def test_what_is_not_there_is_said_with_a_way_on(site: Site, path: str, fid: str) -> None:
    html = site.html(path + fid, status=404)
    assert Page(html).faults == []
    assert "b" not in Page(html).tags
    assert "Aucune fiche à cette adresse" in html or "Il n’y a rien à cette adresse" in html


def test_a_program_is_refused_in_its_own_form(site: Site) -> None:
    answer = site.visitor.get(f"{PERSON}x", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["title"] == "fhir-not-found"


# -- What is written by hand ----------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8"), max_size=15)
HOSTILE = st.one_of(TEXTS, st.just('"><script>x</script>'))
ROWS: st.SearchStrategy[Row] = st.fixed_dictionaries(  # type: ignore[assignment]
    dict.fromkeys(("id", "name", "trade", "place", "place_id", "town", "manner"), HOSTILE)
    | {"others": st.integers(0, 3), "mailbox": st.booleans(), "active": st.booleans()}
)


@pytest.mark.usefixtures("pages")
@given(st.lists(ROWS, max_size=4))
def test_no_value_of_a_row_is_markup(rows: list[Row]) -> None:
    tables = f"<table>{people_rows(rows)}{structure_rows(rows)}</table><ul>{people_lines(rows)}</ul>"
    page = Page(tables)
    assert page.faults == []
    assert set(page.tags) <= {"table", "tr", "th", "td", "a", "span", "ul", "li"}
    assert page.attributes <= {"role", "scope", "href", "class"}


@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), max_size=4))
def test_no_value_of_an_option_is_markup(some: list[tuple[str, str, bool]]) -> None:
    drawn = options(some)
    assert Page(f"<select>{drawn}</select>").faults == []
    assert all(f'value="{escape(value)}"' in drawn for value, _, _ in some)


@pytest.mark.parametrize(
    ("written", "read"),
    [("NORA", "Nora"), ("JEAN-PIERRE", "Jean-Pierre"), ("ÉLODIE", "Élodie"), ("Nora", "Nora"), ("", "")],
)
def test_a_given_name_is_written_as_in_a_sentence(written: str, read: str) -> None:
    assert capitalized(written) == read


@pytest.mark.parametrize(
    ("name", "lang", "shown"),
    [
        ({"family": "DUPONT", "given": ["JEANNE"], "prefix": ["MME"]}, "fr", "Mme Jeanne DUPONT"),
        ({"family": "DUPONT", "given": ["JEANNE"], "prefix": ["MME"]}, "en", "Ms Jeanne DUPONT"),
        ({"family": "DUPONT", "prefix": ["M"], "suffix": ["PR"]}, "fr", "Pr DUPONT"),
        ({"text": "Dupont"}, "fr", "Dupont"),
    ],
)
def test_a_name_is_said_with_its_title(name: dict[str, Any], lang: str, shown: str) -> None:
    assert person_name({"name": [name]}, lang) == shown
    assert person_name({}, lang) == ""


def test_an_address_is_written_as_on_an_envelope() -> None:
    street = {
        "extension": [
            {"url": systems.HOUSE_NUMBER, "valueString": "3"},
            {"url": systems.STREET_NAME_TYPE, "valueString": "AV"},
            {"url": systems.STREET_NAME_BASE, "valueString": "DES FABLES"},
        ]
    }
    address = {
        "line": ["CLINIQUE", "3 AV DES FABLES"],
        "_line": [None, street],
        "postalCode": "69003",
        "city": "LYON",
    }
    assert address_lines(address, "CLINIQUE") == ["3 avenue DES FABLES", "69003 LYON"]
    assert address_lines(address) == ["CLINIQUE", "3 avenue DES FABLES", "69003 LYON"]
    assert address_lines({}) == []


@pytest.mark.parametrize(
    ("number", "shown"), [("0465710003", "04 65 71 00 03"), ("+33 4", "+33 4"), ("15", "15")]
)
def test_a_telephone_is_read_in_pairs(number: str, shown: str) -> None:
    assert grouped(number) == shown
