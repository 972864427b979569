"""Values of another kind than their column's: SQLite lets anybody put a text where bytes are, PostgreSQL does not.

What holds such a value is no row of ours; nothing else is looked at before it is gone.
"""

from collections.abc import Iterator

from socle.kernel.audit.verification.findings import VALUE_KIND, Finding
from socle.kernel.db import Session

_SHOWN = 100
_B, _I, _T, _MAYBE = ("blob",), ("integer",), ("text",), ("blob", "null")
# By table, the column that names a row, then the kinds that each column may hold.
_COLUMNS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "audit_unit": (
        "id",
        {"id": _B, "at": _I, "entries": _I, "events": _I, "events_hash": _B, "combined": _B},
    ),
    "audit_inbox": (
        "seq",
        {"unit": _B, "number": _I, "facts": _B, "subject_sealed": _MAYBE, "actor_sealed": _MAYBE},
    ),
    "audit_tile": ("number", {"level": _I, "hashes": _B}),
    "audit_head": ("size", {"at": _I, "root": _B, "signer": _B, "checkpoint": _T}),
    "audit_key": ("public", {"public": _B, "position": _I}),
    "outbox_inbox": ("seq", {"unit": _B, "document": _B}),
    "outbox_event": ("sequence", {"unit": _B, "document": _B}),
}

# Its key is the number of the row itself, which nothing else can be.
_ENTRY: dict[str, tuple[str, ...]] = {
    "at": _I,
    "unit": _B,
    "action": _T,
    "actor": _T,
    "subject": _T,
    "facts": _B,
    "subject_sealed": _MAYBE,
    "actor_sealed": _MAYBE,
}


def check_kinds(session: Session) -> Iterator[Finding]:
    """Each value of another kind outside the entries, a hundred rows a table at most."""
    for table, (name, columns) in _COLUMNS.items():
        yield from _strange(session, table, name, columns, "1 = 1")


def check_entry_kinds(session: Session, start: int, end: int) -> Iterator[Finding]:
    """The same of the entries from one position to another: they are many, and each process looks at its own."""
    return _strange(
        session, "audit_entry", "position", _ENTRY, "position >= ?1 AND position < ?2", start, end
    )


def _strange(
    session: Session, table: str, name: str, columns: dict[str, tuple[str, ...]], where: str, *bounds: int
) -> Iterator[Finding]:
    if session.dialect.engine != "sqlite":
        return
    wrong = " OR ".join(f"typeof({column}) NOT IN {_listed(kinds)}" for column, kinds in columns.items())
    kinds = ", ".join(f"typeof({column})" for column in columns)
    sql = f"SELECT quote({name}), {kinds} FROM {table} WHERE {where} AND ({wrong}) LIMIT {_SHOWN}"
    for key, *held in session.fetch(sql, *bounds):
        for column, kind in zip(columns, held, strict=True):
            if kind not in columns[column]:
                yield Finding(VALUE_KIND, f"{table} {key[:80]}", (("column", column), ("kind", kind)))


def _listed(kinds: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{kind}'" for kind in kinds) + ")"
