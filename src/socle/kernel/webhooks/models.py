"""The schema of record of the webhooks. The table is created by engine-specific SQL; Django knows it for migrations and
back-office pages only. Instants are microseconds UTC, 0 for none."""

from django.db import models


class Webhook(models.Model):
    """A subscriber's address. `kinds` is a JSON list of codes of events, empty for all; `cursor` the last event that it
    has acknowledged; `batch_*` the message that is under way, the same at each try; `holder` who is sending it."""

    id = models.TextField(primary_key=True)
    url = models.TextField()
    kinds = models.TextField()
    secret_sealed = models.BinaryField()
    previous_sealed = models.BinaryField(null=True)
    previous_until = models.BigIntegerField()
    state = models.TextField()
    reason = models.TextField()
    cursor = models.BigIntegerField()
    batch_message = models.TextField()
    batch_last = models.BigIntegerField()
    failures = models.IntegerField()
    failing_since = models.BigIntegerField()
    next_at = models.BigIntegerField()
    holder = models.TextField()
    held_until = models.BigIntegerField()
    last_status = models.IntegerField()
    last_at = models.BigIntegerField()
    created = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "webhook"
