"""Writing to a store: versions and dates, deletions, chunks, identities, one writing transaction at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from socle.engines.fhirstore.faults import STORE_BUSY
from socle.engines.fhirstore.stores import StoreDefinition
from socle.engines.fhirstore.write import CHUNK, writing
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.standards.annuaire import systems
from socle.standards.fhir.json import Json, Prepared
from tests.support.fhir_client import Caller
from tests.support.fhir_store import changes_of, current_resources, publish, store_like

DAY_1 = datetime(2025, 1, 6, 6, 0, 0, 123_456, tzinfo=UTC)
DAY_2 = DAY_1 + timedelta(days=1)


@pytest.fixture
def store() -> StoreDefinition:
    return store_like()


def practitioner(fid: str = "1", **elements: Any) -> dict[str, Any]:
    return {"resourceType": "Practitioner", "id": fid, **elements}


def role(fid: str, target: str) -> dict[str, Any]:
    return {"resourceType": "PractitionerRole", "id": fid, "practitioner": {"reference": target}}


def meta_of(caller: Caller, store: StoreDefinition, target: str) -> tuple[str, str]:
    """(versionId, lastUpdated), after the headers were found to say the same."""
    answer = caller.ask(store, "GET", target)
    assert answer.status_code == 200, answer.text
    meta = answer.json()["meta"]
    assert answer.headers["etag"] == f'W/"{meta["versionId"]}"'
    return meta["versionId"], meta["lastUpdated"]


def rid_of(db: Database, store: StoreDefinition, fid: str) -> int:
    with db.reading() as session:
        row = session.fetch_one(
            "SELECT i.rid FROM fhirstore_identity i JOIN fhirstore_store s ON s.id = i.store "
            "WHERE s.name = ?1 AND i.fid = ?2",
            store.name,
            fid,
        )
    assert row is not None
    return int(row[0])


def write(db: Database, store: StoreDefinition, *calls: tuple[Any, ...]) -> None:
    """One transaction made of these calls of its writer."""
    with writing(db, store, "a test") as writer:
        for name, *arguments in calls:
            getattr(writer, name)(*arguments)


def test_the_first_version_bears_the_date_of_its_transaction(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of(practitioner()), moment=DAY_1)
    assert meta_of(caller, store, "Practitioner/1") == ("1", "2025-01-06T06:00:00.123Z")


def test_an_unchanged_resource_keeps_version_and_date(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of(practitioner(active=True)), moment=DAY_1)
    served = caller.ask(store, "GET", "Practitioner/1").json()
    counts = publish(caller.db, store, changes_of(served), moment=DAY_2)
    assert (counts.created, counts.updated, counts.deleted, counts.unchanged) == (0, 0, 0, 1)
    assert meta_of(caller, store, "Practitioner/1") == ("1", "2025-01-06T06:00:00.123Z")


def test_a_change_makes_a_version(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of(practitioner(active=True)), moment=DAY_1)
    counts = publish(caller.db, store, changes_of(practitioner(active=False)), moment=DAY_2)
    assert (counts.created, counts.updated) == (0, 1)
    assert meta_of(caller, store, "Practitioner/1") == ("2", "2025-01-07T06:00:00.123Z")


def test_a_deleted_resource_is_gone_and_its_numbers_go_on(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of(practitioner()))
    number = rid_of(caller.db, store, "1")
    assert publish(caller.db, store, {("Practitioner", "1"): None}).deleted == 1
    assert caller.ask(store, "GET", "Practitioner/1").status_code == 410
    assert caller.bundle(store, "Practitioner").total == 0
    assert publish(caller.db, store, {("Practitioner", "1"): None}).unchanged == 1
    assert publish(caller.db, store, changes_of(practitioner())).created == 1
    assert meta_of(caller, store, "Practitioner/1")[0] == "3"
    assert rid_of(caller.db, store, "1") == number


def test_deleting_what_was_never_there_changes_nothing(caller: Caller, store: StoreDefinition) -> None:
    counts = publish(caller.db, store, {("Practitioner", "1"): None})
    assert (counts.deleted, counts.unchanged) == (0, 1)
    assert caller.ask(store, "GET", "Practitioner/1").status_code == 404


def test_nothing_is_seen_before_the_end_however_many_chunks(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of(practitioner("before")))
    with writing(caller.db, store, "chunks") as writer:
        for number in range(CHUNK + 1):
            writer.put(practitioner(str(number)))
        writer.flush()
        assert caller.bundle(store, "Practitioner").total == 1
        assert caller.ask(store, "GET", "Practitioner/0").status_code == 404
    assert writer.counts.created == CHUNK + 1
    assert caller.bundle(store, "Practitioner", [("_count", "0")]).total == CHUNK + 2


def test_the_same_resource_twice_is_a_mistake_of_the_writer(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of(practitioner(active=True)))
    twice = ("put", practitioner(active=False)), ("delete", "Practitioner", "1")
    with pytest.raises(ValueError, match="Practitioner/1"):
        write(caller.db, store, *twice)
    assert current_resources(caller.db, store) == {
        ("Practitioner", "1"): {**practitioner(active=True), "meta": {}}
    }


def test_one_transaction_writes_at_a_time(caller: Caller, store: StoreDefinition) -> None:
    with writing(caller.db, store, "first") as writer:
        with pytest.raises(SocleError) as refused, writing(caller.db, store, "second"):
            pass
        writer.put(practitioner())
    assert refused.value.kind is STORE_BUSY
    assert store.name in refused.value.sentence("fr")
    assert store.name in refused.value.sentence("en")
    assert caller.bundle(store, "Practitioner").ids == ["1"]


def test_of_several_who_begin_at_once_one_writes(caller: Caller, store: StoreDefinition) -> None:
    ready = Barrier(4, timeout=30)

    def begin_and_wait(rank: int) -> str:
        ready.wait()
        try:
            with writing(caller.db, store, "race") as writer:
                writer.put(practitioner(str(rank)))
                ready.wait()
        except SocleError as refused:
            ready.wait()
            return refused.code
        return "written"

    with ThreadPoolExecutor(4) as pool:
        ended = sorted(pool.map(begin_and_wait, range(4)))
    assert ended == [STORE_BUSY.code] * 3 + ["written"]
    assert caller.bundle(store, "Practitioner").total == 1


def test_stores_are_first_used_side_by_side(caller: Caller) -> None:
    stores = [store_like() for _ in range(4)]
    ready = Barrier(len(stores), timeout=30)

    def first_use(store: StoreDefinition) -> None:
        ready.wait()
        publish(caller.db, store, changes_of(practitioner()))

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(first_use, stores))
    assert [caller.bundle(store, "Practitioner").total for store in stores] == [1] * len(stores)


def test_two_stores_are_written_side_by_side_and_share_nothing(
    caller: Caller, store: StoreDefinition
) -> None:
    other = store_like()
    with writing(caller.db, store, "one") as one, writing(caller.db, other, "other") as another:
        one.put(practitioner("1", active=True))
        another.put(practitioner("2", active=True))
    assert caller.bundle(store, "Practitioner", [("active", "true")]).ids == ["1"]
    assert caller.bundle(other, "Practitioner", [("active", "true")]).ids == ["2"]
    assert caller.ask(other, "GET", "Practitioner/1").status_code == 404


def test_the_date_never_goes_back(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of(practitioner("1")), moment=DAY_2)
    publish(caller.db, store, changes_of(practitioner("2")), moment=DAY_1)
    publish(caller.db, store, changes_of(practitioner("3")), moment=DAY_1)
    dates = [meta_of(caller, store, f"Practitioner/{fid}")[1] for fid in "123"]
    assert dates == ["2025-01-07T06:00:00.123Z", "2025-01-07T06:00:00.124Z", "2025-01-07T06:00:00.125Z"]


def test_a_number_is_never_given_twice(caller: Caller, store: StoreDefinition) -> None:
    with pytest.raises(AttributeError):
        write(caller.db, store, ("put", practitioner("lost")), ("flush",), ("put", None))
    publish(caller.db, store, changes_of(practitioner("kept"), role("r", "Practitioner/dangling")))
    publish(caller.db, store, changes_of(practitioner("lost"), practitioner("dangling")))
    numbers = [rid_of(caller.db, store, fid) for fid in ("lost", "kept", "r", "dangling")]
    assert len(set(numbers)) == len(numbers)
    assert caller.bundle(store, "Practitioner", [("_id", "lost")]).ids == ["lost"]


def test_a_reference_may_come_before_its_target(caller: Caller, store: StoreDefinition) -> None:
    asked = [("practitioner.active", "true"), ("_include", "PractitionerRole:practitioner")]
    publish(caller.db, store, changes_of(role("r", "Practitioner/1")))
    assert caller.bundle(store, "PractitionerRole", asked).ids == []
    assert caller.bundle(store, "PractitionerRole", [("practitioner", "1"), *asked[1:]]).included == []
    publish(caller.db, store, changes_of(practitioner(active=True)))
    found = caller.bundle(store, "PractitionerRole", asked)
    assert (found.ids, [one["id"] for one in found.included]) == (["r"], ["1"])


def test_elements_that_resources_share_are_found_in_every_store(caller: Caller) -> None:
    """An element made once is indexed once, and that must not tie it to the first store that met it."""
    concept: dict[str, Json] = {"coding": [{"system": systems.PROFESSION, "code": "10"}]}
    shared = practitioner(
        qualification=[Prepared({"code": Prepared(concept)})], meta=Prepared({"source": "urn:s"})
    )
    for store in (store_like(), store_like()):
        publish(caller.db, store, changes_of(shared))
        for asked in (f"{systems.PROFESSION}|10", f"{systems.PROFESSION}|", "10"):
            assert caller.bundle(store, "Practitioner", [("qualification-code", asked)]).ids == ["1"], asked
        served = caller.ask(store, "GET", "Practitioner/1").json()
        assert served["qualification"] == [{"code": concept}]
        assert served["meta"]["source"] == "urn:s"
