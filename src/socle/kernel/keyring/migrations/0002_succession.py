from django.db import migrations, models

from socle.kernel.db.schema import created
from socle.kernel.keyring import ddl_succession


class Migration(migrations.Migration):
    dependencies = [("keyring", "0001_initial")]

    operations = [
        created(ddl_succession),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("kid", models.TextField(primary_key=True, serialize=False)),
                ("public", models.BinaryField()),
                ("predecessor", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("at", models.BigIntegerField()),
            ],
            options={"db_table": "keyring_succession", "managed": False},
        ),
    ]
