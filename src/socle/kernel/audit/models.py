"""The schema of record of the audit trail. The tables are created by engine-specific SQL; Django knows them for
migrations and back-office pages only. Instants are microseconds UTC."""

from django.db import models


class UnitOfWork(models.Model):
    """What one transaction did: how many entries and events, a hash over its events, and one over everything."""

    id = models.BinaryField(primary_key=True)
    at = models.BigIntegerField()
    entries = models.IntegerField()
    events = models.IntegerField()
    events_hash = models.BinaryField()
    combined = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_unit"


class Waiting(models.Model):
    """An entry as its act wrote it, until the sequencer gives it a position."""

    seq = models.BigAutoField(primary_key=True)
    unit = models.BinaryField()
    number = models.IntegerField()
    facts = models.BinaryField()
    subject_sealed = models.BinaryField(null=True)
    actor_sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "audit_inbox"


class LoggedEntry(models.Model):
    """An entry at its position. `facts` is what is proven; the columns before it serve to find entries. `actor` is
    `kind:id`."""

    position = models.BigIntegerField(primary_key=True)
    at = models.BigIntegerField()
    unit = models.BinaryField()
    action = models.TextField()
    actor = models.TextField()
    subject = models.TextField()
    facts = models.BinaryField()
    subject_sealed = models.BinaryField(null=True)
    actor_sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "audit_entry"


class Tile(models.Model):
    """Up to 256 neighbouring hashes of one level of the tree, 32 bytes each."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_tile"


class SignedHead(models.Model):
    """The tree as it stood at `size`; `checkpoint` is the signed note, the other columns what it says. `signer` is the
    public key."""

    size = models.BigIntegerField(primary_key=True)
    at = models.BigIntegerField()
    root = models.BinaryField()
    signer = models.BinaryField()
    checkpoint = models.TextField()

    class Meta:
        managed = False
        db_table = "audit_head"


class HeadKey(models.Model):
    """A public key that the entry at `position` introduced."""

    public = models.BinaryField(primary_key=True)
    position = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "audit_key"
