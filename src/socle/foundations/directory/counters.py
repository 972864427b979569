"""The figures of the directory's room on the home page."""

from functools import lru_cache

from socle.engines.fhirstore.query import read_query
from socle.engines.fhirstore.search import Snapshot, Start, current, search
from socle.engines.fhirstore.steps import drive
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database

_ACTIVE = (("active", "true"), ("_count", "0"), ("_total", "accurate"))


def professionals(db: Database) -> int:
    """Persons in activity in the published state."""
    return _active(db, "Practitioner")


def structures(db: Database) -> int:
    return _active(db, "Organization")


def health(db: Database) -> str | None:
    """The reason why the directory cannot answer, in one word; None when all is well."""
    with db.reading() as session:
        return None if drive(session, current(PUBLIC, session.dialect)).transaction else "empty"


def _active(db: Database, type_name: str) -> int:
    with db.reading() as session:
        snapshot = drive(session, current(PUBLIC, session.dialect))
    return _counted(db, type_name, snapshot) if snapshot.store else 0


@lru_cache(maxsize=16)
def _counted(db: Database, type_name: str, snapshot: Snapshot) -> int:
    """A published state never changes: it is counted once, however many people there are to count."""
    query = read_query(PUBLIC, type_name, _ACTIVE)
    with db.reading() as session:
        return drive(session, search(PUBLIC, query, snapshot, Start())).total or 0
