from django.db import migrations, models

from socle.kernel.audit import ddl
from socle.kernel.db.schema import created


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        created(ddl),
        migrations.CreateModel(
            name="HeadKey",
            fields=[
                ("public", models.BinaryField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
            ],
            options={
                "db_table": "audit_key",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="LoggedEntry",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("unit", models.BinaryField()),
                ("action", models.TextField()),
                ("actor", models.TextField()),
                ("subject", models.TextField()),
                ("facts", models.BinaryField()),
                ("subject_sealed", models.BinaryField(null=True)),
                ("actor_sealed", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "audit_entry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="SignedHead",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("signer", models.BinaryField()),
                ("checkpoint", models.TextField()),
            ],
            options={
                "db_table": "audit_head",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "db_table": "audit_tile",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="UnitOfWork",
            fields=[
                ("id", models.BinaryField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("entries", models.IntegerField()),
                ("events", models.IntegerField()),
                ("events_hash", models.BinaryField()),
                ("combined", models.BinaryField()),
            ],
            options={
                "db_table": "audit_unit",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("unit", models.BinaryField()),
                ("number", models.IntegerField()),
                ("facts", models.BinaryField()),
                ("subject_sealed", models.BinaryField(null=True)),
                ("actor_sealed", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "audit_inbox",
                "managed": False,
            },
        ),
    ]
