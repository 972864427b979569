from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisteredNumber",
            fields=[
                ("prefix", models.TextField(primary_key=True, serialize=False)),
                ("next", models.BigIntegerField(db_column="next_rank")),
            ],
            options={
                "db_table": "directory_registered_number",
            },
        ),
        migrations.CreateModel(
            name="RegisteredPerson",
            fields=[
                ("traits_key", models.BinaryField(primary_key=True, serialize=False)),
                ("national_id", models.TextField(unique=True)),
            ],
            options={
                "db_table": "directory_registered_person",
            },
        ),
        migrations.CreateModel(
            name="RegistrationStep",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("registration", models.TextField(db_index=True)),
                ("at", models.BigIntegerField()),
                ("what", models.TextField()),
                ("who", models.TextField()),
                ("note", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "directory_registration_step",
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("state", models.TextField()),
                ("structure", models.TextField()),
                ("role", models.TextField()),
                ("contract", models.TextField()),
                ("starts", models.TextField()),
                ("ends", models.TextField()),
                ("due", models.TextField()),
                ("declared", models.BigIntegerField()),
                ("entered", models.BigIntegerField()),
                ("evidence", models.TextField()),
                ("national_id", models.TextField()),
                ("reason", models.TextField()),
                ("matched", models.TextField()),
                ("apart", models.TextField()),
                ("traits_key", models.BinaryField(db_index=True)),
                ("email_key", models.BinaryField()),
                ("sealed", models.BinaryField(null=True)),
                ("follow", models.BinaryField(unique=True)),
                ("code", models.BinaryField(null=True)),
                ("code_expires", models.BigIntegerField()),
                ("compared", models.IntegerField()),
            ],
            options={
                "db_table": "directory_registration",
                "indexes": [
                    models.Index(
                        fields=["structure", "state", "entered"], name="directory_registration_desk"
                    ),
                    models.Index(fields=["state", "due"], name="directory_registration_due"),
                ],
            },
        ),
    ]
