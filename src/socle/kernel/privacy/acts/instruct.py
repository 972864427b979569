"""Instructing a request: knowing who asks, asking for more, and the warnings that time gives."""

from datetime import timedelta

from socle.kernel.access import require
from socle.kernel.actors import Acting
from socle.kernel.clock import business_date
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.privacy.actions import (
    ASKED,
    DUE_EVENT,
    IDENTIFIED,
    INSTRUCT,
    MOVED_EVENT,
    READ,
    REPLIED,
    UNIDENTIFIED,
)
from socle.kernel.privacy.acts.requests import announce, still_open, tell
from socle.kernel.privacy.faults import IDENTIFIED_ALREADY, NOT_ASKED, NOT_UNDONE, NOTHING_HELD
from socle.kernel.privacy.files import file_of
from socle.kernel.privacy.holdings import Holdings, holdings
from socle.kernel.privacy.messages import Said, say
from socle.kernel.privacy.requests import Request, find
from socle.kernel.privacy.restriction import restricted_since

_WEEK = 7
_NEAR = "SELECT id, warned FROM privacy_request WHERE closed IS NULL AND due <= ?1 ORDER BY due, id"


def note_read(unit: Unit, by: Acting, id: str) -> Request:
    """Somebody opens a dossier: what it says of a person was read."""
    require(by, INSTRUCT)
    request = find(unit, id)
    tell(unit, by, READ, request)
    return request


def identify(unit: Unit, by: Acting, id: str, *, person: str, proof: str) -> Request:
    """Say that the identity was verified, by what (`proof`, sealed), and of whom data are held: an internal identifier,
    a mail address, a number that a service knows, or nothing when nothing is held. It is said once:
    what rests on it would otherwise concern somebody else.

    Raises SocleError: IDENTIFIED_ALREADY, NOTHING_HELD for words under which nothing is.
    """
    require(by, INSTRUCT)
    request, today = still_open(unit, id), business_date()
    if request.identified is not None:
        raise SocleError(IDENTIFIED_ALREADY, id=id)
    known = _person(unit, person.strip(), holdings())
    unit.execute(
        "UPDATE privacy_request SET person = ?2, identified = ?3, asked = NULL WHERE id = ?1",
        *(id, known, today.isoformat()),
    )
    tell(unit, by, IDENTIFIED, request, details={"proof": proof.strip()}, held=bool(known))
    return find(unit, id)


def _person(unit: Unit, words: str, held: Holdings) -> str:
    """The identifier that was given where something is held under it, else the first under which something is."""
    found = [one.subject for one in held.find(unit, words)]
    if words and not found:
        raise SocleError(NOTHING_HELD, received=words[:80])
    return words if words in found else next(iter(found), "")


def unidentify(unit: Unit, by: Acting, id: str) -> Request:
    """Take back a verification, as long as nothing was done on the strength of it. Raises SocleError(NOT_UNDONE)."""
    require(by, INSTRUCT)
    request = still_open(unit, id)
    file = file_of(unit, id)
    used = request.erase_at is not None or (file is not None and (file.there or file.taken is not None))
    if (
        used
        or request.subject == request.person
        or (request.person and restricted_since(unit, request.person))
    ):
        raise SocleError(NOT_UNDONE, id=id)
    unit.execute("UPDATE privacy_request SET person = '', identified = NULL WHERE id = ?1", id)
    tell(unit, by, UNIDENTIFIED, request)
    return find(unit, id)


def ask(unit: Unit, by: Acting, id: str, text: str) -> Request:
    """Ask the person for more. The delay goes on running: that is the safer reading of art. 12(3) and (6)."""
    require(by, INSTRUCT)
    request = still_open(unit, id)
    say(unit, request, Said.ASKED, text)
    unit.execute("UPDATE privacy_request SET asked = ?2 WHERE id = ?1", id, business_date().isoformat())
    tell(unit, by, ASKED, request)
    announce(unit, MOVED_EVENT, request, what=Said.ASKED.value)
    return find(unit, id)


def reply(unit: Unit, by: Acting, id: str, text: str) -> Request:
    """What the person says to that: the caller checked that the request is theirs. Raises SocleError(NOT_ASKED)."""
    request = still_open(unit, id)
    if request.asked is None:
        raise SocleError(NOT_ASKED)
    say(unit, request, Said.REPLIED, text)
    unit.execute("UPDATE privacy_request SET asked = NULL WHERE id = ?1", id)
    tell(unit, by, REPLIED, request)
    return find(unit, id)


def stage_of(days_left: int) -> str:
    """Which warning so many days are worth; empty for none."""
    if days_left < 0:
        return "late"
    if days_left <= 1:
        return "last"
    return "week" if days_left <= _WEEK else ""


def warn(db: Database) -> dict[str, int]:
    """The daily job: announce each request whose delay has come a stage nearer to its end, once a stage."""
    today, warned = business_date(), 0
    with db.unit() as unit:
        for id, before in unit.fetch(_NEAR, (today + timedelta(days=_WEEK)).isoformat()):
            request = find(unit, id)
            stage = stage_of(request.days_left(today))
            if stage == before:
                continue
            unit.execute("UPDATE privacy_request SET warned = ?2 WHERE id = ?1", id, stage)
            announce(unit, DUE_EVENT, request, due=request.due.isoformat(), stage=stage)
            warned += 1
    return {"warned": warned}
