"""Secrets of the installation. One master secret, held by its operator; what is used is derived from it, one key a
purpose, or is random and wrapped under a derived one.

While the master changes, `SOCLE_SECRET_PREVIOUS` holds the one before: what was wrapped under it can still be read.
"""

import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from socle.kernel.errors import SocleError, kind
from socle.kernel.files import private_folder
from socle.kernel.settings import settings

_BYTES, _NONCE, _ID_BYTES = 32, 12, 8
MASTER_UNKNOWN = kind(
    "master-key-unknown",
    500,
    fr="Ces clés sont protégées par une autre clé maîtresse ({master}) que celles que ce processus tient ({held}). "
    "Donnez l’ancienne dans SOCLE_SECRET_PREVIOUS.",
    en="These keys are wrapped under another master key ({master}) than those that this process holds ({held}). "
    "Give the earlier one in SOCLE_SECRET_PREVIOUS.",
    rule="SOCLE_SECRET, SOCLE_SECRET_PREVIOUS",
    fhir="exception",
)
KEY_DAMAGED = kind(
    "key-damaged",
    500,
    fr="La clé « {name} » est abîmée : elle ne s’ouvre pas sous la clé maîtresse {master}. Restaurez le fichier des "
    "clés.",
    en="The key “{name}” is damaged: it does not open under the master key {master}. Restore the key file.",
    rule="NIST SP 800-38D",
    fhir="exception",
)


class SecretMissing(RuntimeError):
    """Production was started without `SOCLE_SECRET`."""


@dataclass(frozen=True, slots=True)
class Master:
    """One master secret. `id` names it without saying anything of it: 16 hexadecimal digits."""

    id: str
    secret: bytes = field(repr=False)

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF with SHA-256, RFC 5869; the purpose is its `info`)."""
        return HKDF(SHA256(), _BYTES, salt=b"socle", info=purpose.encode()).derive(self.secret)

    def wrap(self, purpose: str, name: str, secret: bytes) -> bytes:
        """A secret encrypted under this master for one purpose, bound to the name it is kept under: 12 bytes of
        nonce, then AES-256-GCM."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher(purpose).encrypt(nonce, secret, name.encode())

    def unwrap(self, purpose: str, name: str, wrapped: bytes) -> bytes:
        """Raises SocleError(KEY_DAMAGED) for what `wrap` did not make, or made under another name."""
        try:
            return self._cipher(purpose).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], name.encode())
        except (InvalidTag, ValueError):
            raise SocleError(KEY_DAMAGED, name=name, master=self.id) from None

    def _cipher(self, purpose: str) -> AESGCM:
        return AESGCM(_wrapping_key(self, purpose))


@cache
def _wrapping_key(master: Master, purpose: str) -> bytes:
    return master.key(f"wrap:{purpose}")


@cache
def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, from the present master."""
    return current_master().key(purpose)


def current_master() -> Master:
    return masters()[0]


def masters() -> tuple[Master, ...]:
    """The present master, then the one before it when the settings hold one."""
    previous = settings().secret_previous
    secrets_held = [_master_secret(), *([previous.encode()] if previous else [])]
    return tuple(_named(secret) for secret in secrets_held)


def master_named(id: str) -> Master:
    """SocleError(MASTER_UNKNOWN) when this process does not hold it."""
    held = masters()
    for master in held:
        if hmac.compare_digest(master.id, id):
            return master
    raise SocleError(MASTER_UNKNOWN, master=id, held=", ".join(master.id for master in held))


@cache
def _named(secret: bytes) -> Master:
    return Master(Master("", secret).key("master-id")[:_ID_BYTES].hex(), secret)


def authenticated(purpose: str, data: bytes, master: Master | None = None) -> bytes:
    """The HMAC-SHA-256 of data under the key of a purpose; compare with `hmac.compare_digest`."""
    return hmac.digest((master or current_master()).key(purpose), data, sha256)


def _master_secret() -> bytes:
    chosen = settings()
    if chosen.secret:
        return chosen.secret.encode()
    if chosen.production:
        raise SecretMissing("SOCLE_SECRET is empty; production signs with a secret that its operator holds")
    return _held_demo_secret(chosen.home / "secret.key")


def _demo_secret(path: Path) -> bytes:
    """Made once in the data folder, readable by its owner only. Written whole under another name, then linked: of two
    processes that make it at once, both read what the first one made."""
    if not path.exists():
        private_folder(path.parent)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="secret-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_bytes()


_held_demo_secret = cache(_demo_secret)
