from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from socle.engines.fhirstore import ddl


def add_column(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(ddl.add_unit_column(editor.connection.vendor))


def drop_column(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(ddl.drop_unit_column())


class Migration(migrations.Migration):
    """Transactions published before have no unit: what they did was not journaled."""

    dependencies = [("fhirstore", "0002_closed_rows"), ("audit", "0001_initial"), ("outbox", "0001_initial")]

    operations = [
        migrations.RunPython(add_column, drop_column),
        migrations.AddField("transaction", "unit", models.BinaryField(null=True)),
    ]
