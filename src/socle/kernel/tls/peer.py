"""Who is at the other end of a TLS connection, in the ASGI scope.

The extension is that of the ASGI specification («TLS Extension», version 0.2): `scope["extensions"]["tls"]` with
`server_cert`, `client_cert_chain` (PEM, the client's own certificate first), `client_cert_name` (RFC 4514),
`client_cert_error`, `tls_version` and `cipher_suite` (the numbers of RFC 8446 and of the IANA registry).
"""

import binascii
import ssl
from base64 import b64decode
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from socle.kernel.errors import SocleError, kind

CERTIFICATE_UNREADABLE = kind(
    "certificate-unreadable",
    400,
    fr="L’en-tête {header} ne contient pas un certificat entre deux-points, en DER puis en base 64.",
    en="The header {header} does not hold a certificate between colons, in DER then in base 64.",
    rule="RFC 9440 §2.1",
    fhir="security",
)
_VERSIONS = {"TLSv1.2": 0x0303, "TLSv1.3": 0x0304}
_KEPT = 256

Scope = MutableMapping[str, Any]
Extension = dict[Any, Any]


def peer_certificate(scope: Scope) -> x509.Certificate | None:
    """The client's certificate, checked against the accepted authorities by this process or by a listed proxy; None
    when there is none."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    return _loaded(chain[0]) if chain else None


@lru_cache(maxsize=_KEPT)
def _loaded(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def extension_of(connection: ssl.SSLObject | ssl.SSLSocket) -> Extension:
    """What a finished handshake says; `server_cert` is left to the door, whose file it is."""
    cipher = connection.cipher()
    leaf = connection.getpeercert(binary_form=True)
    return _extension(
        [ssl.DER_cert_to_PEM_cert(leaf)] if leaf else [],
        tls_version=_VERSIONS.get(connection.version() or ""),
        cipher_suite=_suites(connection.context).get(cipher[0]) if cipher else None,
    )


@lru_cache(maxsize=8)
def _suites(context: ssl.SSLContext) -> dict[str, int]:
    """Number of each suite of the context by name: OpenSSL keeps it in the low sixteen bits."""
    return {suite["name"]: suite["id"] & 0xFFFF for suite in context.get_ciphers()}


def presented_by_proxy(client_cert: bytes, chain: bytes = b"") -> Extension:
    """What a proxy says of its client (RFC 9440): `Client-Cert`, one byte sequence of structured fields holding DER;
    `Client-Cert-Chain`, a list of them, the client's own not included. Raises SocleError(CERTIFICATE_UNREADABLE)."""
    certificates = [_from_item(client_cert, "Client-Cert")]
    certificates += [_from_item(item, "Client-Cert-Chain") for item in chain.split(b",") if chain.strip()]
    return _extension([one.public_bytes(Encoding.PEM).decode() for one in certificates])


def _from_item(item: bytes, header: str) -> x509.Certificate:
    text = item.strip(b" \t")
    if len(text) < 2 or not text.startswith(b":") or not text.endswith(b":"):
        raise SocleError(CERTIFICATE_UNREADABLE, header=header)
    try:
        return x509.load_der_x509_certificate(b64decode(text[1:-1], validate=True))
    except (ValueError, binascii.Error):
        raise SocleError(CERTIFICATE_UNREADABLE, header=header) from None


def _extension(chain: list[str], **more: int | None) -> Extension:
    return {
        "server_cert": None,
        "client_cert_chain": tuple(chain),
        "client_cert_name": _loaded(chain[0]).subject.rfc4514_string() if chain else None,
        "client_cert_error": None,
        "tls_version": None,
        "cipher_suite": None,
        **more,
    }
