"""A database with a past: acts with sealed details, rows of every kind, and helpers that look for bytes everywhere."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from socle.app.backup.tables import pieces, saved_tables, table_named
from socle.kernel.actors import Acting, Actor, ActorKind
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.audit.sequencer import sequence
from socle.kernel.db import Database
from socle.kernel.keyring.ddl import TABLES as KEYRING
from socle.kernel.keys import Master, authenticated, current_master
from socle.kernel.sealing import unseal
from socle.kernel.work import record

LOOKED = action("test.looked", Kind.READ, "Regardé pour un essai", "Looked at in a test")
WORD = "192.0.2.77 the words that were searched for"

_FIRST_COLUMNS = {
    "keyring_envelope": "subject, wrapped, master, created",
    "keyring_signing": "kid, purpose, algorithm, state, public, sealed, master, announced, activated, retired, removed",
    "keyring_erasure": "subject_hash, wrapped, master, at",
}


def acting(agent: str) -> Acting:
    return Acting(Actor(ActorKind.AGENT, agent), door="tests")


def look(db: Database, record_id: str, agent: str = "ada") -> None:
    """One act on a record, with details about its subject and about its actor."""
    with db.unit() as unit:
        entry = Entry(
            LOOKED,
            acting(agent),
            subject=f"record:{record_id}",
            subject_details={"said": f"{record_id} {WORD}"},
            actor_details={"client": f"{agent} {WORD}"},
        )
        record(unit, entry)


def live(db: Database, records: int = 4) -> None:
    """A small past: some acts in the log, some still waiting, and rows with every kind of value."""
    for number in range(records):
        look(db, str(number), agent=("ada", "grace")[number % 2])
    while sequence(db):
        pass
    look(db, "0")
    with db.unit() as unit:
        unit.execute_many(
            "INSERT INTO directory_label (column_name, code, label) VALUES (?1, ?2, ?3)",
            [("é", "1", "l’œuvre"), ("a", "2", ""), ("z\n", "3", "𝄞" * 40)],
        )
        unit.execute_many(
            "INSERT INTO directory_load (transaction_number, mode, started, ended, report) "
            "VALUES (?1, ?2, ?3, ?4, ?5)",
            [(1, "full", 2**53, None, "{}"), (2, "delta", -1, 2**62, "")],
        )


def opened_details(db: Database, subject: str) -> list[Any]:
    """What can be read of a person's sealed details in the log; SocleError when their key is gone."""
    with db.reading() as session:
        rows = session.fetch(
            "SELECT unit, facts, subject_sealed FROM audit_entry "
            "WHERE subject = ?1 AND subject_sealed IS NOT NULL ORDER BY position",
            subject,
        )
        return [
            unseal(session, subject, f"audit:{bytes(unit).hex()}:0", bytes(sealed))
            for unit, _, sealed in rows
        ]


def wrapped_key(db: Database, subject: str) -> bytes:
    with db.reading() as session:
        ((wrapped,),) = session.fetch("SELECT wrapped FROM keyring_envelope WHERE subject = ?1", subject)
    return bytes(wrapped)


def sealed_bytes(db: Database, subject: str) -> list[bytes]:
    with db.reading() as session:
        rows = session.fetch(
            "SELECT subject_sealed FROM audit_entry WHERE subject = ?1 AND subject_sealed IS NOT NULL",
            subject,
        )
    return [bytes(sealed) for (sealed,) in rows]


def all_rows(db: Database) -> bytes:
    """Each value of each table."""
    with db.snapshot() as session:
        tables = [*saved_tables(session), *(table_named(session, name) for name in KEYRING)]
        return b"".join(piece for table in tables for piece in pieces(session, table))


def everything(db: Database) -> bytes:
    """All that the database gives to who holds its disk, as far as a test can look: the bytes of its files on SQLite,
    each value of each table on PostgreSQL."""
    if db.engine != "sqlite":
        return all_rows(db)
    path = Path(db.url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def rows_of_key_file(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as file:
        return {
            table: file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("keyring_envelope", "keyring_signing", "keyring_erasure")
        }


def as_first_version(key_file: Path, master: Master | None = None) -> None:
    """Make of a key file what a Socle wrote before they said how many rows they have."""
    with closing(sqlite3.connect(key_file, isolation_level=None)) as file:
        file.execute("UPDATE about SET value = '1' WHERE name = 'format'")
        file.execute("DELETE FROM about WHERE name = 'proof'")
        file.execute("DROP TABLE keyring_succession")
        for table, columns in _FIRST_COLUMNS.items():
            key = columns.partition(",")[0]
            for row in file.execute(f"SELECT {columns} FROM {table}").fetchall():
                mac = authenticated("key-file", repr((table, *row)).encode(), master or current_master())
                file.execute(f"UPDATE {table} SET mac = ? WHERE {key} = ?", (mac, row[0]))
