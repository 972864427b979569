"""What the TLS door accepts: protocol versions, cipher suites, client certificates."""

import ssl
from pathlib import Path
from typing import Literal

Client = Literal["required", "optional", "none"]
_VERIFY: dict[Client, ssl.VerifyMode] = {
    "required": ssl.CERT_REQUIRED,
    "optional": ssl.CERT_OPTIONAL,
    "none": ssl.CERT_NONE,
}
# ANSSI, «Recommandations de sécurité relatives à TLS» v1.2 (R3, R5 to R10): TLS 1.2 only with an ephemeral exchange and
# authenticated encryption; TLS 1.3 has nothing else.
CIPHERS_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK:!SRP"


def server_context(certificate: Path, key: Path, client_ca: Path | None, client: Client) -> ssl.SSLContext:
    """TLS 1.2 or 1.3, and client certificates from the authorities of `client_ca` (PEM) only.

    Raises OSError when a file cannot be read, ssl.SSLError when it does not hold what it should, ValueError when
    certificates are asked for and no authority is named: the system's own authorities vouch for web sites, not for
    who may enter here.
    """
    if client != "none" and client_ca is None:
        raise ValueError("client certificates are asked for, and no authority is named")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS_1_2)
    # A resumed session would skip the check of the client's certificate, which may have expired meanwhile.
    context.options |= (
        ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
    )
    context.num_tickets = 0
    context.load_cert_chain(certificate, key)
    if client_ca is not None:
        context.load_verify_locations(cafile=client_ca)
    context.verify_mode = _VERIFY[client]
    # Strict: an authority without the extensions of RFC 5280 is none.
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context
