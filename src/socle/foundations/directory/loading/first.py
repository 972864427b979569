"""The first load of an empty directory: composing goes on in other processes while this one reads and writes.

Structures get their numbers before anything is composed, and each batch of persons a range of numbers; a batch can then
be composed, indexed and encoded anywhere. Small territories are done in place, by the ordinary path.
"""

import ctypes
import gc
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from os import sched_getaffinity
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import TypeVar

from socle.engines.fhirstore.deferred import defer_indexes, ensure_indexes
from socle.engines.fhirstore.fresh import Block, make_block
from socle.engines.fhirstore.identities import Key
from socle.engines.fhirstore.transactions import Begun
from socle.engines.fhirstore.write import Writer
from socle.foundations.directory.loading.gathering import (
    batches,
    first_persons,
    first_structures,
    told_of,
)
from socle.foundations.directory.loading.progress import Progress
from socle.foundations.directory.statements import OF_PERSONS, OF_STRUCTURES, organization_id
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database

# The trees of hashes are touched everywhere by every batch: few commits write their pages few times.
BLOCKS_A_COMMIT = 6
WORTH_PROCESSES = 8 * 1024 * 1024
_BATCHES_AHEAD = 2
_PR_SET_PDEATHSIG = 1


T = TypeVar("T")
Submitted = tuple["Future[Path]", Progress, int, int]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every composing process knows: where statements are, the transaction, the numbers of the structures."""

    url: str
    begun: Begun
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
        pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin)
        try:
            for _ in range(processes):
                pool.submit(_wake)
            yield Composers(pool, Path(folder), processes)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Set up a composing process: it makes millions of tuples and no cycle, which the collector would walk in vain; and
    it ends with the one that loads, even when that one is killed."""
    gc.disable()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _wake() -> None:
    """The first task of a process is to be imported."""


_shared: dict[Path, tuple[_Shared, Database]] = {}


def _known(path: Path) -> tuple[_Shared, Database]:
    if path not in _shared:
        known: _Shared = pickle.loads(path.read_bytes())
        _shared[path] = (known, Database(known.url, readers=1, writers=1))
    return _shared[path]


def _leave(block: Block, folder: Path) -> Path:
    """Leave a block for the process that writes. A pipe would copy it five times, a few pages at a time."""
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        pickle.dump(block, file, pickle.HIGHEST_PROTOCOL)
    return Path(file.name)


def _take(path: Path) -> Block:
    with path.open("rb") as file:
        block: Block = pickle.load(file)
    path.unlink()
    return block


def _structures_block(path: Path, keys: list[str]) -> Path:
    known, db = _known(path)
    told = told_of(db, OF_STRUCTURES, keys, known.begun.number)
    resources = first_structures(told, keys)
    return _leave(make_block(PUBLIC, known.begun, resources, known.numbers, 0, db.engine), path.parent)


def _persons_block(path: Path, keys: list[str], next_rid: int) -> Path:
    known, db = _known(path)
    told = told_of(db, OF_PERSONS, keys, known.begun.number)
    resources = first_persons(told, keys)
    return _leave(make_block(PUBLIC, known.begun, resources, known.numbers, next_rid, db.engine), path.parent)


def load_first(
    db: Database,
    writer: Writer,
    helpers: Composers,
    persons: dict[str, int],
    structures: set[str],
    tell: tuple[Progress, Progress],
    meanwhile: Callable[[], None],
) -> None:
    """Compose and write everything under the writer's transaction, which is the store's first. `persons` gives for each
    how many activity lines it has; `tell` is told how far structures, then persons, are. `meanwhile` is done here once
    the first structures are being composed, and before any person is."""
    ordered = sorted(structures)
    first = writer.begun.next_rid
    numbers = {("Organization", organization_id(key)): first + n for n, key in enumerate(ordered)}
    path = helpers.folder / "shared"
    path.write_bytes(pickle.dumps(_Shared(db.url, writer.begun, numbers)))
    with db.unit() as unit:
        defer_indexes(unit)
    of_structures = _submitted_structures(helpers.pool, path, ordered, tell[0])
    under_way = list(islice(of_structures, helpers.processes + _BATCHES_AHEAD))
    meanwhile()
    of_persons = _submitted_persons(helpers.pool, path, persons, first + len(ordered), tell[1])
    submitted = chain(under_way, of_structures, of_persons)
    for some in _grouped(_in_order(submitted, helpers.processes + _BATCHES_AHEAD), BLOCKS_A_COMMIT):
        with db.unit(durable=False) as unit:
            for block, progress, done, total in some:
                writer.add_block(unit, block)
                progress(done, total)
    with db.unit(durable=False) as unit:
        ensure_indexes(unit)


def _submitted_structures(
    pool: ProcessPoolExecutor, path: Path, structures: list[str], progress: Progress
) -> Iterator[Submitted]:
    for keys, done, total in batches(structures):
        yield pool.submit(_structures_block, path, keys), progress, done, total


def _submitted_persons(
    pool: ProcessPoolExecutor, path: Path, persons: dict[str, int], next_rid: int, progress: Progress
) -> Iterator[Submitted]:
    for keys, done, total in batches(persons):
        yield pool.submit(_persons_block, path, keys, next_rid), progress, done, total
        # One number a person, and one for each line, which makes one activity at most.
        next_rid += sum(1 + persons[key] for key in keys)


def _in_order(submitted: Iterator[Submitted], ahead: int) -> Iterator[tuple[Block, Progress, int, int]]:
    """Blocks in the order of their submission, with at most `ahead` of them under way."""
    work = deque[Submitted]()
    for one in submitted:
        work.append(one)
        if len(work) > ahead:
            future, progress, done, total = work.popleft()
            yield _take(future.result()), progress, done, total
    for future, progress, done, total in work:
        yield _take(future.result()), progress, done, total


def _grouped(items: Iterator[T], size: int) -> Iterator[Iterator[T]]:
    """The items by groups, each taken as it comes."""
    for first in items:
        yield chain((first,), islice(items, size - 1))
