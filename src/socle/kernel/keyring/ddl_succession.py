"""What came when keys began to sign for those after them: a table that every role may read."""

TABLE = "keyring_succession"
COLUMNS = ("kid", "public", "predecessor", "signature", "at")


def statements(engine: str) -> list[str]:
    """CREATE statements in order, for "sqlite" or "postgresql"."""
    if engine == "sqlite":
        types = {"text": "text", "bytes": "blob", "rowless": " WITHOUT ROWID"}
    else:
        types = {"text": 'text COLLATE "C"', "bytes": "bytea", "rowless": ""}
    table = (
        f"CREATE TABLE {TABLE} (kid {{text}} NOT NULL PRIMARY KEY, public {{bytes}} NOT NULL, "
        "predecessor {bytes} NOT NULL, signature {bytes} NOT NULL, at bigint NOT NULL){rowless}"
    )
    return [table.format(**types)]


def drop_statements() -> list[str]:
    return [f"DROP TABLE {TABLE}"]
