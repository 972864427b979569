"""Reads that leave a trace: entries of many readers are committed together, and each answer waits for its commit."""

from dataclasses import dataclass

from socle.kernel.audit.entry import Entry
from socle.kernel.db import Coalescer, Database, Unit
from socle.kernel.work import record

# While one commit is under way, the next gathers.
_COMMITS_AT_ONCE = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One entry that a reader waits for: two equal ones are two."""

    entry: Entry


class ReadJournal:
    """For the event loop of one process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._group: Coalescer[_Asked, bool] = Coalescer(self._commit, _COMMITS_AT_ONCE)

    async def record(self, entry: Entry) -> None:
        """Return once the entry is durable. Raises what the commit raised: then nothing may be answered."""
        await self._group.get(_Asked(entry))

    async def _commit(self, asked: list[_Asked]) -> dict[_Asked, bool]:
        await self._db.run(_record_all, asked)
        return dict.fromkeys(asked, True)


def _record_all(unit: Unit, asked: list[_Asked]) -> None:
    for one in asked:
        record(unit, one.entry)
