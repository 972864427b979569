"""The schema of record of the directory beside its FHIR stores: what sources say, and what pages count by."""

from django.db import models


class Statement(models.Model):
    """What one source says of one person, structure or mailbox, in the source's own columns.

    `key` is the national identification of a person or the key of a structure; `part` tells apart several
    statements on one key (the variants of a structure's coordinates, the mailboxes of one holder). `mentions`
    counts the lines that carry a structure variant. Rows hold over the transactions [valid_from, valid_to) of the
    public store.
    """

    pk = models.CompositePrimaryKey("source", "key", "part", "valid_from")
    source = models.SmallIntegerField()
    key = models.TextField()
    part = models.TextField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()
    digest = models.BinaryField()
    mentions = models.IntegerField()
    lines = models.TextField()

    class Meta:
        managed = False
        db_table = "directory_statement"


class Density(models.Model):
    """Professionals in activity by department and profession, counted once a person."""

    pk = models.CompositePrimaryKey("department", "profession", "valid_from")
    department = models.TextField()
    profession = models.TextField()
    persons = models.IntegerField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()

    class Meta:
        managed = False
        db_table = "directory_density"


class Place(models.Model):
    """Towns where a structure is, for searches in everyday words."""

    pk = models.CompositePrimaryKey("folded", "postal_code", "valid_from")
    folded = models.TextField()
    postal_code = models.TextField()
    name = models.TextField()
    department = models.TextField()
    structures = models.IntegerField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()

    class Meta:
        managed = False
        db_table = "directory_place"


class Label(models.Model):
    """The label that the official files give to a code; shown where no code table holds it."""

    pk = models.CompositePrimaryKey("column", "code")
    column = models.TextField(db_column="column_name")
    code = models.TextField()
    label = models.TextField()

    class Meta:
        managed = False
        db_table = "directory_label"


class Load(models.Model):
    """One load: what was read, and its report (JSON). `transaction` is the public store's number."""

    transaction = models.IntegerField(primary_key=True, db_column="transaction_number")
    mode = models.TextField()
    started = models.BigIntegerField()
    ended = models.BigIntegerField(null=True)
    report = models.TextField()

    class Meta:
        managed = False
        db_table = "directory_load"
