from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from socle.kernel.outbox import ddl


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
            name="Counter",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.BigIntegerField()),
            ],
            options={
                "db_table": "outbox_counter",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sequence", "listener", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("listener", models.TextField()),
                ("sequence", models.BigIntegerField()),
                ("lane", models.TextField()),
                ("state", models.TextField()),
                ("tries", models.IntegerField()),
                ("next_at", models.BigIntegerField()),
                ("last_error", models.TextField()),
            ],
            options={
                "db_table": "outbox_delivery",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Inbox",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BinaryField()),
                ("unit", models.BinaryField()),
                ("kind", models.TextField()),
                ("lane", models.TextField()),
                ("at", models.BigIntegerField()),
                ("document", models.BinaryField()),
            ],
            options={
                "db_table": "outbox_inbox",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="LoggedEvent",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("id", models.BinaryField()),
                ("unit", models.BinaryField()),
                ("kind", models.TextField()),
                ("lane", models.TextField()),
                ("at", models.BigIntegerField()),
                ("document", models.BinaryField()),
            ],
            options={
                "db_table": "outbox_event",
                "managed": False,
            },
        ),
    ]
