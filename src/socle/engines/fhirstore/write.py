"""Writing: only differences, in chunks, under one transaction number.

`Writer.put` and `Writer.delete` collect changes; a flush compares a chunk with what the store holds, and writes for
each resource that differs one version row and the index rows that came or went. An unchanged resource keeps its
version and date.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from socle.engines.fhirstore.body import Content, body_writer, content_of, resource_of
from socle.engines.fhirstore.extract import Entries, extract
from socle.engines.fhirstore.fresh import Block
from socle.engines.fhirstore.identities import Identities
from socle.engines.fhirstore.index_rows import IndexChanges
from socle.engines.fhirstore.parameters import TypeParameters
from socle.engines.fhirstore.rows import BY_NAME, VERSION, first_tables
from socle.engines.fhirstore.stores import OPEN_ENDED, StoreDefinition
from socle.engines.fhirstore.transactions import Begun, abandon, begin, publish
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.db import Database, Unit
from socle.kernel.outbox.events import Event
from socle.kernel.work import emit, record
from socle.standards.fhir.types import TYPE_NUMBER

PUBLISHED = action(
    "fhirstore.published",
    Kind.UPDATE,
    "Ressources publiées dans un entrepôt",
    "Resources published in a store",
)
CHUNK = 5_000
WORTH_ANALYSING = 1_000
_NO_PARAMETERS = TypeParameters("", ())


@dataclass(slots=True)
class Counts:
    """What a transaction did, per kind of change."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0

    def as_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in Counts.__slots__}


@dataclass(slots=True)
class _Change:
    content: Content | None
    resource: dict[str, Any] | None


@dataclass(slots=True)
class _Held:
    """The current version as stored."""

    number: int
    digest: bytes
    deleted: bool
    body: bytes


class Units(Protocol):
    """What gives units of work: a database, or one unit that its holder has already begun."""

    def unit(self, *, durable: bool = True) -> AbstractContextManager[Unit]: ...


@dataclass
class Writer:
    """Collects the changes of one transaction; see `writing`. `facts` are told in the audit trail with what was
    counted, and `events` announced, when the transaction is published."""

    db: Units
    definition: StoreDefinition
    begun: Begun
    by: Acting = BY_SYSTEM
    counts: Counts = field(default_factory=Counts)
    facts: dict[str, str | int | bool] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pending: dict[tuple[str, str], _Change] = {}
        self._identities = Identities(self.begun.store, self.begun.next_rid, self.begun.fresh)
        self.body = body_writer(self.begun.moment)
        self._live = dict(self.begun.counts)
        self._codes: set[tuple[int, int, int]] = set()
        self._first = first_tables(self.begun.store, self.begun.number, self.begun.moment)

    def put(self, resource: dict[str, Any]) -> None:
        """Create or replace a resource; `meta.versionId` and `meta.lastUpdated` are the server's.

        A resource is changed at most once in a transaction.
        """
        content = content_of(resource)
        self._add(content.type, content.id, _Change(content, resource))

    def delete(self, type_name: str, fid: str) -> None:
        """Delete: reads answer 410 Gone. A resource that is not there is left alone."""
        self._add(type_name, fid, _Change(None, None))

    def _add(self, type_name: str, fid: str, change: _Change) -> None:
        if (type_name, fid) in self._pending:
            raise ValueError(f"{type_name}/{fid} is changed twice in one transaction")
        self._pending[type_name, fid] = change
        if len(self._pending) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what was collected, in a database transaction of its own; publishing is what makes it last."""
        if self._pending:
            with self.db.unit(durable=False) as unit:
                self.flush_in(unit)

    def flush_in(self, unit: Unit) -> None:
        """Write what was collected inside the caller's unit."""
        pending, self._pending = self._pending, {}
        self._identities.learn(unit, pending)
        chunk = _Chunk(self, unit, index=IndexChanges(self.begun.store, self.begun.number))
        held = self._held(unit, pending)
        for key, change in pending.items():
            chunk.apply(key, change, held.get(self._identities.known.get(key, 0)))
        chunk.write(self._identities)

    def _held(self, unit: Unit, pending: Iterable[tuple[str, str]]) -> dict[int, _Held]:
        rids = [rid for key in pending if (rid := self._identities.existing(key))]
        if not rids:
            return {}
        rows = unit.fetch(
            "SELECT rid, number, digest, deleted, body FROM fhirstore_version WHERE store = ?1 AND valid_to = ?2 AND "
            + unit.dialect.among_ints("rid", 3),
            self.begun.store,
            OPEN_ENDED,
            unit.dialect.listed(rids),
        )
        return {
            rid: _Held(number, bytes(mark), bool(gone), bytes(body)) for rid, number, mark, gone, body in rows
        }

    def publish_in(self, unit: Unit) -> None:
        self.flush_in(unit)
        publish(unit, self.begun, self._live, self._identities.next_rid)
        record(
            unit, Entry(PUBLISHED, self.by, target=self._target(), data=self.counts.as_json() | self.facts)
        )
        for event in self.events:
            emit(unit, event)

    def _target(self) -> str:
        return f"{self.definition.name}/{self.begun.number}"

    def add_block(self, unit: Unit, block: Block) -> None:
        """Write a block of the first filling of the store."""
        for name, encoded in block.tables:
            unit.bulk_encoded(self._first[name], encoded)
        for type_name, count in block.counts.items():
            self.counts.created += count
            self.count_live(type_name, count)
        self._identities.next_rid = max(self._identities.next_rid, block.last_rid + 1)
        self.save_codes(unit, block.codes)
        self._save_next_rid(unit)

    def _save_next_rid(self, unit: Unit) -> None:
        """Numbers given out are never given again, even when the transaction is abandoned."""
        unit.execute(
            "UPDATE fhirstore_store SET next_rid = ?1 WHERE id = ?2",
            self._identities.next_rid,
            self.begun.store,
        )

    def save_codes(self, unit: Unit, met: Iterable[tuple[int, int, int]]) -> None:
        """Write the codes that this transaction meets for the first time; those known already stay as they are."""
        unit.execute_many(
            "INSERT INTO fhirstore_code (store, param, system, hash) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            [(self.begun.store, *code) for code in set(met) - self._codes],
        )
        self._codes.update(met)

    def count_live(self, type_name: str, by: int) -> None:
        self._live[type_name] = self._live.get(type_name, 0) + by


