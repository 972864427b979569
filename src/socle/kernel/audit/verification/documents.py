"""One entry against its own document: columns and sealed details."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from socle.kernel.audit.entry import stamp
from socle.kernel.audit.introductions import INTRODUCING
from socle.kernel.audit.verification.findings import ENTRY_COLUMN, SEALED_CHANGED, Finding
from socle.kernel.audit.vouching import BOUNDARIES, REMOVING

PARTS = ("subject", "actor")
# Entries that verification itself needs to know, wherever they are: erasures and purges, keys, clocks.
TELLING = REMOVING | BOUNDARIES | INTRODUCING | {"clock.set-back"}
_SECONDS_KEPT = 10_000


class Lacking(NamedTuple):
    """Details that are not there: which part of the entry, and the subject whose erasure would explain it."""

    part: str
    subject: str


class Stamps(dict[int, str]):
    """The instant of each second as `stamp` writes it, without the fraction: entries come many a second."""

    def __missing__(self, second: int) -> str:
        if len(self) > _SECONDS_KEPT:
            self.clear()
        try:
            start = stamp(second * 1_000_000)[: -len("000000Z")]
        except OverflowError:
            start = "beyond any calendar"
        self[second] = start
        return start


def read(facts: bytes) -> dict[str, Any] | None:
    """The document, when it has the shape of an entry's; None otherwise."""
    try:
        document = orjson.loads(facts)
        actor = document["actor"]
        texts = (document["at"], document["unit"], document["action"], actor["kind"], actor["id"])
        number = document["n"]
    except (ValueError, KeyError, TypeError):
        return None
    details = document.get("details", {})
    sound = all(isinstance(text, str) for text in texts) and type(number) is int and isinstance(details, dict)
    return document if sound else None


def wrong_columns(place: str, document: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[Finding]:
    """`columns` are what the row says, by column, as texts."""
    actor = document["actor"]
    told = {
        "at": document["at"],
        "unit": document["unit"],
        "number": str(document["n"]),
        "action": document["action"],
        "actor": f"{actor['kind']}:{actor['id']}",
        "subject": document.get("subject", ""),
    }
    for column, said in columns.items():
        if said != told[column]:
            yield Finding(ENTRY_COLUMN, place, (("column", column),))


def whose(document: Mapping[str, Any], part: str) -> str:
    """Under whose key the details of this part are sealed."""
    actor = document["actor"]
    return str(document.get("subject", "")) if part == "subject" else f"{actor['kind']}:{actor['id']}"


def wrong_sealed(
    place: str, document: Mapping[str, Any], sealed: tuple[bytes | None, bytes | None]
) -> Iterator[Finding | Lacking]:
    """Each part that differs from its digest, and each that lacks."""
    digests = document.get("details", {})
    if not isinstance(digests, dict):
        digests = {"document": digests}
    for part, held in zip(PARTS, sealed, strict=True):
        digest = digests.get(part)
        if held is None and digest is not None:
            yield Lacking(part, whose(document, part))
        elif held is not None and sha256(held).hexdigest() != digest:
            yield Finding(SEALED_CHANGED, place, (("part", part),))
    if digests.keys() - set(PARTS):
        yield Finding(SEALED_CHANGED, place, (("part", ", ".join(digests.keys() - set(PARTS))),))
