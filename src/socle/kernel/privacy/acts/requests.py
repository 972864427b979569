"""Receiving a request, extending its delay, closing it: what the law gives days for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from socle.kernel.access import require
from socle.kernel.accounts.tokens import digest_of, new_token
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Action
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import business_date
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.outbox.events import Event, EventKind
from socle.kernel.periods import end_of_period
from socle.kernel.privacy.actions import (
    CLOSED,
    CLOSED_EVENT,
    EXTENDED,
    INSTRUCT,
    MOVED_EVENT,
    RECEIVED,
    RECEIVED_EVENT,
    REOPENED,
)
from socle.kernel.privacy.faults import (
    ERASURE_PENDING,
    EXTENDED_ALREADY,
    EXTENDED_TOO_LATE,
    NOT_REOPENED,
    REASONS_NEEDED,
    RECEIVED_IN_FUTURE,
    REQUEST_CLOSED,
)
from socle.kernel.privacy.grounds import Ground
from socle.kernel.privacy.messages import Said, say
from socle.kernel.privacy.requests import REQUESTER, Outcome, Request, Right, State, find, place
from socle.kernel.sealing import seal
from socle.kernel.work import emit, record

# GDPR art. 12(3): one month, which may be extended by two further months.
ANSWER_MONTHS, EXTENDED_MONTHS = 1, 3
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Deposited:
    """`token` goes into the link by which the request is followed, and is kept nowhere."""

    request: Request
    token: str

    @property
    def path(self) -> str:
        """The token stands in the query, which no log keeps."""
        return f"/droits/suivi?lien={self.token}"


def receive(
    unit: Unit,
    by: Acting,
    subject: str,
    kind: Right,
    details: Mapping[str, Any] | None = None,
    received: date | None = None,
) -> Request:
    """Open the request of a person whose identity is known, received today or on an earlier day: the delay runs from
    the reception, wherever it was."""
    return _open(unit, by, _new_id(), subject, kind, details, received, person=subject)


def deposit(unit: Unit, by: Acting, *, kind: Right, name: str, contact: str, said: str) -> Deposited:
    """Open the request of somebody whom nobody knows yet: they follow it by a link that nobody can guess."""
    id = _new_id()
    details = {"name": name.strip(), "contact": contact.strip(), "said": said.strip()}
    return give_link(unit, _open(unit, by, id, f"{REQUESTER}:{id}", kind, details))


def give_link(unit: Unit, request: Request) -> Deposited:
    """A link by which a request that was just opened is followed, for who has no account or wrote on paper."""
    token = new_token()
    unit.execute("UPDATE privacy_request SET follow = ?2 WHERE id = ?1", request.id, digest_of(token))
    return Deposited(request, token)


def _open(
    unit: Unit,
    by: Acting,
    id: str,
    subject: str,
    kind: Right,
    details: Mapping[str, Any] | None,
    received: date | None = None,
    person: str = "",
) -> Request:
    today = business_date()
    day = received or today
    if day > today:
        raise SocleError(RECEIVED_IN_FUTURE, received=day.isoformat(), today=today.isoformat())
    due = end_of_period(day, ANSWER_MONTHS)
    sealed = seal(unit, subject, place(id, "details"), details) if details else None
    unit.execute(
        "INSERT INTO privacy_request (id, subject, kind, state, received, due, details, person, identified) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        *(id, subject, kind.value, State.OPEN.value, day.isoformat(), due.isoformat(), sealed, person),
        today.isoformat() if person else None,
    )
    request = find(unit, id)
    tell(unit, by, RECEIVED, request, right=kind.value, due=due.isoformat())
    announce(unit, RECEIVED_EVENT, request, due=due.isoformat())
    return request


def extend(unit: Unit, by: Acting, id: str, reason: str) -> Request:
    """Give the answer two further months, before the first has ended; the person is told why (`reason`, sealed)."""
    require(by, INSTRUCT)
    request, today = still_open(unit, id), business_date()
    if request.extended:
        raise SocleError(EXTENDED_ALREADY, id=id, due=request.due.isoformat())
    if today > request.due:
        raise SocleError(EXTENDED_TOO_LATE, id=id, due=request.due.isoformat())
    due = end_of_period(request.received, EXTENDED_MONTHS).isoformat()
    unit.execute(
        "UPDATE privacy_request SET state = ?2, extended = ?3, due = ?4, warned = '' WHERE id = ?1",
        *(id, State.EXTENDED.value, today.isoformat(), due),
    )
    say(unit, request, Said.EXTENDED, reason)
    tell(unit, by, EXTENDED, request, details={"reason": reason}, due=due)
    announce(unit, MOVED_EVENT, request, what=Said.EXTENDED.value)
    return find(unit, id)


def answer(unit: Unit, by: Acting, id: str, said: str) -> Request:
    """Close a request with what was done."""
    require(by, INSTRUCT)
    return close(unit, by, id, Outcome.ANSWERED, {"said": said.strip()} if said.strip() else None)


def refuse(unit: Unit, by: Acting, id: str, ground: Ground, said: str) -> Request:
    """Close a request with the ground of the law, and the reasons in plain words; the person is told that they may
    complain to the authority (art. 12(4)). Raises SocleError(REASONS_NEEDED)."""
    require(by, INSTRUCT)
    if not said.strip():
        raise SocleError(REASONS_NEEDED)
    return close(unit, by, id, Outcome.REFUSED, {"ground": ground.code, "said": said.strip()})


def withdraw(unit: Unit, by: Acting, id: str) -> Request:
    """Who asked asks no more, and an erasure that waits is called off with it: the caller checked that it is theirs."""
    unit.execute("UPDATE privacy_request SET erase_at = NULL WHERE id = ?1 AND erased IS NULL", id)
    return close(unit, by, id, Outcome.WITHDRAWN)


def close(
    unit: Unit, by: Acting, id: str, outcome: Outcome, answer: Mapping[str, Any] | None = None
) -> Request:
    """Close a request; what is told the person goes into `answer`, sealed like what they said. Raises
    SocleError(ERASURE_PENDING) while an erasure waits: it is called off first, or closes the request itself."""
    request, today = still_open(unit, id), business_date()
    if request.erasure_ordered:
        raise SocleError(ERASURE_PENDING, id=id)
    sealed = seal(unit, request.subject, place(id, "answer"), answer) if answer else None
    unit.execute(
        "UPDATE privacy_request SET state = ?2, closed = ?3, answer = ?4, asked = NULL WHERE id = ?1",
        *(id, outcome.value, today.isoformat(), sealed),
    )
    late = today > request.due
    tell(unit, by, CLOSED, request, right=request.kind.value, outcome=outcome.value, late=late)
    announce(unit, CLOSED_EVENT, request, outcome=outcome.value)
    return find(unit, id)


def reopen(unit: Unit, by: Acting, id: str) -> Request:
    """Take back a closing, on the day that it was made; the delay has gone on running. What the person withdrew is
    theirs to ask again, and what was erased is not to be had back."""
    require(by, INSTRUCT)
    request = find(unit, id)
    withdrawn = request.state is State.WITHDRAWN
    if request.closed != business_date() or withdrawn or request.erased:
        raise SocleError(NOT_REOPENED, id=id)
    state = State.EXTENDED if request.extended else State.OPEN
    unit.execute(
        "UPDATE privacy_request SET state = ?2, closed = NULL, answer = NULL WHERE id = ?1", id, state.value
    )
    tell(unit, by, REOPENED, request)
    return find(unit, id)


def still_open(unit: Unit, id: str) -> Request:
    """The request as it is for the rest of the unit: of two acts at once, the second waits here and sees what the first
    has done. Raises SocleError: REQUEST_UNKNOWN, REQUEST_CLOSED."""
    unit.execute("UPDATE privacy_request SET state = state WHERE id = ?1", id)
    request = find(unit, id)
    if request.closed:
        raise SocleError(REQUEST_CLOSED, id=id, closed=request.closed.isoformat(), state=request.state.value)
    return request


def tell(
    unit: Unit,
    by: Acting,
    told: Action,
    request: Request,
    details: Mapping[str, str] | None = None,
    **data: str | bool | int,
) -> None:
    """One entry about a request; `details` are sealed under the key of whom the request belongs to."""
    entry = Entry(
        told, by, subject=request.subject, target=f"Request/{request.id}", data=data, subject_details=details
    )
    record(unit, entry)


def announce(unit: Unit, kind: EventKind, request: Request, **data: str) -> None:
    payload = {"request": request.id, "right": request.kind.value, **data}
    emit(unit, Event(kind, f"privacy-request:{request.id}", payload))


def _new_id() -> str:
    return os.urandom(_ID_BYTES).hex()
