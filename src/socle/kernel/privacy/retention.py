"""What is forgotten when its time has come (GDPR art. 5(1)(e)): the rules that manifests declare, applied and told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.clock import business_date
from socle.kernel.db import Database, Unit
from socle.kernel.keyring.tombstones import bury
from socle.kernel.manifest import Text
from socle.kernel.periods import months_after
from socle.kernel.privacy.requests import REQUESTER
from socle.kernel.privacy.settings import privacy_settings
from socle.kernel.work import record

RETAINED = action("privacy.retained", Kind.DELETE, "Durée de conservation appliquée", "Retention applied")
Purge = Callable[[Unit], int]


@dataclass(frozen=True, slots=True)
class Rule:
    """`purge` takes away what is past its time and says how many rows that was."""

    service: str
    name: str
    what: Text
    purge: Purge


def apply(db: Database, rules: Sequence[Rule], by: Acting = BY_SYSTEM) -> dict[str, int]:
    """Each rule in a unit of its own, with its entry when something went; rows by "service.rule"."""
    return {f"{rule.service}.{rule.name}": _apply(db, rule, by) for rule in rules}


def _apply(db: Database, rule: Rule, by: Acting) -> int:
    with db.unit() as unit:
        rows = rule.purge(unit)
        if rows:
            data: Coded = {"service": rule.service, "rule": rule.name, "rows": rows}
            record(unit, Entry(RETAINED, by, data=data))
    return rows


def purge_requests(unit: Unit) -> int:
    """Requests that were closed so many months ago."""
    before = months_after(business_date(), -privacy_settings().requests_months)
    gone = unit.fetch("SELECT id, subject FROM privacy_request WHERE closed < ?1", before.isoformat())
    for id, subject in gone:
        for table in ("privacy_message", "privacy_file"):
            unit.execute(f"DELETE FROM {table} WHERE request = ?1", id)
        unit.execute("DELETE FROM privacy_request WHERE id = ?1", id)
        if subject.startswith(f"{REQUESTER}:"):
            # Nothing else is sealed under it, and backups still hold what was.
            bury(unit, subject)
    return len(gone)
