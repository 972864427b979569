"""The schema of record of the outbox. The tables are created by engine-specific SQL; Django knows them for migrations
and back-office pages only. Instants are microseconds UTC."""

from django.db import models


class Inbox(models.Model):
    """An event as its act wrote it, until the dispatcher takes it into the log."""

    seq = models.BigAutoField(primary_key=True)
    id = models.BinaryField()
    unit = models.BinaryField()
    kind = models.TextField()
    lane = models.TextField()
    at = models.BigIntegerField()
    document = models.BinaryField()

    class Meta:
        managed = False
        db_table = "outbox_inbox"


class LoggedEvent(models.Model):
    """An event of the log; `sequence` is the order in which listeners and webhooks hear."""

    sequence = models.BigIntegerField(primary_key=True)
    id = models.BinaryField()
    unit = models.BinaryField()
    kind = models.TextField()
    lane = models.TextField()
    at = models.BigIntegerField()
    document = models.BinaryField()

    class Meta:
        managed = False
        db_table = "outbox_event"


class Delivery(models.Model):
    """What one listener has still to hear. `state` is one of `socle.kernel.outbox.states.State`; `last_error` names a
    type of error and a place in the code, never what the error said."""

    pk = models.CompositePrimaryKey("sequence", "listener")
    listener = models.TextField()
    sequence = models.BigIntegerField()
    lane = models.TextField()
    state = models.TextField()
    tries = models.IntegerField()
    next_at = models.BigIntegerField()
    last_error = models.TextField()

    class Meta:
        managed = False
        db_table = "outbox_delivery"


class Counter(models.Model):
    """One row: the last sequence number given."""

    id = models.SmallIntegerField(primary_key=True)
    last = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "outbox_counter"
