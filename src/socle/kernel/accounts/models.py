"""The schema of record of the accounts. Moments are microseconds since 1970 in UTC.

What says something of a person (name, address, secrets of a factor, machine of a session) is one sealed document under
the key of the agent: destroying that key erases it here and in every backup.
"""

from django.db import models


class Account(models.Model):
    """`email_key` finds an account by its address: an HMAC, because an address can be guessed from a plain hash.
    `state` is `invited`, `active` or `left`."""

    id = models.TextField(primary_key=True)
    email_key = models.BinaryField(unique=True)
    sealed = models.BinaryField()
    state = models.TextField()
    created = models.BigIntegerField()
    created_by = models.TextField()
    closed = models.BigIntegerField(null=True)

    class Meta:
        db_table = "accounts_account"


class Invitation(models.Model):
    """`digest` is the SHA-256 of the token in the link."""

    digest = models.BinaryField(primary_key=True)
    account = models.TextField(db_index=True)
    created = models.BigIntegerField()
    expires = models.BigIntegerField()
    used = models.BigIntegerField(null=True)
    created_by = models.TextField()

    class Meta:
        db_table = "accounts_invitation"


class Grant(models.Model):
    """A role held by an account, for one structure or, when empty, for the installation. `delegated` is the grant that
    this one is delegated from; `end_reason` is `revoked`, `leaver`, `delegation-ended` or `unconfirmed`."""

    id = models.TextField(primary_key=True)
    account = models.TextField(db_index=True)
    role = models.TextField()
    structure = models.TextField(db_index=True)
    begins = models.BigIntegerField()
    expires = models.BigIntegerField(null=True)
    granted_by = models.TextField()
    delegated = models.TextField(db_index=True)
    ended = models.BigIntegerField(null=True)
    ended_by = models.TextField()
    end_reason = models.TextField()
    confirmed = models.BigIntegerField(null=True)

    class Meta:
        db_table = "accounts_grant"


class Credential(models.Model):
    """`kind` is `password`, `totp`, `passkey` or `recovery`; `sealed` what proves it. `counter` is the last step whose
    code was used (RFC 6238) or the signature counter of a passkey; `digest` the SHA-256 of a recovery code."""

    id = models.TextField(primary_key=True)
    account = models.TextField(db_index=True)
    kind = models.TextField()
    sealed = models.BinaryField(null=True)
    digest = models.BinaryField(null=True)
    counter = models.BigIntegerField()
    created = models.BigIntegerField()
    used = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)

    class Meta:
        db_table = "accounts_credential"


class Session(models.Model):
    """`digest` is the SHA-256 of the token in the cookie; `structure` the one for which the person acts; `challenge`
    what a passkey signs next; `pending` the sealed secret of a factor being enrolled."""

    digest = models.BinaryField(primary_key=True)
    account = models.TextField(db_index=True)
    created = models.BigIntegerField()
    seen = models.BigIntegerField()
    expires = models.BigIntegerField()
    assurance = models.SmallIntegerField()
    second_factor = models.BigIntegerField(null=True)
    structure = models.TextField()
    sealed = models.BinaryField()
    challenge = models.BinaryField(null=True)
    pending = models.BinaryField(null=True)
    ended = models.BigIntegerField(null=True)

    class Meta:
        db_table = "accounts_session"


class Attempts(models.Model):
    """Failures in a row under a key: an HMAC of an account's address or of a machine's, with what was tried."""

    key = models.BinaryField(primary_key=True)
    failures = models.IntegerField()
    last = models.BigIntegerField()
    locked_until = models.BigIntegerField()
    day = models.IntegerField()
    lockouts = models.IntegerField()

    class Meta:
        db_table = "accounts_attempts"


class Review(models.Model):
    """A campaign over the roles of one structure (empty: the installation's); `due` is a day, ISO 8601."""

    id = models.TextField(primary_key=True)
    structure = models.TextField(db_index=True)
    opened = models.BigIntegerField()
    opened_by = models.TextField()
    due = models.TextField()
    closed = models.BigIntegerField(null=True)

    class Meta:
        db_table = "accounts_review"
