"""The whole verification, in one state of the database."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from socle.kernel.audit.heads import parse_head
from socle.kernel.audit.health import Backlog, backlog
from socle.kernel.audit.introductions import listed_keys
from socle.kernel.audit.succession import ancestors, successions
from socle.kernel.audit.tiles import tile_tree
from socle.kernel.audit.verification.effects import Effects, check_effects
from socle.kernel.audit.verification.events import check_events, check_units
from socle.kernel.audit.verification.findings import (
    ENTRY_BEYOND,
    ENTRY_MISSING,
    HEAD_MISSING,
    PURGE_UNTOLD,
    SEALED_MISSING,
    VALUE_KIND,
    Finding,
)
from socle.kernel.audit.verification.heads import Heads, check_foreign, check_keys, head_rows
from socle.kernel.audit.verification.inbox import check_inbox
from socle.kernel.audit.verification.kinds import check_kinds
from socle.kernel.audit.verification.ranges import RANGE, RangeFound, check_range, place_of
from socle.kernel.audit.verification.telling import Purge, Told
from socle.kernel.audit.verification.tree import check_tree
from socle.kernel.db import Database, Session
from socle.standards.signed_note import parse

_WORTH_PROCESSES = 4 * RANGE
Progress = Callable[[int, int], None]
_Range = tuple[int, int, int, frozenset[str]]


@dataclass(slots=True)
class Report:
    """`entries` were compared with their leaves, from position `floor`; `size` is what the last head covers, since
    which `waiting` entries were committed. `vouched_to` is the size of the foreign head, None without one. `purge` is
    the one that went furthest; `unvouched` are positions of purges and erasures that are believed without proof."""

    size: int = 0
    floor: int = 0
    entries: int = 0
    heads: int = 0
    units: int = 0
    events: int = 0
    waiting: Backlog = field(default_factory=lambda: Backlog(0, 0.0))
    head: str = ""
    vouched_to: int | None = None
    purge: Purge | None = None
    unvouched: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "sound": not self.findings,
            "size": self.size,
            "floor": self.floor,
            "entries": self.entries,
            "heads": self.heads,
            "units": self.units,
            "events": self.events,
            "waiting": {"entries": self.waiting.entries, "seconds": round(self.waiting.seconds, 3)},
            "head": self.head,
            "vouched_to": self.vouched_to,
            "purge": self.purge.as_json() if self.purge else None,
            "unvouched": self.unvouched,
            "findings": [finding.as_json() for finding in self.findings],
        }


def verify(
    db: Database,
    *,
    foreign: str | None = None,
    progress: Progress = lambda done, total: None,
    processes: int | None = None,
    effects: Sequence[Effects] = (),
) -> Report:
    """Check the trail against itself, and against a head held elsewhere (`foreign`, a signed note).

    `effects` are what acts left in other tables. Reads the database and nothing else.

    Raises NoteFault when `foreign` is not a signed head.
    """
    note = parse(foreign) if foreign is not None else None
    held = parse_head(note.text) if note is not None else None
    with db.snapshot() as session:
        if strange := list(check_kinds(session)):
            return Report(findings=strange)
        run = _Run(session, Report(), effects)
        run.check_entries(db, progress, processes or os.cpu_count() or 1)
        if strange := [finding for finding in run.found.findings if finding.kind == VALUE_KIND]:
            return Report(findings=strange)
        run.check_the_rest()
        if note is not None and held is not None:
            run.report.findings += check_foreign(note, held, run.heads)
            run.report.vouched_to = held.size
    return run.report


class _Run:
    def __init__(self, session: Session, report: Report, effects: Sequence[Effects]) -> None:
        self.session, self.report, self.effects = session, report, effects
        self.told = Told(acts={effect.action: set() for effect in effects})
        self.tree = tile_tree(session)
        self.keys = listed_keys(session)
        self.found = RangeFound()
        self.heads = Heads(self.tree, self.told)
        # One at a time: SQLite reads the whole table for both together.
        first = self._number("SELECT min(position) FROM audit_entry WHERE position >= 0")
        last = self._number("SELECT max(position) FROM audit_entry WHERE position >= 0", none=-1)
        # A head whose size was changed must not send us over entries that do not exist.
        report.size = self._number("SELECT max(size) FROM audit_head WHERE size <= ?1", last + 1)
        report.floor = min(first, report.size)
        report.waiting = backlog(session)

    def check_entries(self, db: Database, progress: Progress, processes: int) -> None:
        size, floor = self.report.size, self.report.floor
        telling = self.told.listens_to
        ranges = [(start, min(start + RANGE, size), floor, telling) for start in range(0, size, RANGE)]
        worth = processes if size - floor >= _WORTH_PROCESSES else 1
        with _checking(db, self.session, worth) as check:
            for (_, end, *_), found in zip(ranges, check(ranges), strict=True):
                self._gather(found)
                progress(end, size)

    def _gather(self, later: RangeFound) -> None:
        found = self.found
        found.entries += later.entries
        found.findings += later.findings
        found.telling += later.telling
        found.unsealed += later.unsealed
        found.nodes += later.nodes
        found.units.merge(later.units)

    def check_the_rest(self) -> None:
        report, found, session = self.report, self.found, self.session
        for position, facts in found.telling:
            self.told.hear(position, facts)
        report.findings += found.findings
        report.findings += self._outside()
        report.findings += check_inbox(session, self.told, found, report.size)
        report.findings += self.told.settle()
        self.told.bound(
            report.floor, self._number("SELECT at FROM audit_entry WHERE position = ?1", report.floor)
        )
        report.purge, report.unvouched = self.told.purge, self.told.unvouched
        report.findings += self._purged()
        report.findings += self._unsealed()
        report.findings += check_tree(session, found.nodes, report.size)
        report.findings += check_keys(self.keys, self.told, report.floor, report.size, self._purged_keys())
        self.heads.floor = report.floor
        self.heads.keys = self.told.introduced | self.keys
        self.heads.ancestors = ancestors(successions(session))
        for head in head_rows(session):
            self.heads.check(head)
        report.findings += self.heads.findings
        report.findings += check_units(session, found.units, self.told)
        for effect in self.effects:
            report.findings += check_effects(session, effect, self.told)
        report.events, wrong = check_events(session, self.told)
        report.findings += wrong
        report.entries, report.heads, report.units = found.entries, self.heads.count, found.units.complete
        row = session.fetch_one("SELECT checkpoint FROM audit_head ORDER BY size DESC LIMIT 1")
        report.head = row[0] if row else ""

    def _outside(self) -> Iterator[Finding]:
        rows = self.session.fetch(
            "SELECT position FROM audit_entry WHERE position >= ?1 ORDER BY position LIMIT 10",
            self.report.size,
        ) + self.session.fetch(
            "SELECT position FROM audit_entry WHERE position < 0 ORDER BY position LIMIT 10"
        )
        for (position,) in rows:
            yield Finding(ENTRY_BEYOND, place_of(position))
        if not self.report.size and self._number("SELECT count(*) FROM audit_tile"):
            yield Finding(HEAD_MISSING, "head")

    def _purged(self) -> Iterator[Finding]:
        floor, purge = self.report.floor, self.told.purge
        if floor and (purge is None or purge.size != floor):
            yield Finding(PURGE_UNTOLD, f"entries 0-{floor - 1}")
        elif purge is not None and purge.size > floor:
            yield Finding(ENTRY_MISSING, f"entries {floor}-{purge.size - 1}")

    def _purged_keys(self) -> str:
        return self.told.purge.keys if self.told.purge else ""

    def _unsealed(self) -> Iterator[Finding]:
        for position, lacking in self.found.unsealed:
            if self.told.erased.get(lacking.subject, -1) <= position:
                yield Finding(SEALED_MISSING, place_of(position), (("part", lacking.part),))

    def _number(self, sql: str, *parameters: int, none: int = 0) -> int:
        row = self.session.fetch_one(sql, *parameters)
        return none if row is None or row[0] is None else int(row[0])


@contextmanager
def _checking(
    db: Database, session: Session, processes: int
) -> Iterator[Callable[[list[_Range]], Iterable[RangeFound]]]:
    """Ranges checked in this process, or by several that each read the database. What lies under a head does not
    change any more, but for purges and erasures: run them at another time."""
    if processes == 1:
        yield lambda ranges: (check_range(session, *one) for one in ranges)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_open, initargs=(db.url,))
    try:
        yield lambda ranges: pool.map(_check, ranges)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_opened: list[Database] = []


def _open(url: str) -> None:
    _opened.append(Database(url, readers=1, writers=1))


def _check(one: _Range) -> RangeFound:
    with _opened[-1].snapshot() as session:
        return check_range(session, *one)
