"""What persons ask about their data, and how far it is (GDPR art. 12(3) and (4)): values, and the rows they come from.

A request is received, may be extended once before its delay ends, and is closed by an answer, a refusal with its
reasons, or its withdrawal. Days are those of the business clock. What is done to a request is in `acts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from socle.kernel.db import Database, Row, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.privacy.faults import REQUEST_UNKNOWN
from socle.kernel.sealing import unseal

REQUESTER = "requester"
"""Who asks, before anybody verified who they are: their words are sealed under `requester:<request>`."""
_COLUMNS = (
    "id, subject, kind, state, received, due, extended, closed, details, answer, person, identified, asked, "
    "erase_at, erased"
)
_PIECE = 500
_OF_PERSON = f"SELECT {_COLUMNS} FROM privacy_request WHERE subject = ?1 OR person = ?1 ORDER BY received, id"


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


class Shown(StrEnum):
    """The lists of those who instruct."""

    WAITING = "waiting"
    LATE = "late"
    PERSON = "person"
    CLOSED = "closed"


_SHOWN = {
    Shown.WAITING: "closed IS NULL",
    Shown.LATE: "closed IS NULL",
    Shown.PERSON: "closed IS NULL AND asked IS NOT NULL",
    Shown.CLOSED: "closed IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of those lists, of every right or of one; `today` is what late is measured by."""

    today: date
    shown: Shown = Shown.WAITING
    right: Right | None = None

    @property
    def order(self) -> str:
        return "closed DESC, id DESC" if self.shown is Shown.CLOSED else "due, id"

    def where(self, *, late: bool = False) -> tuple[str, list[str]]:
        """The condition, and the values of its parameters."""
        parts, values = [_SHOWN[self.shown]], list[str]()
        if self.right is not None:
            values.append(self.right.value)
            parts.append(f"kind = ?{len(values)}")
        if late or self.shown is Shown.LATE:
            values.append(self.today.isoformat())
            parts.append(f"closed IS NULL AND due < ?{len(values)}")
        return " AND ".join(parts), values


@dataclass(frozen=True, slots=True)
class Request:
    """`due` is the last day on which the answer is in time; `closed` is None as long as there is none. `person` is whom
    it is about, empty until their identity was verified (`identified`), or when nothing is held of them; `asked` is
    since when they owe us a word; `erase_at` (microseconds) when their data are to be erased, `erased` when they
    were."""

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
    person: str = ""
    identified: date | None = None
    asked: date | None = None
    erase_at: int | None = None
    erased: date | None = None

    def late(self, today: date) -> bool:
        """Whether it was, or still is, answered after its delay."""
        return (self.closed or today) > self.due

    def days_left(self, today: date) -> int:
        """Below zero when the delay is over."""
        return (self.due - today).days

    @property
    def erasure_ordered(self) -> bool:
        """Whether an erasure waits for its moment, and may still be called off."""
        return self.erase_at is not None and self.erased is None


def find(session: Session, id: str) -> Request:
    row = session.fetch_one(f"SELECT {_COLUMNS} FROM privacy_request WHERE id = ?1", id)
    if row is None:
        raise SocleError(REQUEST_UNKNOWN, id=id[:40])
    return _request(row)


def asker(session: Session, id: str) -> str:
    """Whom a request belongs to; empty once its time has passed."""
    row = session.fetch_one("SELECT subject FROM privacy_request WHERE id = ?1", id)
    return str(row[0]) if row else ""


def followed(session: Session, digest: bytes) -> Request | None:
    """The request that a link leads to, by the SHA-256 of its token."""
    row = session.fetch_one(f"SELECT {_COLUMNS} FROM privacy_request WHERE follow = ?1", digest)
    return _request(row) if row else None


def of_subject(session: Session, subject: str) -> list[Request]:
    """All that a person asked, or that was found to be about them, the oldest first."""
    return [_request(row) for row in session.fetch(_OF_PERSON, subject)]


