"""The search page: people find whom they look for, by the words they use, page after page, and as a file."""

import csv
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
import time_machine
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from socle.engines.fhirstore.search import Page as EnginePage
from socle.engines.fhirstore.search import Snapshot
from socle.foundations.directory.criteria import Request
from socle.foundations.directory.doors.asked import page_tokens, resumed
from socle.kernel.db import DIALECTS
from socle.kernel.web.spreadsheet import cell
from tests.app.html import Page
from tests.foundations.directory.conftest import Site

SEARCH = "/annuaire"


def address(text: str, **others: str) -> str:
    return f"{SEARCH}?{urlencode({'q': text, **others})}"


def caption(html: str) -> str:
    """What the list says of itself; empty when nothing was found."""
    found = re.search(r"<caption>\s*(.*?)\s*(<|$)", html, re.DOTALL)
    return unescape(found[1]) if found else ""


def cards(html: str) -> list[str]:
    """The cards that the rows of the list lead to, in order."""
    table = html.partition("<tbody")[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row" role="rowheader"><a href="([^"]+)">', table)


def names(html: str) -> list[str]:
    table = html.partition("<tbody")[2].partition("</tbody>")[0]
    return [unescape(name) for name in re.findall(r'rowheader"><a href="[^"]+">([^<]*)</a>', table)]


def tags(html: str) -> list[tuple[str, str]]:
    """(address without it, text) of each part understood."""
    return [
        (unescape(href), " ".join(re.sub(r"<[^>]+>", " ", text).split()))
        for href, text in re.findall(r'class="pill pill-tag">\s*<a href="([^"]*)">(.*?)</a>', html, re.DOTALL)
    ]


def link(html: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return unescape(found[1]) if found else ""


def query(href: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


# -- The ways people write ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("cardio Lyon", "professionnel", "Dr Nora EXEMPLE"),
        ("cardiologue lyon", "professionnel", "Dr Nora EXEMPLE"),
        ("mme dupont infirmière 69003", "professionnel", "Mme Jeanne DUPONT"),
        ("dr exemple", "professionnel", "Dr Nora EXEMPLE"),
        ("exemple nora", "professionnel", "Dr Nora EXEMPLE"),
        ("89970010016", "professionnel", "Dr Nora EXEMPLE"),
        ("nora", "professionnel", "Dr Nora EXEMPLE"),
        ("nora.exemple@lyon.mssante.example", "professionnel", "Dr Nora EXEMPLE"),
        ("pharmacie lyon 3", "structure", "PHARMACIE DE LA FABLE"),
        ("pharmacie de la fable", "structure", "PHARMACIE DE LA FABLE"),
        ("690900006", "structure", "CENTRE HOSPITALIER FICTIF DE LYON"),
        ("CENTRE HOSPITALIER FICTIF", "structure", "CENTRE HOSPITALIER FICTIF DE LYON"),
        ("hôpital", "structure", "CENTRE HOSPITALIER FICTIF DE LYON"),
        ("l’hôpital de Lyon", "structure", "CENTRE HOSPITALIER FICTIF DE LYON"),
        ("cabinet exemple", "structure", "CABINET DU DR NORA EXEMPLE"),
    ],
)
def test_one_finds_whom_one_looks_for(site: Site, text: str, kind: str, expected: str) -> None:
    html = site.html(address(text))
    assert expected in names(html)
    assert all(card.startswith(f"{SEARCH}/{kind}/") for card in cards(html))


def test_a_trade_in_a_town_finds_only_those(site: Site) -> None:
    html = site.html(address("kiné villeurbanne"))
    rows = re.findall(r"<tr role=.row.><th.*?</tr>", html, re.DOTALL)
    assert rows
    assert all("Masseur-Kinésithérapeute" in row and "69100 Villeurbanne" in row for row in rows)


def test_accents_and_case_do_not_count(site: Site) -> None:
    found = [
        names(site.html(address(text))) for text in ("infirmière lyon", "INFIRMIERE LYON", "infirmieres Lyon")
    ]
    assert found[0] == found[1] == found[2] != []


def test_what_was_understood_is_shown_and_can_be_taken_away(site: Site) -> None:
    found = tags(site.html(address("mme dupont infirmière à Lyon")))
    assert [text.removesuffix(" × , retirer") for _, text in found] == [
        "Titre Madame",
        "Nom dupont",
        "Métier Infirmier",
        "Lieu Lyon",
    ]
    assert [query(href).get("q") for href, _ in found] == [
        "dupont infirmière à Lyon",
        "mme infirmière à Lyon",
        "mme dupont à Lyon",
        "mme dupont infirmière",
    ]


def test_a_title_that_nobody_of_that_name_bears_does_not_hide_them(site: Site) -> None:
    assert "Dr Nora EXEMPLE" in names(site.html(address("pr exemple")))


def test_whole_names_come_first_and_the_others_are_one_link_away(site: Site) -> None:
    html = site.html(address("martin"))
    assert all("MARTIN" in name.upper().replace("-", " ").split() for name in names(html))
    wider = re.search(r'<p class="way">.*?<a href="([^"]+)"', html, re.DOTALL)
    assert wider
    more = site.html(unescape(wider[1]))
    assert int(caption(more).split()[0]) > int(caption(html).split()[0])


def test_a_doubtful_word_can_be_taken_the_other_way(site: Site) -> None:
    html = site.html(address("villefranche"))
    assert "« villefranche » est pris pour un lieu" in html.replace("\u00a0", " ")
    other = re.search(r'est pris pour un lieu\.\s*<a href="([^"]+)"', html)
    assert other
    taken = site.html(unescape(other[1]))
    assert "Nom villefranche" in tags(taken)[0][1]
    assert "« villefranche » est pris pour un nom" in taken.replace("\u00a0", " ")


def test_what_is_left_aside_is_said(site: Site) -> None:
    said = site.html(address("exemple 5 Nora")).replace("\u00a0", " ")
    assert "Nous n’avons pas tenu compte de « 5 »" in said
    assert "Dr Nora EXEMPLE" in names(said)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("inffirmiere lyon", "infirmiere lyon"), ("exemplo", "exempl"), ("cardiolo", "cardio")],
)
def test_a_mistake_is_put_right_by_what_finds_somebody(site: Site, typed: str, meant: str) -> None:
    html = site.html(address(typed))
    assert cards(html) == []
    proposed = [unescape(href) for href in re.findall(r'class="pill">\s*<a href="([^"]+)"', html)]
    assert meant in [query(href).get("q") for href in proposed]
    assert all(cards(site.html(href)) for href in proposed)


def test_nothing_found_says_what_to_try(site: Site) -> None:
    html = site.html(address("zzzzzzzzzz"))
    assert "Essayez avec moins de mots" in html
    assert "Try with fewer words" in site.html(address("zzzzzzzzzz"), "en")


def test_structures_are_shown_beside_the_people_of_the_same_words(site: Site) -> None:
    html = site.html(address("exemple"))
    beside = html.partition('class="beside"')[2]
    assert "Dr Nora EXEMPLE" in names(html)
    assert "CABINET" not in beside or "/annuaire/structure/" in beside


@pytest.mark.parametrize(("tab", "kind"), [("professionnels", "professionnel"), ("structures", "structure")])
def test_a_tab_shows_its_kind_only(site: Site, tab: str, kind: str) -> None:
    html = site.html(address("lyon 3", dans=tab))
    assert cards(html)
    assert all(card.startswith(f"{SEARCH}/{kind}/") for card in cards(html))


# -- The refined form -----------------------------------------------------------------------------------------------


def test_filters_narrow_the_search(site: Site) -> None:
    everyone = site.html(f"{SEARCH}?ou=lyon")
    nurses = site.html(f"{SEARCH}?ou=lyon&metier=60")
    reached = site.html(f"{SEARCH}?ou=lyon&metier=60&mssante=1")
    sizes = [int("".join(filter(str.isdigit, caption(html)))) for html in (everyone, nurses, reached)]
    assert sizes[0] > sizes[1] > sizes[2] > 0
    assert reached.count('class="tag tag-good">MSSanté') >= len(cards(reached))
    assert [text.split()[0] for _, text in tags(reached)] == ["Métier", "Lieu", "Filtre"]


def test_filters_stay_in_the_form(site: Site) -> None:
    html = site.html(f"{SEARCH}?q=dupont&ou=Lyon&metier=60&mssante=1")
    assert 'value="dupont"' in html
    assert 'name="ou" value="Lyon"' in html
    assert '<option value="60" selected>Infirmier</option>' in html
    assert re.search(r'id="mssante"[^>]*checked', html)
    assert "<details open>" in html


def test_an_unknown_place_is_said_and_not_guessed(site: Site) -> None:
    html = site.html(f"{SEARCH}?q=dupont&ou=atlantide").replace("\u00a0", " ")
    assert "Nous ne connaissons pas de lieu nommé « atlantide »" in html
    assert cards(html)


# -- Pages ----------------------------------------------------------------------------------------------------------


def test_all_pages_forward_then_backward_hold_everybody_once(site: Site) -> None:
    html = site.html(f"{SEARCH}?ou=ain&metier=60")
    total = int(caption(html).split()[0])
    forward, seen = [cards(html)], [html]
    while following := link(seen[-1], "next"):
        seen.append(site.html(following))
        forward.append(cards(seen[-1]))
    assert len(forward) > 2
    assert sum(map(len, forward)) == total
    roles = {
        (one["practitioner"]["reference"], one["organization"]["reference"]) for one in nurses_of(site, "01")
    }
    assert total == len(nurses_of(site, "01")) >= len(roles)
    backward = [forward[-1]]
    while previous := link(seen[-1], "prev"):
        seen.append(site.html(previous))
        backward.append(cards(seen[-1]))
    assert backward[::-1] == forward
    assert {caption(page) for page in seen} == {caption(html)}


def nurses_of(site: Site, department: str) -> list[dict[str, dict[str, str]]]:
    """The activities of nurses in a department, counted without any search."""
    there = {
        f"Organization/{fid}"
        for (kind, fid), one in site.resources.items()
        if kind == "Organization" and one.get("address", [{}])[0].get("district") == department
    }
    nurses = {
        f"Practitioner/{fid}"
        for (kind, fid), one in site.resources.items()
        if kind == "Practitioner"
        and "|60" in {f"|{c['code']}" for q in one.get("qualification", []) for c in q["code"]["coding"]}
    }
    return [
        one
        for (kind, _), one in site.resources.items()
        if kind == "PractitionerRole"
        and one["active"]
        and one.get("organization", {}).get("reference") in there
        and one["practitioner"]["reference"] in nurses
    ]


@pytest.mark.parametrize("token", ["forged", "é", "A" * 9_000, "%00"])
def test_a_page_link_that_was_not_made_here_starts_the_list_again(site: Site, token: str) -> None:
    html = site.html(f"{SEARCH}?ou=ain&metier=60&suite={quote(token, safe='%')}")
    assert cards(html) == cards(site.html(f"{SEARCH}?ou=ain&metier=60"))
    assert "Voici la liste depuis son début" in html


def test_a_page_link_lasts_a_day() -> None:
    request = Request("Practitioner", ((("name", "martin"), ("name", "dupont")),))
    page = EnginePage(
        Snapshot(1, 7, DIALECTS["sqlite"]), [(3, b"{}"), (9, b"{}")], total=5, before=True, after=True
    )
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        tokens = page_tokens(request, page)
    later = Snapshot(1, 8, DIALECTS["sqlite"])
    with time_machine.travel(now + timedelta(hours=23), tick=False):
        on = resumed(tokens["next"], later)
        back = resumed(tokens["previous"], later)
    assert on is not None
    assert (on.request, on.snapshot.transaction) == (request, 7)
    assert (on.start.key, on.start.direction, on.start.total) == (9, "next", 5)
    assert back is not None
    assert (back.start.key, back.start.direction) == (3, "previous")
    with time_machine.travel(now + timedelta(hours=25), tick=False):
        assert resumed(tokens["next"], later) is None


# -- The file -------------------------------------------------------------------------------------------------------


def lines_of(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_file_holds_the_rows_of_the_page(site: Site) -> None:
    html = site.html(f"{SEARCH}?ou=ain&metier=60")
    second = site.html(link(html, "next"))
    for page in (html, second):
        href = re.search(r'href="(/annuaire/resultats.csv[^"]*)"', page)
        assert href
        answer = site.visitor.get(unescape(href[1]))
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        header, *lines = lines_of(answer.text)
        assert header[:4] == ["Numéro RPPS", "Titre", "Nom", "Prénom"]
        assert [f"{line[1]} {line[3]} {line[2]}" for line in lines] == names(page)


def test_the_file_of_structures_and_its_english_header(site: Site) -> None:
    text = site.visitor.get("/annuaire/resultats.csv?q=690900006", headers={"Accept-Language": "en"}).text
    header, line = lines_of(text)
    assert header[:2] == ["Organisation", "FINESS"]
    assert line[:2] == ["CENTRE HOSPITALIER FICTIF DE LYON", "690900006"]


def test_the_file_of_nothing_is_its_header(site: Site) -> None:
    assert len(lines_of(site.visitor.get("/annuaire/resultats.csv?q=zzzzzz").text)) == 1


@given(st.text(max_size=20), st.sampled_from(["=", "+", "-", "@", "\t=", " =", "\r", "|", "＝"]))
def test_a_spreadsheet_runs_nothing(rest: str, start: str) -> None:
    assume((start + rest).strip("\0") != "-")  # which stands for nothing
    assert cell(start + rest).startswith("'")


@pytest.mark.parametrize("value", [-3, 2.5, "Dr", "04 65", "d'Arc", "-", ""])
def test_a_cell_that_is_no_formula_is_left_alone(value: object) -> None:
    assert cell(value) == str(value)


# -- Hostile visitors -----------------------------------------------------------------------------------------------

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7*7 }}{% debug %}",
    "javascript:alert(1)",
    "&lt;b&gt;</title><b>",
)


