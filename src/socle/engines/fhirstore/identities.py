"""The store's own numbers for (type, logical id), given out once and never reused.

A reference may come before its target: the target then gets its number at once, and is simply absent until written.
"""

from collections.abc import Iterable

from socle.engines.fhirstore.rows import IDENTITY
from socle.kernel.db import Unit
from socle.standards.fhir.types import TYPE_NUMBER

Key = tuple[str, str]


class Identities:
    """The numbers known in one transaction. `fresh`: the store was empty, so what is not known here does not exist."""

    def __init__(self, store: int, next_rid: int, fresh: bool) -> None:
        self.store, self.next_rid, self.fresh = store, next_rid, fresh
        self.known: dict[Key, int] = {}
        self._new: list[Key] = []
        self._first_new = next_rid

    def learn(self, unit: Unit, keys: Iterable[Key]) -> None:
        """Look up in one query a type the keys that this transaction has not met."""
        if self.fresh:
            return
        wanted: dict[str, list[str]] = {}
        for key in keys:
            if key not in self.known:
                wanted.setdefault(key[0], []).append(key[1])
        for type_name, fids in wanted.items():
            rows = unit.fetch(
                "SELECT fid, rid FROM fhirstore_identity WHERE store = ?1 AND type = ?2 AND "
                + unit.dialect.among_texts("fid", 3),
                self.store,
                TYPE_NUMBER[type_name],
                unit.dialect.listed(fids),
            )
            self.known.update(((type_name, fid), rid) for fid, rid in rows)

    def existing(self, key: Key) -> int | None:
        """The number of a key that existed before this transaction gave out numbers."""
        rid = self.known.get(key)
        return rid if rid is not None and rid < self._first_new else None

    def rid(self, key: Key) -> int:
        rid = self.known.get(key)
        if rid is None:
            rid = self.known[key] = self.next_rid
            self.next_rid += 1
            self._new.append(key)
        return rid

    def save(self, unit: Unit) -> None:
        new, self._new = self._new, []
        unit.bulk(IDENTITY, sorted((self.store, TYPE_NUMBER[key[0]], key[1], self.known[key]) for key in new))
