"""What the person and the office tell each other about a request, sealed like the request itself."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from socle.kernel.clock import business_date
from socle.kernel.db import Session, Unit
from socle.kernel.privacy.requests import Request
from socle.kernel.sealing import seal, unseal

_ALL = "SELECT number, day, author, kind, sealed FROM privacy_message WHERE request = ?1 ORDER BY number"
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 FROM privacy_message WHERE request = ?1"
_INSERT = (
    "INSERT INTO privacy_message (request, number, day, author, kind, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
)
TEXT_LIMIT = 4_000


class Said(StrEnum):
    """What a message is: more asked of the person, what they replied, why the delay was extended."""

    ASKED = "asked"
    REPLIED = "replied"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class Message:
    """`by_person`: else the office wrote it. `text` is empty once the person was erased."""

    number: int
    day: date
    by_person: bool
    kind: Said
    text: str


def say(unit: Unit, request: Request, kind: Said, text: str) -> None:
    ((number,),) = unit.fetch(_NEXT, request.id)
    sealed = seal(unit, request.subject, _place(request, number), {"text": text.strip()[:TEXT_LIMIT]})
    author = "person" if kind is Said.REPLIED else "office"
    unit.execute(_INSERT, request.id, number, business_date().isoformat(), author, kind.value, sealed)


def messages_of(session: Session, request: Request) -> list[Message]:
    """In the order in which they were written."""
    return [
        Message(
            number,
            date.fromisoformat(day),
            author == "person",
            Said(kind),
            _text(session, request, number, sealed),
        )
        for number, day, author, kind, sealed in session.fetch(_ALL, request.id)
    ]


def _text(session: Session, request: Request, number: int, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    return str(unseal(session, request.subject, _place(request, number), bytes(sealed))["text"])


def _place(request: Request, number: int) -> str:
    return f"privacy_message:{request.id}:{number}"
