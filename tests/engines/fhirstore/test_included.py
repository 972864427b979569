"""An answer that would include too much says so, and which part of it is there."""

import pytest

from socle.engines.fhirstore import search
from tests.support.fhir_client import Caller
from tests.support.fhir_store import changes_of, publish, store_like


def test_included_resources_are_bounded_and_the_bound_is_told(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "INCLUDED_LIMIT", 3)
    store = store_like()
    roles = [
        {"resourceType": "PractitionerRole", "id": f"r{n}", "organization": {"reference": "Organization/o"}}
        for n in range(5)
    ]
    publish(caller.db, store, changes_of({"resourceType": "Organization", "id": "o"}, *roles))
    answer = caller.ask(store, "GET", "Organization?_revinclude=PractitionerRole:organization")
    assert answer.status_code == 200
    entries = answer.json()["entry"]
    modes = [entry["search"]["mode"] for entry in entries]
    assert modes == ["match", "include", "include", "include", "outcome"]
    assert [entry["resource"]["id"] for entry in entries[1:4]] == ["r0", "r1", "r2"]
    assert entries[-1]["resource"]["issue"][0]["code"] == "too-costly"


def test_an_answer_says_of_which_moment_it_is(caller: Caller) -> None:
    """What a copy gives to `_lastUpdated=gt` next time: nothing published later is older."""
    store = store_like()
    publish(caller.db, store, changes_of({"resourceType": "Organization", "id": "o"}))
    first = caller.ask(store, "GET", "Organization").json()
    moment = first["meta"]["lastUpdated"]
    assert moment == first["entry"][0]["resource"]["meta"]["lastUpdated"]
    publish(caller.db, store, changes_of({"resourceType": "Organization", "id": "later"}))
    answer = caller.ask(store, "GET", f"Organization?_lastUpdated=gt{moment}").json()
    assert [entry["resource"]["id"] for entry in answer["entry"]] == ["later"]
