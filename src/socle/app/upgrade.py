"""`socle upgrade`: the schema brought to this version, with a way back and a trace."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from socle import __version__
from socle.app.database_roles import grant_again
from socle.app.faults import NO_BACKUP_YET
from socle.app.migrate import migrate, pending, require_known
from socle.kernel.actors import SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.audit.vouching import record_vouched
from socle.kernel.db import Database, has_table
from socle.kernel.errors import SocleError
from socle.kernel.settings import settings

UPGRADED = action(
    "operation.upgraded",
    Kind.EXECUTE,
    "Le schéma de la base a été mis à niveau",
    "The schema of the database was upgraded",
)
BackUp = Callable[[Database], Path]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done: the migrations applied, in order, and the backup made before them, if there was anything."""

    migrations: list[str]
    backup: Path | None


def upgrade(back_up: BackUp | None) -> Upgrade:
    """Bring the schema to this version. A database that already holds something is saved first by `back_up`, and what
    fails there stops the upgrade; None leaves that to the operator.

    Raises SocleError: DATABASE_NEWER when there is only a way back, NO_BACKUP_YET when the schema is older than backups
    are.
    """
    require_known()
    names = pending()
    if not names:
        return Upgrade([], None)
    saved = None if back_up is None else _saved(settings().database_url, back_up)
    migrate()
    db = Database(settings().database_url)
    try:
        grant_again(db)
        trace(db, names)
    finally:
        db.close()
    return Upgrade(names, saved)


def _saved(url: str, back_up: BackUp) -> Path | None:
    """Where the backup is; None when there was nothing to save."""
    _, sqlite, path = url.partition("sqlite:///")
    # Looking into a file that is not there would make it.
    if sqlite and not Path(path).exists():
        return None
    db = Database(url)
    try:
        with db.reading() as session:
            if not has_table(session, "django_migrations"):
                return None
            if not all(has_table(session, name) for name in _NEEDED):
                raise SocleError(NO_BACKUP_YET)
        return back_up(db)
    finally:
        db.close()


# What a backup is made of beside the data: without keys and trail there is nothing to seal it with, nor to say it.
_NEEDED = ("keyring_envelope", "keyring_signing", "audit_unit", "audit_inbox")


def trace(db: Database, names: list[str]) -> None:
    """Say in the trail which migrations were applied."""
    facts: Coded = {"version": __version__, "migrations": len(names), "last": names[-1]}
    with db.unit() as unit:
        record_vouched(unit, Entry(UPGRADED, Acting(SYSTEM, door="command-line"), data=facts))
