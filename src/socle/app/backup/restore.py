"""`socle restore`: from a data file and the key file back to a database, in one transaction.

Nothing is touched before both files were read whole and found sound. Erasures that happened after the data file was
made, which the key file and the database remember, are made again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import psycopg

from socle.app.backup import tables
from socle.app.backup.archive import Archive, Manifest, Tell, reading
from socle.app.backup.faults import NOT_EMPTY, SCHEMA_DIFFERS, SCHEMA_OLDER
from socle.app.backup.make import applied_migrations, last_entry
from socle.app.backup.rows import NotRows, decoded, encoded
from socle.app.backup.tables import Table
from socle.kernel.accounts.acts.restored import Closed, close_all
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.audit.introductions import HEAD_PURPOSE, introduced_key
from socle.kernel.audit.vouching import record_vouched
from socle.kernel.clock import from_micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.ddl import TABLES as KEYRING
from socle.kernel.keyring.envelopes import forget_keys
from socle.kernel.keyring.keyfile import LOCK, KeyFile, key_file
from socle.kernel.keyring.signing import introduce_again, public_keys
from socle.kernel.keyring.tombstones import Tombstone, tombstones
from socle.kernel.privacy.erasure import Eraser, Reason, erase_subject, overwriting, scrub

RESTORED = action("operation.restored", Kind.EXECUTE, "Sauvegarde restaurée", "Backup restored")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the manifest's tables with as many rows and the same hashes; the erasures made again, and what
    was closed because it may have been since."""

    manifest: Manifest
    envelopes: int
    erasures: int
    closed: Closed


@dataclass(frozen=True, slots=True)
class Ages:
    """What is older than what, in microseconds UTC. `lost` tells that the database has acts that the file has not;
    `counted`, that the key file would show that rows were taken out of it."""

    data: int
    keys: int
    last_act: int | None
    rows: int
    counted: bool

    @property
    def lost(self) -> bool:
        return self.last_act is not None and self.last_act > self.data


def restore(
    db: Database,
    path: Path,
    *,
    align: Callable[[Manifest], None],
    replace: bool = False,
    by: Acting = BY_SYSTEM,
    erasers: Sequence[Eraser] = (),
    tell: Tell = lambda *_: None,
    told: Callable[[Ages], None] = lambda _: None,
) -> Restored:
    """Restore a data file with the key file beside it. `align` brings the schema to that of the manifest, and refuses
    one that it does not know; it takes nothing back in a database that holds something. `told` hears what is older than
    what before anything is touched."""
    with reading(path) as archive, key_file(path.parent) as keys:
        archive.check(tell)
        keys.check()
        found = ages(db, archive, keys)
        told(found)
        if not replace:
            refuse_to_overwrite(archive, found)
        with db.reading() as session:
            refuse_to_go_back(session, archive.manifest, found.rows)
            remembered = tombstones(session)
        align(archive.manifest)
        return put_back(db, archive, keys, by=by, erasers=erasers, tell=tell, remembered=remembered)


def ages(db: Database, archive: Archive, keys: KeyFile) -> Ages:
    with db.reading() as session:
        last, rows = last_entry(session), tables.rows_held(session)
    return Ages(archive.manifest.made, keys.made_micros, last, rows, keys.counted)


def refuse_to_overwrite(archive: Archive, found: Ages) -> None:
    """SocleError(NOT_EMPTY) when the database holds anything."""
    if found.rows:
        last = f"{from_micros(found.last_act):%Y-%m-%d %H:%M:%S} UTC" if found.last_act else "-"
        made = f"{archive.manifest.moment:%Y-%m-%d %H:%M:%S} UTC"
        raise SocleError(NOT_EMPTY, rows=found.rows, last=last, made=made)


def refuse_to_go_back(session: Session, manifest: Manifest, rows: int) -> None:
    """SocleError(SCHEMA_OLDER) when the database holds anything and `align` would undo migrations: what they dropped
    is gone at once, outside of the transaction that replaces the rows."""
    if rows and set(applied_migrations(session)) - set(manifest.migrations):
        raise SocleError(SCHEMA_OLDER, version=manifest.version, rows=rows)


