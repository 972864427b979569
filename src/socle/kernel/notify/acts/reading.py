"""Reading one's notifications, and taking that back."""

from socle.kernel.access import require
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Action
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import micros
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.notify.actions import READ, UNREAD
from socle.kernel.notify.faults import NOTICE_UNKNOWN
from socle.kernel.notify.queries import Notice, one
from socle.kernel.notify.roles import OWN_NOTICES
from socle.kernel.work import record

_READ_ONE = "UPDATE notify_notification SET read = ?3 WHERE account = ?1 AND id = ?2 AND read IS NULL"
_READ_ALL = "UPDATE notify_notification SET read = ?2 WHERE account = ?1 AND read IS NULL"
_UNREAD_ONE = "UPDATE notify_notification SET read = NULL WHERE account = ?1 AND id = ?2 AND read IS NOT NULL"
_UNREAD_ALL = "UPDATE notify_notification SET read = NULL WHERE account = ?1 AND read = ?2"


def read(unit: Unit, by: Acting, id: str) -> Notice:
    """Raises Refused, SocleError(NOTICE_UNKNOWN)."""
    found = _own(unit, by, id)
    _tell(unit, READ, by, unit.execute(_READ_ONE, by.actor.id, id, micros()))
    return found


def read_all(unit: Unit, by: Acting) -> int:
    """The moment at which they were read, by which all of them can be put back; 0 when there were none."""
    require(by, OWN_NOTICES)
    moment = micros()
    count = unit.execute(_READ_ALL, by.actor.id, moment)
    _tell(unit, READ, by, count)
    return moment if count else 0


def put_back(unit: Unit, by: Acting, id: str) -> None:
    """Not read any more. Raises Refused, SocleError(NOTICE_UNKNOWN)."""
    _own(unit, by, id)
    _tell(unit, UNREAD, by, unit.execute(_UNREAD_ONE, by.actor.id, id))


def put_all_back(unit: Unit, by: Acting, moment: int) -> int:
    """Those that were read together at this moment (microseconds); how many."""
    require(by, OWN_NOTICES)
    count = unit.execute(_UNREAD_ALL, by.actor.id, moment)
    _tell(unit, UNREAD, by, count)
    return count


def _own(unit: Unit, by: Acting, id: str) -> Notice:
    require(by, OWN_NOTICES)
    found = one(unit, by.actor.id, id)
    if found is None:
        raise SocleError(NOTICE_UNKNOWN)
    return found


def _tell(unit: Unit, action: Action, by: Acting, count: int) -> None:
    if count:
        record(unit, Entry(action, by, subject=by.actor.subject, data={"count": count}))
