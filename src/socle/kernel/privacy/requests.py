"""What persons ask about their data, and the delay in which they are answered (GDPR art. 12(3) and (4)).

A request is received, may be extended once before its delay ends, and is closed by an answer, a refusal with its
reasons, or its withdrawal. Days are those of the business clock.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Action, Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import business_date
from socle.kernel.db import Row, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.privacy.delays import ANSWER_MONTHS, EXTENDED_MONTHS, end_of_period
from socle.kernel.privacy.faults import (
    EXTENDED_ALREADY,
    EXTENDED_TOO_LATE,
    RECEIVED_IN_FUTURE,
    REQUEST_CLOSED,
    REQUEST_UNKNOWN,
)
from socle.kernel.sealing import seal, unseal
from socle.kernel.work import record

RECEIVED = action(
    "privacy.request-received", Kind.CREATE, "Demande d’une personne reçue", "A person’s request received"
)
EXTENDED = action(
    "privacy.request-extended", Kind.UPDATE, "Délai de réponse prolongé", "Delay of the answer extended"
)
CLOSED = action(
    "privacy.request-closed", Kind.UPDATE, "Demande d’une personne close", "A person’s request closed"
)
_ID_BYTES = 8
_COLUMNS = "id, subject, kind, state, received, due, extended, closed, details, answer"


class Right(StrEnum):
    """What may be asked, with the article of the GDPR that grants it."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"

    @property
    def article(self) -> int:
        return _ARTICLES[self]


_ARTICLES = {
    Right.ACCESS: 15,
    Right.RECTIFICATION: 16,
    Right.ERASURE: 17,
    Right.RESTRICTION: 18,
    Right.PORTABILITY: 20,
    Right.OBJECTION: 21,
}


class State(StrEnum):
    OPEN = "open"
    EXTENDED = "extended"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """How a request may be closed."""

    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Request:
    """`due` is the last day on which the answer is in time; `closed` is None as long as there is none."""

    id: str
    subject: str
    kind: Right
    state: State
    received: date
    due: date
    extended: date | None
    closed: date | None
    sealed_details: bytes | None
    sealed_answer: bytes | None

    def late(self, today: date) -> bool:
        """Whether it was, or still is, answered after its delay."""
        return (self.closed or today) > self.due

    def days_left(self, today: date) -> int:
        """Below zero when the delay is over."""
        return (self.due - today).days


def receive(
    unit: Unit,
    by: Acting,
    subject: str,
    kind: Right,
    details: Mapping[str, Any] | None = None,
    received: date | None = None,
) -> Request:
    """Open a request, received today or on an earlier day: the delay runs from the reception, wherever it was."""
    today = business_date()
    day = received or today
    if day > today:
        raise SocleError(RECEIVED_IN_FUTURE, received=day.isoformat(), today=today.isoformat())
    id = os.urandom(_ID_BYTES).hex()
    due = end_of_period(day, ANSWER_MONTHS)
    sealed = seal(unit, subject, _place(id, "details"), details) if details else None
    unit.execute(
        "INSERT INTO privacy_request (id, subject, kind, state, received, due, details) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        *(id, subject, kind.value, State.OPEN.value, day.isoformat(), due.isoformat(), sealed),
    )
    _tell(unit, by, RECEIVED, subject, id, right=kind.value, due=due.isoformat())
    return find(unit, id)


def extend(unit: Unit, by: Acting, id: str, reason: str) -> Request:
    """Give the answer two further months, before the first has ended; the person is told why (`reason`, sealed)."""
    request, today = _open(unit, id), business_date()
    if request.extended:
        raise SocleError(EXTENDED_ALREADY, id=id, due=request.due.isoformat())
    if today > request.due:
        raise SocleError(EXTENDED_TOO_LATE, id=id, due=request.due.isoformat())
    due = end_of_period(request.received, EXTENDED_MONTHS).isoformat()
    unit.execute(
        "UPDATE privacy_request SET state = ?2, extended = ?3, due = ?4 WHERE id = ?1",
        *(id, State.EXTENDED.value, today.isoformat(), due),
    )
    _tell(unit, by, EXTENDED, request.subject, id, reason=reason, due=due)
    return find(unit, id)


