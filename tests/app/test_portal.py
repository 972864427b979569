"""The portal under a WSGI server, checked by the validator of the standard library."""

import os
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import orjson
import pytest

from socle.app.manifests import house
from socle.app.portal import OWN, application
from socle.kernel.edge.wsgi import Environ


@pytest.fixture(scope="module")
def portal() -> Callable[..., Iterable[bytes]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socle.app.django_settings")
    checked: Callable[..., Iterable[bytes]] = validator(application())
    return checked


def call(
    portal: Callable[..., Iterable[bytes]], path: str, **variables: str
) -> tuple[int, dict[str, str], bytes]:
    environ: Environ = {"PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", **variables}
    setup_testing_defaults(environ)
    told: list[Any] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], failure: Any = None
    ) -> Callable[..., None]:
        told[:] = [int(status[:3]), {name.lower(): value for name, value in headers}]
        return lambda data: None

    parts = portal(environ, start_response)
    body = b"".join(parts)
    parts.close()  # type: ignore[attr-defined]
    return told[0], told[1], body


def test_it_answers_the_own_addresses_of_the_gateway() -> None:
    gateway = next(manifest for manifest in house() if manifest.name == "gateway")
    assert set(OWN) == {mount.prefix for mount in gateway.mounts}


def test_a_page_and_the_style_sheet_it_asks_for(portal: Callable[..., Iterable[bytes]]) -> None:
    status, headers, body = call(portal, "/facile-a-lire", HTTP_ACCEPT="text/html")
    assert status == 200
    assert "content-security-policy" in headers
    sheet = body.decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
    status, headers, _ = call(portal, sheet)
    assert (status, headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_health_and_services_are_those_of_the_gateway(portal: Callable[..., Iterable[bytes]]) -> None:
    assert call(portal, "/healthz")[0] == 200
    listed = orjson.loads(call(portal, "/services.json")[2])
    assert [service["name"] for service in listed["services"]] == [manifest.name for manifest in house()]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/rien", "GET", 404), ("/static/rien", "GET", 404), ("/healthz", "POST", 405)],
)
def test_a_refusal_is_a_page_for_a_browser(
    portal: Callable[..., Iterable[bytes]], path: str, method: str, status: int
) -> None:
    told = call(portal, path, REQUEST_METHOD=method, HTTP_ACCEPT="text/html")
    assert told[0] == status
    assert b"<main" in told[2]
