"""The tables as each engine wants them.

SQLite: index rows live in their key (WITHOUT ROWID), bodies in an ordinary table. PostgreSQL: the key index covers the
range columns (index-only scans), text compares byte by byte (COLLATE "C"), bodies are stored uncompressed in line.
"""

from socle.engines.fhirstore.rows import VERSIONED
from socle.engines.fhirstore.stores import OPEN_ENDED

IS_CLOSED = f"valid_to < {OPEN_ENDED}"
"""As the partial indexes say it; a statement that repeats it may use them on both engines."""
_TABLES: dict[str, tuple[str, str, str]] = {
    "fhirstore_store": (
        "id smallint NOT NULL, name text NOT NULL UNIQUE, published integer NOT NULL, "
        "next_transaction integer NOT NULL, next_rid bigint NOT NULL",
        "id",
        "",
    ),
    "fhirstore_transaction": (
        "store smallint NOT NULL, number integer NOT NULL, state text NOT NULL, source text NOT NULL, "
        "started bigint NOT NULL, published bigint, counts text NOT NULL",
        "store, number",
        "",
    ),
    "fhirstore_identity": (
        "store smallint NOT NULL, type smallint NOT NULL, fid {text} NOT NULL, rid bigint NOT NULL",
        "store, type, fid",
        "rid",
    ),
    "fhirstore_code": (
        "store smallint NOT NULL, param integer NOT NULL, system integer NOT NULL, hash bigint NOT NULL",
        "store, param, system, hash",
        "",
    ),
    "fhirstore_token": (
        "store smallint NOT NULL, hash bigint NOT NULL, rid bigint NOT NULL, system integer NOT NULL, "
        "valid_from integer NOT NULL, valid_to integer NOT NULL",
        "store, hash, rid, system, valid_from",
        "valid_to",
    ),
    "fhirstore_string": (
        "store smallint NOT NULL, param integer NOT NULL, value {text} NOT NULL, rid bigint NOT NULL, "
        "exact bigint NOT NULL, valid_from integer NOT NULL, valid_to integer NOT NULL",
        "store, param, value, rid, exact, valid_from",
        "valid_to",
    ),
    "fhirstore_reference": (
        "store smallint NOT NULL, param integer NOT NULL, target bigint NOT NULL, rid bigint NOT NULL, "
        "valid_from integer NOT NULL, valid_to integer NOT NULL",
        "store, param, target, rid, valid_from",
        "valid_to",
    ),
    "fhirstore_date": (
        "store smallint NOT NULL, param integer NOT NULL, low bigint NOT NULL, high bigint NOT NULL, "
        "rid bigint NOT NULL, valid_from integer NOT NULL, valid_to integer NOT NULL",
        "store, param, low, high, rid, valid_from",
        "valid_to",
    ),
}
_VERSION_KEY = "store, rid, valid_from"
_VERSION = (
    "CREATE TABLE fhirstore_version (store smallint NOT NULL, rid bigint NOT NULL, valid_from integer NOT NULL, "
    "valid_to integer NOT NULL, type smallint NOT NULL, number integer NOT NULL, last_updated bigint NOT NULL, "
    "deleted smallint NOT NULL, present bigint NOT NULL, digest {bytes} NOT NULL, body {bytes} NOT NULL, "
    f"PRIMARY KEY ({_VERSION_KEY}))"
)
_INDEXES = (
    "CREATE INDEX fhirstore_version_type ON fhirstore_version (store, type, rid, valid_from, valid_to)",
    "CREATE INDEX fhirstore_version_updated "
    "ON fhirstore_version (store, type, last_updated, rid, valid_from, valid_to)",
    "CREATE INDEX fhirstore_string_rid ON fhirstore_string (store, rid, param, value, valid_from, valid_to)",
    "CREATE INDEX fhirstore_reference_rid ON fhirstore_reference (store, rid, param, target, valid_from, valid_to)",
    "CREATE INDEX fhirstore_date_rid ON fhirstore_date (store, rid, param, low, high, valid_from, valid_to)",
)


def statements(engine: str) -> list[str]:
    """CREATE statements in order, for "sqlite" or "postgresql"."""
    if engine == "sqlite":
        types = {"text": "text", "bytes": "blob"}
        made = [
            f"CREATE TABLE {name} ({columns.format(**types)}, PRIMARY KEY ({key})) WITHOUT ROWID"
            for name, (columns, key, _) in _TABLES.items()
        ]
        return [*made, _VERSION.format(**types), *_INDEXES]
    types = {"text": 'text COLLATE "C"', "bytes": "bytea"}
    made = [
        f"CREATE TABLE {name} ({columns.format(**types)}, PRIMARY KEY ({key}){_covering(covered)})"
        for name, (columns, key, covered) in _TABLES.items()
    ]
    inline = "ALTER TABLE fhirstore_version ALTER COLUMN body SET STORAGE EXTERNAL"
    return [*made, _VERSION.format(**types), inline, *_INDEXES]


def secondary_indexes() -> dict[str, str]:
    """CREATE statements by the name of the index."""
    return {statement.split()[2]: statement for statement in _INDEXES}


def closed_indexes() -> list[str]:
    """CREATE statements of what a purge looks through: the rows that are closed, which are few and none in a first
    load, by the transaction that closed them."""
    return [
        f"CREATE INDEX {table}_closed ON {table} (store, valid_to) WHERE {IS_CLOSED}" for table in VERSIONED
    ]


def drop_closed_indexes() -> list[str]:
    return [f"DROP INDEX {table}_closed" for table in VERSIONED]


def key_columns(table: str) -> list[str]:
    """The columns of the primary key of a table whose rows hold over transactions."""
    key = _TABLES[table][1] if table in _TABLES else _VERSION_KEY
    return key.split(", ")


def _covering(columns: str) -> str:
    return f" INCLUDE ({columns})" if columns else ""


def drop_statements() -> list[str]:
    return [f"DROP TABLE {name}" for name in ("fhirstore_version", *reversed(_TABLES))]


def add_unit_column(engine: str) -> str:
    """The unit of work that published a transaction, since migration 0003."""
    return f"ALTER TABLE fhirstore_transaction ADD COLUMN unit {'blob' if engine == 'sqlite' else 'bytea'}"


def drop_unit_column() -> str:
    return "ALTER TABLE fhirstore_transaction DROP COLUMN unit"
