"""One load, from files to a published transaction.

Everything that can be refused is refused before anything is written; what is written becomes visible at once, at the
end; a load that is interrupted leaves the previous state whole.
"""

import gc
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import polars as pl

from socle.engines.fhirstore.stores import find_store
from socle.engines.fhirstore.transactions import abandon_interrupted
from socle.engines.fhirstore.write import Counts, Writer, writing
from socle.foundations.directory.events import LOADED
from socle.foundations.directory.loading import derived
from socle.foundations.directory.loading.columns import Said, statements_of
from socle.foundations.directory.loading.faults import (
    SAME_KIND_TWICE,
    TOO_MANY_DEACTIVATIONS,
    TOO_MANY_REJECTS,
)
from socle.foundations.directory.loading.first import Composers, composers, load_first
from socle.foundations.directory.loading.gathering import compose_persons, compose_structures
from socle.foundations.directory.loading.judging import Judged, judge
from socle.foundations.directory.loading.labels import keep_labels, labels_of
from socle.foundations.directory.loading.ledger import (
    Difference,
    Mode,
    compare,
    compare_structures,
    forget_closed,
    write,
)
from socle.foundations.directory.loading.progress import Progress, Watcher
from socle.foundations.directory.loading.reading import read_extraction
from socle.foundations.directory.loading.rejects import write_rejects
from socle.foundations.directory.loading.telling import REFUSED, digests
from socle.foundations.directory.settings import directory_settings
from socle.foundations.directory.statements import OF_PERSONS, OF_STRUCTURES, Source
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Outcome
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import now, now_micros
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.outbox.events import Event
from socle.kernel.work import record
from socle.standards.annuaire.files import Kind


@dataclass(slots=True)
class FileReport:
    """What one file gave. `rejected` and `warnings` count lines by rule."""

    file: str
    kind: str
    vintage: str
    encoding: str
    lines: int
    rejected: dict[str, int]
    warnings: dict[str, int]
    rejects: str | None


@dataclass(slots=True)
class Report:
    """What a load did. `transaction` is the public store's number, 0 when nothing had changed."""

    mode: str
    files: list[FileReport]
    transaction: int = 0
    counts: Counts = field(default_factory=Counts)
    deactivated: int = 0
    seconds: float = 0.0

    @property
    def lines(self) -> int:
        return sum(file.lines for file in self.files)

    def as_json(self) -> dict[str, Any]:
        files = [{name: getattr(file, name) for name in FileReport.__slots__} for file in self.files]
        return {
            "mode": self.mode,
            "transaction": self.transaction,
            "files": files,
            **self.counts.as_json(),
            "deactivated": self.deactivated,
            "seconds": round(self.seconds, 3),
        }


def load_files(
    db: Database,
    paths: Sequence[Path],
    *,
    mode: Mode = Mode.FULL,
    accept_deactivations: int | None = None,
    rejects: Path,
    watch: Watcher | None = None,
    by: Acting = BY_SYSTEM,
) -> Report:
    """Load extraction files of different kinds under one transaction.

    `watch(stage, done, total)` is told how far each stage is. Raises SocleError for a file or a load that is refused;
    the rejected lines are then in the `rejects` folder all the same. What was decided is in the audit trail with the
    digests of the files, not line by line.
    """
    try:
        return _load(db, paths, mode, accept_deactivations, rejects, watch or _unwatched, by)
    except SocleError as refused:
        with db.unit() as unit:
            told = {"code": refused.code, "mode": mode.value, **digests(paths)}
            record(unit, Entry(REFUSED, by, Outcome.REFUSED, target=PUBLIC.name, data=told))
        raise


def _unwatched(stage: str, done: int, total: int) -> None:
    """Nobody looks at the progress."""


def _load(
    db: Database,
    paths: Sequence[Path],
    mode: Mode,
    accept_deactivations: int | None,
    rejects: Path,
    watch: Watcher,
    by: Acting,
) -> Report:
    started, began = monotonic(), now_micros()
    size = sum(path.stat().st_size for path in paths) if _is_empty(db) else 0
    with db.exclusive("directory"), _no_collector(), composers(size) as helpers:
        loading = _Loading(db, mode, accept_deactivations, watch, helpers, by, digests(paths))
        abandon_interrupted(db, PUBLIC)
        judged = loading.read(paths)
        report = Report(mode.value, loading.reject(judged, rejects))
        loading.publish(judged, report)
        report.seconds = monotonic() - started
        loading.keep(report, began)
    return report


