"""Sealing personal details under the key of whom they are about.

What is sealed says its own version (one byte), then a random nonce of 12 bytes, then AES-256-GCM over the document. The
subject and the place are associated data: sealed bytes do not open for another person, nor in another row.
"""

import os
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.envelopes import key_to_read, key_to_seal
from socle.kernel.keyring.faults import DAMAGED, ERASED

_VERSION, _NONCE = b"\x01", 12


def seal(unit: Unit, subject: str, place: str, document: Any) -> bytes:
    """Seal a JSON document. `subject` is an internal identifier, never a national one; `place` is where the bytes are
    kept (`audit:…`, `table:key`), and is asked again to open them. The subject's key is made at first use."""
    nonce = os.urandom(_NONCE)
    clear = orjson.dumps(document)
    cipher = AESGCM(key_to_seal(unit, subject))
    return _VERSION + nonce + cipher.encrypt(nonce, clear, _bound(subject, place))


def unseal(session: Session, subject: str, place: str, sealed: bytes) -> Any:
    """The document that was sealed. Raises SocleError: ERASED when the subject's key is gone, DAMAGED when the bytes
    are not what `seal` made for this subject and place."""
    key = key_to_read(session, subject)
    if key is None:
        raise SocleError(ERASED)
    sealed = bytes(sealed)
    head = len(_VERSION) + _NONCE
    try:
        if sealed[: len(_VERSION)] != _VERSION:
            raise InvalidTag
        clear = AESGCM(key).decrypt(sealed[len(_VERSION) : head], sealed[head:], _bound(subject, place))
    except (InvalidTag, ValueError):
        raise SocleError(DAMAGED, place=place) from None
    return orjson.loads(clear)


def _bound(subject: str, place: str) -> bytes:
    """The length tells where the subject ends: no other pair has these bytes."""
    name = subject.encode()
    return _VERSION + len(name).to_bytes(4, "big") + name + place.encode()
