from django.db import migrations, models

from socle.kernel.db.schema import created
from socle.kernel.outbox import ddl


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        created(ddl),
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
