from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("digest", models.BinaryField(unique=True)),
                ("service", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("created", models.BigIntegerField()),
                ("ended", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "apikeys_key",
            },
        ),
    ]
