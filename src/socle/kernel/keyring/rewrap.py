"""Changing the master key: what is wrapped under an earlier one is wrapped again under the present one, and what
services computed under it (keyed hashes by which they find a row) is computed again.

It goes in batches, each in a unit of its own, and may be interrupted and begun again: a row says under which master it
is. While it runs, `SOCLE_SECRET_PREVIOUS` holds the earlier master in every process.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.audit.vouching import record_vouched
from socle.kernel.db import Database, Unit
from socle.kernel.keyring import envelopes, signing, tombstones
from socle.kernel.keys import current_master, master_named

REWRAPPED = action(
    "keys.rewrapped",
    Kind.UPDATE,
    "Clés passées sous la nouvelle clé maîtresse",
    "Keys wrapped under the new master key",
)
_BATCH = 1_000
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """One piece of what a service computes anew: `after` is the last key looked at, to go on from, empty when all were;
    `looked` and `changed` count rows."""

    after: str
    looked: int
    changed: int


Rekey = Callable[[Unit, str], Rekeyed]


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    key: str
    column: str
    purpose: str

    @property
    def others(self) -> str:
        return f"FROM {self.name} WHERE master <> ?1 AND {self.column} IS NOT NULL"


_TABLES = (
    _Table("keyring_envelope", "subject", "wrapped", envelopes.WRAPPED_FOR),
    _Table("keyring_signing", "kid", "sealed", signing.WRAPPED_FOR),
    _Table("keyring_erasure", "subject_hash", "wrapped", tombstones.WRAPPED_FOR),
)


def left_to_rewrap(db: Database) -> int:
    """How many keys are still under an earlier master."""
    with db.reading() as session:
        rows = [session.fetch(f"SELECT count(*) {table.others}", current_master().id) for table in _TABLES]
    return sum(count for ((count,),) in rows)


def rewrap(
    db: Database,
    by: Acting = BY_SYSTEM,
    tell: Tell = lambda *_: None,
    rekeys: Mapping[str, Rekey] = MappingProxyType({}),
) -> int:
    """How many keys were wrapped again, and rows computed anew by the services (`rekeys`, by service). Raises
    SocleError(MASTER_UNKNOWN) before anything changes when a key is under a master that this process does not hold."""
    _check_masters(db)
    # First: the services open with the envelopes what they compute from, whichever master these are under.
    computed = sum(_rekey(db, service, rekey, tell) for service, rekey in rekeys.items())
    total, done = left_to_rewrap(db), 0
    for table in _TABLES:
        for count in _batches(db, table):
            done += count
            tell(table.name, done, total)
    if done or computed:
        with db.unit() as unit:
            # It says under which master, which it is vouched for by.
            data: Coded = {"keys": done, "computed": computed}
            record_vouched(unit, Entry(REWRAPPED, by, data=data))
    return done + computed


def _rekey(db: Database, service: str, rekey: Rekey, tell: Tell) -> int:
    """Begun again after an interruption, it looks at every row again and changes those that are left."""
    after, looked, changed = "", 0, 0
    while True:
        with db.unit() as unit:
            piece = rekey(unit, after)
        after, looked, changed = piece.after, looked + piece.looked, changed + piece.changed
        tell(service, looked, looked)
        if not after:
            return changed


def _check_masters(db: Database) -> None:
    with db.reading() as session:
        for table in _TABLES:
            for (master,) in session.fetch(f"SELECT DISTINCT master {table.others}", current_master().id):
                master_named(master)


def _batches(db: Database, table: _Table) -> Iterator[int]:
    while True:
        with db.unit() as unit:
            count = _rewrap_some(unit, table)
        if not count:
            return
        yield count


def _rewrap_some(unit: Unit, table: _Table) -> int:
    """A row that another process wraps or erases at the same moment is left as that process made it."""
    present = current_master()
    rows = unit.fetch(
        f"SELECT {table.key}, {table.column}, master {table.others} ORDER BY {table.key} LIMIT {_BATCH}",
        present.id,
    )
    for name, wrapped, master in rows:
        key = master_named(master).unwrap(table.purpose, name, bytes(wrapped))
        unit.execute(
            f"UPDATE {table.name} SET {table.column} = ?2, master = ?3 WHERE {table.key} = ?1 AND master = ?4",
            name,
            present.wrap(table.purpose, name, key),
            present.id,
            master,
        )
    return len(rows)
