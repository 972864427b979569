from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="owner",
            field=models.CharField(db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="apikey",
            name="a_second",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="incidents",
            field=models.CharField(db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="apikey",
            name="expires",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="used",
            field=models.BigIntegerField(null=True),
        ),
    ]
