"""What came with the pages on which requests are deposited, followed and instructed: columns of a request, what both
sides tell each other, the file that answers a request of access."""

_ADDED = (
    "follow {bytes}",
    "person {text} NOT NULL DEFAULT ''",
    "identified {text}",
    "asked {text}",
    "erase_at bigint",
    "erased {text}",
    "warned {text} NOT NULL DEFAULT ''",
)
_TABLES = (
    "CREATE TABLE privacy_message (request {text} NOT NULL, number integer NOT NULL, day {text} NOT NULL, "
    "author {text} NOT NULL, kind {text} NOT NULL, sealed {bytes}, PRIMARY KEY (request, number)){rowless}",
    "CREATE TABLE privacy_file (request {text} NOT NULL PRIMARY KEY, subject {text} NOT NULL, sealed {bytes}, "
    "made bigint NOT NULL, expires bigint NOT NULL, taken bigint){rowless}",
    "CREATE INDEX privacy_request_person ON privacy_request (person) WHERE person <> ''",
    "CREATE UNIQUE INDEX privacy_request_follow ON privacy_request (follow)",
)
# Until now whoever asked was known from the start.
_FILLED = "UPDATE privacy_request SET person = subject, identified = received"


def statements(engine: str) -> list[str]:
    """ALTER and CREATE statements in order, for "sqlite" or "postgresql"."""
    if engine == "sqlite":
        types = {"text": "text", "bytes": "blob", "rowless": " WITHOUT ROWID"}
    else:
        types = {"text": 'text COLLATE "C"', "bytes": "bytea", "rowless": ""}
    added = [f"ALTER TABLE privacy_request ADD COLUMN {column}" for column in _ADDED]
    return [statement.format(**types) for statement in (*added, _FILLED, *_TABLES)]


def drop_statements() -> list[str]:
    columns = [column.partition(" ")[0] for column in _ADDED]
    return [
        "DROP INDEX privacy_request_person",
        "DROP INDEX privacy_request_follow",
        "DROP TABLE privacy_file",
        "DROP TABLE privacy_message",
        *(f"ALTER TABLE privacy_request DROP COLUMN {column}" for column in columns),
    ]
