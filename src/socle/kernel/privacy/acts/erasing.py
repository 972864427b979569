"""Erasing at a person's request: decided, left for a while in which it may be called off, then done for good by the
worker, which alone may destroy a key."""

import logging

from socle.kernel.access import require
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Database, Unit
from socle.kernel.errors import WORK_BUSY, SocleError
from socle.kernel.keyring.keyfile import LOCK
from socle.kernel.privacy.actions import ERASURE_CALLED_OFF, ERASURE_ORDERED, INSTRUCT
from socle.kernel.privacy.acts.requests import close, still_open, tell
from socle.kernel.privacy.erasure import Reason, erase_subject, let_go
from socle.kernel.privacy.faults import ERASURE_ASKED, NOTHING_ORDERED, PERSON_NEEDED
from socle.kernel.privacy.holdings import holdings
from socle.kernel.privacy.requests import Outcome, Request, Right, erasures_due, find
from socle.kernel.privacy.settings import privacy_settings

log = logging.getLogger(__name__)
_HOUR = 3_600_000_000
_DUE = (
    "UPDATE privacy_request SET erased = ?2 "
    "WHERE id = ?1 AND erase_at <= ?3 AND erased IS NULL AND closed IS NULL AND person <> ''"
)
# An objection that succeeds leads to erasure as well (art. 17(1)(c)).
ERASING = (Right.ERASURE, Right.OBJECTION)


def order_erasure(unit: Unit, by: Acting, id: str) -> Request:
    """Decide that the person is erased, after the hours in which that may be called off.

    Raises SocleError: PERSON_NEEDED, ERASURE_ASKED for a request of another kind, REQUEST_CLOSED.
    """
    require(by, INSTRUCT)
    request = still_open(unit, id)
    if not request.person:
        raise SocleError(PERSON_NEEDED)
    if request.kind not in ERASING:
        raise SocleError(ERASURE_ASKED, right=request.kind.value)
    moment = micros() + privacy_settings().erasure_hours * _HOUR
    unit.execute("UPDATE privacy_request SET erase_at = ?2 WHERE id = ?1 AND erased IS NULL", id, moment)
    tell(unit, by, ERASURE_ORDERED, request)
    return find(unit, id)


def call_off_erasure(unit: Unit, by: Acting, id: str) -> Request:
    """Raises SocleError(NOTHING_ORDERED) when there is nothing to call off, or it is done."""
    require(by, INSTRUCT)
    request = still_open(unit, id)
    if not unit.execute(
        "UPDATE privacy_request SET erase_at = NULL WHERE id = ?1 AND erase_at IS NOT NULL AND erased IS NULL",
        id,
    ):
        raise SocleError(NOTHING_ORDERED, id=id)
    tell(unit, by, ERASURE_CALLED_OFF, request)
    return find(unit, id)


def erase_due(db: Database) -> dict[str, int]:
    """The job: erase those whose moment has come, each with the closing of their request, and have the key file of the
    backups follow. What fails for one keeps nobody else waiting, and is raised at the end; while a backup holds the key
    file, the rest waits for the next time."""
    with db.reading() as session:
        due = [request.id for request in erasures_due(session, micros())]
    persons, failures = 0, list[Exception]()
    for id in due:
        try:
            persons += erase_for(db, id)
        except Exception as failure:
            if _is_busy(failure):
                break
            log.exception("the erasure of the request %s failed", id)
            failures.append(failure)
    try:
        with db.exclusive(LOCK):
            let_go(db, erased=persons > 0)
    except SocleError as behind:
        if not _is_busy(behind):
            failures.append(behind)
    if failures:
        raise failures[0]
    return {"persons": persons}


def _is_busy(failure: Exception) -> bool:
    return isinstance(failure, SocleError) and failure.kind is WORK_BUSY


def erase_for(db: Database, id: str) -> bool:
    """Erase whom a request is about and close it, in one unit, if that is still decided at this moment: whether it was.
    Raises SocleError(WORK_BUSY) while a backup writes its key file."""
    day = business_date().isoformat()
    with db.exclusive(LOCK), db.unit() as unit:
        # It may have been called off since somebody looked.
        if not unit.execute(_DUE, id, day, micros()):
            return False
        request = find(unit, id)
        erase_subject(unit, request.person, Reason.REQUEST, BY_SYSTEM, holdings().erasers())
        # Nothing is sealed any more for who was erased.
        answer = {"erased": day} if request.subject != request.person else None
        close(unit, BY_SYSTEM, id, Outcome.ANSWERED, answer)
    return True
