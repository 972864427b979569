"""Every page in both languages: well formed, linked, translated, without inline style or script."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest

from socle.app.manifests import house
from socle.app.plan import empty_plan
from socle.kernel.access import PUBLIC
from socle.kernel.errors import CATALOGUE
from tests.app.catalogues import translations
from tests.app.html import Page

STEPS = [f"/visite/{story.order}" for manifest in house() for story in manifest.story]
OWN = next(manifest for manifest in house() if manifest.name == "gateway")
OPEN = [page for page in OWN.pages if "<" not in page.route and page.permission is PUBLIC]
PATHS = [f"/{page.route}" for page in OPEN] + STEPS
REFUSED = "/cette-adresse-n-existe-pas"


@pytest.fixture(params=["fr", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(params=[*PATHS, REFUSED])
def path(request: pytest.FixtureRequest) -> str:
    address: str = request.param
    return address


@pytest.fixture
def page(path: str, lang: str, client: httpx.Client) -> Page:
    answer = client.get(path, headers={"Accept-Language": lang})
    assert answer.status_code == (404 if path == REFUSED else 200)
    return Page(answer.text)


def test_a_page_is_well_formed(page: Page) -> None:
    assert page.faults == []


def test_identifiers_are_unique_and_references_resolve(page: Page) -> None:
    assert page.twice == []
    assert set(page.references) <= set(page.identifiers)
    inside = {link[1:] for link in page.links if link.startswith("#") and len(link) > 1}
    assert inside <= set(page.identifiers)


def test_headings_go_down_one_step_at_a_time_from_a_single_title(page: Page) -> None:
    assert page.has_an_outline, page.headings


def test_a_page_carries_no_inline_style_or_script(page: Page) -> None:
    assert page.inline == []


def test_everything_a_page_loads_comes_from_here(page: Page, client: httpx.Client) -> None:
    assert page.assets
    for asset in page.assets:
        assert asset.startswith("/static/")
        assert client.get(asset).status_code == 200


def test_every_link_of_a_page_leads_somewhere(page: Page, path: str, client: httpx.Client) -> None:
    inner = {urljoin(path, link).partition("#")[0] for link in page.links if "://" not in link}
    for target in inner - {path} - {f"{path}?lang={lang}" for lang in ("fr", "en")}:
        answer = client.get(target)
        assert answer.status_code == (404 if target.startswith(REFUSED) else 200), target


def test_a_page_speaks_one_language(page: Page, lang: str) -> None:
    """In English, no text of the French sources is left; in French, no English of the catalogues."""
    french, english = translations()
    common = french & english
    names = {standard.name for manifest in house() for standard in manifest.standards}
    said = {text for text in page.texts if len(text) > 3} - names
    assert not said & ((french if lang == "en" else english) - common)


def test_a_page_names_its_language(page: Page, lang: str) -> None:
    assert f'<html lang="{lang}">' in page.source


def sentences(client: httpx.Client, path: str, lang: str) -> str:
    return " ".join(Page(client.get(path, headers={"Accept-Language": lang}).text).texts)


def test_the_house_shows_every_room_of_the_plan_on_its_floor(client: httpx.Client, lang: str) -> None:
    home = client.get("/", headers={"Accept-Language": lang}).text
    built = {manifest.name: manifest for manifest in house()}
    for floor in empty_plan().floors:
        section = home[home.index(f'class="floor floor-{floor.wing.value}"') :]
        section = section[: section.index("</section>")]
        for room in floor.rooms:
            title = built[room.name].title if room.name in built else room.title
            assert title.of(lang) in section
        assert section.count("room-planned") == sum(room.name not in built for room in floor.rooms)


def test_every_room_that_is_open_has_a_door_and_a_figure(client: httpx.Client) -> None:
    home = client.get("/").text
    rooms = re.findall(r'class="room room-open">.*?href="(.*?)".*?<b>(.*?)</b>', home, re.DOTALL)
    assert len(rooms) == len(house())
    for door, figure in rooms:
        assert client.get(door).status_code == 200
        assert figure.strip()


def test_the_visit_counts_every_step_of_the_plan(client: httpx.Client) -> None:
    page = client.get("/visite").text
    assert page.count('<li class="step') == len(empty_plan().steps)
    assert page.count("step-planned") == len(empty_plan().steps) - len(STEPS)


def test_the_services_page_shows_every_address_with_its_fidelity_and_its_source(
    client: httpx.Client, server: str
) -> None:
    said = sentences(client, "/services", "fr")
    source = client.get("/services").text.replace("<wbr>", "")
    for endpoint in (endpoint for manifest in house() for endpoint in manifest.endpoints):
        assert endpoint.title.fr in said
        assert " ".join(endpoint.source.split()) in said
        assert f"{' '.join(endpoint.methods)} {endpoint.path}</code>" in source
    assert f"curl {server}/services.json" in source


def test_the_error_catalogue_is_whole(client: httpx.Client, lang: str) -> None:
    page = Page(client.get("/erreurs", headers={"Accept-Language": lang}).text)
    assert set(CATALOGUE) <= set(page.identifiers)


def texts_of_manifests() -> Iterator[tuple[str, str]]:
    for manifest in house():
        for text in (manifest.title, manifest.subtitle, *(page.title for page in manifest.pages)):
            yield text.fr, text.en
        for text in (*(e.title for e in manifest.endpoints), *(c.label for c in manifest.counters)):
            yield text.fr, text.en


def test_manifests_speak_both_languages() -> None:
    assert all(fr.strip() and en.strip() for fr, en in texts_of_manifests())
