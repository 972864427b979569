"""What there is to save: the tables of the database as its own catalogue tells them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from socle.app.backup.faults import COLUMN_UNKNOWN
from socle.app.backup.rows import encoded
from socle.kernel.db import Column, Row, Session, Unit
from socle.kernel.db.bulk import Kind
from socle.kernel.errors import SocleError
from socle.kernel.keyring.ddl import TABLES as KEYRING

MIGRATIONS = "django_migrations"
# The keyring goes to the key file; the schema's history is said by the manifest.
_APART = {*KEYRING, MIGRATIONS}
# What an empty database holds from its migrations on.
_BORN_WITH_ROWS = {"outbox_counter"}
_KINDS: dict[str, Kind] = {
    "smallint": "int2",
    "integer": "int4",
    "bigint": "int8",
    "text": "text",
    "character varying": "text",
    "bytea": "bytes",
    "blob": "bytes",
}
_SQLITE_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
)
_SQLITE_COLUMNS = "SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid"
_POSTGRESQL_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace "
    "ORDER BY relname"
)
_POSTGRESQL_COLUMNS = (
    "SELECT a.attname, format_type(a.atttypid, NULL), coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1 "
    "FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary "
    "WHERE a.attrelid = to_regclass(?1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
)
_POSTGRESQL_SEQUENCES = (
    "SELECT c.relname, a.attname, s.last_value FROM pg_sequences s "
    "JOIN pg_class q ON q.oid = to_regclass(format('%I.%I', s.schemaname, s.sequencename)) "
    "JOIN pg_depend d ON d.objid = q.oid AND d.classid = 'pg_class'::regclass AND d.refobjsubid > 0 "
    "JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid "
    "WHERE s.schemaname = current_schema() AND s.last_value IS NOT NULL ORDER BY c.relname"
)


@dataclass(frozen=True, slots=True)
class Table:
    """`key` are the columns by which rows are ordered, so that the same rows make the same bytes."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> str:
        return ", ".join(_quoted(column.name) for column in self.columns)

    @property
    def kinds(self) -> list[Kind]:
        return [column.kind for column in self.columns]

    @property
    def ordered(self) -> str:
        order = ", ".join(_quoted(name) for name in self.key)
        return f"SELECT {self.names} FROM {self.name}" + (f" ORDER BY {order}" if order else "")


def saved_tables(session: Session) -> list[Table]:
    """The tables of the data file, in the order of their names. Raises SocleError(COLUMN_UNKNOWN)."""
    on_sqlite = session.dialect.engine == "sqlite"
    names = session.fetch(_SQLITE_TABLES if on_sqlite else _POSTGRESQL_TABLES)
    return [table_named(session, name) for (name,) in names if name not in _APART]


def table_named(session: Session, name: str) -> Table:
    on_sqlite = session.dialect.engine == "sqlite"
    rows = session.fetch(_SQLITE_COLUMNS if on_sqlite else _POSTGRESQL_COLUMNS, name)
    key = [column for column, _, place in sorted(rows, key=lambda row: row[2]) if place]
    return Table(name, tuple(_column(name, row, on_sqlite) for row in rows), tuple(key))


def _column(table: str, row: Row, on_sqlite: bool) -> Column:
    name, type_name, _ = row
    plain = type_name.lower().partition("(")[0].replace("varchar", "character varying")
    if plain not in _KINDS:
        raise SocleError(COLUMN_UNKNOWN, column=f"{table}.{name}", type=type_name)
    kind = _KINDS[plain]
    # Every integer of SQLite has room for 64 bits, whatever its column says.
    return Column(name, "int8" if on_sqlite and kind.startswith("int") else kind)


def pieces(session: Session, table: Table) -> Iterator[bytes]:
    """The rows of a table as a whole binary COPY."""
    connection: Any = session.connection  # type: ignore[attr-defined]
    if session.dialect.engine == "sqlite":
        yield from encoded(table.kinds, connection.execute(table.ordered))
        return
    with (
        psycopg.RawCursor(connection) as cursor,
        cursor.copy(f"COPY ({table.ordered}) TO STDOUT (FORMAT BINARY)") as copy,
    ):
        for piece in copy:
            yield bytes(piece)


def count(session: Session, table: Table) -> int:
    ((rows,),) = session.fetch(f"SELECT count(*) FROM {table.name}")
    return int(rows)


def rows_held(session: Session) -> int:
    """How many rows there are besides those of an empty database."""
    return sum(count(session, table) for table in saved_tables(session) if table.name not in _BORN_WITH_ROWS)


def sequences(session: Session) -> dict[str, int]:
    """The last number that each table gave out by itself, by table: a number is never given twice, even when its row is
    gone."""
    if session.dialect.engine == "sqlite":
        if not session.fetch("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'"):
            return {}
        found = session.fetch("SELECT name, '', seq FROM sqlite_sequence ORDER BY name")
    else:
        found = session.fetch(_POSTGRESQL_SEQUENCES)
    return {table: last for table, _, last in found if table not in _APART}


def set_sequences(unit: Unit, last: dict[str, int]) -> None:
    """Go on counting from there."""
    if unit.dialect.engine == "sqlite":
        for table, number in last.items():
            if not unit.execute("UPDATE sqlite_sequence SET seq = ?2 WHERE name = ?1", table, number):
                unit.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)", table, number)
        return
    for table, column in unit.fetch(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE a.attidentity <> '' AND c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
    ):
        if table in last:
            unit.fetch(
                "SELECT setval(pg_get_serial_sequence(?1, ?2), ?3::bigint)", table, column, last[table]
            )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
