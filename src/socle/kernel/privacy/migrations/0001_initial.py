from django.db import migrations, models

from socle.kernel.db.schema import created
from socle.kernel.privacy import ddl


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        created(ddl),
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
