"""How the trail feels: what waits for the sequencer, and for how long."""

from dataclasses import dataclass

import orjson

from socle.kernel.audit.entry import micros_of
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session

_LATE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Backlog:
    """`seconds` is the age of the oldest entry that no head covers yet, 0 when there is none."""

    entries: int
    seconds: float


def backlog(session: Session) -> Backlog:
    count = session.fetch_one("SELECT count(*) FROM audit_inbox")
    oldest = session.fetch_one("SELECT facts FROM audit_inbox ORDER BY seq LIMIT 1")
    return Backlog(int(count[0]) if count else 0, _age(bytes(oldest[0])) if oldest else 0.0)


def late(db: Database) -> str | None:
    """One word when the sequencer does not follow; None when it does."""
    with db.reading() as session:
        waiting = backlog(session)
    return "sequencer-late" if waiting.seconds > _LATE_SECONDS else None


def _age(facts: bytes) -> float:
    try:
        return max(0.0, (micros() - micros_of(orjson.loads(facts)["at"])) / 1e6)
    except (ValueError, KeyError, TypeError):
        # Not a document of ours: verification names it.
        return 0.0
