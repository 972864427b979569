"""The schema of record of the schedules. Moments are microseconds since 1970 in UTC."""

from django.db import models


class Run(models.Model):
    """What became of one time that a job was due. `outcome` is `running`, `done` or `failed`; `tries` how often it was
    begun; `counts` a JSON object of figures; `error` the type and the place of what went wrong, never what it said."""

    pk = models.CompositePrimaryKey("job", "due")
    job = models.TextField()
    due = models.BigIntegerField()
    tries = models.IntegerField()
    started = models.BigIntegerField()
    ended = models.BigIntegerField(null=True)
    outcome = models.TextField()
    counts = models.TextField()
    error = models.TextField()

    class Meta:
        db_table = "schedules_run"