def close(
    unit: Unit, by: Acting, id: str, outcome: Outcome, answer: Mapping[str, Any] | None = None
) -> Request:
    """Close a request. A refusal says why, and that the person may complain to the authority (art. 12(4)): its reasons
    go into `answer`, which is sealed under the person's key."""
    request, today = _open(unit, id), business_date()
    sealed = seal(unit, request.subject, _place(id, "answer"), answer) if answer else None
    unit.execute(
        "UPDATE privacy_request SET state = ?2, closed = ?3, answer = ?4 WHERE id = ?1",
        *(id, outcome.value, today.isoformat(), sealed),
    )
    late = today > request.due
    _tell(unit, by, CLOSED, request.subject, id, right=request.kind.value, outcome=outcome.value, late=late)
    return find(unit, id)


def find(session: Session, id: str) -> Request:
    row = session.fetch_one(f"SELECT {_COLUMNS} FROM privacy_request WHERE id = ?1", id)
    if row is None:
        raise SocleError(REQUEST_UNKNOWN, id=id)
    return _request(row)


def of_subject(session: Session, subject: str) -> list[Request]:
    """All that a person asked, the oldest first."""
    sql = f"SELECT {_COLUMNS} FROM privacy_request WHERE subject = ?1 ORDER BY received, id"
    return [_request(row) for row in session.fetch(sql, subject)]


def open_requests(session: Session, limit: int = 500) -> list[Request]:
    """Those that wait for an answer, the most urgent first."""
    sql = f"SELECT {_COLUMNS} FROM privacy_request WHERE closed IS NULL ORDER BY due, id LIMIT ?1"
    return [_request(row) for row in session.fetch(sql, limit)]


def details_of(session: Session, request: Request) -> Any:
    """What was asked; None when nothing was said. SocleError(ERASED) once the person was erased."""
    sealed = request.sealed_details
    return unseal(session, request.subject, _place(request.id, "details"), sealed) if sealed else None


def answer_of(session: Session, request: Request) -> Any:
    """What was answered; None when nothing was. SocleError(ERASED) once the person was erased."""
    sealed = request.sealed_answer
    return unseal(session, request.subject, _place(request.id, "answer"), sealed) if sealed else None


def export_requests(session: Session, subject: str) -> list[dict[str, Any]]:
    """The service's part of a person's export."""
    return [
        {
            "id": request.id,
            "right": request.kind.value,
            "article": request.kind.article,
            "state": request.state.value,
            "received": request.received.isoformat(),
            "due": request.due.isoformat(),
            "closed": request.closed.isoformat() if request.closed else None,
            "details": details_of(session, request),
            "answer": answer_of(session, request),
        }
        for request in of_subject(session, subject)
    ]


def erase_requests(unit: Unit, subject: str) -> int:
    """The service's part of an erasure: what was said goes; that something was asked, and when it was answered, stays:
    it shows that the delays were kept."""
    return unit.execute(
        "UPDATE privacy_request SET details = NULL, answer = NULL "
        "WHERE subject = ?1 AND (details IS NOT NULL OR answer IS NOT NULL)",
        subject,
    )


def _open(unit: Unit, id: str) -> Request:
    request = find(unit, id)
    if request.closed:
        raise SocleError(REQUEST_CLOSED, id=id, closed=request.closed.isoformat(), state=request.state.value)
    return request


def _tell(
    unit: Unit, by: Acting, told: Action, subject: str, id: str, *, reason: str = "", **data: str | bool
) -> None:
    details = {"reason": reason} if reason else None
    record(unit, Entry(told, by, subject=subject, target=f"Request/{id}", data=data, subject_details=details))


def _place(id: str, column: str) -> str:
    return f"privacy_request:{id}:{column}"


def _request(row: Row) -> Request:
    id, subject, kind, state, received, due, extended, closed, details, answer = row
    return Request(
        id,
        subject,
        Right(kind),
        State(state),
        date.fromisoformat(received),
        date.fromisoformat(due),
        _day(extended),
        _day(closed),
        bytes(details) if details is not None else None,
        bytes(answer) if answer is not None else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
