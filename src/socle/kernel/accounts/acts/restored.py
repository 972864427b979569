"""What a restored backup would open again."""

from dataclasses import dataclass

from socle.kernel.clock import micros
from socle.kernel.db import Unit, has_table


@dataclass(frozen=True, slots=True)
class Closed:
    """How many sessions and invitations were open in what was restored."""

    sessions: int = 0
    invitations: int = 0


def close_all(unit: Unit) -> Closed:
    """End every session and every invitation: since the backup was made some were closed or used, and which ones is
    lost with the rest. Whoever restores tells it in the trail, in the entry of the restoration. A version that had no
    accounts has none."""
    if not has_table(unit, "accounts_session"):
        return Closed()
    moment = micros()
    return Closed(
        unit.execute("UPDATE accounts_session SET ended = ?1 WHERE ended IS NULL AND expires > ?1", moment),
        unit.execute("UPDATE accounts_invitation SET used = ?1 WHERE used IS NULL AND expires > ?1", moment),
    )
