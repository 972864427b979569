"""The schema of record of the FHIR stores. The tables are created by engine-specific SQL (covering keys, no collation);
Django knows them for migrations and back-office pages only."""

from django.db import models


class Store(models.Model):
    """A named store. `published` is the last transaction that readers see."""

    id = models.SmallIntegerField(primary_key=True)
    name = models.TextField(unique=True)
    published = models.IntegerField()
    next_transaction = models.IntegerField()
    next_rid = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "fhirstore_store"


class Transaction(models.Model):
    """One transaction of a store: `writing`, then `published` or `abandoned`. Instants are microseconds UTC.

    `counts` is a JSON object {type: live resources} as of this transaction: unfiltered totals are read from it. `unit`
    is the unit of work that published it, whose entry the audit trail holds.
    """

    pk = models.CompositePrimaryKey("store", "number")
    store = models.SmallIntegerField()
    number = models.IntegerField()
    state = models.TextField()
    source = models.TextField()
    started = models.BigIntegerField()
    published = models.BigIntegerField(null=True)
    counts = models.TextField()
    unit = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "fhirstore_transaction"


class Identity(models.Model):
    """(type, logical id) -> rid, the store's own number. A target that is only referred to has one as well."""

    pk = models.CompositePrimaryKey("store", "type", "fid")
    store = models.SmallIntegerField()
    type = models.SmallIntegerField()
    fid = models.TextField()
    rid = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "fhirstore_identity"


class Version(models.Model):
    """One version of a resource. `present` has bit n set when search parameter n of the type has a value."""

    pk = models.CompositePrimaryKey("store", "rid", "valid_from")
    store = models.SmallIntegerField()
    rid = models.BigIntegerField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()
    type = models.SmallIntegerField()
    number = models.IntegerField()
    last_updated = models.BigIntegerField()
    deleted = models.SmallIntegerField()
    present = models.BigIntegerField()
    digest = models.BinaryField()
    body = models.BinaryField()

    class Meta:
        managed = False
        db_table = "fhirstore_version"


class Token(models.Model):
    """`hash` is over (parameter, code); `system` is a hash of the system's URI, 0 for none.

    A parameter whose values are numbers without end (identifiers) also has a row whose hash is over
    (parameter, system).
    """

    pk = models.CompositePrimaryKey("store", "hash", "rid", "system", "valid_from")
    store = models.SmallIntegerField()
    hash = models.BigIntegerField()
    rid = models.BigIntegerField()
    system = models.IntegerField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()

    class Meta:
        managed = False
        db_table = "fhirstore_token"


class Code(models.Model):
    """The codes ever met under a parameter, by system: what answers `system|`, any code of one system.

    Rows are never removed: one too many finds nothing.
    """

    pk = models.CompositePrimaryKey("store", "param", "system", "hash")
    store = models.SmallIntegerField()
    param = models.IntegerField()
    system = models.IntegerField()
    hash = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "fhirstore_code"


class String(models.Model):
    """`value` is folded (case, accents, punctuation); `exact` is a hash of the text as written."""

    pk = models.CompositePrimaryKey("store", "param", "value", "rid", "exact", "valid_from")
    store = models.SmallIntegerField()
    param = models.IntegerField()
    value = models.TextField()
    rid = models.BigIntegerField()
    exact = models.BigIntegerField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()

    class Meta:
        managed = False
        db_table = "fhirstore_string"


class Reference(models.Model):
    pk = models.CompositePrimaryKey("store", "param", "target", "rid", "valid_from")
    store = models.SmallIntegerField()
    param = models.IntegerField()
    target = models.BigIntegerField()
    rid = models.BigIntegerField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()

    class Meta:
        managed = False
        db_table = "fhirstore_reference"


class Date(models.Model):
    """Half-open interval [low, high) in microseconds UTC."""

    pk = models.CompositePrimaryKey("store", "param", "low", "high", "rid", "valid_from")
    store = models.SmallIntegerField()
    param = models.IntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    rid = models.BigIntegerField()
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()

    class Meta:
        managed = False
        db_table = "fhirstore_date"
