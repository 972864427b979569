"""The directory's tables as each engine wants them (see the FHIR store's for the reasons)."""

_RANGE = "valid_from integer NOT NULL, valid_to integer NOT NULL"
_TABLES: dict[str, tuple[str, str]] = {
    "directory_statement": (
        f"source smallint NOT NULL, key {{text}} NOT NULL, part {{text}} NOT NULL, {_RANGE}, "
        "digest {bytes} NOT NULL, mentions integer NOT NULL, lines text NOT NULL",
        "source, key, part, valid_from",
    ),
    "directory_density": (
        f"department {{text}} NOT NULL, profession {{text}} NOT NULL, persons integer NOT NULL, {_RANGE}",
        "department, profession, valid_from",
    ),
    "directory_place": (
        f"folded {{text}} NOT NULL, postal_code {{text}} NOT NULL, name text NOT NULL, department {{text}} NOT NULL, "
        f"structures integer NOT NULL, {_RANGE}",
        "folded, postal_code, valid_from",
    ),
    "directory_label": (
        "column_name {text} NOT NULL, code {text} NOT NULL, label text NOT NULL",
        "column_name, code",
    ),
    "directory_load": (
        "transaction_number integer NOT NULL, mode text NOT NULL, started bigint NOT NULL, ended bigint, "
        "report text NOT NULL",
        "transaction_number",
    ),
}
_INDEXES = ("CREATE INDEX directory_statement_part ON directory_statement (source, part)",)


def statements(engine: str) -> list[str]:
    """CREATE statements in order, for "sqlite" or "postgresql"."""
    lite = engine == "sqlite"
    types = {"text": "text", "bytes": "blob"} if lite else {"text": 'text COLLATE "C"', "bytes": "bytea"}
    ending = " WITHOUT ROWID" if lite else ""
    made = [
        f"CREATE TABLE {name} ({columns.format(**types)}, PRIMARY KEY ({key})){ending}"
        for name, (columns, key) in _TABLES.items()
    ]
    return [*made, *_INDEXES]


def drop_statements() -> list[str]:
    return [f"DROP TABLE {name}" for name in reversed(_TABLES)]
