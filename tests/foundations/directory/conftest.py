"""A running Socle with a whole demonstration town in it, once on each engine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from socle.foundations.directory.demo import TOWN, write_delta, write_territory
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.loading.load import load_files
from socle.kernel.db import Database
from tests.app.conftest import opened, pages
from tests.app.running import running
from tests.conftest import ENGINES
from tests.support.databases import PostgresqlTemplate, SqliteTemplate
from tests.support.directory import resources
from tests.support.fhir_store import Key, Resource

__all__ = ["opened", "pages", "site"]
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "fr"}


@dataclass(frozen=True)
class Site:
    """A server, a visitor who prefers French, and the resources that its pages show."""

    base: str
    visitor: httpx.Client
    resources: dict[Key, Resource]

    def html(self, address: str, lang: str = "fr", status: int = 200) -> str:
        """The page at an address, which must answer `status`."""
        # A link of a page may have set the language for the next ones, as it does for people.
        self.visitor.cookies.clear()
        answer = self.visitor.get(address, headers={"Accept-Language": lang})
        assert answer.status_code == status, (address, answer.status_code)
        return answer.text

    def first(self, type_name: str, *, active: bool = True) -> Resource:
        """The first that the demonstration holds, in activity or not."""
        found = (one for (kind, _), one in self.resources.items() if kind == type_name)
        return next(one for one in found if one["active"] is active)


@pytest.fixture(scope="session", params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town, loaded, then a day later with those who left and those who came."""
    template: SqliteTemplate | PostgresqlTemplate = request.getfixturevalue(f"{request.param}_template")
    home: Path = tmp_path_factory.mktemp("site")
    with template.fresh(home) as url:
        db = Database(url)
        load_files(db, write_territory(home / "town", TOWN).files, mode=Mode.FULL, rejects=home)
        load_files(db, write_delta(home / "delta", TOWN).delta, mode=Mode.DELTA, rejects=home)
        if db.engine == "postgresql":
            # What autovacuum does within a minute of a load; without it the first searches guess badly.
            with db.unit() as unit:
                unit.execute("ANALYZE")
        known = resources(db)
        db.close()
        with (
            running(home, SOCLE_DATABASE=url) as base,
            httpx.Client(base_url=base, headers=BROWSER, timeout=60) as visitor,
        ):
            yield Site(base, visitor, known)
