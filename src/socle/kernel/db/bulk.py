"""Many rows at once: `executemany` on SQLite, binary COPY on PostgreSQL, from the same table description."""

import marshal
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Literal

from socle.kernel.db.dialect import Engine

Kind = Literal["int2", "int4", "int8", "text", "bytes"]
Packer = Callable[[Sequence[Any]], bytes]

_FORMAT: dict[Kind, tuple[str, int]] = {"int2": ("h", 2), "int4": ("i", 4), "int8": ("q", 8)}
_NULL = struct.pack(">i", -1)
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
COPY_TRAILER = struct.pack(">h", -1)
_ROWS_A_PIECE = 2000


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True)
class BulkTable:
    """A table as the bulk path sees it: column names in row order and their storage kinds.

    `fixed` are columns that hold one integer in every row: rows leave them out, which spares half of their size.
    """

    name: str
    columns: tuple[Column, ...]
    fixed: tuple[tuple[Column, int], ...] = ()

    def fixing(self, **values: int) -> "BulkTable":
        """The same table for rows that all hold these values."""
        kept = tuple(column for column in self.columns if column.name not in values)
        fixed = tuple((column, values[column.name]) for column in self.columns if column.name in values)
        return BulkTable(self.name, kept, self.fixed + fixed)

    @cached_property
    def _names(self) -> str:
        return ", ".join(column.name for column in (*(column for column, _ in self.fixed), *self.columns))

    def insert(self, rows: int = 1) -> str:
        """One INSERT of so many rows: several rows a statement cost a third less than one."""
        values = ", ".join([*(str(value) for _, value in self.fixed), *("?" * len(self.columns))])
        return f"INSERT INTO {self.name} ({self._names}) VALUES {', '.join([f'({values})'] * rows)}"

    @cached_property
    def copy(self) -> str:
        return f"COPY {self.name} ({self._names}) FROM STDIN (FORMAT BINARY)"

    @cached_property
    def pack(self) -> Packer:
        """One row in the binary COPY format (PostgreSQL documentation, COPY, «Binary Format»)."""
        head = struct.pack(">h", len(self.fixed) + len(self.columns))
        head += b"".join(_field_packer(column.kind)(value) for column, value in self.fixed)
        if all(column.kind in _FORMAT for column in self.columns):
            return _integer_packer(head, self.columns)
        return _mixed_packer(head, self.columns)

    def copy_pieces(self, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
        yield COPY_HEADER
        pack = self.pack
        iterator = iter(rows)
        while piece := b"".join(pack(row) for row in _take(iterator)):
            yield piece
        yield COPY_TRAILER


def _take(iterator: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    for _, row in zip(range(_ROWS_A_PIECE), iterator, strict=False):
        yield row


def _integer_packer(head: bytes, columns: tuple[Column, ...]) -> Packer:
    """All columns are integers that are never null: one precompiled struct packs the row."""
    layout = struct.Struct(f">{len(head)}s" + "".join("i" + _FORMAT[column.kind][0] for column in columns))
    lengths = [_FORMAT[column.kind][1] for column in columns]
    spread = ", ".join(f"{length}, row[{index}]" for index, length in enumerate(lengths))
    packer: Packer = eval(f"lambda row: pack(head, {spread})", {"pack": layout.pack, "head": head})
    return packer


def _mixed_packer(head: bytes, columns: tuple[Column, ...]) -> Packer:
    fields = tuple(_field_packer(column.kind) for column in columns)

    def pack(row: Sequence[Any]) -> bytes:
        return head + b"".join(
            [_NULL if value is None else field(value) for field, value in zip(fields, row, strict=True)]
        )

    return pack


def _field_packer(kind: Kind) -> Callable[[Any], bytes]:
    if kind in _FORMAT:
        code, length = _FORMAT[kind]
        layout = struct.Struct(f">i{code}")
        return lambda value: layout.pack(length, value)
    length_of = struct.Struct(">i").pack

    def sized(value: Any) -> bytes:
        data = value.encode() if isinstance(value, str) else value
        return length_of(len(data)) + data

    return sized


def encode(table: BulkTable, rows: Sequence[Sequence[Any]], engine: Engine) -> bytes:
    """Rows as the engine's bulk path takes them, so that another process than the writing one may do this work:
    the values one after another for SQLite (marshal, which is for processes of one program), a whole binary COPY for
    PostgreSQL."""
    if engine == "sqlite":
        return marshal.dumps(list(chain.from_iterable(rows)))
    return b"".join(table.copy_pieces(rows))
