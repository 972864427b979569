"""What a proxy in front says of its client, believed when the proxy is listed and never otherwise.

A listed proxy tells the client's address and scheme (`X-Forwarded-For`, `X-Forwarded-Proto`) and the certificate that
it checked (RFC 9440). It must remove these headers from what it receives. From anybody else the first two mean nothing;
a certificate in a header is refused on the plain port, where it can only be a forgery or a proxy that was not listed,
and dropped on the TLS port, where the handshake decides.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from socle.kernel.edge.replies import Header, header
from socle.kernel.errors import SocleError, kind
from socle.kernel.tls.peer import presented_by_proxy

PROXY_NOT_LISTED = kind(
    "proxy-not-listed",
    400,
    fr="L’en-tête Client-Cert vient de {address}, qui n’est pas un des mandataires configurés (SOCLE_PROXIES).",
    en="The header Client-Cert comes from {address}, which is not one of the configured proxies (SOCLE_PROXIES).",
    rule="RFC 9440 §4",
    fhir="security",
)
CERTIFICATE_HEADERS = frozenset((b"client-cert", b"client-cert-chain"))
Network = IPv4Network | IPv6Network
Scope = Any


class Proxies:
    """True when some are listed."""

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = tuple(networks)
        self.trusts = lru_cache(maxsize=1024)(self._trusts)

    def __bool__(self) -> bool:
        return bool(self._networks)

    def _trusts(self, address: str) -> bool:
        """Whether this address (not a name) is one of the listed; an IPv4 address written in IPv6 is the IPv4 one."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        return any(found in network for network in self._networks)

    def read(self, scope: Scope) -> Scope:
        """The scope as doors see it: client and scheme as a listed proxy says, no certificate header left.

        Raises SocleError(PROXY_NOT_LISTED) or, on a header that holds no certificate, CERTIFICATE_UNREADABLE.
        """
        sender = (scope.get("client") or ("", 0))[0]
        headers: list[Header] = scope["headers"]
        certified = any(name in CERTIFICATE_HEADERS for name, _ in headers)
        kept = [pair for pair in headers if pair[0] not in CERTIFICATE_HEADERS] if certified else headers
        if not self.trusts(sender):
            if certified and scope.get("scheme") != "https":
                raise SocleError(PROXY_NOT_LISTED, address=sender or "?")
            return {**scope, "headers": kept}
        # Without a certificate header, its client has none: the connection's own would be the proxy's.
        others = {name: value for name, value in scope.get("extensions", {}).items() if name != "tls"}
        if certified:
            others["tls"] = presented_by_proxy(
                header(headers, b"client-cert"), header(headers, b"client-cert-chain")
            )
        return {**scope, "headers": kept, "extensions": others, **self._forwarded(sender, headers)}

    def _forwarded(self, sender: str, headers: list[Header]) -> dict[str, Any]:
        told = ",".join(value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for")
        said: dict[str, Any] = {"client": (self.client(sender, told), 0)}
        if (scheme := header(headers, b"x-forwarded-proto").decode("latin-1")) in ("http", "https"):
            said["scheme"] = scheme
        return said

    def client(self, sender: str, forwarded_for: str) -> str:
        """The address nearest to us that is not a listed proxy; what stands further left was written by it, and proves
        nothing."""
        address = sender
        for one in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
            if not self.trusts(address):
                break
            try:
                address = str(ip_address(one))
            except ValueError:
                break
        return address
