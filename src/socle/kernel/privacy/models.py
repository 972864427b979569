"""The schema of record of privacy requests. The tables are created by engine-specific SQL; Django knows them for
migrations only."""

from django.db import models


class Request(models.Model):
    """What one person asked. Days are ISO 8601 dates of the business clock; `details` (what was asked) and `answer` are
    sealed under the key of `subject`: the person, or `requester:…` for who is not known yet. `person` is whom it is
    about once their identity was verified (`identified`); `follow` the SHA-256 of the token in the link by which it is
    followed; `asked` the day on which more was asked of them; `erase_at` the moment (microseconds) at which their data
    are to be erased, `erased` the day on which they were; `warned` the last warning given of the delay."""

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
    follow = models.BinaryField(null=True)
    person = models.TextField(default="")
    identified = models.TextField(null=True)
    asked = models.TextField(null=True)
    erase_at = models.BigIntegerField(null=True)
    erased = models.TextField(null=True)
    warned = models.TextField(default="")

    class Meta:
        managed = False
        db_table = "privacy_request"


class Message(models.Model):
    """What one side told the other about a request, sealed like its details. `author` is `person` or `office`."""

    pk = models.CompositePrimaryKey("request", "number")
    request = models.TextField()
    number = models.IntegerField()
    day = models.TextField()
    author = models.TextField()
    kind = models.TextField()
    sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "privacy_message"


class File(models.Model):
    """The export that answers a request, sealed under the key of the person it is about (`subject`); nothing is left of
    it once it was taken, or has expired. Moments are microseconds UTC."""

    request = models.TextField(primary_key=True)
    subject = models.TextField()
    sealed = models.BinaryField(null=True)
    made = models.BigIntegerField()
    expires = models.BigIntegerField()
    taken = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "privacy_file"


class Restriction(models.Model):
    """A person whose data are kept and not used (GDPR art. 18), since that day."""

    subject = models.TextField(primary_key=True)
    since = models.TextField()

    class Meta:
        managed = False
        db_table = "privacy_restriction"
