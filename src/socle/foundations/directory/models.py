"""The schema of record of the directory beside its FHIR stores: what sources say, what pages count by, and the roles
that persons registered here."""

from typing import ClassVar

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


class Registration(models.Model):
    """A role that a person registered. Days are texts of the form 2026-11-22, empty for none; moments are microseconds
    UTC. `sealed` is the person, under the registration's own key; `traits_key` and `email_key` are keyed hashes that
    find the same person and address again. `follow` is the SHA-256 of the token of the person's link; `code` the sealed
    code of confirmation. `compared` is the transaction of the public store that was last searched for the person."""

    id = models.TextField(primary_key=True)
    state = models.TextField()
    structure = models.TextField()
    role = models.TextField()
    contract = models.TextField()
    starts = models.TextField()
    ends = models.TextField()
    due = models.TextField()
    declared = models.BigIntegerField()
    entered = models.BigIntegerField()
    evidence = models.TextField()
    national_id = models.TextField()
    reason = models.TextField()
    matched = models.TextField()
    apart = models.TextField()
    traits_key = models.BinaryField(db_index=True)
    email_key = models.BinaryField()
    sealed = models.BinaryField(null=True)
    follow = models.BinaryField(unique=True)
    code = models.BinaryField(null=True)
    code_expires = models.BigIntegerField()
    compared = models.IntegerField()

    class Meta:
        db_table = "directory_registration"
        indexes: ClassVar = [
            models.Index(fields=("structure", "state", "entered"), name="directory_registration_desk"),
            models.Index(fields=("state", "due"), name="directory_registration_due"),
        ]


class RegistrationStep(models.Model):
    """One line of the story of a registration; `note` is what the employer wrote, sealed under its key."""

    id = models.TextField(primary_key=True)
    registration = models.TextField(db_index=True)
    at = models.BigIntegerField()
    what = models.TextField()
    who = models.TextField()
    note = models.BinaryField(null=True)

    class Meta:
        db_table = "directory_registration_step"


class RegisteredPerson(models.Model):
    """The number of a person who was registered here, which stays theirs: found by the keyed hash of their traits."""

    traits_key = models.BinaryField(primary_key=True)
    national_id = models.TextField(unique=True)

    class Meta:
        db_table = "directory_registered_person"


class RegisteredNumber(models.Model):
    """The next rank of a range of numbers; one that was given is never given again."""

    prefix = models.TextField(primary_key=True)
    next = models.BigIntegerField(db_column="next_rank")

    class Meta:
        db_table = "directory_registered_number"
