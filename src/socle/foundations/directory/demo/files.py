"""Writes the demonstration territory as the official extraction files, whole or as the difference of one day.

Our convention for a difference: same header as the whole file; all lines of each person whose lines changed;
one line with only the identification filled for a person who has no line any more. In the mailbox file the
address takes the place of the person. Whole file of a day, then difference, equals whole file of the next
day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import TextIO

from socle.foundations.directory.demo.changes import Day
from socle.foundations.directory.demo.lines import Scribe
from socle.foundations.directory.demo.model import Department, build
from socle.foundations.directory.demo.sizes import Size, share
from socle.standards.annuaire.files import FORMATS, SEPARATOR, FileFormat, Kind

Progress = Callable[[int, int], None]
Grouped = Mapping[str, list[str]]

FIRST_DAY = date(2025, 1, 6)
_HOUR = time(6, 0)
_STEP = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the four files in the order of `FORMATS`; `lines` counts activity lines."""

    files: tuple[Path, ...]
    persons: int
    structures: int
    lines: int


@dataclass(frozen=True, slots=True)
class WrittenDelta:
    """The whole files of the next day, the differences, and how many persons these touch."""

    full: Written
    delta: tuple[Path, ...]
    touched: int
    withdrawn: int


class _Files:
    """The four files of one day, open for writing, each with its header."""

    def __init__(self, folder: Path, day: date, mark: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        moment = datetime.combine(day, _HOUR)
        self.paths = {kind: _path(folder, form, moment, mark) for kind, form in FORMATS.items()}
        self._stack = ExitStack()
        self._open: dict[Kind, TextIO] = {}
        self.persons = self.structures = self.lines = 0

    def __enter__(self) -> _Files:
        for kind, path in self.paths.items():
            self._open[kind] = self._stack.enter_context(
                path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20)
            )
            self._open[kind].write(FORMATS[kind].header + "\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, kind: Kind, lines: Iterable[str]) -> None:
        for line in lines:
            self._open[kind].write(line + "\n")

    def state(self, department: Department, progress: Progress | None, total: int) -> None:
        """Write all that the files say of a department, telling how far the territory is."""
        scribe = Scribe(department)
        for rank, person in enumerate(department.people):
            lines = scribe.activity(person)
            self.lines += len(lines)
            self.write(Kind.ACTIVITY, lines)
            self.write(Kind.SKILL, scribe.skill(person))
            self.write(Kind.DIPLOMA, scribe.diploma(person))
            if progress and rank % _STEP == 0:
                progress(self.persons + rank, total)
        self.write(Kind.MAILBOX, (line for _, line in scribe.mailboxes()))
        self.persons += len(department.people)
        self.structures += department.stated_structures()

    def written(self) -> Written:
        return Written(tuple(self.paths.values()), self.persons, self.structures, self.lines)


def _path(folder: Path, form: FileFormat, moment: datetime, mark: str) -> Path:
    name = form.file_name(moment)
    return folder / (name.replace(form.stem, f"{form.stem}_{mark}", 1) if mark else name)


def write_territory(
    folder: Path, size: Size, *, seed: int = 1, day: date = FIRST_DAY, progress: Progress | None = None
) -> Written:
    """Write the four files of a territory of this size: same arguments, same bytes.

    One department is in memory at a time. `progress` is told the persons done and their total.
    """
    with _Files(folder, day) as files:
        for part in size.parts():
            files.state(build(size, part, seed), progress, size.persons)
    if progress:
        progress(size.persons, size.persons)
    return files.written()


def write_delta(
    folder: Path,
    size: Size,
    *,
    seed: int = 1,
    day: date = FIRST_DAY,
    changes: int = 100,
    progress: Progress | None = None,
) -> WrittenDelta:
    """Write the day after the one that `write_territory` writes for these arguments: whole files,
    differences.

    `changes` events happen in the night, spread over departments by population; a structure that moves
    touches all who work there.
    """
    newcomers = count(size.persons)
    parts = size.parts()
    events = share(changes, [part.persons for part in parts])
    touched = withdrawn = 0
    after = day + timedelta(days=1)
    with _Files(folder, after) as files, _Files(folder, after, "delta") as delta:
        for part, some in zip(parts, events, strict=True):
            department = build(size, part, seed)
            before = _grouped(department)
            Day(department, Random(f"{seed}/{size.name}/{part.department}/{day}"), newcomers).change(some)
            files.state(department, progress, size.persons)
            now = _grouped(department)
            for kind, form in FORMATS.items():
                delta.write(kind, difference(form, before[kind], now[kind]))
            people = before[Kind.ACTIVITY], now[Kind.ACTIVITY]
            withdrawn += len(people[0].keys() - people[1].keys())
            touched += sum(people[0].get(key) != lines for key, lines in people[1].items())
    if progress:
        progress(size.persons, size.persons)
    return WrittenDelta(files.written(), tuple(delta.paths.values()), touched, withdrawn)


def _grouped(department: Department) -> dict[Kind, Grouped]:
    """All lines by the key of their file: national identification of a person, address of a mailbox."""
    scribe = Scribe(department)
    found: dict[Kind, dict[str, list[str]]] = {kind: {} for kind in FORMATS}
    for person in department.people:
        by_kind = {
            Kind.ACTIVITY: scribe.activity(person),
            Kind.SKILL: scribe.skill(person),
            Kind.DIPLOMA: scribe.diploma(person),
        }
        for kind, lines in by_kind.items():
            if lines:
                found[kind][person.national_id] = lines
    for address, line in scribe.mailboxes():
        found[Kind.MAILBOX].setdefault(address, []).append(line)
    return dict(found)


def difference(form: FileFormat, before: Grouped, now: Grouped) -> Iterator[str]:
    """The lines of a difference: all lines of each key that changed, then one tombstone per key that
    vanished.
    """
    for key, lines in now.items():
        if sorted(before.get(key, ())) != sorted(lines):
            yield from lines
    for key in before:
        if key not in now:
            yield tombstone(form, key)


def tombstone(form: FileFormat, key: str) -> str:
    """The line that withdraws a person (by national identification) or a mailbox (by address)."""
    known = {form.key: key}
    if form.key == "national_id":
        known |= {"id_type": key[:1], "id": key[1:]}
    return SEPARATOR.join(known.get(column, "") for column in form.columns)
