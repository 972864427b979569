"""Rows of data files: what was written is read again, and what is not rows is refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.app.backup.rows import NotRows, decoded, encoded
from socle.kernel.db import Database
from socle.kernel.db.bulk import Kind
from socle.kernel.db.session import PostgresqlSession

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    "int2": st.integers(-(2**15), 2**15 - 1),
    "int4": st.integers(-(2**31), 2**31 - 1),
    "int8": st.integers(-(2**63), 2**63 - 1),
    "text": st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    "bytes": st.binary(),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Kind], list[tuple[Any, ...]]]:
    kinds: list[Kind] = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=5))
    row = st.tuples(*(st.none() | VALUES[kind] for kind in kinds))
    return kinds, draw(st.lists(row, max_size=6))


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The same bytes in pieces of these sizes, over and over."""
    at = turn = 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        yield data[at : at + size]
        at, turn = at + size, turn + 1


@given(tables(), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_rows_are_read_again_however_they_are_cut(
    table: tuple[list[Kind], list[tuple[Any, ...]]], sizes: list[int]
) -> None:
    kinds, rows = table
    assert list(decoded(kinds, cut(b"".join(encoded(kinds, rows)), sizes))) == rows


@given(tables(), st.data())
def test_rows_cut_short_or_followed_are_refused(
    table: tuple[list[Kind], list[tuple[Any, ...]]], data: st.DataObject
) -> None:
    kinds, rows = table
    whole = b"".join(encoded(kinds, rows))
    end = data.draw(st.integers(0, len(whole) - 1))
    for wrong in (whole[:end], whole + b"\0"):
        with pytest.raises(NotRows):
            list(decoded(kinds, [wrong]))


@given(st.binary(max_size=60))
def test_anything_else_is_refused_not_misread(data: bytes) -> None:
    with pytest.raises(NotRows):
        list(decoded(["int4", "text"], [data]))


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(NotRows, match="2 fields in a row of 1"):
        list(decoded(["int4"], encoded(["int4", "int4"], [(1, 2)])))


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_our_bytes_are_those_of_postgresql(database: Database) -> None:
    kinds: list[Kind] = ["int2", "int4", "int8", "text", "bytes"]
    rows = [(1, -2, 3, "é", b"\0\xff"), (None, None, None, None, None), (0, 0, 0, "", b"")]
    values = "(1, -2, 3, 'é', '\\x00ff'::bytea), (NULL, NULL, NULL, NULL, NULL), (0, 0, 0, '', '\\x'::bytea)"
    sql = f"SELECT a::int2, b::int4, c::int8, d::text, e::bytea FROM (VALUES {values}) AS v (a, b, c, d, e)"
    with database.snapshot() as session:
        assert isinstance(session, PostgresqlSession)
        with session.connection.cursor().copy(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)") as copy:
            theirs = b"".join(bytes(piece) for piece in copy)
    assert b"".join(encoded(kinds, rows)) == theirs
