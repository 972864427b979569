"""The life of a store's transaction: begin, publish or abandon.

A transaction has a number that readers do not see until it is published; it may therefore be written in as many
database commits as is convenient. One that was interrupted is undone before the next begins: its rows go, and the
rows that it closed are opened again, which leaves the previous state whole.
"""

import json
from dataclasses import dataclass

from socle.engines.fhirstore.deferred import ensure_indexes
from socle.engines.fhirstore.faults import OVERTAKEN, STORE_BUSY
from socle.engines.fhirstore.rows import VERSIONED
from socle.engines.fhirstore.stores import OPEN_ENDED, StoreDefinition, ensure_store, published_counts
from socle.kernel.clock import instant, now_micros
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.work import unit_id


@dataclass(frozen=True, slots=True)
class Begun:
    """A transaction being written. `moment` (microseconds UTC) is the `lastUpdated` of all it changes; `fresh` says
    that nothing was ever published and that the store holds no resource."""

    store: int
    number: int
    moment: int
    next_rid: int
    fresh: bool
    counts: dict[str, int]


_WRITING = "SELECT number, started FROM fhirstore_transaction WHERE store = ?1 AND state = 'writing'"
_HOLDS = "SELECT 1 FROM fhirstore_identity WHERE store = ?1 LIMIT 1"


def begin(unit: Unit, name: str, source: str, *, moment: int | None = None) -> Begun:
    """Open a transaction on the store; SocleError(STORE_BUSY) while another is being written.

    `last_updated` never goes back: after a clock set back the moment is one millisecond after the last published one.
    """
    store = ensure_store(unit, name)
    unit.execute("UPDATE fhirstore_store SET next_transaction = next_transaction + 1 WHERE id = ?1", store.id)
    if busy := unit.fetch_one(_WRITING, store.id):
        raise SocleError(STORE_BUSY, store=name, number=busy[0], started=instant(busy[1]))
    number = store.next_transaction
    started = max(moment if moment is not None else now_micros(), _last_moment(unit, store.id) + 1000)
    counts = json.loads(published_counts(unit, store.id, store.published))
    unit.execute(
        "INSERT INTO fhirstore_transaction (store, number, state, source, started, published, counts) "
        "VALUES (?1, ?2, 'writing', ?3, ?4, NULL, '{}')",
        store.id,
        number,
        source,
        started,
    )
    fresh = store.published == 0 and not unit.fetch_one(_HOLDS, store.id)
    return Begun(store.id, number, started, store.next_rid, fresh, counts)


def _last_moment(unit: Unit, store: int) -> int:
    row = unit.fetch_one(
        "SELECT MAX(started) FROM fhirstore_transaction WHERE store = ?1 AND state = 'published'", store
    )
    return int(row[0]) if row and row[0] is not None else 0


def publish(unit: Unit, begun: Begun, counts: dict[str, int], next_rid: int) -> None:
    """Make the transaction what readers see from now on. Raises SocleError(OVERTAKEN) when another process has undone
    it meanwhile: nothing of it may then be seen."""
    touched = unit.execute(
        "UPDATE fhirstore_transaction SET state = 'published', published = ?1, counts = ?2, unit = ?5 "
        "WHERE store = ?3 AND number = ?4 AND state = 'writing'",
        now_micros(),
        json.dumps(counts, sort_keys=True),
        begun.store,
        begun.number,
        unit_id(unit),
    )
    if touched != 1:
        raise SocleError(OVERTAKEN, number=begun.number)
    unit.execute(
        "UPDATE fhirstore_store SET published = ?1, next_rid = ?2 WHERE id = ?3",
        begun.number,
        next_rid,
        begun.store,
    )


def abandon(unit: Unit, definition: StoreDefinition, store: int, number: int) -> None:
    """Undo what an interrupted transaction had committed. The numbers that it gave out are never given again; while
    nothing was ever published nobody knows them, and the store is as good as new without them."""
    for table in VERSIONED:
        unit.execute(f"DELETE FROM {table} WHERE store = ?1 AND valid_from = ?2", store, number)
        unit.execute(
            f"UPDATE {table} SET valid_to = ?1 WHERE store = ?2 AND valid_to = ?3", OPEN_ENDED, store, number
        )
    for table in definition.beside:
        unit.execute(f"DELETE FROM {table} WHERE valid_from = ?1", number)
        unit.execute(f"UPDATE {table} SET valid_to = ?1 WHERE valid_to = ?2", OPEN_ENDED, number)
    unit.execute(
        "DELETE FROM fhirstore_identity WHERE store = ?1 "
        "AND EXISTS (SELECT 1 FROM fhirstore_store s WHERE s.id = ?1 AND s.published = 0)",
        store,
    )
    unit.execute(
        "UPDATE fhirstore_transaction SET state = 'abandoned' WHERE store = ?1 AND number = ?2", store, number
    )
    ensure_indexes(unit)


def abandon_interrupted(db: Database, definition: StoreDefinition) -> list[int]:
    """Undo the transactions left `writing` by a process that died; the caller holds the right to write.

    Returns the numbers of those undone.
    """
    with db.unit() as unit:
        left = unit.fetch(
            "SELECT t.store, t.number FROM fhirstore_transaction t JOIN fhirstore_store s ON s.id = t.store "
            "WHERE t.state = 'writing' AND s.name = ?1",
            definition.name,
        )
        for store, number in left:
            abandon(unit, definition, store, number)
        # Another store's filling may have died: its indexes serve this one too.
        ensure_indexes(unit)
    return [number for _, number in left]
