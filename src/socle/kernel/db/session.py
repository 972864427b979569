"""A session reads; a unit is a session inside one write transaction."""

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
        whole = len(rows) // ROWS_A_STATEMENT * ROWS_A_STATEMENT
        flat = chain.from_iterable
        grouped = (tuple(flat(rows[at : at + ROWS_A_STATEMENT])) for at in range(0, whole, ROWS_A_STATEMENT))
        self.connection.executemany(table.insert(ROWS_A_STATEMENT), grouped)
        self.connection.executemany(table.insert(), rows[whole:])


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
        if not rows:
            return
        with psycopg.RawCursor(self.connection) as cursor, cursor.copy(table.copy) as copy:
            for piece in table.copy_pieces(rows):
                copy.write(piece)

    def _run(self, sql: str, parameters: Sequence[Any]) -> "psycopg.Cursor[Any]":
        cursor = psycopg.RawCursor(self.connection)
        cursor.execute(self.dialect.native(sql), parameters or None)
        return cursor
