from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "job", "due", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("job", models.TextField()),
                ("due", models.BigIntegerField()),
                ("tries", models.IntegerField()),
                ("started", models.BigIntegerField()),
                ("ended", models.BigIntegerField(null=True)),
                ("outcome", models.TextField()),
                ("counts", models.TextField()),
                ("error", models.TextField()),
            ],
            options={
                "db_table": "schedules_run",
            },
        ),
    ]
