"""What a door reads at every request: one resource, and the state of its store.

SQLite answers in place. On PostgreSQL, where a query costs ten times more to send than to run, the reads that wait
together are sent together.
"""

from typing import Any

from socle.engines.fhirstore.faults import GONE, UNKNOWN_RESOURCE
from socle.engines.fhirstore.kept import kept_of
from socle.engines.fhirstore.planning import Snapshot
from socle.engines.fhirstore.read import Version, read
from socle.engines.fhirstore.search import current
from socle.engines.fhirstore.steps import adrive
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.db import Coalescer, Database
from socle.kernel.errors import SocleError
from socle.standards.fhir.types import TYPE_NUMBER

_MANY = (
    "SELECT i.type, i.fid, v.number, v.last_updated, v.deleted, v.body FROM fhirstore_store s "
    "CROSS JOIN unnest(?2::smallint[], ?3::text[]) AS w (type, fid) "
    "CROSS JOIN fhirstore_identity i CROSS JOIN fhirstore_version v "
    "WHERE s.name = ?1 AND i.store = s.id AND i.type = w.type AND i.fid = w.fid AND v.store = s.id AND v.rid = i.rid "
    "AND v.valid_from <= s.published AND v.valid_to > s.published"
)
Place = tuple[int, str]


class Reads:
    """One store's reads on one database."""

    def __init__(self, store: StoreDefinition, db: Database) -> None:
        self.store, self.db = store, db
        self._versions: Coalescer[Place, tuple[Any, ...]] = Coalescer(self._many)
        self._states: Coalescer[str, Snapshot] = Coalescer(self._state, lanes=1)

    async def version(self, type_name: str, fid: str) -> Version:
        """Raises SocleError: UNKNOWN_RESOURCE or GONE."""
        if self.db.engine == "sqlite":
            return await adrive(self.db, read(self.store, type_name, fid))
        found = await self._versions.get((TYPE_NUMBER[type_name], fid))
        if found is None:
            raise SocleError(UNKNOWN_RESOURCE, type=type_name, id=fid)
        number, updated, deleted, body = found
        if deleted:
            raise SocleError(GONE, type=type_name, id=fid)
        return Version(number, updated, body)

    async def snapshot(self) -> Snapshot:
        if self.db.engine == "sqlite":
            return await adrive(self.db, current(self.store, self.db.dialect, kept_of(self.db)))
        found = await self._states.get(self.store.name)
        return found or Snapshot(0, 0, self.db.dialect)

    async def _many(self, places: list[Place]) -> dict[Place, tuple[Any, ...]]:
        types, fids = [place[0] for place in places], [place[1] for place in places]
        rows = await self.db.fetch(_MANY, self.store.name, types, fids)
        return {(kind, fid): tuple(rest) for kind, fid, *rest in rows}

    async def _state(self, names: list[str]) -> dict[str, Snapshot]:
        return {
            self.store.name: await adrive(self.db, current(self.store, self.db.dialect, kept_of(self.db)))
        }
