"""The key file of the backups: envelopes, signing keys and erasures, apart from the data, one for all data files.

It is a small SQLite database, so that an erasure removes one row without writing the others again. A backup replaces it
whole. Every secret in it is wrapped under the master key: it opens nothing alone.
"""

import hmac
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from socle.kernel.clock import micros
from socle.kernel.db import DIALECTS, Row, Session, Unit, has_table
from socle.kernel.errors import SocleError, kind
from socle.kernel.files import sync
from socle.kernel.keyring import ddl, ddl_succession, envelopes, signing, tombstones
from socle.kernel.keys import Master, authenticated, current_master, master_named

NAME = "socle-keys.sqlite3"
LOCK = "key-file"
_FORMAT, _BATCH = "1", 5_000
_COPIED = {
    "keyring_envelope": ("subject", "wrapped", "master", "created"),
    "keyring_signing": (
        *("kid", "purpose", "algorithm", "state", "public", "sealed", "master"),
        *("announced", "activated", "retired", "removed"),
    ),
    "keyring_erasure": ("subject_hash", "wrapped", "master", "at"),
    ddl_succession.TABLE: ddl_succession.COLUMNS,
}
_LOST = (
    "SELECT count(*) FROM present.keyring_envelope AS kept "
    "WHERE NOT EXISTS (SELECT 1 FROM main.keyring_envelope e WHERE e.subject = kept.subject) "
    "AND NOT EXISTS (SELECT 1 FROM main.keyring_erasure g WHERE g.subject_hash = hash_of(kept.subject))"
)
# What each table's secrets are wrapped for, under which name, in which column.
_WRAPPED = {
    "keyring_envelope": (envelopes.WRAPPED_FOR, "subject", "wrapped"),
    "keyring_signing": (signing.WRAPPED_FOR, "kid", "sealed"),
    "keyring_erasure": (tombstones.WRAPPED_FOR, "subject_hash", "wrapped"),
}
KEY_FILE_DAMAGED = kind(
    "key-file-damaged",
    400,
    fr="Le fichier des clés « {file} » est abîmé ou n’en est pas un : {found}. Rien n’a changé.",
    en="The key file “{file}” is damaged, or is none: {found}. Nothing has changed.",
    rule="socle backup",
)


KEY_FILE_FOREIGN = kind(
    "key-file-foreign",
    409,
    fr="Le fichier des clés « {file} » a {keys} clés que la base n’a pas et n’a pas effacées : le remplacer rendrait "
    "illisibles les sauvegardes d’à côté. Restaurez-les d’abord, ou sauvegardez dans un autre dossier.",
    en="The key file “{file}” has {keys} keys that the database has not, and has not erased: replacing it would make "
    "the backups beside it unreadable. Restore them first, or back up into another folder.",
    rule="docs/backup.md",
    fhir="business-rule",
)
KEY_FILE_BEHIND = kind(
    "key-file-behind",
    500,
    fr="La personne est effacée de la base, mais pas encore du fichier des clés « {file} » : {found}. Refaites-le "
    "aussitôt : socle backup",
    en="The person is erased from the database, but not yet from the key file “{file}”: {found}. Write it anew at "
    "once: socle backup",
    rule="GDPR art. 17",
    fhir="exception",
)


def write_key_file(session: Session, folder: Path) -> int:
    """Replace the folder's key file by what the session sees; returns how many envelopes it holds. Call it with the
    database's LOCK held (`Database.exclusive`), so that no erasure happens meanwhile.

    Raises SocleError(KEY_FILE_FOREIGN) when keys would be lost: the folder is that of another database.
    """
    target, fresh = folder / NAME, folder / f".{NAME}.new"
    for leftover in (fresh, fresh.with_name(f"{fresh.name}-journal")):
        leftover.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with _opened(fresh) as file:
        for statement in (*ddl.statements("sqlite"), *ddl_succession.statements("sqlite")):
            file.execute(statement)
        for table in _COPIED:
            file.execute(f"ALTER TABLE {table} ADD COLUMN mac blob")
        file.execute("CREATE TABLE about (name text NOT NULL PRIMARY KEY, value text NOT NULL)")
        for table, columns in _COPIED.items():
            rows = _rows(session, table, columns)
            file.executemany(_insert(table, columns), (_proven(table, row, current_master()) for row in rows))
        about = {"format": _FORMAT, "made": str(micros()), "master": current_master().id}
        file.executemany("INSERT INTO about VALUES (?1, ?2)", about.items())
        ((count,),) = file.execute("SELECT count(*) FROM keyring_envelope")
    sync(fresh)
    if lost := _lost(fresh, target):
        fresh.unlink()
        raise SocleError(KEY_FILE_FOREIGN, file=NAME, keys=lost)
    os.replace(fresh, target)
    sync(folder)
    return int(count)


def _lost(fresh: Path, target: Path) -> int:
    """How many envelopes of the present key file are neither in the fresh one nor erased."""
    if not target.exists():
        return 0
    connection = sqlite3.connect(fresh, isolation_level=None)
    try:
        connection.create_function("hash_of", 1, tombstones.hash_of, deterministic=True)
        connection.execute("ATTACH ?1 AS present", (str(target),))
        ((lost,),) = connection.execute(_LOST)
        return int(lost)
    except sqlite3.DatabaseError:
        # What cannot be read has nothing to lose.
        return 0
    finally:
        connection.close()


