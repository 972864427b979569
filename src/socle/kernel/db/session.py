"""A session reads; a unit is a session inside one write transaction."""

import marshal
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from socle.kernel.db.bulk import BulkTable
from socle.kernel.db.dialect import DIALECTS, Dialect

if TYPE_CHECKING:  # A seventh of a second that a process on SQLite does not have to spend.
    import psycopg

    from socle.kernel.db.farewell import Writer

Row = tuple[Any, ...]
ROWS_A_STATEMENT = 20


class Session(Protocol):
    """Reading, with the same contract on both engines."""

    dialect: Dialect

    def fetch(self, sql: str, *parameters: Any) -> list[Row]: ...

    def fetch_one(self, sql: str, *parameters: Any) -> Row | None: ...


class Attached(Protocol):
    """What belongs to one unit and has a last word to write into it."""

    def __init__(self, unit: "Unit") -> None: ...

    def close(self) -> None:
        """Called once, just before the commit; never when the unit is rolled back."""
        ...


A = TypeVar("A", bound=Attached)
Statement = tuple[str, tuple[Any, ...]]


class Unit(Session, Protocol):
    """One write transaction: committed when its block ends well, rolled back otherwise."""

    def attached(self, kind: type[A]) -> A:
        """The one object of this kind that belongs to the unit, made at first use."""
        ...

    def execute_together(self, statements: Sequence[Statement]) -> None:
        """Run statements whose results nobody reads, in one round trip."""
        ...

    def execute_last(self, sql: str, *parameters: Any) -> None:
        """Run a statement whose result nobody reads after everything else, in the round trip of the commit. Its
        parameters are bytes, texts, whole numbers or None."""
        ...

    def execute(self, sql: str, *parameters: Any) -> int:
        """Run one statement; returns the number of rows it touched."""
        ...

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def bulk(self, table: BulkTable, rows: Sequence[Sequence[Any]]) -> None: ...

    def bulk_encoded(self, table: BulkTable, encoded: bytes) -> None:
        """What `encode` made of rows, for this engine."""
        ...


class Attachments:
    """The attached objects of one unit, and the statements kept for its end."""

    def __init__(self) -> None:
        self._attached: dict[type[Any], Any] = {}
        self._last: list[Statement] = []

    def execute_last(self, sql: str, *parameters: Any) -> None:
        self._last.append((sql, parameters))

    def attached(self, kind: type[A]) -> A:
        found: A | None = self._attached.get(kind)
        if found is None:
            found = self._attached[kind] = kind(self)  # type: ignore[arg-type]
        return found

    def close_attached(self) -> None:
        """One that closes may attach another: sealing the details of an entry makes a person's key."""
        closed = 0
        while closed < len(self._attached):
            list(self._attached.values())[closed].close()
            closed += 1


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


class SqliteUnit(Attachments, SqliteSession):
    """A session inside a write transaction, or inside one savepoint of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        Attachments.__init__(self)
        SqliteSession.__init__(self, connection)

    def close_attached(self) -> None:
        super().close_attached()
        self.execute_together(self._last)

    def execute_together(self, statements: Sequence[Statement]) -> None:
        for sql, parameters in statements:
            self.connection.execute(sql, parameters)


class PostgresqlSession:
    dialect = DIALECTS["postgresql"]

    def __init__(self, connection: "psycopg.Connection[Any]", *, binary: bool = False) -> None:
        self.connection, self._binary = connection, binary

    def fetch(self, sql: str, *parameters: Any) -> list[Row]:
        return self._run(sql, parameters).fetchall()

    def fetch_one(self, sql: str, *parameters: Any) -> Row | None:
        row: Row | None = self._run(sql, parameters).fetchone()
        return row

    def execute(self, sql: str, *parameters: Any) -> int:
        return self._run(sql, parameters).rowcount

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(self.dialect.native(sql), rows)

    def bulk(self, table: BulkTable, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            self._copy(table, table.copy_pieces(rows))

    def bulk_encoded(self, table: BulkTable, encoded: bytes) -> None:
        self._copy(table, (encoded,))

    def _copy(self, table: BulkTable, pieces: Iterable[bytes]) -> None:
        with self.connection.cursor() as cursor, cursor.copy(table.copy) as copy:
            for piece in pieces:
                copy.write(piece)

    def _run(self, sql: str, parameters: Sequence[Any]) -> "psycopg.Cursor[Any]":
        cursor = self.connection.cursor()
        cursor.execute(self.dialect.native(sql), parameters or None, binary=self._binary)
        return cursor


class PostgresqlUnit(Attachments, PostgresqlSession):
    """A session inside a write transaction."""

    connection: "Writer"

    def __init__(self, connection: "Writer") -> None:
        Attachments.__init__(self)
        PostgresqlSession.__init__(self, connection)

    def close_attached(self) -> None:
        """The last statements take the commit with them: who lent the connection then finds nothing left to commit."""
        super().close_attached()
        if self._last:
            self.connection.commit_with([(self.dialect.native(sql), values) for sql, values in self._last])

    def execute_together(self, statements: Sequence[Statement]) -> None:
        with self.connection.pipeline():
            for sql, parameters in statements:
                self._run(sql, parameters)
