from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("kid", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("parent", models.TextField()),
                ("der", models.BinaryField()),
                ("made", models.BigIntegerField()),
            ],
            options={
                "db_table": "certificates_authority",
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("serial", models.TextField(primary_key=True, serialize=False)),
                ("kid", models.TextField()),
                ("offer", models.TextField()),
                ("structure", models.TextField()),
                ("name", models.TextField()),
                ("der", models.BinaryField()),
                ("issued", models.BigIntegerField()),
                ("ends", models.BigIntegerField()),
                ("revoked", models.BigIntegerField(null=True)),
                ("reason", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "certificates_certificate",
                "indexes": [
                    models.Index(fields=["kid", "revoked"], name="certificates_revoked"),
                    models.Index(fields=["structure", "issued"], name="certificates_of_structure"),
                ],
            },
        ),
    ]
