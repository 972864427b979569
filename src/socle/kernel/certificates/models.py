"""The schema of record of the local authority."""

from django.db import models


class Authority(models.Model):
    """The certificate of an authority's key: `kid` is that of the keyring, `name` one of `igc.names.Authority`,
    `parent` the key that certifies it. A key that follows another has a certificate of its own."""

    kid = models.TextField(primary_key=True)
    name = models.TextField()
    parent = models.TextField()
    der = models.BinaryField()
    made = models.BigIntegerField()

    class Meta:
        db_table = "certificates_authority"


class Certificate(models.Model):
    """A certificate that was issued: `serial` is its number in hexadecimal, `kid` the key that signed it, `offer` one
    of `igc.profiles.Offer`, `structure` the national identification of who carries it, `name` its service or its
    server. Moments are microseconds since 1970; `reason` is why it was revoked."""

    serial = models.TextField(primary_key=True)
    kid = models.TextField()
    offer = models.TextField()
    structure = models.TextField()
    name = models.TextField()
    der = models.BinaryField()
    issued = models.BigIntegerField()
    ends = models.BigIntegerField()
    revoked = models.BigIntegerField(null=True)
    reason = models.TextField(default="", db_default="")

    class Meta:
        db_table = "certificates_certificate"
        indexes = (
            models.Index(fields=["kid", "revoked"], name="certificates_revoked"),
            models.Index(fields=["structure", "issued"], name="certificates_of_structure"),
        )