def count_requests(session: Session, wanted: Wanted, *, late: bool = False) -> int:
    """How many there are, or how many of them wait beyond their delay."""
    where, parameters = wanted.where(late=late)
    row = session.fetch_one(f"SELECT count(*) FROM privacy_request WHERE {where}", *parameters)
    return row[0] if row else 0


def some_requests(session: Session, wanted: Wanted, limit: int, skip: int = 0) -> list[Request]:
    """A page of them: of those that wait the most urgent first, of the others the last closed first."""
    where, parameters = wanted.where()
    sql = f"SELECT {_COLUMNS} FROM privacy_request WHERE {where} ORDER BY {wanted.order} LIMIT {limit} OFFSET {skip}"
    return [_request(row) for row in session.fetch(sql, *parameters)]


def all_requests(db: Database, wanted: Wanted) -> Iterator[list[Request]]:
    """All of them in the same order, in pieces: no list is cut, and none is held whole."""
    where, parameters = wanted.where()
    day, beyond = ("closed", "<") if wanted.shown is Shown.CLOSED else ("due", ">")
    here = f"({day}, id) {beyond} (?{len(parameters) + 1}, ?{len(parameters) + 2})"
    sql = f"SELECT {_COLUMNS} FROM privacy_request WHERE {where} AND {here} ORDER BY {wanted.order} LIMIT {_PIECE}"
    # Before and after every day.
    after = ("9999-12-31", "") if wanted.shown is Shown.CLOSED else ("", "")
    while True:
        with db.reading() as session:
            found = [_request(row) for row in session.fetch(sql, *parameters, *after)]
        if found:
            yield found
        if len(found) < _PIECE:
            return
        last = found[-1]
        after = ((last.closed if last.closed else last.due).isoformat(), last.id)


def erasures_due(session: Session, at: int) -> list[Request]:
    sql = f"SELECT {_COLUMNS} FROM privacy_request WHERE erased IS NULL AND erase_at <= ?1 ORDER BY erase_at, id"
    return [_request(row) for row in session.fetch(sql, at)]


def details_of(session: Session, request: Request) -> Any:
    """What was asked; None when nothing was said. SocleError(ERASED) once the person was erased."""
    sealed = request.sealed_details
    return unseal(session, request.subject, place(request.id, "details"), sealed) if sealed else None


def answer_of(session: Session, request: Request) -> Any:
    """What was answered; None when nothing was. SocleError(ERASED) once the person was erased."""
    sealed = request.sealed_answer
    return unseal(session, request.subject, place(request.id, "answer"), sealed) if sealed else None


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
    """The service's part of an erasure: what was said goes, and the file that was made; that something was asked, and
    when it was answered, stays: it shows that the delays were kept. What somebody said who is still to be answered
    stays until then."""
    said = "(subject = ?1 OR (person = ?1 AND closed IS NOT NULL))"
    messages = unit.execute(
        f"UPDATE privacy_message SET sealed = NULL WHERE sealed IS NOT NULL AND request IN "
        f"(SELECT id FROM privacy_request WHERE {said})",
        subject,
    )
    files = unit.execute("DELETE FROM privacy_file WHERE subject = ?1", subject)
    return (
        messages
        + files
        + unit.execute(
            f"UPDATE privacy_request SET details = NULL, answer = NULL "
            f"WHERE {said} AND (details IS NOT NULL OR answer IS NOT NULL)",
            subject,
        )
    )


def place(id: str, column: str) -> str:
    """Where the sealed bytes of a request are kept."""
    return f"privacy_request:{id}:{column}"


def _request(row: Row) -> Request:
    id, subject, kind, state, received, due, extended, closed, details, answer, *dossier = row
    person, identified, asked, erase_at, erased = dossier
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
        person,
        _day(identified),
        _day(asked),
        erase_at,
        _day(erased),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
