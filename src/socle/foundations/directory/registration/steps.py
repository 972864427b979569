"""The story of each registration, as the person and the employer read it: what happened, when, and what was said."""

from dataclasses import dataclass
from typing import Final

from socle.foundations.directory.registration.records import place_of, subject_of
from socle.kernel.accounts.tokens import new_id
from socle.kernel.clock import micros
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.faults import ERASED
from socle.kernel.sealing import seal, unseal

TABLE: Final = "directory_registration_step"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story. `what` is `declared` or a `Step`; `who` is `person`, `employer` or `house`; `note` is what
    the employer wrote to the person."""

    at: int
    what: str
    who: str
    note: str


def tell_step(unit: Unit, registration: str, what: str, who: str, note: str = "") -> None:
    id = new_id()
    sealed = seal(unit, subject_of(registration), place_of(id, "note"), {"note": note}) if note else None
    unit.execute(
        f"INSERT INTO {TABLE} (id, registration, at, what, who, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        *(id, registration, micros(), what, who, sealed),
    )


def story_of(session: Session, registration: str) -> list[Told]:
    """In the order in which it happened."""
    sql = f"SELECT id, at, what, who, note FROM {TABLE} WHERE registration = ?1 ORDER BY at, id"
    return [
        Told(at, what, who, _note(session, registration, id, note))
        for id, at, what, who, note in session.fetch(sql, registration)
    ]


def _note(session: Session, registration: str, id: str, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    try:
        return str(unseal(session, subject_of(registration), place_of(id, "note"), sealed)["note"])
    except SocleError as refusal:
        if refusal.kind is not ERASED:
            raise
        return ""
