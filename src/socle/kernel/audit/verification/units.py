"""Units of work against their entries: each has the entries that it announced, in order, under one hash."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from socle.kernel.audit.entry import combined_hash
from socle.kernel.audit.verification.findings import UNIT_CHANGED, UNIT_INCOMPLETE, UNIT_MISSING, Finding


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of `audit_unit`."""

    at: int
    entries: int
    events: int
    events_hash: bytes
    combined: bytes


@dataclass(slots=True)
class Gathered:
    """Entries of one unit met so far: their numbers and leaf hashes, in the order of the trail; `row` is None when the
    unit has none. `at` is the earliest instant that an entry gives."""

    row: UnitRow | None
    at: int
    numbers: list[int] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.row is not None and len(self.leaves) >= self.row.entries

    def join(self, later: "Gathered") -> None:
        """Add what was met further on."""
        self.row = self.row or later.row
        self.at = min(self.at, later.at)
        self.numbers += later.numbers
        self.leaves += later.leaves


@dataclass(slots=True)
class Units:
    """Matches entries with their units as both are read, in any number of pieces."""

    open: dict[bytes, Gathered] = field(default_factory=dict)
    complete: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, unit: bytes, gathered: Gathered) -> None:
        """Entries of a unit that lie together."""
        met = self.open.pop(unit, None)
        if met is not None:
            met.join(gathered)
            gathered = met
        if gathered.complete:
            self._settle(unit, gathered)
        else:
            self.open[unit] = gathered

    def merge(self, later: "Units") -> None:
        """What another piece of the trail, further on, left over."""
        self.complete += later.complete
        self.findings += later.findings
        for unit, gathered in later.open.items():
            self.add(unit, gathered)

    def _settle(self, unit: bytes, gathered: Gathered) -> None:
        self.complete += 1
        row = gathered.row
        assert row is not None
        if row.entries != len(gathered.leaves):
            self.findings.append(_incomplete(unit, len(gathered.leaves), row.entries))
        elif gathered.numbers != list(range(row.entries)) or not is_whole(row, gathered.leaves):
            self.findings.append(Finding(UNIT_CHANGED, unit_place(unit)))

    def end(self, purged_before: int) -> Iterable[Finding]:
        """What is wrong with the units whose entries were not all met. Retention takes the rows of units, and entries
        up to one position: what is older than it may lack either."""
        for unit, gathered in self.open.items():
            if gathered.at < purged_before:
                continue
            if gathered.row is None:
                yield Finding(UNIT_MISSING, unit_place(unit))
            else:
                yield _incomplete(unit, len(gathered.leaves), gathered.row.entries)


def is_whole(row: UnitRow, leaves: Sequence[bytes]) -> bool:
    try:
        return combined_hash(row.at, leaves, row.events, row.events_hash) == row.combined
    except struct.error:
        # A count below zero.
        return False


def unit_place(unit: bytes) -> str:
    return f"unit {unit.hex()}"


def _incomplete(unit: bytes, found: int, told: int) -> Finding:
    return Finding(UNIT_INCOMPLETE, unit_place(unit), (("found", str(found)), ("told", str(told))))
