"""What readers of the trail do, which is in the trail too: looking for entries, reading one, taking some away, having
sealed details opened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from socle.kernel.access import READ_TRAIL, require
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.audit.faults import DETAILS_REASON
from socle.kernel.audit.queries import Found, entry_at
from socle.kernel.audit.verification.documents import whose
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.faults import DAMAGED, ERASED
from socle.kernel.sealing import unseal
from socle.kernel.work import record

SEARCHED = action("audit.searched", Kind.EXECUTE, "Trace consultée", "Trail searched")
READ = action("audit.read", Kind.READ, "Entrée de la trace lue", "Entry of the trail read")
EXPORTED = action(
    "audit.exported", Kind.READ, "Entrées de la trace exportées", "Entries of the trail exported"
)
OPENED = action("audit.details-opened", Kind.READ, "Détails scellés ouverts", "Sealed details opened")
READINGS = frozenset({SEARCHED.code, READ.code})


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed, by whose key: `subject` and `actor`. `gone` are those that an erasure destroyed, `damaged` those
    that do not open."""

    details: Mapping[str, Mapping[str, Any]]
    gone: tuple[str, ...]
    damaged: tuple[str, ...]


def searched(by: Acting, asked: str, found: int) -> Entry:
    """A search is one entry. What was asked may name somebody: it is sealed under the reader's key."""
    return Entry(SEARCHED, by, data={"found": found}, actor_details=_details(by, asked=asked))


def read(by: Acting, one: Found, form: str) -> Entry:
    """`form` is what it was read as: `page`, `proof`, `AuditEvent`."""
    return _about(one, Entry(READ, by, data={"as": form}, actor_details=_details(by)))


def exported(by: Acting, asked: str, form: str) -> Entry:
    return Entry(EXPORTED, by, data={"as": form}, actor_details=_details(by, asked=asked))


def note(unit: Unit, entry: Entry) -> None:
    """Put a reading into the trail. Raises Refused for who may not read it."""
    require(entry.by, READ_TRAIL)
    record(unit, entry)


def open_details(unit: Unit, by: Acting, *, position: int, reason: str) -> Opened:
    """Unseal what names a person in an entry. Nobody gets it without a reason that stays in the trail.

    Raises Refused, SocleError(DETAILS_REASON), SocleError(NO_ENTRY).
    """
    require(by, READ_TRAIL)
    if not reason.strip():
        raise SocleError(DETAILS_REASON)
    one = entry_at(unit, position)
    opened = _opened(unit, one)
    told: Coded = {"subject": "subject" in opened.details, "actor": "actor" in opened.details}
    details = _details(by, reason=reason.strip())
    record(unit, _about(one, Entry(OPENED, by, data=told, actor_details=details)))
    return opened


def _opened(session: Session, one: Found) -> Opened:
    details: dict[str, Any] = {}
    gone: list[str] = []
    damaged: list[str] = []
    for part, held in zip(("subject", "actor"), one.sealed, strict=True):
        if held is None:
            # The document says that there were some.
            gone += [part] if part in one.document.get("details", {}) else []
            continue
        if not one.document:
            damaged.append(part)
            continue
        try:
            details[part] = unseal(session, whose(one.document, part), one.place, held)
        except SocleError as refusal:
            if refusal.kind not in (ERASED, DAMAGED):
                raise
            (gone if refusal.kind is ERASED else damaged).append(part)
    return Opened(details, tuple(gone), tuple(damaged))


def _about(one: Found, entry: Entry) -> Entry:
    """Whom the entry that was read is about is who this reading is about."""
    return replace(entry, subject=str(one.document.get("subject", "")), target=f"AuditEvent/{one.fhir_id}")


def _details(by: Acting, **told: str) -> dict[str, str] | None:
    kept = {**told, "client": by.client}
    return {name: value for name, value in kept.items() if value} or None
