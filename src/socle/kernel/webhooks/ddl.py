"""The table as each engine wants it. Numbers that are not there yet are 0, texts empty."""

_TABLE = (
    "CREATE TABLE webhook (id {text} NOT NULL PRIMARY KEY, url {text} NOT NULL, kinds {text} NOT NULL, "
    "secret_sealed {bytes} NOT NULL, previous_sealed {bytes}, previous_until bigint NOT NULL, "
    "state {text} NOT NULL, reason {text} NOT NULL, cursor bigint NOT NULL, "
    "batch_message {text} NOT NULL, batch_last bigint NOT NULL, failures integer NOT NULL, "
    "failing_since bigint NOT NULL, next_at bigint NOT NULL, holder {text} NOT NULL, held_until bigint NOT NULL, "
    "last_status integer NOT NULL, last_at bigint NOT NULL, created bigint NOT NULL)"
)
_TYPES = {
    "sqlite": {"text": "text", "bytes": "blob"},
    "postgresql": {"text": 'text COLLATE "C"', "bytes": "bytea"},
}


def statements(engine: str) -> list[str]:
    """CREATE statements in order, for "sqlite" or "postgresql"."""
    return [_TABLE.format(**_TYPES[engine])]


def drop_statements() -> list[str]:
    return ["DROP TABLE webhook"]
