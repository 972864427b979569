"""The schema that a data file needs: that of the migrations it was made under."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from socle.app.backup.archive import Manifest
from socle.app.backup.faults import SCHEMA_NEWER
from socle.app.migrate import migrate, setup
from socle.kernel.errors import SocleError


def refuse_newer(manifest: Manifest) -> None:
    """SocleError(SCHEMA_NEWER) for a data file of a later version than this one."""
    setup()
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise SocleError(SCHEMA_NEWER, version=manifest.version, migrations=", ".join(unknown))


def align(manifest: Manifest) -> None:
    """Bring the installation's schema to that of the manifest, forward or backward: its rows will be replaced. What the
    manifest does not know at all is made anew, empty, as this version has it."""
    refuse_newer(manifest)
    executor = MigrationExecutor(connection)
    wanted = {tuple(name.split(".", 1)) for name in manifest.migrations}
    applied = set(executor.loader.applied_migrations)
    changed = sorted({app for app, _ in wanted ^ applied})
    known = {app for app, _ in wanted}
    if changed:
        executor.migrate([(app, _last(executor, app, wanted)) for app in changed])
        executor.loader.build_graph()
        executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] not in known])
    connection.close()


def _last(executor: MigrationExecutor, app: str, wanted: set[tuple[str, ...]]) -> str | None:
    """The last migration of an application that is wanted; None for one that did not exist."""
    names = [name for label, name in executor.loader.graph.nodes if label == app and (label, name) in wanted]
    return max(names, default=None)


def catch_up() -> list[str]:
    """From the schema of the data file to that of this version; returns the migrations applied."""
    return migrate()
