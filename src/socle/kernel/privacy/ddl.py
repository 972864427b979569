"""The tables as each engine wants them. Days are texts of the form 2026-11-22, which sort in their order."""

_TABLES = (
    "CREATE TABLE privacy_request (id {text} NOT NULL PRIMARY KEY, subject {text} NOT NULL, kind {text} NOT NULL, "
    "state {text} NOT NULL, received {text} NOT NULL, due {text} NOT NULL, extended {text}, closed {text}, "
    "details {bytes}, answer {bytes}){rowless}",
    "CREATE INDEX privacy_request_subject ON privacy_request (subject, received)",
    "CREATE INDEX privacy_request_due ON privacy_request (due, id) WHERE closed IS NULL",
    "CREATE TABLE privacy_restriction (subject {text} NOT NULL PRIMARY KEY, since {text} NOT NULL){rowless}",
)
TABLES = ("privacy_request", "privacy_restriction")


def statements(engine: str) -> list[str]:
    """CREATE statements in order, for "sqlite" or "postgresql"."""
    if engine == "sqlite":
        types = {"text": "text", "bytes": "blob", "rowless": " WITHOUT ROWID"}
    else:
        types = {"text": 'text COLLATE "C"', "bytes": "bytea", "rowless": ""}
    return [statement.format(**types) for statement in _TABLES]


def drop_statements() -> list[str]:
    return [f"DROP TABLE {name}" for name in reversed(TABLES)]
