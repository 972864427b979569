"""The schema of the installation's database: looked at, brought up to date, never taken back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from socle import __version__
from socle.app.faults import DATABASE_NEWER, SCHEMA_BEHIND
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.files import private_file, private_folder
from socle.kernel.settings import settings

_SHOWN = 3


def setup() -> None:
    """Make Django ready to be used from the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socle.app.django_settings")
    django.setup(set_prefix=False)


def migrate() -> list[str]:
    """Apply the migrations that are pending; returns their names, in order. Raises SocleError(DATABASE_NEWER) before
    anything is changed."""
    setup()
    require_known()
    if not pending():
        connection.close()
        return []
    with _alone():
        # Whoever had the lock before may have done it.
        names = pending()
        call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    return names


@contextmanager
def _alone() -> Iterator[None]:
    """Of two processes that start at once on one server, the second is refused: SocleError(WORK_BUSY). On SQLite the
    data folder has one process."""
    url = settings().database_url
    if url.startswith("sqlite:"):
        yield
        return
    db = Database(url)
    try:
        with db.exclusive("migrate"):
            yield
    finally:
        db.close()


def pending() -> list[str]:
    setup()
    _make_private()
    return [_name(migration) for migration in _plan(MigrationExecutor(connection))]


def unknown() -> list[str]:
    """Migrations that were applied to the database and that this code does not have: a newer version was here."""
    setup()
    _make_private()
    return applied_and_not_known(MigrationLoader(connection))


def _make_private() -> None:
    """An SQLite file that Django would make is its owner's alone, and so are its log and its index."""
    _, sqlite, path = settings().database_url.partition("sqlite:///")
    if sqlite:
        private_folder(Path(path).parent)
        private_file(Path(path))


def applied_and_not_known(loader: MigrationLoader) -> list[str]:
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    return sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - known)


def require_known() -> None:
    """Raise SocleError(DATABASE_NEWER) when a newer version has upgraded the database: this one does not understand
    its tables, and would write what that one cannot read."""
    if found := unknown():
        connection.close()
        more = f" (+{len(found) - _SHOWN})" if len(found) > _SHOWN else ""
        raise SocleError(DATABASE_NEWER, migrations=", ".join(found[:_SHOWN]) + more, version=__version__)


def require_current() -> None:
    """Raise unless the schema is exactly that of this code: SocleError(DATABASE_NEWER) or SocleError(SCHEMA_BEHIND)."""
    require_known()
    if names := pending():
        connection.close()
        raise SocleError(SCHEMA_BEHIND, count=len(names))


def pending_sql() -> Iterator[str]:
    """The SQL of the pending migrations, each under its name, as this engine would run it. What a migration does by
    reading data first has no SQL, and says so."""
    setup()
    executor = MigrationExecutor(connection)
    plan = _plan(executor)
    loader = executor.loader
    state = loader.project_state(
        sorted(node for node in loader.applied_migrations if node in loader.graph.nodes)
    )
    for migration in plan:
        yield f"-- {_name(migration)}"
        yield from _sql_of(migration, state)
        state = migration.mutate_state(state, preserve=False)
    connection.close()


def _sql_of(migration: Migration, state: ProjectState) -> list[str]:
    sql: list[str] = []
    with suppress(_Undone), connection.schema_editor(collect_sql=True) as editor:
        try:
            migration.apply(state.clone(), editor)
            sql += [*editor.collected_sql, *(f"{statement};" for statement in editor.deferred_sql)]
        except Exception as failure:
            sql += [*editor.collected_sql, f"-- not to be written as SQL: {type(failure).__name__}"]
        raise _Undone
    return sql


class _Undone(Exception):
    """A migration that does more than write SQL would do it for real: whatever it did is rolled back."""


def _plan(executor: MigrationExecutor) -> list[Migration]:
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _name(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"
