"""What the log of a whole Socle holds of what is asked, whoever asks and however it ends: never a query."""

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.validate import validator

import pytest

from socle.app.gateway import Part, build
from socle.app.portal import application
from socle.kernel.db import close_database, open_database
from tests.app.test_portal import call
from tests.kernel.edge.exchanges import exchange, scope_of
from tests.support.logged import logged

PERSON, LINK = "jean.dupont@example.org", "Qm9uam91ci1sZS1saWVuLXF1aS1vdXZyZQ"
QUERY = f"personne={PERSON}&lien={LINK}"
# By a program: a browser would be sent to the page where one signs in.
REFUSED = [
    ("GET", "/trace", 403),
    ("POST", "/droits/suivi", 403),
    ("GET", "/rien", 404),
    ("DELETE", "/facile-a-lire", 405),
]
# Asked of a database that has no table: an unexpected failure, with its traceback.
FAILED = ("GET", "/droits/suivi", 500)
Portal = Callable[..., Iterable[bytes]]


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setenv("SOCLE_LOG_ACCESS", "on")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socle.app.django_settings")
    with logged():
        checked: Portal = validator(application())
        return checked


@pytest.fixture
def engine() -> str:
    """What is logged does not hang on it, and the other engine is another process's."""
    return "sqlite"


@contextmanager
def opened(url: str) -> Iterator[None]:
    close_database()
    open_database(url)
    try:
        yield
    finally:
        close_database()


def check(said: str) -> None:
    access = [
        line["status"] for line in map(json.loads, said.splitlines()) if line["logger"] == "socle.access"
    ]
    assert access == [status for _, _, status in (*REFUSED, FAILED)]
    assert "no such table" in said
    for word in (PERSON, LINK, "jean.dupont", "personne", "lien=", "WSGIRequest"):
        assert word not in said


def test_the_log_of_the_portal_holds_no_query(portal: Portal, database_url: str, tmp_path: Path) -> None:
    def statuses(*asked: tuple[str, str, int]) -> list[int]:
        return [call(portal, path, REQUEST_METHOD=method, QUERY_STRING=QUERY)[0] for method, path, _ in asked]

    with logged(level="debug") as said:
        with opened(database_url):
            assert statuses(*REFUSED) == [status for _, _, status in REFUSED]
        with opened(f"sqlite:///{tmp_path / 'empty.sqlite3'}"):
            assert statuses(FAILED) == [500]
    check(said.getvalue())


def test_the_log_does_not_repeat_the_page_that_a_refused_form_came_from(portal: Portal) -> None:
    came_from = f"https://elsewhere.example/page?personne={PERSON}&lien={LINK}"
    with logged() as said:
        told = call(
            portal,
            "/droits/suivi",
            **{"REQUEST_METHOD": "POST", "HTTP_REFERER": came_from, "wsgi.url_scheme": "https"},
        )
    assert told[0] == 403
    assert "https://elsewhere.example/page" in said.getvalue()
    assert PERSON not in said.getvalue()
    assert LINK not in said.getvalue()


@pytest.mark.usefixtures("portal")
def test_the_log_of_the_gateway_holds_no_query(database_url: str, tmp_path: Path) -> None:
    gateway = build(Part.ALL)

    async def statuses(*asked: tuple[str, str, int]) -> list[int]:
        answers = [
            await exchange(gateway, scope_of(path, method, QUERY.encode())) for method, path, _ in asked
        ]
        return [answer.status for answer in answers]

    with logged(level="debug") as said:
        with opened(database_url):
            assert asyncio.run(statuses(*REFUSED)) == [status for _, _, status in REFUSED]
        with opened(f"sqlite:///{tmp_path / 'empty.sqlite3'}"):
            assert asyncio.run(statuses(FAILED)) == [500]
    check(said.getvalue())
