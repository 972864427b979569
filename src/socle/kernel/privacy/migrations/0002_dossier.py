from django.db import migrations, models

from socle.kernel.db.schema import created
from socle.kernel.privacy import ddl_dossier


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [
        created(ddl_dossier),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "request", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("request", models.TextField()),
                ("number", models.IntegerField()),
                ("day", models.TextField()),
                ("author", models.TextField()),
                ("kind", models.TextField()),
                ("sealed", models.BinaryField(null=True)),
            ],
            options={"db_table": "privacy_message", "managed": False},
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                ("request", models.TextField(primary_key=True, serialize=False)),
                ("subject", models.TextField()),
                ("sealed", models.BinaryField(null=True)),
                ("made", models.BigIntegerField()),
                ("expires", models.BigIntegerField()),
                ("taken", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "privacy_file", "managed": False},
        ),
        migrations.AddField("request", "follow", models.BinaryField(null=True)),
        migrations.AddField("request", "person", models.TextField(default="")),
        migrations.AddField("request", "identified", models.TextField(null=True)),
        migrations.AddField("request", "asked", models.TextField(null=True)),
        migrations.AddField("request", "erase_at", models.BigIntegerField(null=True)),
        migrations.AddField("request", "erased", models.TextField(null=True)),
        migrations.AddField("request", "warned", models.TextField(default="")),
    ]
