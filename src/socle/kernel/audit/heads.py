"""Heads: the tree as it stood at one size, signed so that whoever holds one can check what comes after.

A head is a checkpoint (C2SP tlog-checkpoint) of four lines: the trail's name, the size, the root in base64, then when
it was signed and the size of the head before it, so that no head can be taken out either.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from socle.kernel.audit.entry import micros_of, stamp
from socle.kernel.db import Row, Session, Unit
from socle.standards.signed_note import Checkpoint, NoteFault, NoteKey, parse, parse_checkpoint, sign

_COLUMNS = "size, at, root, signer, checkpoint"
_LAST = f"SELECT {_COLUMNS} FROM audit_head ORDER BY size DESC LIMIT 1"
_INSERT = f"INSERT INTO audit_head ({_COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5)"
_WHEN = re.compile(r"(\S+Z) after (0|[1-9][0-9]*)")


class HeadKey(Protocol):
    """A key that may sign heads; `raw` is the public part, 32 bytes of Ed25519."""

    @property
    def raw(self) -> bytes: ...

    def sign(self, data: bytes, /) -> bytes: ...


# The key in use, as the unit that appends to the trail sees it.
FindKey = Callable[[Unit], HeadKey]


@dataclass(frozen=True, slots=True)
class Head:
    """`at` is in microseconds UTC; `previous` is the size of the head before it, 0 for the first one."""

    origin: str
    size: int
    root: bytes
    at: int
    previous: int

    @property
    def text(self) -> str:
        when = f"{stamp(self.at)} after {self.previous}"
        return Checkpoint(self.origin, self.size, self.root, (when,)).text


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A row of `audit_head`, as it is stored."""

    size: int
    at: int
    root: bytes
    signer: bytes
    checkpoint: str

    @classmethod
    def of(cls, row: Row) -> "HeadRow":
        size, at, root, signer, checkpoint = row
        return cls(size, at, bytes(root), bytes(signer), checkpoint)


def parse_head(text: str) -> Head:
    """The head that the text of a note holds. Raises NoteFault."""
    checkpoint = parse_checkpoint(text)
    met = _WHEN.fullmatch(checkpoint.extensions[0]) if len(checkpoint.extensions) == 1 else None
    if met is None:
        raise NoteFault("the fourth line does not say when, and after which size")
    try:
        at = micros_of(met[1])
    except ValueError:
        raise NoteFault(f"the instant {met[1]!r} is none") from None
    return Head(checkpoint.origin, checkpoint.size, checkpoint.root, at, int(met[2]))


def last_head(session: Session) -> HeadRow | None:
    row = session.fetch_one(_LAST)
    return HeadRow.of(row) if row else None


def sign_head(unit: Unit, head: Head, key: HeadKey) -> HeadRow:
    """Sign the head and keep it."""
    note = sign(head.text, NoteKey(head.origin, key.raw), key.sign)
    unit.execute(_INSERT, head.size, head.at, head.root, key.raw, note)
    return HeadRow(head.size, head.at, head.root, key.raw, note)


def read_note(note: str) -> Head:
    """The head of a signed note, whoever signed it. Raises NoteFault."""
    return parse_head(parse(note).text)
