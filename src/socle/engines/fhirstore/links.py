"""Signed page links: all a next page needs travels in the link, and nothing in the server's memory.

A link holds the query, the transaction its search sees, the last key, the direction, the total and when the search
began; HMAC-SHA256 over it keeps it from being made up. All the links of a search live until 24 hours after it began:
what its transaction sees is not kept for ever.
"""

import base64
import binascii
import hmac
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal
from urllib.parse import urlencode

import orjson

from socle.engines.fhirstore.faults import PAGE_EXPIRED, PAGE_FORGED
from socle.kernel.clock import now_micros
from socle.kernel.errors import SocleError

LIFETIME_HOURS: Final = 24
_LIFETIME: Final = LIFETIME_HOURS * 3600 * 1_000_000
_MAC_BYTES: Final = 16

Direction = Literal["next", "previous"]


@dataclass(frozen=True, slots=True)
class PageLink:
    """`pairs` is the query as understood; `key` the resource number from which the page goes on, not included; `began`
    (microseconds UTC) when the first page was asked for."""

    store: str
    type: str
    pairs: tuple[tuple[str, str], ...]
    transaction: int
    key: int
    direction: Direction
    total: int | None
    began: int


def seal(link: PageLink, key: bytes) -> str:
    content = orjson.dumps(
        [
            link.store,
            link.type,
            link.pairs,
            link.transaction,
            link.key,
            link.direction,
            link.total,
            link.began,
        ]
    )
    packed = zlib.compress(content, 9)
    return base64.urlsafe_b64encode(_mac(packed, key) + packed).rstrip(b"=").decode()


def unseal(token: str, key: bytes, *, store: str, restart: str) -> PageLink:
    """Raises SocleError: PAGE_FORGED when the link was not made here for this store, PAGE_EXPIRED after its life.

    `restart` is the base address that the expired link's query is shown with.
    """
    content = _authentic(token, key)
    fields = orjson.loads(content)
    link = PageLink(fields[0], fields[1], tuple((name, value) for name, value in fields[2]), *fields[3:])
    if link.store != store:
        raise SocleError(PAGE_FORGED)
    if now_micros() - link.began > _LIFETIME:
        raise SocleError(
            PAGE_EXPIRED, hours=LIFETIME_HOURS, start=f"{restart}/{link.type}?{urlencode(link.pairs)}"
        )
    return link


def _authentic(token: str, key: bytes) -> bytes:
    if not token.isascii():
        raise SocleError(PAGE_FORGED)
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SocleError(PAGE_FORGED) from None
    mac, packed = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(packed, key)):
        raise SocleError(PAGE_FORGED)
    return zlib.decompress(packed)


def _mac(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, content, sha256)[:_MAC_BYTES]
