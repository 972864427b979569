"""The first filling of an empty store, in blocks made apart from the database.

Nothing has to be compared and every number is given out beforehand, so a block of resources can be turned into rows in
any process; one process writes them. `Writer` does the same work one comparison at a time for a store that holds
something.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from socle.engines.fhirstore.body import body_writer, content_of
from socle.engines.fhirstore.extract import extract
from socle.engines.fhirstore.identities import Key
from socle.engines.fhirstore.index_rows import target_key
from socle.engines.fhirstore.references import foreign_target
from socle.engines.fhirstore.rows import (
    DATE,
    IDENTITY,
    REFERENCE,
    STRING,
    TOKEN,
    VERSION,
    first_tables,
)
from socle.engines.fhirstore.stores import StoreDefinition
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


class _Rows:
    """Rows as they are collected: index entries keep the numbers of the resources that have them, so that what many
    resources share is sorted and resolved once."""

    def __init__(self) -> None:
        self.version: list[tuple[Any, ...]] = []
        self.identity: list[tuple[int, str, int]] = []
        self.token = defaultdict[tuple[int, int], list[int]](list)
        self.string = defaultdict[tuple[int, str, int], list[int]](list)
        self.reference = defaultdict[tuple[int, str], list[int]](list)
        self.date = defaultdict[tuple[int, int, int], list[int]](list)

    def by_table(self, target: Callable[[str], int]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """Index rows in the order of their keys, which is how the trees take them fastest. Resources were added in the
        order of their numbers."""
        yield VERSION.name, self.version
        yield IDENTITY.name, sorted(self.identity)
        tokens = sorted(self.token, key=itemgetter(0))
        yield TOKEN.name, [(one[0], rid, one[1]) for one in tokens for rid in self.token[one]]
        strings = sorted(self.string, key=itemgetter(0, 1))
        yield STRING.name, [(one[0], one[1], rid, one[2]) for one in strings for rid in self.string[one]]
        references = sorted(((param, target(key)), rids) for (param, key), rids in self.reference.items())
        yield REFERENCE.name, [(*key, rid) for key, rids in references for rid in rids]
        yield DATE.name, [(*key, rid) for key, rids in sorted(self.date.items()) for rid in rids]


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
    tables = first_tables(begun.store, begun.number, begun.moment)
    encoded = [
        (name, encode(tables[name], rows, engine)) for name, rows in made.rows.by_table(made.target) if rows
    ]
    codes = {code for parameters in definition.parameters.values() for code in parameters.codes}
    return Block(encoded, made.counts, codes, made.next_rid - 1)


class _Making:
    def __init__(
        self, definition: StoreDefinition, begun: Begun, numbers: Mapping[Key, int], next_rid: int
    ) -> None:
        self.definition, self.begun, self.numbers, self.next_rid = definition, begun, numbers, next_rid
        self.rows, self.counts = _Rows(), Counter[str]()
        self._own: dict[Key, int] = {}
        self._write_body = body_writer(begun.moment)

    def add(self, resource: dict[str, Any]) -> None:
        content = content_of(resource)
        type_name = content.type
        type_number = TYPE_NUMBER[type_name]
        rid = self._number((type_name, content.id))
        entries = extract(self.definition.parameters[type_name], resource)
        rows = self.rows
        rows.identity.append((type_number, content.id, rid))
        body = self._write_body(content, 1)
        rows.version.append((rid, type_number, entries.present, content.digest, body))
        for token in entries.tokens:
            rows.token[token].append(rid)
        for string in entries.strings:
            rows.string[string].append(rid)
        for reference in entries.references:
            rows.reference[reference].append(rid)
        for date in entries.dates:
            rows.date[date].append(rid)
        self.counts[type_name] += 1

    def _number(self, key: Key) -> int:
        rid = self.numbers.get(key)
        if rid is None:
            rid = self.next_rid
            self.next_rid += 1
            self._own[key] = rid
        return rid

    def target(self, literal: str) -> int:
        """The number of what a reference points to; asked once every resource of the block has its own."""
        key = target_key(literal)
        found = (self.numbers.get(key) or self._own.get(key)) if key else foreign_target(literal)
        if found is None:
            raise LookupError(f"{literal} is referred to and has no number beforehand")
        return found
