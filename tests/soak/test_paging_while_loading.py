"""Readers who page through every role, both ways, while delta after delta loads: no gap, no duplicate, ever."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import time

import pytest

from socle.foundations.directory.demo import FIRST_DAY, TOWN, write_delta, write_territory
from socle.foundations.directory.stores import PUBLIC
from tests.support.command_line import begun, socle
from tests.support.fhir_client import Bundle, walk
from tests.support.published import published_states
from tests.support.rounds import rounds
from tests.support.served import Served, up

pytestmark = pytest.mark.soak

FIRST_PAGE = "/fhir/v2/PractitionerRole?_count=250&_total=accurate"
CHANGES = 200
LOAD = ("load", "directory", "--delta")


@dataclass(frozen=True)
class Walk:
    """All that one reader met, as `id/versionId`, between two moments (milliseconds)."""

    began: float
    ended: float
    total: int | None
    forward: list[str]
    backward: list[str]


def walked(served: Served) -> Walk:
    """Every page by `next` to the last, then by `previous` to the first."""

    def ask(link: str) -> Bundle:
        answer = served.client.get(link)
        assert answer.status_code == 200, answer.text
        return Bundle.read(answer)

    began = time() * 1000
    forward = walk(ask, ask(FIRST_PAGE), "next", lambda: None)
    backward = walk(ask, forward[-1], "previous", lambda: None)
    return Walk(began, time() * 1000, forward[0].total, met(forward), met(backward[::-1]))


def met(pages: list[Bundle]) -> list[str]:
    return [f"{one['id']}/{one['meta']['versionId']}" for page in pages for one in page.matches]


@pytest.fixture
def url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database, which the server brings to the current schema itself."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'socle.sqlite3'}"
    created: str = request.getfixturevalue("postgresql_server").create("paging_while_loading")
    return created


@contextmanager
def serving(url: str, home: Path) -> Iterator[Served]:
    """A server on a town."""
    town = write_territory(home / "town", TOWN)
    done = socle("load", "directory", *town.files, home=home, SOCLE_DATABASE=url)
    assert done.returncode == 0, done.stderr
    with up(home, SOCLE_DATABASE=url) as served:
        yield served


def walks_during(served: Served, url: str, files: tuple[Path, ...]) -> list[Walk]:
    """One walk after another for as long as a delta loads."""
    walks = []
    printed = served.home / "load.txt"
    with begun(*LOAD, *files, home=served.home, printed=printed, SOCLE_DATABASE=url) as load:
        while load.poll() is None:
            walks.append(walked(served))
        assert load.returncode == 0, printed.read_text(encoding="utf-8")
    return walks


def test_every_walk_meets_one_published_state_whole(
    url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    walks: list[Walk] = []
    with serving(url, tmp_path) as served:
        for number in range(rounds()):
            night = FIRST_DAY + timedelta(days=number)
            delta = write_delta(tmp_path / f"night-{number}", TOWN, day=night, changes=CHANGES).delta
            walks += walks_during(served, url, delta)
    states = published_states(url, PUBLIC, "PractitionerRole")
    assert len(states) == rounds() + 1
    assert len({tuple(state.held) for state in states}) == len(states), "every delta changes roles"
    for one in walks:
        assert one.total == len(one.forward) == len(set(one.forward))
        assert one.forward == one.backward
        assert any(one.forward == state.held for state in states)
    across = sum(any(one.began < state.ended < one.ended for state in states) for one in walks)
    assert across, "no state was published in the middle of a walk"
    record_property("did", f"{rounds()} deltas, {len(walks)} walks, {across} across a publication")
