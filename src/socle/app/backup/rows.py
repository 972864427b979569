"""Rows in the binary COPY format (PostgreSQL documentation, COPY, «Binary Format»): what data files are made of,
whichever engine the rows come from or go to."""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from socle.kernel.db.bulk import COPY_HEADER, COPY_TRAILER, Kind
from socle.kernel.db.session import Row

_INTEGERS: dict[Kind, struct.Struct] = {
    "int2": struct.Struct(">h"),
    "int4": struct.Struct(">i"),
    "int8": struct.Struct(">q"),
}
_LENGTH, _FIELDS = struct.Struct(">i"), struct.Struct(">h")
_NULL = _LENGTH.pack(-1)
_ROWS_A_PIECE = 2_000
_FLAGS_END = len(COPY_HEADER)


class NotRows(ValueError):
    """The bytes are not rows of this table in the binary COPY format."""


def encoded(kinds: Sequence[Kind], rows: Iterable[Row]) -> Iterator[bytes]:
    """A whole COPY, in pieces."""
    yield COPY_HEADER
    head, writers = _FIELDS.pack(len(kinds)), [_writer(kind) for kind in kinds]
    piece: list[bytes] = []
    for row in rows:
        piece.append(head)
        piece.extend(
            _NULL if value is None else write(value) for value, write in zip(row, writers, strict=True)
        )
        if len(piece) > _ROWS_A_PIECE * (len(kinds) + 1):
            yield b"".join(piece)
            piece.clear()
    yield b"".join(piece) + COPY_TRAILER


def decoded(kinds: Sequence[Kind], pieces: Iterable[bytes]) -> Iterator[Row]:
    """The rows of a whole COPY; raises NotRows. Only as much as one row and one piece is held at a time."""
    source = _Source(pieces)
    if source.take(_FLAGS_END) != COPY_HEADER:
        raise NotRows("no header")
    readers = [_reader(kind) for kind in kinds]
    while (fields := _FIELDS.unpack(source.take(_FIELDS.size))[0]) != -1:
        if fields != len(kinds):
            raise NotRows(f"{fields} fields in a row of {len(kinds)}")
        yield tuple([_field(source, read) for read in readers])
    if source.rest():
        raise NotRows("bytes after the end")


def _field(source: "_Source", read: Callable[[bytes], Any]) -> Any:
    length = _LENGTH.unpack(source.take(_LENGTH.size))[0]
    if length == -1:
        return None
    if length < 0:
        raise NotRows(f"a field of {length} bytes")
    try:
        return read(source.take(length))
    except (struct.error, UnicodeDecodeError) as wrong:
        raise NotRows(str(wrong)) from None


def _writer(kind: Kind) -> Callable[[Any], bytes]:
    if kind in _INTEGERS:
        layout = struct.Struct(">i" + _INTEGERS[kind].format.removeprefix(">"))
        size = _INTEGERS[kind].size
        return lambda value: layout.pack(size, value)

    def sized(value: Any) -> bytes:
        data = value.encode() if isinstance(value, str) else bytes(value)
        return _LENGTH.pack(len(data)) + data

    return sized


def _reader(kind: Kind) -> Callable[[bytes], Any]:
    if kind in _INTEGERS:
        unpack = _INTEGERS[kind].unpack
        return lambda data: unpack(data)[0]
    if kind == "text":
        return lambda data: str(data, "utf-8")
    return bytes


class _Source:
    """Bytes taken by their number from pieces of any size."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._held, self._at = iter(pieces), b"", 0

    def take(self, count: int) -> bytes:
        while len(self._held) - self._at < count:
            piece = next(self._pieces, None)
            if piece is None:
                raise NotRows("cut short")
            self._held, self._at = self._held[self._at :] + piece, 0
        taken = self._held[self._at : self._at + count]
        self._at += count
        return taken

    def rest(self) -> bool:
        return self._at < len(self._held) or any(self._pieces)
