"""What the tests see of the audit trail."""

from typing import Any

import orjson

from socle.kernel.db import Database


def entries(db: Database, *actions: str) -> list[dict[str, Any]]:
    """The entries written so far, in order, of these actions or all."""
    with db.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
    found = [orjson.loads(bytes(facts)) for (facts,) in rows]
    return [entry for entry in found if not actions or entry["action"] in actions]
