"""Secrets of the installation. One master secret; what is used is derived from it for one purpose each."""

import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from socle.kernel.settings import settings

_BYTES = 32


class SecretMissing(RuntimeError):
    """Production was started without `SOCLE_SECRET`."""


@cache
def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF-like, one HMAC-SHA256 step over the purpose's name)."""
    return hmac.digest(_master(), purpose.encode(), sha256)


def _master() -> bytes:
    chosen = settings()
    if chosen.secret:
        return chosen.secret.encode()
    if chosen.production:
        raise SecretMissing("SOCLE_SECRET is empty; production signs with a secret that its operator holds")
    return _demo_secret(chosen.home / "secret.key")


def _demo_secret(path: Path) -> bytes:
    """Made once in the data folder, readable by its owner only. Written whole under another name, then linked: of two
    processes that make it at once, both read what the first one made."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="secret-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_bytes()