@dataclass
class _Chunk:
    """One flush: the rows that a set of changes makes."""

    writer: Writer
    unit: Unit
    index: IndexChanges
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)

    def apply(self, key: tuple[str, str], change: _Change, held: _Held | None) -> None:
        if self._is_unchanged(change, held):
            self.writer.counts.unchanged += 1
            return
        rid = self.writer._identities.rid(key)
        parameters = self.writer.definition.parameters.get(key[0], _NO_PARAMETERS)
        after = extract(parameters, change.resource) if change.resource is not None else Entries()
        if held is not None:
            self.closed.append(rid)
        if held is not None and not held.deleted:
            self.index.close(rid, extract(parameters, resource_of(held.body)), after)
        self.index.open(rid, after)
        self._version(key[0], rid, change, held, after.present)
        self._count(key[0], change, held)

    def _is_unchanged(self, change: _Change, held: _Held | None) -> bool:
        if change.content is None:
            return held is None or held.deleted
        return held is not None and not held.deleted and held.digest == change.content.digest

    def _version(self, type_name: str, rid: int, change: _Change, held: _Held | None, present: int) -> None:
        begun, number = self.writer.begun, held.number + 1 if held else 1
        content = change.content
        self.versions.append(
            (
                begun.store,
                rid,
                begun.number,
                OPEN_ENDED,
                TYPE_NUMBER[type_name],
                number,
                begun.moment,
                int(content is None),
                present,
                content.digest if content else b"",
                self.writer.body(content, number) if content else b"",
            )
        )

    def _count(self, type_name: str, change: _Change, held: _Held | None) -> None:
        counts, was_live = self.writer.counts, held is not None and not held.deleted
        if change.content is None:
            counts.deleted += 1
            self.writer.count_live(type_name, -1)
        elif was_live:
            counts.updated += 1
        else:
            counts.created += 1
            self.writer.count_live(type_name, 1)

    def write(self, identities: Identities) -> None:
        known = self.writer.definition.parameters.values()
        self.writer.save_codes(self.unit, [code for parameters in known for code in parameters.codes])
        self._close_versions()
        self.index.write(self.unit, identities)
        self.unit.bulk(VERSION, self.versions)
        identities.save(self.unit)
        self.writer._save_next_rid(self.unit)

    def _close_versions(self) -> None:
        begun = self.writer.begun
        self.unit.execute_many(
            "UPDATE fhirstore_version SET valid_to = ?1 WHERE store = ?2 AND rid = ?3 AND valid_to = ?4",
            [(begun.number, begun.store, rid, OPEN_ENDED) for rid in self.closed],
        )


@contextmanager
def writing(
    db: Database,
    definition: StoreDefinition,
    source: str,
    *,
    by: Acting = BY_SYSTEM,
    moment: int | None = None,
) -> Iterator[Writer]:
    """One transaction on a store: published when the block ends well, abandoned otherwise.

    `source` is kept with the transaction (a file's name, an act). Database commits happen at each flush; readers see
    nothing before the end.
    """
    with db.unit() as unit:
        begun = begin(unit, definition.name, source, moment=moment)
    writer = Writer(db, definition, begun, by)
    try:
        yield writer
        with db.unit() as unit:
            writer.publish_in(unit)
        if writer.counts.created + writer.counts.updated >= WORTH_ANALYSING:
            db.analyse([table.name for table in BY_NAME.values()])
    except BaseException:
        with db.unit() as unit:
            abandon(unit, definition, begun.store, begun.number)
        raise


@dataclass(frozen=True, slots=True)
class _Within:
    """One unit of the caller's, in the place of the database."""

    held: Unit

    @contextmanager
    def unit(self, *, durable: bool = True) -> Iterator[Unit]:
        yield self.held


@contextmanager
def writing_in(
    unit: Unit, definition: StoreDefinition, source: str, *, by: Acting = BY_SYSTEM
) -> Iterator[Writer]:
    """One small transaction on a store, in a unit of the caller's: published with what else that unit writes, and gone
    without a trace when it is rolled back.

    Raises SocleError(STORE_BUSY) while another transaction of the store is being written.
    """
    begun = begin(unit, definition.name, source)
    writer = Writer(_Within(unit), definition, begun, by)
    yield writer
    writer.publish_in(unit)
