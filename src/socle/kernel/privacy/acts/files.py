"""The file of a person's data: made once, taken once, forgotten in time."""

from typing import Any

from socle.kernel.access import require
from socle.kernel.actors import Acting
from socle.kernel.clock import micros
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.privacy.actions import FILE_DISCARDED, FILE_MADE, FILE_TAKEN, INSTRUCT, MOVED_EVENT
from socle.kernel.privacy.acts.requests import announce, still_open, tell
from socle.kernel.privacy.export import note_export
from socle.kernel.privacy.faults import FILE_GONE, PERSON_NEEDED
from socle.kernel.privacy.files import file_of, place
from socle.kernel.privacy.holdings import Holdings
from socle.kernel.privacy.requests import find
from socle.kernel.privacy.settings import privacy_settings
from socle.kernel.sealing import seal, unseal

_DAY = 86_400_000_000
_INSERT = (
    "INSERT INTO privacy_file (request, subject, sealed, made, expires) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (request) DO UPDATE SET subject = ?2, sealed = ?3, made = ?4, expires = ?5"
)


def make_file(db: Database, by: Acting, id: str, held: Holdings) -> None:
    """Gather all that is held of the person, in one state of the database, and keep it sealed under their key until
    they take it. Raises SocleError: PERSON_NEEDED, REQUEST_UNKNOWN, REQUEST_CLOSED."""
    require(by, INSTRUCT)
    with db.snapshot() as session:
        person = find(session, id).person
        if not person:
            raise SocleError(PERSON_NEEDED)
        document = held.gathered(session, person)
    made = micros()
    with db.unit() as unit:
        request = still_open(unit, id)
        if request.person != person:
            raise SocleError(PERSON_NEEDED)
        expires = made + privacy_settings().file_days * _DAY
        unit.execute(_INSERT, id, person, seal(unit, person, place(id), document), made, expires)
        note_export(unit, by, person)
        tell(unit, by, FILE_MADE, request)
        announce(unit, MOVED_EVENT, request, what="file")


def take_file(unit: Unit, by: Acting, id: str) -> Any:
    """The document, which is no longer here afterwards: the caller checked that it may be given. Raises
    SocleError(FILE_GONE)."""
    request, known = find(unit, id), file_of(unit, id)
    if known is None or not known.there or known.expires <= micros():
        raise SocleError(FILE_GONE)
    # Of two who take it at once, the second waits here and finds nothing.
    unit.execute("UPDATE privacy_file SET taken = ?2 WHERE request = ?1 AND sealed IS NOT NULL", id, micros())
    ((sealed,),) = unit.fetch("SELECT sealed FROM privacy_file WHERE request = ?1", id)
    if sealed is None:
        raise SocleError(FILE_GONE)
    document = unseal(unit, known.subject, place(id), bytes(sealed))
    unit.execute("UPDATE privacy_file SET sealed = NULL WHERE request = ?1", id)
    tell(unit, by, FILE_TAKEN, request)
    return document


def discard_file(unit: Unit, by: Acting, id: str) -> None:
    """Take back a file that nobody took yet. Raises SocleError(FILE_GONE)."""
    require(by, INSTRUCT)
    if not unit.execute(
        "UPDATE privacy_file SET sealed = NULL, expires = ?2 WHERE request = ?1 AND sealed IS NOT NULL",
        id,
        micros(),
    ):
        raise SocleError(FILE_GONE)
    tell(unit, by, FILE_DISCARDED, find(unit, id))


def forget_files(unit: Unit) -> int:
    """Files that nobody took in time."""
    return unit.execute(
        "UPDATE privacy_file SET sealed = NULL WHERE sealed IS NOT NULL AND expires < ?1", micros()
    )
