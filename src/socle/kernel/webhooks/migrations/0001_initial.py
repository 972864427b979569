from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from socle.kernel.webhooks import ddl


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
            name="Webhook",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("url", models.TextField()),
                ("kinds", models.TextField()),
                ("secret_sealed", models.BinaryField()),
                ("previous_sealed", models.BinaryField(null=True)),
                ("previous_until", models.BigIntegerField()),
                ("state", models.TextField()),
                ("reason", models.TextField()),
                ("cursor", models.BigIntegerField()),
                ("batch_message", models.TextField()),
                ("batch_last", models.BigIntegerField()),
                ("failures", models.IntegerField()),
                ("failing_since", models.BigIntegerField()),
                ("next_at", models.BigIntegerField()),
                ("holder", models.TextField()),
                ("held_until", models.BigIntegerField()),
                ("last_status", models.IntegerField()),
                ("last_at", models.BigIntegerField()),
                ("created", models.BigIntegerField()),
            ],
            options={
                "db_table": "webhook",
                "managed": False,
            },
        ),
    ]
