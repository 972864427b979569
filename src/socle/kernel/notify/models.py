"""The schema of record of notifications. Moments are microseconds since 1970 in UTC. Addresses are not here: a mail
finds its own when it leaves, in the account, sealed."""

from django.db import models


class Notification(models.Model):
    """`cause` is what it was made from (an event, a day): the same cause makes none twice for one account. `data` is
    JSON, coded. `mail` is the mail that carries it, `digest` while it waits for the digest of the day, or empty."""

    id = models.TextField(primary_key=True)
    account = models.TextField()
    kind = models.TextField()
    cause = models.TextField()
    data = models.TextField()
    at = models.BigIntegerField()
    read = models.BigIntegerField(null=True)
    mail = models.TextField()

    class Meta:
        db_table = "notify_notification"
        constraints = (
            models.UniqueConstraint(fields=("account", "kind", "cause"), name="notify_notification_cause"),
        )
        indexes = (
            models.Index(fields=("account", "at", "id"), name="notify_notification_account"),
            # What the header of every page counts.
            models.Index(
                fields=("account",), name="notify_notification_unread", condition=models.Q(read__isnull=True)
            ),
            models.Index(fields=("mail",), name="notify_notification_mail"),
            models.Index(fields=("at",), name="notify_notification_at"),
        )


class Preference(models.Model):
    """What somebody chose for one kind; nobody chose what has no row."""

    pk = models.CompositePrimaryKey("account", "kind")
    account = models.TextField()
    kind = models.TextField()
    channel = models.TextField()

    class Meta:
        db_table = "notify_preference"


class Reader(models.Model):
    """`lang` is the language in which somebody is written to, `fr` or `en`."""

    account = models.TextField(primary_key=True)
    lang = models.TextField()

    class Meta:
        db_table = "notify_reader"


class Mail(models.Model):
    """A mail and what became of it. `purpose` is `notice`, `digest` or `invitation`; `state` is `waiting`, `sent`,
    `refused`, or `dropped` when nobody was left to write to; `sealed` is the token of an invitation, under the
    account's key, until the mail has left."""

    id = models.TextField(primary_key=True)
    account = models.TextField(db_index=True)
    purpose = models.TextField()
    state = models.TextField()
    sealed = models.BinaryField(null=True)
    status = models.IntegerField()
    at = models.BigIntegerField(db_index=True)
    done = models.BigIntegerField(null=True)

    class Meta:
        db_table = "notify_mail"
