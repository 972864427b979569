"""What acts wrote into the audit trail, as tests read it."""

import json
from typing import Any

from socle.kernel.db import Database


def facts_in_inbox(db: Database) -> list[dict[str, Any]]:
    """The documents of the entries that the sequencer has not taken yet, in the order of their writing."""
    with db.reading() as session:
        return [json.loads(facts) for (facts,) in session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")]
