"""`socle up`: from an empty data folder to a house that answers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from socle.app.control import Control
from socle.app.jobs import Job, Tell, lock_path, run
from socle.app.migrate import migrate, require_current
from socle.app.profile import check_server
from socle.app.upgrade import trace
from socle.engines.fhirstore.stores import find_store
from socle.foundations.directory.demo import SIZES, write_territory
from socle.foundations.directory.demo.registrations import register_people
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.access import OPERATOR
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.people import active_accounts
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Database, FileLock
from socle.kernel.files import private_folder
from socle.kernel.settings import settings

FIRST_OPERATOR = "operatrice@socle.test"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the first start put into the demonstration."""

    territory: str
    persons: int
    structures: int
    report: dict[str, Any]


@contextmanager
def held_data_folder() -> Iterator[list[Control]]:
    """On SQLite, hold the data folder and listen for jobs; on PostgreSQL there is nothing to hold.

    Raises FileBusy when another server has the folder.
    """
    chosen = settings()
    private_folder(chosen.home)
    with ExitStack() as stack:
        if chosen.database_url.startswith("sqlite:"):
            stack.enter_context(FileLock(lock_path()))
            yield [Control()]
        else:
            yield []


def prepare(tell: Tell) -> Loaded | None:
    """Bring the schema up to date, and fill an empty demonstration through the real loaders. In production nothing is
    prepared: the process does not own the tables, and raises SocleError when they are not as it needs them."""
    chosen = settings()
    if chosen.production:
        check_server(chosen)
        require_current()
        return None
    names = migrate()
    if not _is_empty(chosen.database_url):
        _say_upgraded(chosen.database_url, names)
        return None
    return load_demo(chosen.demo_size, tell)


def _say_upgraded(url: str, names: list[str]) -> None:
    """A demonstration of an earlier version is upgraded by its start: its trail says so, as after `socle upgrade`."""
    if names:
        db = Database(url)
        try:
            trace(db, names)
        finally:
            db.close()


def load_demo(size: str, tell: Tell) -> Loaded:
    """Write the official files of a territory and load them; the files are not kept."""
    with TemporaryDirectory(prefix="socle-territory-") as folder:
        written = write_territory(Path(folder), SIZES[size])
        last: dict[str, Any] = {}

        def hear(event: dict[str, Any]) -> None:
            last.clear()
            last.update(event)
            tell(event)

        run(Job(kind="directory", files=list(written.files)), hear)
    if "report" not in last:
        raise RuntimeError(f"the demonstration was refused: {last}")
    db = Database(settings().database_url)
    try:
        register_people(db)
    finally:
        db.close()
    return Loaded(size, written.persons, written.structures, last["report"])


def first_invitation() -> str:
    """The path by which a first operator opens their account, in a demonstration where nobody has one yet; empty
    otherwise. Each start makes a new link, and the earlier one stops working."""
    chosen = settings()
    if chosen.production:
        return ""
    db = Database(chosen.database_url)
    try:
        if active_accounts(db):
            return ""
        with db.unit() as unit:
            return invite(unit, BY_SYSTEM, email=FIRST_OPERATOR, role=OPERATOR).path
    finally:
        db.close()


def _is_empty(url: str) -> bool:
    db = Database(url)
    try:
        with db.reading() as session:
            store = find_store(session, PUBLIC.name)
        return store is None or store.published == 0
    finally:
        db.close()
