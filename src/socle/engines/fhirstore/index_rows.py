"""The index rows that a chunk of changes opens and closes."""

from typing import Any

from socle.engines.fhirstore.extract import Entries
from socle.engines.fhirstore.identities import Identities
from socle.engines.fhirstore.references import foreign_target
from socle.engines.fhirstore.rows import DATE, REFERENCE, STRING, TOKEN
from socle.engines.fhirstore.stores import OPEN_ENDED
from socle.kernel.db import Unit
from socle.standards.fhir.types import TYPE_NUMBER

_CLOSE = "UPDATE {table} SET valid_to = ?1 WHERE store = ?2 AND valid_to = ?3 AND {key}"
_CLOSE_TOKEN = _CLOSE.format(table="fhirstore_token", key="hash = ?4 AND rid = ?5 AND system = ?6")
_CLOSE_STRING = _CLOSE.format(
    table="fhirstore_string", key="param = ?4 AND value = ?5 AND rid = ?6 AND exact = ?7"
)
_CLOSE_REFERENCE = _CLOSE.format(table="fhirstore_reference", key="param = ?4 AND target = ?5 AND rid = ?6")
_CLOSE_DATE = _CLOSE.format(table="fhirstore_date", key="param = ?4 AND low = ?5 AND high = ?6 AND rid = ?7")


class IndexChanges:
    """Collects rows, then writes them sorted by key, which is how the trees take them fastest."""

    def __init__(self, store: int, number: int) -> None:
        self.store, self.number = store, number
        self._tokens: list[tuple[int, ...]] = []
        self._strings: list[tuple[Any, ...]] = []
        self._references: list[tuple[int, str, int]] = []
        self._dates: list[tuple[int, ...]] = []
        self._closed_tokens: list[tuple[int, ...]] = []
        self._closed_strings: list[tuple[Any, ...]] = []
        self._closed_references: list[tuple[int, str, int]] = []
        self._closed_dates: list[tuple[int, ...]] = []

    def close(self, rid: int, before: Entries, after: Entries) -> None:
        """Close the rows of `before` that `after` does not have; those that both have are taken out of `after`."""
        closing = (self.number, self.store, OPEN_ENDED)
        self._closed_tokens += [(*closing, key, rid, system) for key, system in before.tokens - after.tokens]
        self._closed_strings += [
            (*closing, param, value, rid, exact) for param, value, exact in before.strings - after.strings
        ]
        self._closed_references += [(param, key, rid) for param, key in before.references - after.references]
        self._closed_dates += [
            (*closing, param, low, high, rid) for param, low, high in before.dates - after.dates
        ]
        after.tokens -= before.tokens
        after.strings -= before.strings
        after.references -= before.references
        after.dates -= before.dates

    def open(self, rid: int, entries: Entries) -> None:
        store, number = self.store, self.number
        self._tokens += [(store, key, rid, system, number, OPEN_ENDED) for key, system in entries.tokens]
        self._strings += [
            (store, param, value, rid, exact, number, OPEN_ENDED) for param, value, exact in entries.strings
        ]
        self._references += [(param, key, rid) for param, key in entries.references]
        self._dates += [
            (store, param, low, high, rid, number, OPEN_ENDED) for param, low, high in entries.dates
        ]

    def write(self, unit: Unit, identities: Identities) -> None:
        identities.learn(
            unit,
            {
                key
                for _, literal, _ in (*self._references, *self._closed_references)
                if (key := target_key(literal))
            },
        )
        unit.execute_many(_CLOSE_TOKEN, self._closed_tokens)
        unit.execute_many(_CLOSE_STRING, self._closed_strings)
        unit.execute_many(_CLOSE_DATE, self._closed_dates)
        unit.execute_many(_CLOSE_REFERENCE, self._resolved_closed(identities))
        unit.bulk(TOKEN, sorted(self._tokens))
        unit.bulk(STRING, sorted(self._strings))
        unit.bulk(DATE, sorted(self._dates))
        unit.bulk(REFERENCE, sorted(self._resolved(identities)))

    def _resolved(self, identities: Identities) -> list[tuple[int, ...]]:
        return [
            (self.store, param, target, rid, self.number, OPEN_ENDED)
            for param, literal, rid in self._references
            if (target := _target(literal, identities))
        ]

    def _resolved_closed(self, identities: Identities) -> list[tuple[int, ...]]:
        return [
            (self.number, self.store, OPEN_ENDED, param, target, rid)
            for param, literal, rid in self._closed_references
            if (target := _target(literal, identities))
        ]


def _target(literal: str, identities: Identities) -> int | None:
    key = target_key(literal)
    return identities.rid(key) if key else foreign_target(literal)


def target_key(reference: str) -> tuple[str, str] | None:
    """(type, id) of `Type/id`; None when it is not a type of R4, which no store can hold, or is a URL."""
    type_name, _, fid = reference.partition("/")
    return (type_name, fid) if type_name in TYPE_NUMBER else None
