"""The trail as one file of JSON lines, for who checks it without this program (docs/verify_trail.py).

A first line says what follows; then the heads, in order; then one line an entry, with its document as text, or its leaf
alone where retention removed the entry; last, the entries that wait for their head, of which one may say what retention
removed. Sealed details stay in the database.
"""

import base64
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import orjson

from socle.kernel.audit.heads import read_note
from socle.kernel.audit.introductions import listed_keys
from socle.kernel.audit.proofs import covering_head
from socle.kernel.audit.succession import successions
from socle.kernel.audit.tiles import read_tile
from socle.kernel.audit.verification.heads import head_rows
from socle.kernel.audit.verification.inbox import FIRST
from socle.kernel.db import Session
from socle.standards.merkle import HASH_BYTES, TILE_WIDTH

FORMAT = "socle-audit-trail-1"
_PAGE = 5_000
_ENTRIES = "SELECT position, facts FROM audit_entry WHERE position >= ?1 ORDER BY position LIMIT ?2"
_WAITING = "SELECT seq, facts FROM audit_inbox WHERE seq > ?1 ORDER BY seq LIMIT ?2"
_FIRST = "SELECT min(position) FROM audit_entry WHERE position >= 0"
Progress = Callable[[int, int], None]


def export_lines(session: Session, progress: Progress = lambda done, total: None) -> Iterator[bytes]:
    """Each line with its line feed. Raises SocleError(NO_HEAD) when there is nothing to export."""
    head = covering_head(session)
    row = session.fetch_one(_FIRST)
    floor = min(row[0] if row and row[0] is not None else head.size, head.size)
    keys = sorted((position, key.hex()) for key, position in listed_keys(session).items())
    yield _line(
        format=FORMAT,
        origin=read_note(head.checkpoint).origin,
        size=head.size,
        floor=floor,
        keys=[{"public": key, "position": position} for position, key in keys],
        successions=[
            {
                "public": one.public.hex(),
                "predecessor": one.predecessor.hex(),
                "signature": one.signature.hex(),
            }
            for one in successions(session)
        ],
    )
    for one in head_rows(session):
        yield _line(checkpoint=one.checkpoint, signer=one.signer.hex())
    for position, leaf in enumerate(islice(_leaves(session), floor)):
        yield _line(position=position, leaf=leaf.hex())
    yield from _entries(session, floor, head.size, progress)
    yield from _waiting(session)


def _entries(session: Session, floor: int, size: int, progress: Progress) -> Iterator[bytes]:
    """The entries that are there: a hole is for the reader to find."""
    start = floor
    while rows := session.fetch(_ENTRIES, start, _PAGE):
        for position, facts in rows:
            if position < size:
                yield _entry(position, bytes(facts))
        start = rows[-1][0] + 1
        progress(min(start, size), size)


def _waiting(session: Session) -> Iterator[bytes]:
    """In the order in which they will be logged."""
    after, number = FIRST, 0
    while rows := session.fetch(_WAITING, after, _PAGE):
        for place, (_, facts) in enumerate(rows, number):
            yield _line(waiting=place, **_document(bytes(facts)))
        after, number = rows[-1][0], number + len(rows)


def _entry(position: int, facts: bytes) -> bytes:
    return _line(position=position, **_document(facts))


def _document(facts: bytes) -> dict[str, str]:
    try:
        return {"facts": facts.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(facts).decode()}


def _leaves(session: Session) -> Iterator[bytes]:
    number = 0
    while tile := read_tile(session, 0, number):
        for at in range(0, TILE_WIDTH * HASH_BYTES, HASH_BYTES):
            yield tile[at : at + HASH_BYTES]
        number += 1


def _line(**members: Any) -> bytes:
    return orjson.dumps(members) + b"\n"
