"""A session reads; a unit is a session inside one write transaction."""

import marshal
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Protocol

import psycopg

from socle.kernel.db.bulk import BulkTable
from socle.kernel.db.dialect import DIALECTS, Dialect

Row = tuple[Any, ...]
ROWS_A_STATEMENT = 20


class Session(Protocol):
    """Reading, with the same contract on both engines."""

    dialect: Dialect

    def fetch(self, sql: str, *parameters: Any) -> list[Row]: ...

    def fetch_one(self, sql: str, *parameters: Any) -> Row | None: ...


class Unit(Session, Protocol):
    """One write transaction: committed when its block ends well, rolled back otherwise."""

    def execute(self, sql: str, *parameters: Any) -> int:
        """Run one statement; returns the number of rows it touched."""
        ...

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def bulk(self, table: BulkTable, rows: Sequence[Sequence[Any]]) -> None: ...

    def bulk_encoded(self, table: BulkTable, encoded: bytes) -> None:
        """What `encode` made of rows, for this engine."""
        ...


class SqliteSession:
    dialect = DIALECTS["sqlite"]

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def fetch(self, sql: str, *parameters: Any) -> list[Row]:
        return self.connection.execute(sql, parameters).fetchall()

    def fetch_one(self, sql: str, *parameters: Any) -> Row | None:
        row: Row | None = self.connection.execute(sql, parameters).fetchone()
        return row

    def execute(self, sql: str, *parameters: Any) -> int:
        return self.connection.execute(sql, parameters).rowcount

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self.connection.executemany(sql, rows)

    def bulk(self, table: BulkTable, rows: Sequence[Sequence[Any]]) -> None:
        self._insert(table, list(chain.from_iterable(rows)))

    def bulk_encoded(self, table: BulkTable, encoded: bytes) -> None:
        self._insert(table, marshal.loads(encoded))

    def _insert(self, table: BulkTable, values: list[Any]) -> None:
        width = len(table.columns) * ROWS_A_STATEMENT
        whole = len(values) // width * width
        self.connection.executemany(
            table.insert(ROWS_A_STATEMENT), (values[at : at + width] for at in range(0, whole, width))
        )
        one = len(table.columns)
        rest = values[whole:]
        self.connection.executemany(table.insert(), (rest[at : at + one] for at in range(0, len(rest), one)))


class PostgresqlSession:
    dialect = DIALECTS["postgresql"]

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.connection = connection

    def fetch(self, sql: str, *parameters: Any) -> list[Row]:
        return self._run(sql, parameters).fetchall()

    def fetch_one(self, sql: str, *parameters: Any) -> Row | None:
        row: Row | None = self._run(sql, parameters).fetchone()
        return row

    def execute(self, sql: str, *parameters: Any) -> int:
        return self._run(sql, parameters).rowcount

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with psycopg.RawCursor(self.connection) as cursor:
            cursor.executemany(self.dialect.native(sql), rows)

    def bulk(self, table: BulkTable, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            self._copy(table, table.copy_pieces(rows))

    def bulk_encoded(self, table: BulkTable, encoded: bytes) -> None:
        self._copy(table, (encoded,))

    def _copy(self, table: BulkTable, pieces: Iterable[bytes]) -> None:
        with psycopg.RawCursor(self.connection) as cursor, cursor.copy(table.copy) as copy:
            for piece in pieces:
                copy.write(piece)

    def _run(self, sql: str, parameters: Sequence[Any]) -> "psycopg.Cursor[Any]":
        cursor = psycopg.RawCursor(self.connection)
        cursor.execute(self.dialect.native(sql), parameters or None)
        return cursor
