"""The schema of the installation's database: brought up to date, or looked at."""

import os

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def setup() -> None:
    """Make Django ready to be used from the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socle.app.django_settings")
    django.setup(set_prefix=False)


def migrate() -> list[str]:
    """Apply the migrations that are pending; returns their names, in order."""
    setup()
    names = pending()
    if names:
        call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    return names


def pending() -> list[str]:
    setup()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