def put_back(
    db: Database,
    archive: Archive,
    keys: KeyFile,
    *,
    by: Acting = BY_SYSTEM,
    erasers: Sequence[Eraser] = (),
    tell: Tell = lambda *_: None,
    remembered: Sequence[Tombstone] = (),
) -> Restored:
    """Replace what the database holds. The archive and the key file were checked; the schema is that of the archive;
    `remembered` are erasures known from elsewhere, besides those of the key file and of the database."""
    with db.exclusive(LOCK), db.unit() as unit:
        known = [*remembered, *tombstones(unit), *keys.tombstones()]
        found = {table.name: table for table in tables.saved_tables(unit)}
        _compare(archive.manifest, found)
        _empty(unit, [*archive.manifest.tables, *KEYRING])
        _load(unit, archive, found, tell)
        tables.set_sequences(unit, archive.manifest.sequences)
        keys.fill(unit)
        _introduce_keys(unit, by)
        stones = _merged(known)
        for stone in stones:
            erase_subject(unit, stone.subject, Reason.REPLAYED, by, erasers, at=stone.at)
        closed = close_all(unit)
        told: Coded = {
            "rows": archive.manifest.rows,
            "erasures": len(stones),
            "sessions": closed.sessions,
            "invitations": closed.invitations,
            "made": archive.manifest.moment.isoformat(),
        }
        record_vouched(unit, Entry(RESTORED, by, target=f"Backup/{archive.path.stem}", data=told))
        ((envelopes,),) = unit.fetch("SELECT count(*) FROM keyring_envelope")
    forget_keys()
    db.analyse(sorted(found))
    scrub(db)
    return Restored(archive.manifest, envelopes, len(stones), closed)


def _introduce_keys(unit: Unit, by: Acting) -> None:
    """The key file may be newer than the trail: a key that signs heads from now on must be introduced by it."""
    known: set[bytes | None] = {bytes(key) for (key,) in unit.fetch("SELECT public FROM audit_key")}
    known |= {
        introduced_key(orjson.loads(bytes(facts))) for (facts,) in unit.fetch("SELECT facts FROM audit_inbox")
    }
    for key in public_keys(unit, HEAD_PURPOSE):
        if key.state in ("announced", "active") and key.raw not in known:
            introduce_again(unit, key, by)


def _merged(known: Iterable[Tombstone]) -> list[Tombstone]:
    """One a subject, the latest."""
    last: dict[str, Tombstone] = {}
    for stone in sorted(known, key=lambda stone: stone.at):
        last[stone.subject] = stone
    return list(last.values())


def _compare(manifest: Manifest, found: dict[str, Table]) -> None:
    """The database has each of the archive's tables, column by column; kinds may differ between engines. Tables that
    the archive lacks came with later versions, and were made anew."""
    differences = [
        name if name not in found else f"{name} ({', '.join(sorted(others))})"
        for name, saved in manifest.tables.items()
        if name not in found or (others := _names(found[name]) ^ {column for column, _ in saved.columns})
    ]
    if differences:
        raise SocleError(SCHEMA_DIFFERS, differences=", ".join(sorted(differences)))


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _empty(unit: Unit, names: Sequence[str]) -> None:
    if unit.dialect.engine == "postgresql":
        unit.execute(f"TRUNCATE {', '.join(names)}")
        return
    # The rows of before may be of persons whom only this database remembers as erased: their bytes go too.
    with overwriting(unit):
        for name in names:
            unit.execute(f"DELETE FROM {name}")


def _load(unit: Unit, archive: Archive, found: dict[str, Table], tell: Tell) -> None:
    done = 0
    for name, saved in archive.manifest.tables.items():
        source = saved.table(name)
        kinds = {column.name: column for column in found[name].columns}
        target = Table(name, tuple(kinds[column.name] for column in source.columns), found[name].key)
        try:
            _fill(unit, source, target, archive)
            _check_filled(unit, archive, source, target)
        except (NotRows, psycopg.DataError, psycopg.IntegrityError) as wrong:
            raise archive.damaged(f"{name}: {wrong}") from None
        done += saved.rows
        tell("restaurer · restore", done, archive.manifest.rows)


def _fill(unit: Unit, source: Table, target: Table, archive: Archive) -> None:
    if unit.dialect.engine == "sqlite":
        marks = ", ".join("?" * len(target.columns))
        unit.execute_many(
            f"INSERT INTO {target.name} ({target.names}) VALUES ({marks})",
            decoded(source.kinds, archive.pieces(source.name)),
        )
        return
    pieces = archive.pieces(source.name)
    if source.kinds != target.kinds:
        pieces = encoded(target.kinds, decoded(source.kinds, pieces))
    connection: Any = unit.connection  # type: ignore[attr-defined]
    sql = f"COPY {target.name} ({target.names}) FROM STDIN (FORMAT BINARY)"
    with psycopg.RawCursor(connection) as cursor, cursor.copy(sql) as copy:
        for piece in pieces:
            copy.write(piece)


def _check_filled(unit: Unit, archive: Archive, source: Table, target: Table) -> None:
    """What the database gives back is what the archive holds: as many rows, the same bytes in the same order."""
    saved = archive.manifest.tables[target.name]
    ordered: Iterable[bytes] = tables.pieces(unit, target)
    if source.kinds != target.kinds:
        ordered = encoded(source.kinds, decoded(target.kinds, ordered))
    digest, rows = sha256(), tables.count(unit, target)
    for piece in ordered:
        digest.update(piece)
    if rows != saved.rows or digest.hexdigest() != saved.sha256:
        raise archive.damaged(f"{target.name}: {rows} rows, SHA-256 {digest.hexdigest()[:16]}…")
