"""Restriction of processing (GDPR art. 18): a person's data are kept, and used only as the article allows."""

from datetime import date

from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import business_date
from socle.kernel.db import Session, Unit
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.work import emit, record

RESTRICTED = action(
    "privacy.restricted", Kind.UPDATE, "Données d’une personne gelées", "A person’s data restricted"
)
LIFTED = action("privacy.restriction-lifted", Kind.UPDATE, "Gel des données levé", "Restriction lifted")

CHANGED_EVENT = event_kind(
    "privacy.restriction-changed.1",
    "Les données d’une personne sont gelées, ou ne le sont plus",
    "A person’s data are restricted, or no longer",
    subject="internal identifier of the person",
    restricted="yes, no",
)


def restrict(unit: Unit, by: Acting, subject: str, target: str = "") -> None:
    """From now on those who would use the person's data ask and do not; a person who already is stays so since
    the first day. `target` is the request that it is done for."""
    told = unit.execute(
        "INSERT INTO privacy_restriction (subject, since) VALUES (?1, ?2) ON CONFLICT (subject) DO NOTHING",
        subject,
        business_date().isoformat(),
    )
    if told:
        record(unit, Entry(RESTRICTED, by, subject=subject, target=target))
        _announce(unit, subject, "yes")


def lift(unit: Unit, by: Acting, subject: str, target: str = "") -> None:
    """The person was told before (art. 18(3)); nothing happens when there was no restriction."""
    if unit.execute("DELETE FROM privacy_restriction WHERE subject = ?1", subject):
        record(unit, Entry(LIFTED, by, subject=subject, target=target))
        _announce(unit, subject, "no")


def _announce(unit: Unit, subject: str, restricted: str) -> None:
    emit(unit, Event(CHANGED_EVENT, subject, {"subject": subject, "restricted": restricted}))


def restricted_since(session: Session, subject: str) -> date | None:
    """Asked at the moment of each use that the article bars; None for a person whose data may be used."""
    row = session.fetch_one("SELECT since FROM privacy_restriction WHERE subject = ?1", subject)
    return date.fromisoformat(row[0]) if row else None
