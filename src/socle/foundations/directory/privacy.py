"""What the directory holds of a person: a registration made here, and the public card of a professional."""

from typing import Any

from socle.foundations.directory import professionals
from socle.foundations.directory.registration import privacy as registrations
from socle.kernel.db import Session
from socle.kernel.manifest import Held


def find(session: Session, words: str) -> list[Held]:
    return [*registrations.find(session, words), *professionals.find(session, _number(session, words))]


def _number(session: Session, words: str) -> str:
    """A registration that was validated leads to the card of its number."""
    return registrations.number_of(session, words) or words


def export(session: Session, subject: str) -> dict[str, Any] | None:
    return registrations.export(session, subject) or professionals.export(session, subject)
