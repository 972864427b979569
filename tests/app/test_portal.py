"""The portal under a WSGI server, checked by the validator of the standard library."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import orjson
import pytest

from socle.app.manifests import house
from socle.app.portal import OWN, application
from socle.kernel import full_disk
from socle.kernel.db import close_database, open_database
from socle.kernel.edge.wsgi import Environ
from tests.support.databases import migrate


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


def test_a_full_disk_is_named_to_who_asks_and_to_the_proxy(
    portal: Callable[..., Iterable[bytes]], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'socle.sqlite3'}"
    migrate(url, tmp_path)
    close_database()
    with open_database(url).unit() as unit:
        ((pages,),) = unit.fetch("PRAGMA page_count")
        unit.fetch(f"PRAGMA max_page_count = {pages}")
    try:
        # Each refusal is journaled, as long as there is room in the last pages.
        asked = (call(portal, "/trace", QUERY_STRING="personne=nora") for _ in range(200))
        full = next(told for told in asked if told[0] != 403)
        assert (full[0], orjson.loads(full[2])["title"]) == (507, "disk-full")
        page = call(portal, "/compte/connexion", HTTP_ACCEPT="text/html")
        assert page[0] == 200
        ready = call(portal, "/readyz")
    finally:
        full_disk._met.clear()
        close_database()
    assert (ready[0], orjson.loads(ready[2])["reason"]) == (503, "disk")
