"""The schema of record of API keys."""

from django.db import models


class ApiKey(models.Model):
    """`digest` is the SHA-256 of the key; `label` names the application; `owner` is the account that made it for its
    own software, empty for the operator's; `a_second` its own quota, none for that of the service; `incidents` are
    those it meets in a demonstration; moments are microseconds since 1970, `used` to the nearest ten minutes."""

    id = models.CharField(primary_key=True, max_length=16)
    digest = models.BinaryField(unique=True)
    service = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    created = models.BigIntegerField()
    ended = models.BigIntegerField(null=True)
    owner = models.CharField(max_length=40, default="", db_default="")
    a_second = models.IntegerField(null=True)
    incidents = models.CharField(max_length=200, default="", db_default="")
    expires = models.BigIntegerField(null=True)
    used = models.BigIntegerField(null=True)

    class Meta:
        db_table = "apikeys_key"
