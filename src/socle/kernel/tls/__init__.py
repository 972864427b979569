"""The TLS door: who came with which certificate, however they came.

Several French health protocols authenticate the caller by a client certificate. It reaches a door in one way only,
`peer_certificate(scope)`, whether this process ended the TLS connection or a proxy of ours did (ADR 0012).
"""

from socle.kernel.tls.context import server_context
from socle.kernel.tls.peer import CERTIFICATE_UNREADABLE, peer_certificate, presented_by_proxy

__all__ = [
    "CERTIFICATE_UNREADABLE",
    "peer_certificate",
    "presented_by_proxy",
    "server_context",
]
