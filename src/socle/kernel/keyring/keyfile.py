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
from typing import Any

from socle.kernel.clock import micros
from socle.kernel.db import DIALECTS, Row, Session, Unit, has_table
from socle.kernel.errors import SocleError, kind
from socle.kernel.files import sync
from socle.kernel.keyring import ddl, ddl_succession, envelopes, signing, tombstones
from socle.kernel.keyring.keyfile_proof import FIRST, PROOF, SECOND, Prover, Sums
from socle.kernel.keys import current_master, master_named

NAME = "socle-keys.sqlite3"
KEPT = f"{NAME}.damaged"
LOCK = "key-file"
PATIENCE_SECONDS = 5.0
_BATCH = 5_000
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
# Not a database; pages that contradict each other; a table or column that is not there (the statement is right).
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
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
KEY_FILE_UNREAD = kind(
    "key-file-unread",
    409,
    fr="Le fichier des clés « {file} » ne peut pas être lu pour l’instant : {found}. Il n’est pas remplacé, car il "
    "peut avoir des clés que la base n’a pas. Attendez que le processus qui le tient ait fini, ou rendez-le lisible, "
    "puis recommencez ; ou sauvegardez dans un autre dossier.",
    en="The key file “{file}” cannot be read at present: {found}. It is not replaced, because it may have keys that "
    "the database has not. Wait until the process that holds it has ended, or make it readable, then begin again; or "
    "back up into another folder.",
    rule="docs/backup.md",
    fhir="lock-error",
)
KEY_FILE_BROKEN = kind(
    "key-file-broken",
    409,
    fr="Le fichier des clés « {file} » est abîmé : {found}. Il n’est pas remplacé, car il peut avoir des clés que la "
    "base n’a pas. Remettez-en une copie saine, ou lancez « socle backup --replace-damaged » : il reste à côté, sous "
    "le nom {file}.damaged.",
    en="The key file “{file}” is damaged: {found}. It is not replaced, because it may have keys that the database has "
    "not. Put a sound copy back, or run “socle backup --replace-damaged”: it stays beside, as {file}.damaged.",
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


def write_key_file(session: Session, folder: Path, *, replace_damaged: bool = False) -> int:
    """Replace the folder's key file by what the session sees; returns how many envelopes it holds. Call it with the
    database's LOCK held (`Database.exclusive`), so that no erasure happens meanwhile. With `replace_damaged`, one that
    is proven to be damaged is replaced too, and kept under another name.

    Raises SocleError, and leaves the present file as it is: KEY_FILE_FOREIGN when keys would be lost, as the folder is
    that of another database; KEY_FILE_UNREAD and KEY_FILE_BROKEN when nobody can tell whether any would be.
    """
    target, fresh = folder / NAME, folder / f".{NAME}.new"
    for leftover in (fresh, fresh.with_name(f"{fresh.name}-journal")):
        leftover.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with _opened(fresh) as file:
        count = _write(file, session)
    sync(fresh)
    try:
        _check_replaceable(fresh, target)
    except SocleError as refused:
        if refused.kind is not KEY_FILE_BROKEN or not replace_damaged:
            fresh.unlink()
            raise
        _keep_damaged(target)
    os.replace(fresh, target)
    sync(folder)
    return count


def _write(file: sqlite3.Connection, session: Session) -> int:
    for statement in (*ddl.statements("sqlite"), *ddl_succession.statements("sqlite")):
        file.execute(statement)
    file.execute("CREATE TABLE about (name text NOT NULL PRIMARY KEY, value text NOT NULL)")
    prover, sums = Prover(current_master(), SECOND), Sums()
    for table, columns in _COPIED.items():
        file.execute(f"ALTER TABLE {table} ADD COLUMN mac blob")
        sums.begin(table)
        rows = _rows(session, table, columns)
        file.executemany(_insert(table, columns), (_added(table, row, prover, sums) for row in rows))
    about = {"format": SECOND, "made": str(micros()), "master": current_master().id}
    about[PROOF] = sums.sealed(about, current_master())
    file.executemany("INSERT INTO about VALUES (?1, ?2)", about.items())
    return sums.tables["keyring_envelope"][0]


def _check_replaceable(fresh: Path, target: Path) -> None:
    """No key of the present file would be lost, as far as it can be read. Raises SocleError: KEY_FILE_FOREIGN,
    KEY_FILE_UNREAD, KEY_FILE_BROKEN."""
    if not target.exists():
        return
    connection = sqlite3.connect(
        fresh.absolute().as_uri(), isolation_level=None, timeout=PATIENCE_SECONDS, uri=True
    )
    try:
        connection.create_function("hash_of", 1, tombstones.hash_of, deterministic=True)
        connection.execute("ATTACH ?1 AS present", (f"{target.absolute().as_uri()}?mode=rw",))
        ((verdict,),) = connection.execute("PRAGMA present.integrity_check(1)")
        if verdict != "ok":
            raise SocleError(KEY_FILE_BROKEN, file=NAME, found=verdict)
        ((lost,),) = connection.execute(_LOST)
    except sqlite3.DatabaseError as wrong:
        # The code, without what it is detailed by.
        damaged = getattr(wrong, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
        raise SocleError(
            KEY_FILE_BROKEN if damaged else KEY_FILE_UNREAD, file=NAME, found=str(wrong)
        ) from None
    finally:
        connection.close()
    if lost:
        raise SocleError(KEY_FILE_FOREIGN, file=NAME, keys=lost)


def _keep_damaged(target: Path) -> None:
    """Under a name that nothing has yet; its journal too, which would else be played into the file that follows."""
    kept, number = target.with_name(KEPT), 1
    while kept.exists():
        number += 1
        kept = target.with_name(f"{KEPT}-{number}")
    os.rename(target, kept)
    journal = target.with_name(f"{NAME}-journal")
    if journal.exists():
        os.rename(journal, kept.with_name(f"{kept.name}-journal"))


def forget_in_key_file(folder: Path, session: Session) -> int:
    """Destroy in the folder's key file, if there is one, the keys of all those whom the database has erased and the
    file has not: this erasure, and any that could not reach it before. A key made since is kept. How many there were.

    Raises SocleError(KEY_FILE_BEHIND) when the file cannot be changed.
    """
    if not (folder / NAME).exists():
        return 0
    try:
        with key_file(folder) as known:
            missing = known.lacks(session)
        if missing:
            with _opened(folder / NAME) as file:
                _forget(file, missing)
        # SQLite leaves the folder alone, and the journal that a power cut brings back would bring back the keys. Also
        # when nothing is missing: the last time may have failed just here.
        sync(folder)
    except (sqlite3.Error, OSError, ValueError, SocleError) as wrong:
        raise SocleError(KEY_FILE_BEHIND, file=NAME, found=str(wrong)) from None
    return len(missing)


def _forget(file: sqlite3.Connection, stones: list[tombstones.Tombstone]) -> None:
    about: dict[str, str] = dict(file.execute("SELECT name, value FROM about"))
    master = master_named(about["master"])
    prover = Prover(master, about["format"])
    sums = Sums() if about["format"] == FIRST else Sums.opened(about, master)
    for stone in stones:
        row = tombstones.row_of(stone)
        _remove(
            file,
            "keyring_envelope",
            "subject = ?1 AND created <= ?2",
            (stone.subject, stone.at),
            prover,
            sums,
        )
        _remove(file, "keyring_erasure", "subject_hash = ?1", row[:1], prover, sums)
        added = _added("keyring_erasure", row, prover, sums)
        file.execute(_insert("keyring_erasure", _COPIED["keyring_erasure"]), added)
    if about["format"] != FIRST:
        file.execute("UPDATE about SET value = ?1 WHERE name = ?2", (sums.sealed(about, master), PROOF))


def _remove(
    file: sqlite3.Connection, table: str, condition: str, values: Row, prover: Prover, sums: Sums
) -> None:
    for row in file.execute(
        f"SELECT {', '.join(_COPIED[table])} FROM {table} WHERE {condition}", values
    ).fetchall():
        sums.take(table, prover.prove(table, row)[1])
    file.execute(f"DELETE FROM {table} WHERE {condition}", values)


class KeyFile:
    """A key file that is read: to be checked, then to fill a keyring."""

    def __init__(self, file: sqlite3.Connection, path: Path) -> None:
        self._file, self.path = file, path
        try:
            self._about: dict[str, str] = dict(file.execute("SELECT name, value FROM about"))
            self.made_micros, self.master = int(self._about["made"]), str(self._about["master"])
        except (sqlite3.DatabaseError, KeyError, ValueError) as wrong:
            raise self._damaged(str(wrong)) from None
        if self._about.get("format") not in (FIRST, SECOND):
            raise self._damaged(f"format {self._about.get('format')!r}")

    @property
    def counted(self) -> bool:
        """False for a file of the first format, which does not show that rows were taken out of it."""
        return self._about["format"] != FIRST

    def check(self) -> None:
        """Prove every row and open every wrapped secret. Raises SocleError: KEY_FILE_DAMAGED, KEY_DAMAGED or
        MASTER_UNKNOWN."""
        try:
            ((verdict,),) = self._file.execute("PRAGMA integrity_check(1)")
            if verdict != "ok":
                raise self._damaged(verdict)
            found = self._check_rows()
            if self.counted and found != self._sums():
                raise self._damaged("lignes retirées ou ajoutées / rows taken out or added")
        except (sqlite3.DatabaseError, UnicodeDecodeError) as wrong:
            raise self._damaged(str(wrong)) from None

    def _check_rows(self) -> Sums:
        prover, sums = Prover(master_named(self.master), self._about["format"]), Sums()
        for table, columns in self._held():
            sums.begin(table)
            for *row, mac in self._file.execute(f"SELECT {', '.join(columns)}, mac FROM {table}"):
                known, share = prover.prove(table, tuple(row))
                if not hmac.compare_digest(known, mac or b""):
                    raise self._damaged(f"{table} {row[0]}: HMAC")
                sums.add(table, share)
                _open_wrapped(table, dict(zip(columns, row, strict=True)))
        return sums

    def _sums(self) -> Sums:
        try:
            return Sums.opened(self._about, master_named(self.master))
        except (ValueError, SocleError) as wrong:
            raise self._damaged(f"about: {wrong}") from None

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


def _open_wrapped(table: str, row: dict[str, Any]) -> None:
    """Raises SocleError when the secret of the row, if it has one, does not open."""
    if table in _WRAPPED:
        purpose, name, secret = _WRAPPED[table]
        if row[secret] is not None:
            master_named(row["master"]).unwrap(purpose, row[name], row[secret])


def _insert(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * (len(columns) + 1))
    return f"INSERT INTO {table} ({', '.join(columns)}, mac) VALUES ({marks})"


def _added(table: str, row: Row, prover: Prover, sums: Sums) -> Row:
    """The row with its MAC, counted."""
    mac, share = prover.prove(table, row)
    sums.add(table, share)
    return *row, mac
