"""The schema of record of privacy requests. The tables are created by engine-specific SQL; Django knows them for
migrations only."""

from django.db import models


class Request(models.Model):
    """What one person asked. Days are ISO 8601 dates of the business clock; `details` (what was asked) and `answer` are
    sealed under the person's key."""

    id = models.TextField(primary_key=True)
    subject = models.TextField()
    kind = models.TextField()
    state = models.TextField()
    received = models.TextField()
    due = models.TextField()
    extended = models.TextField(null=True)
    closed = models.TextField(null=True)
    details = models.BinaryField(null=True)
    answer = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "privacy_request"


class Restriction(models.Model):
    """A person whose data are kept and not used (GDPR art. 18), since that day."""

    subject = models.TextField(primary_key=True)
    since = models.TextField()

    class Meta:
        managed = False
        db_table = "privacy_restriction"
