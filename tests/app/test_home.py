"""The figures of the rooms: what is counted, and what happens when it cannot be."""

import logging
from dataclasses import replace

import pytest
from django.utils import translation

from socle.app.home import count, trouble
from socle.app.manifests import house
from socle.app.services import published
from socle.kernel.db import Database
from socle.kernel.manifest import Counter, Text, load_attribute

pytestmark = pytest.mark.usefixtures("pages")
LABEL = Text("adresses", "addresses")


def nothing(db: Database) -> None:
    return None


def broken(db: Database) -> int:
    raise LookupError("no such table")


def test_a_room_shows_what_its_counter_reads() -> None:
    counter = Counter(LABEL, "socle.app.services:published")
    assert count(counter) == sum(len(manifest.endpoints) for manifest in house())


def test_a_counter_with_nothing_to_say_shows_a_dash() -> None:
    assert count(Counter(LABEL, f"{__name__}:nothing")) == "—"


@pytest.mark.parametrize("read", [f"{__name__}:broken", f"{__name__}:absent", "no.such.module:count"])
def test_a_counter_that_fails_shows_a_dash_and_is_logged(read: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "socle.home"):
        assert count(Counter(LABEL, read)) == "—"
    assert read in caplog.text
    assert caplog.records[0].exc_info


def well(db: Database) -> None:
    return None


def empty(db: Database) -> str:
    return "empty"


def lost(db: Database) -> str:
    return "disk-full"


@pytest.mark.parametrize(
    ("health", "said"),
    [
        ("", ""),
        (f"{__name__}:well", ""),
        (f"{__name__}:empty", "vide, rien n’est encore chargé"),
        (f"{__name__}:lost", "indisponible"),
        (f"{__name__}:broken", "indisponible"),
    ],
)
def test_a_room_says_why_its_service_cannot_answer(health: str, said: str) -> None:
    with translation.override("fr"):
        assert trouble(replace(house()[0], health=health)) == said


def test_every_counter_of_the_house_can_be_read_from_a_fresh_database(database: Database) -> None:
    counters = [counter for manifest in house() for counter in manifest.counters]
    values = [load_attribute(counter.read)(database) for counter in counters]
    assert all(value is None or isinstance(value, int | str) for value in values)
    assert published(database) in values
