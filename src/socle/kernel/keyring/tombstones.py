"""Who was erased, and when: so that a backup made before is made to forget again."""

from dataclasses import dataclass
from hashlib import sha256

from socle.kernel.clock import micros
from socle.kernel.db import Row, Session, Unit
from socle.kernel.keyring.envelopes import destroy
from socle.kernel.keys import current_master, master_named

WRAPPED_FOR = "erasure"
COLUMNS = "subject_hash, wrapped, master, at"
KEEP = (
    f"INSERT INTO keyring_erasure ({COLUMNS}) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (subject_hash) "
    "DO UPDATE SET wrapped = excluded.wrapped, master = excluded.master, at = excluded.at "
    "WHERE excluded.at > keyring_erasure.at"
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """`at` is in microseconds UTC: what concerns the subject later is not erased."""

    subject: str
    at: int


def hash_of(subject: str) -> str:
    return sha256(subject.encode()).hexdigest()


def bury(unit: Unit, subject: str, at: int | None = None) -> Tombstone:
    """Destroy the subject's envelope, and remember that it was. An erasure that is replayed says when it was (`at`): an
    envelope made since is kept."""
    stone = Tombstone(subject, micros() if at is None else at)
    if at is None:
        destroy(unit, subject)
    else:
        unit.execute("DELETE FROM keyring_envelope WHERE subject = ?1 AND created <= ?2", subject, at)
    unit.execute(KEEP, *row_of(stone))
    return stone


def row_of(stone: Tombstone) -> tuple[str, bytes, str, int]:
    """The row that stands for it: hash, identifier wrapped under the present master, master, instant."""
    name, master = hash_of(stone.subject), current_master()
    return name, master.wrap(WRAPPED_FOR, name, stone.subject.encode()), master.id, stone.at


def tombstones(session: Session) -> list[Tombstone]:
    """All of them, the oldest first."""
    return [read_row(row) for row in session.fetch(f"SELECT {COLUMNS} FROM keyring_erasure ORDER BY at")]


def moments(session: Session) -> list[tuple[str, int]]:
    """Which subjects were erased when, by the hash of their identifiers."""
    return [(name, at) for name, at in session.fetch("SELECT subject_hash, at FROM keyring_erasure")]


def named(session: Session, subject_hash: str) -> list[Tombstone]:
    """The one of that hash, or none."""
    sql = f"SELECT {COLUMNS} FROM keyring_erasure WHERE subject_hash = ?1"
    return [read_row(row) for row in session.fetch(sql, subject_hash)]


def read_row(row: Row) -> Tombstone:
    name, wrapped, master, at = row
    return Tombstone(master_named(master).unwrap(WRAPPED_FOR, name, bytes(wrapped)).decode(), at)
