"""A transaction that another process has undone is not published."""

import pytest

from socle.engines.fhirstore.faults import OVERTAKEN
from socle.engines.fhirstore.transactions import abandon_interrupted
from socle.engines.fhirstore.write import writing
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from tests.support.fhir_store import changes_of, current_resources, publish, store_like


def practitioner(fid: str) -> dict[str, str]:
    return {"resourceType": "Practitioner", "id": fid}


def test_what_was_undone_meanwhile_is_not_seen(database: Database) -> None:
    store = store_like()
    publish(database, store, changes_of(practitioner("before")))
    before = current_resources(database, store)

    def overtaken() -> None:
        with writing(database, store, "slow") as writer:
            writer.put(practitioner("first half"))
            writer.flush()
            assert abandon_interrupted(database, store) == [writer.begun.number]
            writer.put(practitioner("second half"))

    with pytest.raises(SocleError) as refused:
        overtaken()
    assert refused.value.kind is OVERTAKEN
    assert current_resources(database, store) == before