@pytest.mark.parametrize("field", ["q", "ou", "metier", "mssante", "dans", "sens", "large", "suite"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_is_never_markup(site: Site, field: str, payload: str) -> None:
    html = site.html(f"{SEARCH}?{urlencode({'q': 'dupont', field: payload})}")
    page = Page(html)
    assert page.faults == []
    assert page.tags.count("script") == Page(site.html(SEARCH)).tags.count("script")
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "img" not in page.tags
    assert not [href for href in page.links if href.startswith("javascript")]


HOSTILE = (
    "q=%00",
    "q=%FF%FE",
    "q=" + "a" * 10_000,
    "q=" + "%C3%A9" * 2_000,
    "&".join(f"q{n}=1" for n in range(990)),
    "q=%ED%A0%80",
    "q=a&sens=99999999999999999999",
    "q=a&sens=²",
    "q=%F0%9F%92%8A%F0%9F%A9%BA",
    "q=" + "dr+" * 60,
    "q=" + "lyon+" * 40,
    "q=%25%27%22%5C%3B--",
    "q=',(|$%5C",
    "q[]=1&q=2&=3",
    "ou=" + "%2C" * 500,
    "metier=60&metier=70",
    "q=a,b|c$d\\e",
)


@pytest.mark.parametrize("asked", HOSTILE)
@pytest.mark.parametrize("path", [SEARCH, "/annuaire/resultats.csv", "/annuaire/densites"])
def test_hostile_addresses_get_an_answer(site: Site, path: str, asked: str) -> None:
    assert site.visitor.get(f"{path}?{asked}").status_code == 200


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(codec="utf-8"), max_size=60),
    way=st.integers(0, 9),
    where=st.text(st.characters(codec="utf-8"), max_size=20),
)
def test_any_text_gets_a_page(site: Site, text: str, way: int, where: str) -> None:
    assert Page(site.html(address(text, sens=str(way), ou=where))).faults == []
