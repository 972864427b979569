"""The operator's page in a real browser, signed in."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.audit.sequencer import sequence
from socle.kernel.db import Database
from tests.app.browsing import axe_report, width_needed
from tests.app.running import running
from tests.kernel.accounts.conftest import somebody
from tests.support.databases import SqliteTemplate

# What a browser shows does not depend on the engine.
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """The address of the page, and the state of a browser whose user is an operator."""
    with sqlite_template.fresh(tmp_path_factory.mktemp("operated")) as url:
        database = Database(url)
        operator = somebody(database, "operatrice@exemple.test")
        sequence(database)
        database.close()
        with running(Path(os.environ["SOCLE_HOME"]), SOCLE_DATABASE=url) as base:
            cookie = {"name": cookie_name(), "value": operator.token, "url": base}
            yield {"address": f"{base}/exploitation", "state": {"cookies": [cookie]}}


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing(opened: Browser, site: dict[str, Any], width: int, scheme: str) -> None:
    assert axe_report(opened, site["address"], width, scheme, storage_state=site["state"]) == ""


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_scrolls_sideways(opened: Browser, site: dict[str, Any], width: int) -> None:
    assert width_needed(opened, site["address"], width, storage_state=site["state"]) <= width
