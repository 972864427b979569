"""What proves a key file: a MAC on each row, and on what it says of itself with how many rows each table has and which.

A file of the first format has the MAC of each row alone, HMAC-SHA-256: a row that is taken out is not missed. In the
second, HMAC-SHA-512 gives each row 64 bytes: 32 stand beside it, 32 are its share in the sum of its table, modulo
2^256. An erasure changes the sum without reading the other rows. The sums stand encrypted, AES-256-GCM, bound to the
rest of `about`: who cannot see them cannot look for other rows that make the same sum. A row of one format is none in
the other, so that a file of the second is not passed off as one of the first.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256, sha512

from socle.kernel.db import Row
from socle.kernel.errors import SocleError
from socle.kernel.keys import KEY_DAMAGED, Master

FIRST, SECOND = "1", "2"
PROOF = "proof"
_PURPOSES = {FIRST: ("key-file", sha256), SECOND: ("key-file-2", sha512)}
_SEALED_FOR = "key-file-proof"
_MAC_BYTES = 32
_MODULUS = 1 << 256


class Prover:
    """The MAC and the share of rows, under one master and in one format."""

    def __init__(self, master: Master, format: str) -> None:
        purpose, self._hash = _PURPOSES[format]
        self._key = master.key(purpose)

    def prove(self, table: str, row: Row) -> tuple[bytes, int]:
        """The MAC of all that the row says, and its share, which is 0 in the first format. Values are texts, bytes,
        integers and None, whose Python form is unambiguous."""
        said = repr((table, *(bytes(value) if isinstance(value, memoryview) else value for value in row)))
        digest = hmac.digest(self._key, said.encode(), self._hash)
        return digest[:_MAC_BYTES], int.from_bytes(digest[_MAC_BYTES:])


@dataclass(slots=True)
class Sums:
    """How many rows each table has, and the sum of their shares."""

    tables: dict[str, list[int]] = field(default_factory=dict)

    def begin(self, table: str) -> None:
        """A table without rows counts too."""
        self.tables.setdefault(table, [0, 0])

    def add(self, table: str, share: int) -> None:
        self._change(table, 1, share)

    def take(self, table: str, share: int) -> None:
        self._change(table, -1, -share)

    def _change(self, table: str, rows: int, share: int) -> None:
        count, total = self.tables.get(table, (0, 0))
        self.tables[table] = [count + rows, (total + share) % _MODULUS]

    def sealed(self, about: Mapping[str, str], master: Master) -> str:
        """As they stand in `about`, bound to what else it says."""
        return master.wrap(_SEALED_FOR, _said(about), json.dumps(self.tables).encode()).hex()

    @classmethod
    def opened(cls, about: Mapping[str, str], master: Master) -> "Sums":
        """Raises SocleError(KEY_DAMAGED) when anything in `about` is not as it was written, ValueError when the proof
        is not in hexadecimal."""
        sealed = bytes.fromhex(about.get(PROOF, ""))
        try:
            return cls(json.loads(master.unwrap(_SEALED_FOR, _said(about), sealed)))
        except SocleError:
            # Named by what it is rather than by all that it is bound to.
            raise SocleError(KEY_DAMAGED, name=PROOF, master=master.id) from None


def _said(about: Mapping[str, str]) -> str:
    return repr(sorted(item for item in about.items() if item[0] != PROOF))
