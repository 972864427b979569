"""No test leaves the machine: the interpreter itself refuses.

An audit hook sees every connection and every name look-up that Python code makes in this process, through
whatever library, and the code under test cannot undo it. Loopback and Unix sockets stay open.
"""

import ipaddress
import sys
from typing import Any

_LOCAL_NAMES = frozenset({"", "localhost", "ip6-localhost"})


class NetworkRefused(BaseException):
    """A test tried to reach something else than this machine.

    Not an `Exception`: code that survives a dead network would otherwise hide the attempt.
    """


def is_local(host: object) -> bool:
    """Whether an address or a name, as given to the socket module, designates this machine."""
    if host is None:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    if text.lower() in _LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_foreign(event: str, arguments: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        # Unix sockets have a path for an address, and a datagram on a connected socket has none.
        if isinstance(address, tuple) and not is_local(address[0]):
            raise NetworkRefused(f"{event} to {address[0]}:{address[1]}: tests stay on this machine")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not is_local(arguments[0]):
        raise NetworkRefused(f"{event} of {arguments[0]!r}: tests stay on this machine")


_closed: list[bool] = []


def close_network() -> None:
    """Refuse every connection that leaves the machine, for the rest of this process."""
    if not _closed:
        _closed.append(True)
        sys.addaudithook(_refuse_foreign)
