"""Errors as a browser and as a program are told them."""

from string import Formatter

import pytest
from django.utils.html import escape

from socle.kernel.errors import CATALOGUE, NOT_FOUND, UNEXPECTED, ErrorKind, SocleError
from socle.kernel.web.errors import told

BROWSER = {
    "HTTP_ACCEPT": "text/html,*/*;q=0.8",
    "PATH_INFO": "/a",
    "QUERY_STRING": "",
    "HTTP_ACCEPT_LANGUAGE": "fr",
}
MISSING = SocleError(NOT_FOUND, path="/a")


def test_a_browser_gets_a_page_in_its_language() -> None:
    french = told(BROWSER, MISSING, "r-1").body.decode()
    english = told(BROWSER | {"HTTP_COOKIE": "socle_lang=en"}, MISSING, "r-1").body.decode()
    assert "Il n’y a rien à cette adresse" in french
    assert MISSING.sentence("fr") in french
    assert "There is nothing at this address" in english
    assert MISSING.sentence("en") in english
    assert "r-1" in french


def test_a_program_gets_problem_details() -> None:
    status, headers, _ = told(BROWSER | {"HTTP_ACCEPT": "*/*"}, MISSING, "r-1")
    assert status == 404
    assert (b"content-type", b"application/problem+json") in headers
    assert (b"cache-control", b"no-store") in headers


def test_an_unexpected_error_says_what_to_do_with_its_reference() -> None:
    page = told(BROWSER, SocleError(UNEXPECTED, reference="r-2"), "r-2").body.decode()
    assert "Une erreur s’est produite chez nous" in page
    assert "donnez la référence" in page
    assert page.count("r-2") >= 2


def test_an_address_is_shown_as_it_was_written() -> None:
    environ = BROWSER | {"PATH_INFO": "/santé<b>".encode().decode("latin-1")}
    page = told(environ, MISSING, "r").body.decode()
    assert "/santé&lt;b&gt;" in page


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_when_the_page_itself_fails_a_bare_one_is_told(lang: str, caplog: pytest.LogCaptureFixture) -> None:
    broken = ErrorKind("broken", 500, fr="{absent}" if lang == "fr" else "", en="", rule="-")
    error = SocleError(broken)
    if lang == "en":
        error.data = {}
        error.kind = ErrorKind("broken", 500, fr="", en="{absent}", rule="-")
    reply = told(BROWSER | {"HTTP_ACCEPT_LANGUAGE": lang}, error, "r-3")
    page = reply.body.decode()
    assert reply.status == 500
    assert f'<html lang="{lang}">' in page
    assert "broken · r-3" in page
    assert "the error page" in caplog.text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_kind_of_error_has_a_page(lang: str) -> None:
    for kind in list(CATALOGUE.values()):
        names = {name for _, name, _, _ in Formatter().parse(kind.fr + kind.en) if name} | {"allowed"}
        error = SocleError(kind, **dict.fromkeys(names, "<x>"))
        page = told(BROWSER | {"HTTP_ACCEPT_LANGUAGE": lang}, error, "r").body.decode()
        assert escape(error.sentence(lang)) in page
        assert f"/erreurs#{kind.code}" in page