def _is_empty(db: Database) -> bool:
    with db.reading() as session:
        store = find_store(session, PUBLIC.name)
    return store is None or store.published == 0


@contextmanager
def _no_collector() -> Iterator[None]:
    """A load makes millions of tuples and no cycle; walking them over and over costs a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class _Loading:
    db: Database
    mode: Mode
    accepted: int | None
    watch: Watcher
    helpers: Composers | None
    by: Acting
    digests: dict[str, str]

    def read(self, paths: Sequence[Path]) -> list[Judged]:
        found: dict[Kind, Judged] = {}
        for path in paths:
            extraction = read_extraction(path, partial(self.watch, path.name))
            kind = extraction.recognised.format.kind
            if kind in found:
                other = found[kind].extraction.path.name
                raise SocleError(SAME_KIND_TWICE, file=path.name, other=other, kind=kind.value)
            found[kind] = judge(extraction)
        return list(found.values())

    def reject(self, judged: list[Judged], folder: Path) -> list[FileReport]:
        """Put rejected lines aside; refuse the load when a file has too many."""
        stamp = f"{now():%Y%m%dT%H%M%S}"
        reports = [_file_report(one, write_rejects(one, folder, stamp)) for one in judged]
        limit = directory_settings().rejects_percent
        for report in reports:
            wrong = sum(report.rejected.values())
            if wrong * 100 > limit * report.lines:
                raise SocleError(
                    TOO_MANY_REJECTS,
                    file=report.file,
                    rejected=wrong,
                    total=report.lines,
                    limit=f"{limit:g}",
                    rejects=report.rejects,
                )
        return reports

    def publish(self, judged: list[Judged], report: Report) -> None:
        """`judged` is emptied: files as read take the most memory of a load, and differences say what they change."""
        differences, learnt = self._differences(judged), labels_of(judged)
        judged.clear()
        source = ", ".join(file.file for file in report.files)
        with writing(self.db, PUBLIC, source, by=self.by) as writer:
            if writer.begun.fresh and self.helpers is not None:
                self._fill(writer, self.helpers, differences)
            else:
                report.deactivated = self._change(writer, differences)
            keep_labels(self.db, learnt)
            report.transaction, report.counts = writer.begun.number, writer.counts
            self._tell(writer, report)
        forget_closed(self.db, differences)
        derived.forget(self.db, report.transaction)

    def _tell(self, writer: Writer, report: Report) -> None:
        """What the audit trail and the listeners are told of this load, with its publication."""
        rejected = sum(sum(file.rejected.values()) for file in report.files)
        writer.flush()
        writer.facts |= {"mode": report.mode, "lines": report.lines, "rejected": rejected, **self.digests}
        told = {
            "transaction": report.transaction,
            "mode": report.mode,
            "lines": report.lines,
            **report.counts.as_json(),
        }
        writer.events.append(Event(LOADED, PUBLIC.name, told))

    def _differences(self, judged: list[Judged]) -> list[Difference]:
        """Compare every file with what holds, before anything is written."""
        found: list[Difference] = []
        withdrawn: list[tuple[str, int, int]] = []
        for one in judged:
            said = statements_of(one)
            with self.db.reading() as session:
                ours = [
                    compare(session, source, one, frame, self.mode)
                    for source, frame in said.statements.items()
                ]
                gone, scope = sum(each.gone for each in ours), sum(each.scope for each in ours)
                withdrawn.append((one.extraction.path.name, gone, scope))
                found += ours
                found += self._structures(session, ours, said)
        self._check_deactivations(withdrawn)
        return found

    def _structures(self, session: Any, ours: list[Difference], said: Said) -> list[Difference]:
        persons = next((one for one in ours if one.source is Source.ACTIVITY), None)
        return compare_structures(session, persons, said.structures) if persons else []

    def _check_deactivations(self, withdrawn: list[tuple[str, int, int]]) -> None:
        """`withdrawn` are (file, entries gone, entries held); one number accepts all the files of the load."""
        chosen = directory_settings()
        floor, limit = chosen.deactivations_floor, chosen.deactivations_percent
        many = [one for one in withdrawn if one[2] >= floor and one[1] * 100 > limit * one[2]]
        files, gone = ", ".join(file for file, _, _ in many), sum(gone for _, gone, _ in many)
        if many and gone != self.accepted:
            held = sum(scope for _, _, scope in many)
            raise SocleError(TOO_MANY_DEACTIVATIONS, file=files, gone=gone, scope=held, limit=f"{limit:g}")

    def _change(self, writer: Writer, differences: list[Difference]) -> int:
        """Write and compose what the differences touch; returns how many resources became inactive."""
        self._write(writer, differences)
        tell = self._tellers()
        gone = compose_structures(self.db, writer, _touched(differences, OF_STRUCTURES), tell[0])
        gone += compose_persons(self.db, writer, _touched(differences, OF_PERSONS), tell[1])
        writer.flush()
        self._derive(writer, differences)
        return gone

    def _fill(self, writer: Writer, helpers: Composers, differences: list[Difference]) -> None:
        """The same for the first load: structures are composed while what persons need is still being written."""
        of_structures = [one for one in differences if one.source in OF_STRUCTURES]
        others = [one for one in differences if one.source not in OF_STRUCTURES]
        persons = dict.fromkeys(_touched(differences, OF_PERSONS), 0) | _lines_a_person(differences)

        def write_the_rest() -> None:
            self._write(writer, others)
            self._derive(writer, differences)

        self._write(writer, of_structures)
        structures = _touched(differences, OF_STRUCTURES)
        load_first(self.db, writer, helpers, persons, structures, self._tellers(), write_the_rest)

    def _write(self, writer: Writer, differences: list[Difference]) -> None:
        for difference in differences:
            write(self.db, difference, writer.begun.number)

    def _derive(self, writer: Writer, differences: list[Difference]) -> None:
        if _moves_figures(differences):
            derived.derive(self.db, writer.begun.number)

    def _tellers(self) -> tuple[Progress, Progress]:
        """For structures and for persons."""
        return partial(self.watch, "structures"), partial(self.watch, "persons")

    def keep(self, report: Report, started: int) -> None:
        """Keep the report of a load that was published."""
        with self.db.unit() as unit:
            unit.execute(
                "INSERT INTO directory_load (transaction_number, mode, started, ended, report) "
                "VALUES (?1, ?2, ?3, ?4, ?5)",
                report.transaction,
                report.mode,
                started,
                now_micros(),
                json.dumps(report.as_json(), ensure_ascii=False),
            )


def _touched(differences: list[Difference], sources: Iterable[Source]) -> set[str]:
    return {key for one in differences if one.source in sources for key in one.touched}


def _moves_figures(differences: list[Difference]) -> bool:
    """Whether densities and places may have changed: they come from activities and structures alone."""
    moving = (Source.ACTIVITY, Source.STRUCTURE)
    return any(one.touched for one in differences if one.source in moving)


def _lines_a_person(differences: list[Difference]) -> dict[str, int]:
    """How many activity lines each person of a first load has."""
    activity = next((one.written for one in differences if one.source is Source.ACTIVITY), None)
    if activity is None:
        return {}
    counted = activity.select("key", pl.col("lines").str.count_matches("\n", literal=True) + 1)
    return dict(counted.iter_rows())


def _file_report(judged: Judged, rejects: Path | None) -> FileReport:
    extraction = judged.extraction
    return FileReport(
        extraction.path.name,
        extraction.recognised.format.kind.value,
        extraction.recognised.vintage.label,
        extraction.encoding,
        extraction.total,
        dict(Counter(fault.rule.code for fault in judged.faults)),
        {f"{rule}:{column}": count for (rule, column), count in sorted(judged.warnings.items())},
        str(rejects) if rejects else None,
    )
