"""The keyring's tables. They are created by engine-specific SQL; Django knows them for migrations only."""

from django.db import models


class Envelope(models.Model):
    """The key of one subject (an internal identifier such as `record:…`), wrapped under the master key `master`.
    `created` is in microseconds UTC."""

    subject = models.TextField(primary_key=True)
    wrapped = models.BinaryField()
    master = models.TextField()
    created = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "keyring_envelope"


class Signing(models.Model):
    """A key that signs for one purpose: announced, active, retired, removed, each with its instant (microseconds UTC).

    `public` is a SubjectPublicKeyInfo (DER, RFC 5280); `sealed` the private key (PKCS #8), wrapped under the master key
    `master`, and destroyed when the key is retired.
    """

    kid = models.TextField(primary_key=True)
    purpose = models.TextField()
    algorithm = models.TextField()
    state = models.TextField()
    public = models.BinaryField()
    sealed = models.BinaryField(null=True)
    master = models.TextField()
    announced = models.BigIntegerField()
    activated = models.BigIntegerField(null=True)
    retired = models.BigIntegerField(null=True)
    removed = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "keyring_signing"


class Succession(models.Model):
    """That the key `predecessor` signed for the key `public` (32 bytes each) when it was announced in its place."""

    kid = models.TextField(primary_key=True)
    public = models.BinaryField()
    predecessor = models.BinaryField()
    signature = models.BinaryField()
    at = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "keyring_succession"


class Erasure(models.Model):
    """That a subject was erased, and when: what a restored backup must forget again. `subject_hash` is the SHA-256 of
    the subject's identifier in hexadecimal; the identifier itself is wrapped under the master key."""

    subject_hash = models.TextField(primary_key=True)
    wrapped = models.BinaryField()
    master = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "keyring_erasure"
