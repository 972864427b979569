"""The cookie of a session, in clear and over TLS."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from socle.kernel.accounts.doors.middleware import forget, remember
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.settings import settings
from tests.app.conftest import pages

__all__ = ["pages"]


@pytest.fixture
def over_https(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation whose public address is https."""
    monkeypatch.setenv("SOCLE_BASE_URL", "https://socle.example")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_over_https_the_session_is_bound_to_this_very_host(pages: None, over_https: None) -> None:
    cookie = remember(HttpResponse(), "token").cookies["__Host-socle_session"]
    assert cookie_name() == "__Host-socle_session"
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.parametrize("tell", [lambda response: remember(response, "token"), forget])
def test_the_cookie_is_not_for_scripts_nor_for_other_sites(pages: None, tell: object) -> None:
    assert callable(tell)
    cookie = tell(HttpResponse()).cookies[cookie_name()]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_the_cookie_goes_with_the_browser(pages: None) -> None:
    kept = remember(HttpResponse(), "token").cookies[cookie_name()]
    gone = forget(HttpResponse()).cookies[cookie_name()]
    assert (kept.value, kept["max-age"], kept["expires"]) == ("token", "", "")
    assert (gone.value, gone["max-age"]) == ("", 0)
