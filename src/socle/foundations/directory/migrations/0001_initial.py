from django.db import migrations, models

from socle.foundations.directory import ddl
from socle.kernel.db.schema import created


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        created(ddl),
        migrations.CreateModel(
            name="Density",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "department",
                        "profession",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("department", models.TextField()),
                ("profession", models.TextField()),
                ("persons", models.IntegerField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
            ],
            options={
                "db_table": "directory_density",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "column", "code", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("column", models.TextField(db_column="column_name")),
                ("code", models.TextField()),
                ("label", models.TextField()),
            ],
            options={
                "db_table": "directory_label",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                (
                    "transaction",
                    models.IntegerField(db_column="transaction_number", primary_key=True, serialize=False),
                ),
                ("mode", models.TextField()),
                ("started", models.BigIntegerField()),
                ("ended", models.BigIntegerField(null=True)),
                ("report", models.TextField()),
            ],
            options={
                "db_table": "directory_load",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "folded",
                        "postal_code",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("folded", models.TextField()),
                ("postal_code", models.TextField()),
                ("name", models.TextField()),
                ("department", models.TextField()),
                ("structures", models.IntegerField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
            ],
            options={
                "db_table": "directory_place",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source",
                        "key",
                        "part",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("source", models.SmallIntegerField()),
                ("key", models.TextField()),
                ("part", models.TextField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
                ("digest", models.BinaryField()),
                ("mentions", models.IntegerField()),
                ("lines", models.TextField()),
            ],
            options={
                "db_table": "directory_statement",
                "managed": False,
            },
        ),
    ]
