"""The first filling of an empty store, in blocks made apart from the database.

Nothing has to be compared and every number is given out beforehand, so a block of resources can be turned into rows in
any process; one process writes them. `Writer` does the same work one comparison at a time for a store that holds
something.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from socle.engines.fhirstore.body import body_writer, content_of
from socle.engines.fhirstore.extract import extract
from socle.engines.fhirstore.identities import Key
from socle.engines.fhirstore.index_rows import target_key
from socle.engines.fhirstore.rows import DATE, IDENTITY, REFERENCE, STRING, TOKEN, VERSION
from socle.engines.fhirstore.stores import OPEN_ENDED, StoreDefinition
from socle.engines.fhirstore.transactions import Begun
from socle.kernel.db import Engine, encode
from socle.standards.fhir.types import TYPE_NUMBER


@dataclass(slots=True)
class Block:
    """Rows ready to be written, by table; `counts` of resources by type; `codes` met; the last number given out."""

    tables: list[tuple[str, bytes]]
    counts: Counter[str]
    codes: set[tuple[int, int, int]]
    last_rid: int


@dataclass(slots=True)
class _Rows:
    version: list[tuple[Any, ...]] = field(default_factory=list)
    identity: list[tuple[Any, ...]] = field(default_factory=list)
    token: list[tuple[Any, ...]] = field(default_factory=list)
    string: list[tuple[Any, ...]] = field(default_factory=list)
    reference: list[tuple[Any, ...]] = field(default_factory=list)
    date: list[tuple[Any, ...]] = field(default_factory=list)

    def encoded(self, engine: Engine) -> list[tuple[str, bytes]]:
        """Index rows in the order of their keys, which is how the trees take them fastest; resources were added in the
        order of their numbers, so that a stable sort on the rest of the key is enough."""
        self.identity.sort(key=itemgetter(1, 2))
        self.token.sort(key=itemgetter(1))
        self.string.sort(key=itemgetter(1, 2))
        self.reference.sort(key=itemgetter(1, 2))
        self.date.sort(key=itemgetter(1, 2))
        tables = (
            (VERSION, self.version),
            (IDENTITY, self.identity),
            (TOKEN, self.token),
            (STRING, self.string),
            (REFERENCE, self.reference),
            (DATE, self.date),
        )
        return [(table.name, encode(table, rows, engine)) for table, rows in tables if rows]


def make_block(
    definition: StoreDefinition,
    begun: Begun,
    resources: Iterable[dict[str, Any]],
    numbers: Mapping[Key, int],
    next_rid: int,
    engine: Engine,
) -> Block:
    """`numbers` are those given out beforehand; other resources are numbered from `next_rid` on.

    A resource is in one block only; a reference points into the block or to one that has its number beforehand.
    """
    made = _Making(definition, begun, numbers, next_rid)
    for resource in resources:
        made.add(resource)
    made.resolve()
    codes = {code for parameters in definition.parameters.values() for code in parameters.codes}
    return Block(made.rows.encoded(engine), made.counts, codes, made.next_rid - 1)


class _Making:
    def __init__(
        self, definition: StoreDefinition, begun: Begun, numbers: Mapping[Key, int], next_rid: int
    ) -> None:
        self.definition, self.begun, self.numbers, self.next_rid = definition, begun, numbers, next_rid
        self.rows, self.counts = _Rows(), Counter[str]()
        self._own: dict[Key, int] = {}
        self._write_body = body_writer(begun.moment)
        self._references: list[tuple[int, str, int]] = []

    def add(self, resource: dict[str, Any]) -> None:
        content = content_of(resource)
        begun, type_name = self.begun, content.type
        store, number = begun.store, begun.number
        type_number = TYPE_NUMBER[type_name]
        rid = self._number((type_name, content.id))
        entries = extract(self.definition.parameters[type_name], resource)
        rows = self.rows
        rows.identity.append((store, type_number, content.id, rid))
        body = self._write_body(content, 1)
        version = (store, rid, number, OPEN_ENDED, type_number, 1, begun.moment, 0)
        rows.version.append((*version, entries.present, content.digest, body))
        rows.token += [(store, key, rid, system, number, OPEN_ENDED) for key, system in entries.tokens]
        rows.string += [
            (store, param, value, rid, exact, number, OPEN_ENDED) for param, value, exact in entries.strings
        ]
        rows.date += [
            (store, param, low, high, rid, number, OPEN_ENDED) for param, low, high in entries.dates
        ]
        self._references += [(param, literal, rid) for param, literal in entries.references]
        self.counts[type_name] += 1

    def _number(self, key: Key) -> int:
        rid = self.numbers.get(key)
        if rid is None:
            rid = self.next_rid
            self.next_rid += 1
            self._own[key] = rid
        return rid

    def resolve(self) -> None:
        """Turn references into rows, once every resource of the block has its number."""
        store, number = self.begun.store, self.begun.number
        for param, literal, rid in self._references:
            key = target_key(literal)
            target = (self.numbers.get(key) or self._own.get(key)) if key else None
            if target is None:
                raise LookupError(f"{literal} is referred to and has no number beforehand")
            self.rows.reference.append((store, param, target, rid, number, OPEN_ENDED))
