from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from socle.engines.fhirstore import ddl


def create_indexes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ddl.closed_indexes():
        editor.execute(statement)


def drop_indexes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ddl.drop_closed_indexes():
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("fhirstore", "0001_initial")]

    operations = [migrations.RunPython(create_indexes, drop_indexes)]
