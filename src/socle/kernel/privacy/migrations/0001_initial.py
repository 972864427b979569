from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from socle.kernel.privacy import ddl


def create_tables(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ddl.statements(editor.connection.vendor):
        editor.execute(statement)


def drop_tables(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ddl.drop_statements():
        editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunPython(create_tables, drop_tables),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("subject", models.TextField()),
                ("kind", models.TextField()),
                ("state", models.TextField()),
                ("received", models.TextField()),
                ("due", models.TextField()),
                ("extended", models.TextField(null=True)),
                ("closed", models.TextField(null=True)),
                ("details", models.BinaryField(null=True)),
                ("answer", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "privacy_request",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("subject", models.TextField(primary_key=True, serialize=False)),
                ("since", models.TextField()),
            ],
            options={
                "db_table": "privacy_restriction",
                "managed": False,
            },
        ),
    ]
