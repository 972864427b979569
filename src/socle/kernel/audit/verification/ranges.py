"""One range of the log: documents against leaves, columns and sealed details; units as far as they lie in it.

Ranges do not need one another, so that several processes share the work. The loop over rows is the only hot part: it
compares, and what differs is explained elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

import orjson

from socle.kernel.audit.entry import COUNTED
from socle.kernel.audit.verification.documents import (
    TELLING,
    Lacking,
    Stamps,
    wrong_columns,
    wrong_sealed,
)
from socle.kernel.audit.verification.findings import (
    ENTRY_CHANGED,
    ENTRY_MISSING,
    ENTRY_UNREADABLE,
    TILE_CHANGED,
    Finding,
)
from socle.kernel.audit.verification.kinds import check_entry_kinds
from socle.kernel.audit.verification.units import Gathered, UnitRow, Units
from socle.kernel.db import Row, Session
from socle.standards.merkle import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, Frontier

RANGE = TILE_WIDTH * TILE_WIDTH
_PAGE = 8_192
_MOST_FINDINGS = 1_000
_ROWS = (
    "SELECT position, unit, facts, at, action, actor, subject, subject_sealed, actor_sealed FROM audit_entry "
    "WHERE position >= ?1 AND position < ?2 ORDER BY position"
)
_UNIT_COLUMNS = "id, at, entries, events, events_hash, combined"
# Acts that follow one another have units that do: one range of the index holds a page's, but for a few.
_NEAR = f"SELECT {_UNIT_COLUMNS} FROM audit_unit WHERE id >= ?1 AND id <= ?2 ORDER BY id LIMIT ?3"
_TOGETHER = 100
_FAR = (
    f"SELECT {_UNIT_COLUMNS} FROM audit_unit "
    f"WHERE id IN ({', '.join(f'?{number}' for number in range(1, _TOGETHER + 1))})"
)
_TILES = "SELECT number, hashes FROM audit_tile WHERE level = 0 AND number >= ?1 AND number < ?2"


@dataclass(slots=True)
class RangeFound:
    """What one range gives: `telling` are (position, document) of the entries that others are judged by; `nodes` the
    nodes of level 8 over its whole tiles."""

    entries: int = 0
    findings: list[Finding] = field(default_factory=list)
    telling: list[tuple[int, bytes]] = field(default_factory=list)
    unsealed: list[tuple[int, Lacking]] = field(default_factory=list)
    units: Units = field(default_factory=Units)
    nodes: list[bytes] = field(default_factory=list)


def check_range(
    session: Session, start: int, end: int, floor: int, telling: frozenset[str] = TELLING
) -> RangeFound:
    """Positions from `start`, a multiple of 256, to `end`; entries before `floor` were purged and have leaves only.
    Entries of the actions `telling` are given back. Of a range that holds a value of another kind, nothing else."""
    found = RangeFound(findings=list(check_entry_kinds(session, max(start, floor), end)))
    if found.findings:
        return found
    leaves: list[bytes | None] = [None] * (end - start)
    _Loop(found, leaves, start, telling).run(session, max(start, floor), end)
    _check_tiles(session, found, leaves, start, max(0, floor - start))
    del found.findings[_MOST_FINDINGS:]
    return found


class _Loop:
    def __init__(
        self, found: RangeFound, leaves: list[bytes | None], start: int, telling: frozenset[str]
    ) -> None:
        self._found, self._leaves, self._start, self._telling = found, leaves, start, telling
        self._stamps = Stamps()
        self._unit: bytes | None = None
        self._gathered = Gathered(None, 0)

    def run(self, session: Session, start: int, end: int) -> None:
        for at in range(start, end, _PAGE):
            rows = session.fetch(_ROWS, at, min(at + _PAGE, end))
            self._found.entries += len(rows)
            self._check_page(rows, _units_of(session, {row[1] for row in rows}))
        self._flush()

    def _check_page(self, rows: list[Row], units: Mapping[bytes, Row]) -> None:
        """Nothing is called here for an entry that is well, but what hashes and parses it."""
        found, leaves, start, stamps = self._found, self._leaves, self._start, self._stamps
        hashed, parse, packed, complete = sha256, orjson.loads, COUNTED.pack, 0
        wanted = self._telling
        for position, unit, facts, at, action, actor, subject, subject_sealed, actor_sealed in rows:
            leaves[position - start] = leaf = hashed(b"\x00" + facts).digest()
            try:
                document = parse(facts)
                who = document["actor"]
                said = f"{who['kind']}:{who['id']}", document["action"], document["unit"], document["at"]
                when = f"{stamps[at // 1_000_000]}{at % 1_000_000:06d}Z"
                agrees = said == (actor, action, unit.hex(), when) and document.get("subject", "") == subject
                telling = said[1] in wanted
                number = document["n"]
            except (ValueError, KeyError, TypeError, AttributeError):
                found.findings.append(Finding(ENTRY_UNREADABLE, place_of(position)))
                self._gather(unit, units.get(unit), at, -1, leaf)
                continue
            if not agrees:
                self._explain(position, document, (at, unit, action, actor, subject))
            digests: dict[str, str] = {}
            if subject_sealed is not None:
                digests["subject"] = hashed(subject_sealed).hexdigest()
            if actor_sealed is not None:
                digests["actor"] = hashed(actor_sealed).hexdigest()
            if document.get("details", {}) != digests:
                self._check_sealed(position, document, subject_sealed, actor_sealed)
            if telling:
                found.telling.append((position, facts))
            counted = units.get(unit)
            if number == 0 and counted is not None and counted[2] == 1 and counted[3] >= 0:
                # Most units have one entry.
                head = packed(counted[1], 1, counted[3])
                if hashed(b"".join((head, counted[4], leaf))).digest() == counted[5]:
                    complete += 1
                    continue
            self._gather(unit, counted, at, number, leaf)
        found.units.complete += complete

    def _gather(self, unit: bytes, counted: Row | None, at: int, number: int, leaf: bytes) -> None:
        if unit != self._unit:
            self._flush()
            self._unit, self._gathered = unit, Gathered(UnitRow(*counted[1:]) if counted else None, at)
        self._gathered.numbers.append(number)
        self._gathered.leaves.append(leaf)

    def _flush(self) -> None:
        if self._unit is not None:
            self._found.units.add(self._unit, self._gathered)
        self._unit = None

    def _explain(
        self, position: int, document: dict[str, object], row: tuple[int, bytes, str, str, str]
    ) -> None:
        at, unit, action, actor, subject = row
        said = f"{self._stamps[at // 1_000_000]}{at % 1_000_000:06d}Z"
        columns = {"at": said, "unit": unit.hex(), "action": action, "actor": actor, "subject": subject}
        self._found.findings += wrong_columns(place_of(position), document, columns)

    def _check_sealed(
        self, position: int, document: dict[str, object], subject: bytes | None, actor: bytes | None
    ) -> None:
        for wrong in wrong_sealed(place_of(position), document, (subject, actor)):
            if isinstance(wrong, Finding):
                self._found.findings.append(wrong)
            else:
                self._found.unsealed.append((position, wrong))


def _units_of(session: Session, wanted: set[bytes]) -> dict[bytes, Row]:
    """The rows of these units, by their number."""
    if not wanted:
        return {}
    near = session.fetch(_NEAR, min(wanted), max(wanted), 2 * _PAGE)
    found = {row[0]: row for row in near}
    far = [unit for unit in wanted if unit not in found]
    for at in range(0, len(far), _TOGETHER):
        group = far[at : at + _TOGETHER]
        padded = group + group[-1:] * (_TOGETHER - len(group))
        found |= {row[0]: row for row in session.fetch(_FAR, *padded)}
    return found


def _check_tiles(
    session: Session, found: RangeFound, leaves: list[bytes | None], start: int, purged: int
) -> None:
    """Leaves against the tiles of level 0, and what the whole ones make at the level above."""
    first, last = start // TILE_WIDTH, -(-(start + len(leaves)) // TILE_WIDTH)
    tiles = {number: bytes(hashes) for number, hashes in session.fetch(_TILES, first, last)}
    for number in range(first, last):
        at = number * TILE_WIDTH - start
        wanted = leaves[at : at + TILE_WIDTH]
        held = tiles.get(number, b"")
        whole_purge = at + len(wanted) <= purged and len(held) == len(wanted) * HASH_BYTES
        if not whole_purge and held != b"".join(leaf or b"" for leaf in wanted):
            _explain_tile(found, held, wanted, start + at, start + purged)
        if len(wanted) == TILE_WIDTH:
            pieces = [held[piece : piece + HASH_BYTES] for piece in range(0, len(held), HASH_BYTES)]
            made = Frontier().extend(pieces[:TILE_WIDTH])
            found.nodes.append(made[TILE_HEIGHT][0] if len(made) > TILE_HEIGHT else b"")


def _explain_tile(found: RangeFound, held: bytes, wanted: list[bytes | None], start: int, floor: int) -> None:
    if len(held) != len(wanted) * HASH_BYTES:
        found.findings.append(Finding(TILE_CHANGED, f"tile 0/{start // TILE_WIDTH}"))
    missing: list[int] = []
    for place, leaf in enumerate(wanted):
        position = start + place
        if position < floor:
            continue
        if leaf is None:
            missing.append(position)
        elif leaf != held[place * HASH_BYTES : (place + 1) * HASH_BYTES]:
            found.findings.append(Finding(ENTRY_CHANGED, place_of(position)))
    found.findings += [Finding(ENTRY_MISSING, place) for place in _spans(missing)]


def _spans(positions: list[int]) -> list[str]:
    """`entry 4`, `entries 6-9`: what follows one another is told once."""
    if not positions:
        return []
    breaks = [place for place, (one, next_one) in enumerate(pairwise(positions), 1) if next_one != one + 1]
    edges = pairwise([0, *breaks, len(positions)])
    runs = [(positions[first], positions[last - 1]) for first, last in edges]
    return [f"entry {first}" if first == last else f"entries {first}-{last}" for first, last in runs]


def place_of(position: int) -> str:
    return f"entry {position}"
