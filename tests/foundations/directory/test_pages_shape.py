"""Every page of the directory, in both languages and on both engines: well formed, linked, of one language."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import httpx
import pytest

from tests.app.catalogues import translations
from tests.app.html import Page, typed
from tests.app.running import running
from tests.foundations.directory.conftest import BROWSER, Site
from tests.support.databases import SqliteTemplate

LANGUAGES = ("fr", "en")
CARDS = {"person": "/annuaire?q=89970010016", "hospital": "/annuaire?q=690900006"}
PAGES = {
    "home": "/annuaire",
    "people": "/annuaire?q=nora",
    "activities": "/annuaire?q=cardio+lyon",
    "structures": "/annuaire?q=pharmacie+lyon",
    "refined": "/annuaire?ou=lyon&metier=60&mssante=1",
    "nothing": "/annuaire?q=inffirmiere+lyon",
    "doubtful": "/annuaire?q=villefranche&ou=atlantide",
    "densities": "/annuaire/densites",
    "department": "/annuaire/densites/69",
    "empty department": "/annuaire/densites/2A",
    "visit": "/visite/1",
}


def address_of(site: Site, name: str) -> str:
    """The address of a page; cards are found by their numbers."""
    if name in PAGES:
        return PAGES[name]
    found = re.search(r'rowheader"><a href="([^"]+)"', site.html(CARDS[name]))
    assert found
    return unescape(found[1])


@pytest.fixture(params=[*PAGES, *CARDS])
def address(request: pytest.FixtureRequest, site: Site) -> str:
    return address_of(site, request.param)


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def page(site: Site, address: str, lang: str) -> Page:
    return Page(site.html(address, lang))


def test_a_page_is_well_formed(page: Page) -> None:
    assert page.faults == []
    assert page.twice == []
    assert set(page.references) <= set(page.identifiers)


def test_headings_go_down_one_step_at_a_time_from_a_single_title(page: Page) -> None:
    assert page.has_an_outline, page.headings


def test_a_page_carries_no_inline_style_or_script(page: Page) -> None:
    assert page.inline == []


def test_every_link_of_a_page_leads_somewhere(page: Page, site: Site, address: str) -> None:
    inner = {urljoin(address, link).partition("#")[0] for link in page.links if "://" not in link}
    targets = sorted(target for target in inner if not target.startswith(("tel:", "mailto:")))
    assert targets
    for target in targets:
        assert site.visitor.get(target, follow_redirects=True).status_code == 200, target


def test_a_page_speaks_one_language(page: Page, lang: str) -> None:
    """In English, no text of the French sources is left; in French, no English of the catalogues."""
    french, english = translations()
    said = {text for text in page.texts if len(text) > 3}
    assert not said & ((french if lang == "en" else english) - (french & english))
    assert f'<html lang="{lang}">' in page.source


def test_the_story_step_shows_the_doctor_by_page_and_by_command(site: Site) -> None:
    html = site.html("/visite/1")
    seen = re.search(r'href="(/annuaire[^"]+)"', html)
    assert seen
    assert "Dr Nora EXEMPLE" in site.html(unescape(seen[1]))
    asked, headers = typed(html)
    answer = site.visitor.get(asked, headers={"Accept": "application/fhir+json", **headers}).json()
    families = {
        name["family"]
        for entry in answer["entry"]
        for name in entry["resource"].get("name", [])
        if "family" in name
    }
    assert "EXEMPLE" in families


def test_the_rooms_of_the_house_show_their_figures(site: Site) -> None:
    home = re.sub(r"\s+", " ", site.html("/").replace("\u00a0", " ").replace("\u202f", " "))
    people = sum(kind == "Practitioner" and one["active"] for (kind, _), one in site.resources.items())
    shown = f"{people:,}".replace(",", " ")
    assert f"<b>{shown}</b> professionnels en activité" in home
    assert re.search(r"<b>[\d ]+</b> ressources", home)
    assert re.search(r"<b>[\d ]+</b> codes", home)


@pytest.fixture(scope="module")
def unloaded(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Socle whose directory was never loaded."""
    home = tmp_path_factory.mktemp("unloaded")
    with sqlite_template.fresh(home) as url, running(home, SOCLE_DATABASE=url) as base:
        yield base


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_directory_that_was_never_loaded_has_its_pages_too(unloaded: str, name: str, lang: str) -> None:
    answer = httpx.get(unloaded + PAGES[name], headers=BROWSER | {"Accept-Language": lang}, timeout=60)
    assert answer.status_code == 200
    assert Page(answer.text).faults == []
    assert "EXEMPLE" not in answer.text