def forget_in_key_file(folder: Path, session: Session) -> int:
    """Destroy in the folder's key file, if there is one, the keys of all those whom the database has erased and the
    file has not: this erasure, and any that could not reach it before. A key made since is kept. How many there were.

    Raises SocleError(KEY_FILE_BEHIND) when the file cannot be changed.
    """
    if not (folder / NAME).exists():
        return 0
    try:
        with key_file(folder) as known:
            missing, master = known.lacks(session), master_named(known.master)
        if missing:
            with _opened(folder / NAME) as file:
                for stone in missing:
                    _forget(file, stone, master)
            sync(folder)
    except (sqlite3.Error, OSError, ValueError, SocleError) as wrong:
        raise SocleError(KEY_FILE_BEHIND, file=NAME, found=str(wrong)) from None
    return len(missing)


def _forget(file: sqlite3.Connection, stone: tombstones.Tombstone, master: Master) -> None:
    row = _proven("keyring_erasure", tombstones.row_of(stone), master)
    file.execute(
        "DELETE FROM keyring_envelope WHERE subject = ?1 AND created <= ?2", (stone.subject, stone.at)
    )
    file.execute("DELETE FROM keyring_erasure WHERE subject_hash = ?1", row[:1])
    file.execute(_insert("keyring_erasure", _COPIED["keyring_erasure"]), row)


class KeyFile:
    """A key file that is read: to be checked, then to fill a keyring."""

    def __init__(self, file: sqlite3.Connection, path: Path) -> None:
        self._file, self.path = file, path
        try:
            about = dict(file.execute("SELECT name, value FROM about"))
            self.made_micros, self.master = int(about["made"]), str(about["master"])
        except (sqlite3.DatabaseError, KeyError, ValueError) as wrong:
            raise self._damaged(str(wrong)) from None
        if about.get("format") != _FORMAT:
            raise self._damaged(f"format {about.get('format')!r}")

    def check(self) -> None:
        """Prove every row and open every wrapped secret. Raises SocleError: KEY_FILE_DAMAGED, KEY_DAMAGED or
        MASTER_UNKNOWN."""
        try:
            ((verdict,),) = self._file.execute("PRAGMA integrity_check(1)")
            if verdict != "ok":
                raise self._damaged(verdict)
            for table, columns in self._held():
                self._check_rows(table, columns)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as wrong:
            raise self._damaged(str(wrong)) from None

    def _check_rows(self, table: str, columns: tuple[str, ...]) -> None:
        prover = master_named(self.master)
        for *row, mac in self._file.execute(f"SELECT {', '.join(columns)}, mac FROM {table}"):
            if not hmac.compare_digest(_proven(table, tuple(row), prover)[-1], mac or b""):
                raise self._damaged(f"{table} {row[0]}: HMAC")
            if table in _WRAPPED:
                purpose, name, secret = _WRAPPED[table]
                held = dict(zip(columns, row, strict=True))
                if held[secret] is not None:
                    master_named(held["master"]).unwrap(purpose, held[name], held[secret])

    def _held(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The tables of the file: one of the first version knows no succession of keys."""
        for table, columns in _COPIED.items():
            if (
                table != ddl_succession.TABLE
                or self._file.execute(DIALECTS["sqlite"].has_table, (table,)).fetchone()
            ):
                yield table, columns

    def _damaged(self, found: str) -> SocleError:
        return SocleError(KEY_FILE_DAMAGED, file=self.path.name, found=found)

    def lacks(self, session: Session) -> list[tombstones.Tombstone]:
        """The erasures of the database that the file has not seen."""
        seen: dict[str, int] = dict(self._file.execute("SELECT subject_hash, at FROM keyring_erasure"))
        behind = [name for name, at in tombstones.moments(session) if seen.get(name, -1) < at]
        return [stone for name in behind for stone in tombstones.named(session, name)]

    def tombstones(self) -> list[tombstones.Tombstone]:
        rows = self._file.execute(f"SELECT {tombstones.COLUMNS} FROM keyring_erasure ORDER BY at")
        return [tombstones.read_row(row) for row in rows]

    def fill(self, unit: Unit) -> None:
        """Put into an emptied keyring what the file holds, as far as its schema goes."""
        for table, columns in self._held():
            if not has_table(unit, table):
                continue
            marks = ", ".join(f"?{number}" for number in range(1, len(columns) + 1))
            rows = self._file.execute(f"SELECT {', '.join(columns)} FROM {table}")
            unit.execute_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


@contextmanager
def key_file(folder: Path) -> Iterator[KeyFile]:
    """The folder's key file, for reading. Raises SocleError(KEY_FILE_DAMAGED) when there is none that can be read."""
    path = folder / NAME
    if not path.is_file():
        raise SocleError(KEY_FILE_DAMAGED, file=str(path), found="-")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        yield KeyFile(connection, path)
    finally:
        connection.close()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in one transaction; what is deleted is overwritten."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    finally:
        # What was not committed is rolled back with the connection.
        connection.close()


def _rows(session: Session, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """In pieces, by key: a country's envelopes do not fit in memory. None where an earlier version had no keyring."""
    if not has_table(session, table):
        return
    key, after = columns[0], ""
    while True:
        rows = session.fetch(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {key} > ?1 ORDER BY {key} LIMIT {_BATCH}", after
        )
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1][0]


def _insert(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * (len(columns) + 1))
    return f"INSERT INTO {table} ({', '.join(columns)}, mac) VALUES ({marks})"


def _proven(table: str, row: Row, master: Master) -> Row:
    """The row, then the HMAC of all that it says. Values are texts, bytes, integers and None, whose Python form is
    unambiguous."""
    said = repr((table, *(bytes(value) if isinstance(value, memoryview) else value for value in row)))
    return *row, authenticated("key-file", said.encode(), master)
