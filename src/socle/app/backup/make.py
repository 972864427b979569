"""`socle backup`: a data file of one moment, then the key file."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from socle import __version__
from socle.app.backup import archive, tables
from socle.app.backup.archive import Manifest, Tell
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session, has_table
from socle.kernel.errors import SocleError
from socle.kernel.keyring.keyfile import LOCK, write_key_file
from socle.kernel.keys import current_master
from socle.kernel.work import record

BACKED_UP = action("operation.backed-up", Kind.EXECUTE, "Sauvegarde effectuée", "Backup made")
WORK = "backup"
_PATIENCE_SECONDS, _PAUSE_SECONDS = 60.0, 0.1
_LAST_UNIT = "SELECT max(at) FROM audit_unit"
_LAST_HEAD = "SELECT checkpoint FROM audit_head ORDER BY size DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written: the data file, its manifest, and how many envelopes the key file holds."""

    path: Path
    manifest: Manifest
    envelopes: int


def back_up(
    db: Database,
    folder: Path,
    by: Acting = BY_SYSTEM,
    tell: Tell = lambda *_: None,
    *,
    replace_damaged: bool = False,
) -> Backup:
    """Write a data file and replace the key file. Acts go on meanwhile; the data are those of the moment it began.

    The key file is written after the data, with erasures held off: whoever is erased before it is written is not in it.
    The data file takes its name last: each data file has its keys in the key file. Raises SocleError: WORK_BUSY while
    another backup is made; KEY_FILE_FOREIGN, KEY_FILE_UNREAD or KEY_FILE_BROKEN when replacing the key file there would
    lose keys, or may; one that is damaged is replaced, and kept under another name, with `replace_damaged`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = micros()
    path = folder / archive.name_of(made)
    with db.exclusive(WORK), archive.writing(path) as writer:
        with db.snapshot() as session:
            manifest = _write(session, writer, made, tell)
        with _erasures_held_off(db), db.snapshot() as session:
            envelopes = write_key_file(session, folder, replace_damaged=replace_damaged)
    with db.unit() as unit:
        if not has_table(unit, "audit_unit"):
            # Saved before an upgrade, from a version that had no trail to tell it in.
            return Backup(path, manifest, envelopes)
        data = {"rows": manifest.rows, "tables": len(manifest.tables), "envelopes": envelopes}
        record(unit, Entry(BACKED_UP, by, target=f"Backup/{path.stem}", data=data))
    return Backup(path, manifest, envelopes)


@contextmanager
def _erasures_held_off(db: Database) -> Iterator[None]:
    """An erasure under way is waited for: it takes a moment. Raises SocleError(WORK_BUSY) after a minute."""
    with ExitStack() as stack:
        end = monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                stack.enter_context(db.exclusive(LOCK))
                break
            except SocleError:
                if monotonic() >= end:
                    raise
            sleep(_PAUSE_SECONDS)
        yield


def _write(session: Session, writer: archive.Writer, made: int, tell: Tell) -> Manifest:
    found = tables.saved_tables(session)
    counts = {table.name: tables.count(session, table) for table in found}
    total, done, saved = sum(counts.values()), 0, {}
    for table in found:
        saved[table.name] = writer.table(table, tables.pieces(session, table), counts[table.name])
        done += counts[table.name]
        tell("sauvegarder · back up", done, total)
    manifest = Manifest(
        made=made,
        version=__version__,
        engine=session.dialect.engine,
        master=current_master().id,
        migrations=applied_migrations(session),
        last_entry=last_entry(session),
        checkpoint=_only(session, "audit_head", _LAST_HEAD),
        envelopes=_only(session, "keyring_envelope", "SELECT count(*) FROM keyring_envelope") or 0,
        sequences=tables.sequences(session),
        tables=saved,
    )
    writer.manifest(manifest)
    return manifest


def applied_migrations(session: Session) -> list[str]:
    """As "application.name", sorted."""
    rows = session.fetch(f"SELECT app, name FROM {tables.MIGRATIONS}")
    return sorted(f"{app}.{name}" for app, name in rows)


def last_entry(session: Session) -> int | None:
    """When the last unit of work was, in microseconds UTC; None when there was none."""
    last: int | None = _only(session, "audit_unit", _LAST_UNIT)
    return last


def _only(session: Session, table: str, sql: str) -> Any:
    """The one value that is asked of a table; None when an earlier version had no such table."""
    row = session.fetch_one(sql) if has_table(session, table) else None
    return row[0] if row else None
