"""The schema of record of API keys."""

from django.db import models


class ApiKey(models.Model):
    """`digest` is the SHA-256 of the key; `label` names the application; moments are microseconds since 1970."""

    id = models.CharField(primary_key=True, max_length=16)
    digest = models.BinaryField(unique=True)
    service = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    created = models.BigIntegerField()
    ended = models.BigIntegerField(null=True)

    class Meta:
        db_table = "apikeys_key"
