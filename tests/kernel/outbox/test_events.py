"""Kinds of events: each is declared once, told by a manifest, and carries what it says it does."""

import json
from importlib import import_module
from pkgutil import walk_packages

import pytest

import socle
from socle.app.manifests import house
from socle.kernel.outbox.events import CATALOGUE, Event, event_kind
from socle.kernel.outbox.heard import Heard
from tests.support.outbox import COUNTED


def test_every_kind_is_told_by_a_manifest_and_the_other_way_round() -> None:
    for module in walk_packages(socle.__path__, "socle."):
        if module.name.endswith((".actions", ".events", ".trial", ".erasure")):
            import_module(module.name)
    declared = {code for code in CATALOGUE if not code.startswith("test.")}
    assert declared == {event for manifest in house() for event in manifest.events}


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        event_kind(COUNTED.code, "", "")


@pytest.mark.parametrize("data", [{}, {"number": 1, "other": 2}, {"numbers": 1}])
def test_an_event_carries_the_members_of_its_kind(data: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected number"):
        Event(COUNTED, "a", data)


def test_the_document_says_all_that_a_listener_may_know() -> None:
    event = Event(COUNTED, "record:1", {"number": 5}, id=bytes(range(16)))
    document = event.document(bytes(16), "2026-11-22T13:05:09.001200Z")
    assert json.loads(document) == {
        "id": "000102030405060708090a0b0c0d0e0f",
        "kind": "test.counted.1",
        "subject": "record:1",
        "at": "2026-11-22T13:05:09.001200Z",
        "unit": "0" * 32,
        "data": {"number": 5},
    }
    heard = Heard(1, event.id, bytes(16), COUNTED.code, "record:1", 0, document)
    assert heard.data == {"number": 5}
