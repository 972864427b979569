"""What the kernel holds of a person, for a request of access (GDPR art. 15): who acted on it, and what they asked."""

from datetime import date
from typing import Any

import orjson

from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry, Place
from socle.kernel.db import Row, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Held, Text
from socle.kernel.privacy.requests import REQUESTER, export_requests
from socle.kernel.privacy.restriction import restricted_since
from socle.kernel.sealing import unseal
from socle.kernel.work import record

EXPORTED = action(
    "privacy.exported", Kind.READ, "Données d’une personne exportées", "A person’s data exported"
)
_AT_MOST = 100_000
_TRAIL = (
    "SELECT position, unit, facts, {column}_sealed FROM audit_entry WHERE {column} = ?1 "
    f"ORDER BY position DESC LIMIT {_AT_MOST}"
)

_KNOWN = (
    "SELECT 1 FROM keyring_envelope WHERE subject = ?1",
    "SELECT 1 FROM audit_entry WHERE subject = ?1 LIMIT 1",
    "SELECT 1 FROM privacy_request WHERE subject = ?1 LIMIT 1",
)


def export_person(session: Session, subject: str) -> dict[str, Any]:
    """`about` are the entries of the trail on the person, `by` those of what they did, the newest first and at most
    100,000 of each, with the details that are sealed under the person's own key."""
    since = restricted_since(session, subject)
    return {
        "requests": export_requests(session, subject),
        "restricted_since": since.isoformat() if since else None,
        "trail": {"about": _entries(session, subject, "subject"), "by": _entries(session, subject, "actor")},
    }


def find(session: Session, words: str) -> list[Held]:
    """Somebody by the identifier under which the trail, or a request, says something of them."""
    if words.startswith(f"{REQUESTER}:"):
        return []
    known = any(session.fetch_one(sql, words) for sql in _KNOWN)
    return [Held(words, Text("des entrées de la trace", "entries of the trail"))] if known else []


def note_export(unit: Unit, by: Acting, subject: str) -> None:
    """Say in the trail that all of it was read."""
    record(unit, Entry(EXPORTED, by, subject=subject))


def _entries(session: Session, subject: str, column: str) -> list[dict[str, Any]]:
    return [_entry(session, subject, row) for row in session.fetch(_TRAIL.format(column=column), subject)]


def _entry(session: Session, subject: str, row: Row) -> dict[str, Any]:
    position, unit, facts, sealed = row
    document = orjson.loads(bytes(facts))
    place = Place(bytes(unit), document["n"], 0, date.min).name
    return {"position": position, "facts": document, "details": _details(session, subject, place, sealed)}


def _details(session: Session, subject: str, place: str, sealed: bytes | None) -> Any:
    """One box that does not open must not keep the others from the person: it is told by its code."""
    if sealed is None:
        return None
    try:
        return unseal(session, subject, place, sealed)
    except SocleError as refused:
        return {"unreadable": refused.code}
