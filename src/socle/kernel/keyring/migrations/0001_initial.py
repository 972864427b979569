from django.db import migrations, models

from socle.kernel.db.schema import created
from socle.kernel.keyring import ddl


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        created(ddl),
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
