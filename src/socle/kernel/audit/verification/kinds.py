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
    "audit_entry": (
        "position",
        {
            "at": _I,
            "unit": _B,
            "action": _T,
            "actor": _T,
            "subject": _T,
            "facts": _B,
            "subject_sealed": _MAYBE,
            "actor_sealed": _MAYBE,
        },
    ),
    "audit_tile": ("number", {"level": _I, "hashes": _B}),
    "audit_head": ("size", {"at": _I, "root": _B, "signer": _B, "checkpoint": _T}),
    "audit_key": ("public", {"public": _B, "position": _I}),
    "outbox_inbox": ("seq", {"unit": _B, "document": _B}),
    "outbox_event": ("sequence", {"unit": _B, "document": _B}),
}


def check_kinds(session: Session) -> Iterator[Finding]:
    """Each value of another kind, a hundred rows a table at most."""
    if session.dialect.engine != "sqlite":
        return
    for table, (name, columns) in _COLUMNS.items():
        wrong = [f"typeof({column}) NOT IN {_listed(kinds)}" for column, kinds in columns.items()]
        kinds = ", ".join(f"typeof({column})" for column in columns)
        rows = session.fetch(
            f"SELECT quote({name}), {kinds} FROM {table} WHERE {' OR '.join(wrong)} LIMIT {_SHOWN}"
        )
        for key, *held in rows:
            for column, kind in zip(columns, held, strict=True):
                if kind not in columns[column]:
                    yield Finding(VALUE_KIND, f"{table} {key[:80]}", (("column", column), ("kind", kind)))


def _listed(kinds: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{kind}'" for kind in kinds) + ")"
