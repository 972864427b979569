"""Addresses that may be registered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth.clients import check_registrable
from socle.standards.oauth.faults import REDIRECT_UNSAFE, Refused
from tests.standards.oauth.given import expect_refused, refusal_of


@pytest.mark.parametrize("uri", ["https://a.example/b?c=d", "http://127.0.0.1/b", "http://localhost:8080/b"])
def test_https_and_this_machine_may_be_registered(uri: str) -> None:
    for public in (True, False):
        check_registrable(uri, public=public)
    with pytest.raises(Refused):
        check_registrable(uri + "#x", public=True)


@pytest.mark.parametrize(
    "uri",
    [
        *("", "/b", "a.example/b", "http://a.example/b", "https:///b", "https://u:p@a.example/b"),
        *("https://a.example/é", "https://a.example:x/", "https://a.example /b", "javascript:alert(1)"),
        *("data:text/html,x", "https://[::1", "https://a.example/" + "b" * 2_000),
    ],
)
def test_what_may_not_is_told(uri: str) -> None:
    told = expect_refused(REDIRECT_UNSAFE, check_registrable, uri, public=True)
    assert told.error == "invalid_redirect_uri"


def test_a_scheme_of_its_own_is_for_an_application_on_a_device() -> None:
    check_registrable("com.example.app:/back", public=True)
    assert expect_refused(
        REDIRECT_UNSAFE, check_registrable, "com.example.app:/back", public=False
    ).sentence()


@given(st.text(max_size=40), st.booleans())
def test_any_text_is_registrable_or_refused(uri: str, public: bool) -> None:
    told = refusal_of(check_registrable, uri, public=public)
    assert told is REDIRECT_UNSAFE or (told is None and uri.isascii() and ":" in uri)
