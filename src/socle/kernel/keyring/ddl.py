"""The tables as each engine wants them: SQLite keeps rows in their key, PostgreSQL compares text byte by byte."""

from socle.kernel.keyring import ddl_succession

_TABLES = (
    "CREATE TABLE keyring_envelope (subject {text} NOT NULL PRIMARY KEY, wrapped {bytes} NOT NULL, "
    "master {text} NOT NULL, created bigint NOT NULL){rowless}",
    "CREATE TABLE keyring_signing (kid {text} NOT NULL PRIMARY KEY, purpose {text} NOT NULL, "
    "algorithm {text} NOT NULL, state {text} NOT NULL, public {bytes} NOT NULL, sealed {bytes}, "
    "master {text} NOT NULL, announced bigint NOT NULL, activated bigint, retired bigint, removed bigint){rowless}",
    # At most one key of a purpose signs, and at most one waits to.
    "CREATE UNIQUE INDEX keyring_signing_one ON keyring_signing (purpose, state) "
    "WHERE state IN ('announced', 'active')",
    "CREATE TABLE keyring_erasure (subject_hash {text} NOT NULL PRIMARY KEY, wrapped {bytes} NOT NULL, "
    "master {text} NOT NULL, at bigint NOT NULL){rowless}",
)
TABLES = ("keyring_envelope", "keyring_signing", "keyring_erasure", ddl_succession.TABLE)
# The succession has a migration of its own.
_FIRST = TABLES[:-1]


def statements(engine: str) -> list[str]:
    """CREATE statements in order, for "sqlite" or "postgresql"."""
    if engine == "sqlite":
        types = {"text": "text", "bytes": "blob", "rowless": " WITHOUT ROWID"}
    else:
        types = {"text": 'text COLLATE "C"', "bytes": "bytea", "rowless": ""}
    return [statement.format(**types) for statement in _TABLES]


def drop_statements() -> list[str]:
    return [f"DROP TABLE {name}" for name in reversed(_FIRST)]
