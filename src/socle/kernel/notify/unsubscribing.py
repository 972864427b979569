"""The link of a mail that stops such mails without signing in (RFC 8058): what it is about, and its signature.

The link says an account, a channel and the kinds that the mail carried. It is signed under a key of the installation,
it does one harmless thing, and so it has no end: who finds an old mail may still stop the mails.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from socle.kernel.errors import SocleError
from socle.kernel.keys import authenticated, masters
from socle.kernel.notify.faults import LINK_REFUSED
from socle.kernel.notify.kinds import Channel

PATH = "/notifications/desabonnement"
_PURPOSE = "notify.unsubscribe"
_SIGNATURE_BYTES = 16
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one mail was sent for."""

    account: str
    channel: Channel
    kinds: tuple[str, ...]

    @property
    def written(self) -> str:
        return f"{self.account}~{self.channel.value}~{','.join(self.kinds)}"


def link(account: str, channel: Channel, kinds: Sequence[str]) -> str:
    """The path and query of the page that stops these mails. The token stands in the query, which no log keeps."""
    written = Subscription(account, channel, tuple(sorted(set(kinds)))).written
    return f"{PATH}?jeton={written}~{_signature(written).hex()}"


def read_link(token: str) -> Subscription:
    """What a link is about. Raises SocleError(LINK_REFUSED) for one that was not made here, or was changed."""
    written, _, signature = token[:_LONGEST].rpartition("~")
    parts = written.split("~")
    signed = [_signature(written, place).hex() for place in range(len(masters()))]
    if len(parts) != 3 or not any(hmac.compare_digest(one.encode(), signature.encode()) for one in signed):
        raise SocleError(LINK_REFUSED)
    account, channel, kinds = parts
    return Subscription(account, Channel(channel), tuple(kinds.split(",")))


def _signature(written: str, master: int = 0) -> bytes:
    """Under the present master, or the one before it."""
    return authenticated(_PURPOSE, written.encode(), masters()[master])[:_SIGNATURE_BYTES]
