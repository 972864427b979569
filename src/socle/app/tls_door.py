"""The TLS door as the settings describe it."""

import ssl
from pathlib import Path

from socle.app.faults import TLS_DOOR_UNUSABLE
from socle.kernel.errors import SocleError
from socle.kernel.operation import OperationSettings
from socle.kernel.tls import server_context


def tls_context(chosen: OperationSettings) -> ssl.SSLContext | None:
    """None when no TLS port is set. Raises SocleError(TLS_DOOR_UNUSABLE) with the reason when it cannot open."""
    if not chosen.tls_port:
        return None
    if chosen.tls_certificate is None or chosen.tls_key is None:
        raise SocleError(TLS_DOOR_UNUSABLE, reason="SOCLE_TLS_CERTIFICATE, SOCLE_TLS_KEY")
    named = {"CERTIFICATE": chosen.tls_certificate, "KEY": chosen.tls_key, "CLIENT_CA": chosen.tls_client_ca}
    for name, path in named.items():
        _require_readable(name, path)
    try:
        return server_context(chosen.tls_certificate, chosen.tls_key, chosen.tls_client_ca, chosen.tls_client)
    except ValueError:
        raise SocleError(TLS_DOOR_UNUSABLE, reason="SOCLE_TLS_CLIENT_CA") from None
    except OSError as failure:
        # An ssl.SSLError is an OSError too.
        raise SocleError(TLS_DOOR_UNUSABLE, reason=str(failure)) from None


def _require_readable(name: str, path: Path | None) -> None:
    """OpenSSL says that a file is missing, not which one."""
    try:
        if path is not None:
            path.open("rb").close()
    except OSError as failure:
        raise SocleError(TLS_DOOR_UNUSABLE, reason=f"SOCLE_TLS_{name}={path}, {failure.strerror}") from None
