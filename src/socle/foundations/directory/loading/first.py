"""The first load of an empty directory: composing goes on in other processes while this one reads and writes.

Structures get their numbers before anything is composed, and each batch of persons a range of numbers; a batch can then
be composed, indexed and encoded anywhere. Small territories are done in place, by the ordinary path.
"""

import gc
import pickle
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from os import sched_getaffinity
from pathlib import Path
from tempfile import TemporaryDirectory

from socle.engines.fhirstore.fresh import Block, make_block
from socle.engines.fhirstore.identities import Key
from socle.engines.fhirstore.transactions import Begun
from socle.engines.fhirstore.write import Writer
from socle.foundations.directory.loading.gathering import (
    Told,
    batches,
    first_persons,
    first_structures,
    told_of,
)
from socle.foundations.directory.loading.progress import Progress
from socle.foundations.directory.statements import OF_PERSONS, OF_STRUCTURES, Source, organization_id
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database, Engine

WORTH_PROCESSES = 8 * 1024 * 1024
_BATCHES_AHEAD = 2


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every composing process knows: the transaction, the engine, the numbers of the structures."""

    begun: Begun
    engine: Engine
    numbers: dict[Key, int]


@dataclass(frozen=True, slots=True)
class Composers:
    """Composing processes, started while the files are read; `folder` is where they find what they share."""

    pool: ProcessPoolExecutor
    folder: Path
    processes: int


@contextmanager
def composers(size: int) -> Iterator[Composers | None]:
    """Start composing processes for files of `size` bytes together; None when they would not be worth it."""
    if size < WORTH_PROCESSES:
        yield None
        return
    processes = max(1, len(sched_getaffinity(0)))
    with TemporaryDirectory(prefix="socle-load-") as folder:
        pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=gc.disable)
        try:
            for _ in range(processes):
                pool.submit(_wake)
            yield Composers(pool, Path(folder), processes)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _wake() -> None:
    """The first task of a process is to be imported. It makes millions of tuples and no cycle: the collector, which
    would walk them in vain, is off."""


_shared: dict[Path, _Shared] = {}


def _known(path: Path) -> _Shared:
    if path not in _shared:
        _shared.clear()
        _shared[path] = pickle.loads(path.read_bytes())
    return _shared[path]


def _structures_block(path: Path, told: list[Told], keys: list[str]) -> Block:
    known = _known(path)
    return make_block(PUBLIC, known.begun, first_structures(told, keys), known.numbers, 0, known.engine)


def _persons_block(path: Path, told: list[Told], keys: list[str], next_rid: int) -> Block:
    known = _known(path)
    return make_block(PUBLIC, known.begun, first_persons(told, keys), known.numbers, next_rid, known.engine)


def load_first(
    db: Database,
    writer: Writer,
    helpers: Composers,
    persons: set[str],
    structures: set[str],
    tell: tuple[Progress, Progress],
) -> None:
    """Compose and write everything under the writer's transaction, which is the store's first. `tell` is told how far
    structures, then persons, are."""
    ordered = sorted(structures)
    first = writer.begun.next_rid
    numbers = {("Organization", organization_id(key)): first + n for n, key in enumerate(ordered)}
    path = helpers.folder / "shared"
    path.write_bytes(pickle.dumps(_Shared(writer.begun, db.engine, numbers)))
    work = deque[tuple[Future[Block], Progress, int, int]]()
    for submitted in _submitted(db, writer.begun, helpers.pool, path, persons, ordered, tell):
        work.append(submitted)
        if len(work) > helpers.processes + _BATCHES_AHEAD:
            _take(db, writer, *work.popleft())
    while work:
        _take(db, writer, *work.popleft())


def _submitted(
    db: Database,
    begun: Begun,
    pool: ProcessPoolExecutor,
    path: Path,
    persons: set[str],
    structures: list[str],
    tell: tuple[Progress, Progress],
) -> Iterator[tuple["Future[Block]", Progress, int, int]]:
    for keys, done, total in batches(structures):
        told = told_of(db, OF_STRUCTURES, keys, begun.number)
        yield pool.submit(_structures_block, path, told, keys), tell[0], done, total
    next_rid = begun.next_rid + len(structures)
    for keys, done, total in batches(persons):
        told = told_of(db, OF_PERSONS, keys, begun.number)
        yield pool.submit(_persons_block, path, told, keys, next_rid), tell[1], done, total
        # One number a person, and one for each line, which makes one activity at most.
        next_rid += len(keys) + sum(
            lines.count("\n") + 1 for source, _, _, _, lines in told if source == Source.ACTIVITY
        )


def _take(
    db: Database, writer: Writer, future: "Future[Block]", progress: Progress, done: int, total: int
) -> None:
    block = future.result()
    with db.unit() as unit:
        writer.add_block(unit, block)
    progress(done, total)
