from django.db import migrations, models

from socle.engines.fhirstore import ddl
from socle.kernel.db.schema import created


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        created(ddl),
        migrations.CreateModel(
            name="Code",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store",
                        "param",
                        "system",
                        "hash",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("param", models.IntegerField()),
                ("system", models.IntegerField()),
                ("hash", models.BigIntegerField()),
            ],
            options={
                "db_table": "fhirstore_code",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Date",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store",
                        "param",
                        "low",
                        "high",
                        "rid",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("param", models.IntegerField()),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                ("rid", models.BigIntegerField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
            ],
            options={
                "db_table": "fhirstore_date",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store", "type", "fid", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("type", models.SmallIntegerField()),
                ("fid", models.TextField()),
                ("rid", models.BigIntegerField()),
            ],
            options={
                "db_table": "fhirstore_identity",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Reference",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store",
                        "param",
                        "target",
                        "rid",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("param", models.IntegerField()),
                ("target", models.BigIntegerField()),
                ("rid", models.BigIntegerField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
            ],
            options={
                "db_table": "fhirstore_reference",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True)),
                ("published", models.IntegerField()),
                ("next_transaction", models.IntegerField()),
                ("next_rid", models.BigIntegerField()),
            ],
            options={
                "db_table": "fhirstore_store",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="String",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store",
                        "param",
                        "value",
                        "rid",
                        "exact",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("param", models.IntegerField()),
                ("value", models.TextField()),
                ("rid", models.BigIntegerField()),
                ("exact", models.BigIntegerField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
            ],
            options={
                "db_table": "fhirstore_string",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store",
                        "hash",
                        "rid",
                        "system",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("hash", models.BigIntegerField()),
                ("rid", models.BigIntegerField()),
                ("system", models.IntegerField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
            ],
            options={
                "db_table": "fhirstore_token",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Transaction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("state", models.TextField()),
                ("source", models.TextField()),
                ("started", models.BigIntegerField()),
                ("published", models.BigIntegerField(null=True)),
                ("counts", models.TextField()),
            ],
            options={
                "db_table": "fhirstore_transaction",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store",
                        "rid",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("store", models.SmallIntegerField()),
                ("rid", models.BigIntegerField()),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
                ("type", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("last_updated", models.BigIntegerField()),
                ("deleted", models.SmallIntegerField()),
                ("present", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "fhirstore_version",
                "managed": False,
            },
        ),
    ]
