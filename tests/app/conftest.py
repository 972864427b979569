"""A running Socle, shared by the tests that talk to it over HTTP."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import httpx
import pytest

from tests.app.running import running
from tests.support.databases import migrate
from tests.support.served import KEYED

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def pages() -> None:
    """Django, set up in this process for the tests that call a view or read its texts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socle.app.django_settings")
    django.setup(set_prefix=False)


@pytest.fixture(scope="module")
def opened() -> Iterator["Browser"]:
    """One browser for the tests of a file: as long as it is open, its event loop takes the place of theirs."""
    from tools.screenshots import ChromiumMissing, browser, chromium

    try:
        chromium()
    except ChromiumMissing as missing:
        pytest.skip(str(missing))
    with browser() as launched:
        yield launched


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Socle with an empty, migrated SQLite database."""
    home: Path = tmp_path_factory.mktemp("home")
    migrate(f"sqlite:///{home / 'socle.sqlite3'}", home)
    with running(home) as base:
        yield base


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    """A visitor with a browser that prefers French."""
    headers = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "fr"}
    with httpx.Client(base_url=server, headers=headers, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="session")
def program(server: str) -> Iterator[httpx.Client]:
    """A program: it accepts anything."""
    with httpx.Client(base_url=server, headers=KEYED, timeout=60) as opened:
        yield opened
