"""Where a webhook may lead: public addresses, and others only when the operator allows it.

A name is resolved once, every address it has is judged, and the connection goes to one that was judged: a name that
changes between the check and the connection (DNS rebinding) gains nothing.
"""

import asyncio
import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
_LONGEST_URL = 2_000
# RFC 6052 §2.1: an IPv4 address in the last 32 bits. RFC 8215: the same for networks of one's own.
_NAT64, _NAT64_LOCAL = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
# RFC 6890: public by its number, but never of a host of the Internet.
_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv4Network("240.0.0.0/4"))
# Where providers of machines (Azure, AWS, Alibaba Cloud) keep their metadata, though the number is not link-local.
_METADATA = frozenset(map(ip_address, ("168.63.129.16", "fd00:ec2::254", "100.100.100.200")))
# RFC 1123 §2.1 and RFC 1035 §2.3.4, with the underscore that names inside a network have.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\.?$){_LABEL}(?:\.{_LABEL})*\.?", re.IGNORECASE)
# RFC 3986 §3.2.2: what ends with a number is an IPv4 address, or nothing.
_NUMBERED = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)


class AddressRefused(Exception):
    """The address must not be connected to. The text names it, for the operator."""


class UrlRefused(ValueError):
    """Not the address of a webhook; `fr` and `en` say why."""

    def __init__(self, fr: str, en: str) -> None:
        self.fr, self.en = fr, en
        super().__init__(en)


def is_allowed(address: Address, *, private: bool) -> bool:
    """Whether a webhook may be sent to this address. `private` opens private networks and this machine; neither
    link-local addresses (where machines of providers find their metadata), nor groups, nor no address at all."""
    address = _inner(address)
    if address.is_multicast or address.is_unspecified or address.is_link_local or address in _METADATA:
        return False
    return private or _is_public(address)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _SPECIAL)
    return address.is_global and not address.is_site_local and address not in _NAT64_LOCAL


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64, Teredo), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def checked_url(url: str, *, private: bool, plain: bool) -> SplitResult:
    """The parts of a webhook's address. `plain` admits http. Raises UrlRefused."""
    if (
        len(url) > _LONGEST_URL
        or not url.isascii()
        or any(ord(sign) <= 0x20 or ord(sign) == 0x7F for sign in url)
    ):
        raise UrlRefused(
            "trop longue, ou des signes qui n’y ont pas leur place", "too long, or signs out of place"
        )
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UrlRefused("elle ne se lit pas", "it cannot be read") from None
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        raise UrlRefused("elle n’est pas en https", "it is not https")
    if not host or parts.username is not None or parts.fragment:
        raise UrlRefused(
            "pas d’hôte, ou des identifiants, ou un fragment", "no host, or credentials, or a fragment"
        )
    literal = _literal(host)
    if literal is None and not _is_name(host):
        raise UrlRefused(
            "son hôte n’est ni une adresse IP ni un nom, fait de parties de 1 à 63 lettres, chiffres ou tirets "
            "séparées par des points",
            "its host is neither an IP address nor a name, made of parts of 1 to 63 letters, digits or hyphens "
            "separated by dots",
        )
    if literal is not None and not is_allowed(literal, private=private):
        raise UrlRefused("elle mène à un réseau privé", "it leads to a private network")
    return parts


def _is_name(host: str) -> bool:
    """Whether this can be asked of the DNS: an ASCII name, not a number."""
    return _NAME.fullmatch(host) is not None and _NUMBERED.fullmatch(host) is None


def _literal(host: str) -> Address | None:
    try:
        # The zone of an address is a matter of one machine: a host with one is no literal.
        return ip_address(host) if "%" not in host else None
    except ValueError:
        return None


async def resolved(host: str, port: int, *, private: bool) -> str:
    """The address to connect to. Raises AddressRefused when one address of the host is not allowed, OSError when the
    host has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    for address in addresses:
        if not is_allowed(address, private=private):
            raise AddressRefused(f"{host} leads to {address}")
    if not addresses:
        raise OSError(f"{host} has no address")
    return str(addresses[0])
