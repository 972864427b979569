from django.db import migrations, models

from socle.kernel.db.schema import created
from socle.kernel.webhooks import ddl


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        created(ddl),
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
