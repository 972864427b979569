from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from socle.kernel.keyring import ddl


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
            name="Envelope",
            fields=[
                ("subject", models.TextField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
                ("master", models.TextField()),
                ("created", models.BigIntegerField()),
            ],
            options={
                "db_table": "keyring_envelope",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("subject_hash", models.TextField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
                ("master", models.TextField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "db_table": "keyring_erasure",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Signing",
            fields=[
                ("kid", models.TextField(primary_key=True, serialize=False)),
                ("purpose", models.TextField()),
                ("algorithm", models.TextField()),
                ("state", models.TextField()),
                ("public", models.BinaryField()),
                ("sealed", models.BinaryField(null=True)),
                ("master", models.TextField()),
                ("announced", models.BigIntegerField()),
                ("activated", models.BigIntegerField(null=True)),
                ("retired", models.BigIntegerField(null=True)),
                ("removed", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "keyring_signing",
                "managed": False,
            },
        ),
    ]
