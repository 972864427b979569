"""The first load of an empty directory: composing goes on in other processes while this one writes.

Structures get their numbers before anything is composed, and each batch of persons a range of numbers; a batch can then
be composed, indexed and encoded anywhere. Small territories are done in place, by the ordinary path.
"""

import gc
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from os import sched_getaffinity

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

WORTH_PROCESSES = 10_000
_BATCHES_AHEAD = 2


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every composing process knows: the transaction, the engine, the numbers of the structures."""

    begun: Begun
    engine: Engine
    numbers: dict[Key, int]


_shared: list[_Shared] = []


def _begin(begun: Begun, engine: Engine, structures: Sequence[str]) -> None:
    """Set up a composing process: it makes millions of tuples and no cycle, which the collector would walk in vain."""
    gc.disable()
    numbers = {("Organization", organization_id(key)): begun.next_rid + n for n, key in enumerate(structures)}
    _shared[:] = [_Shared(begun, engine, numbers)]


def _structures_block(told: list[Told], keys: list[str]) -> Block:
    shared = _shared[0]
    return make_block(PUBLIC, shared.begun, first_structures(told, keys), shared.numbers, 0, shared.engine)


def _persons_block(told: list[Told], keys: list[str], next_rid: int) -> Block:
    shared = _shared[0]
    return make_block(PUBLIC, shared.begun, first_persons(told, keys), shared.numbers, next_rid, shared.engine)


def load_first(
    db: Database, writer: Writer, persons: set[str], structures: set[str], tell: tuple[Progress, Progress]
) -> None:
    """Compose and write everything under the writer's transaction, which is the store's first. `tell` is told how far
    structures, then persons, are."""
    ordered = sorted(structures)
    processes = max(1, len(sched_getaffinity(0)))
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(writer.begun, db.engine, ordered)
    ) as pool:
        work = deque[tuple[Future[Block], Progress, int, int]]()
        for future, progress, done, total in _submitted(db, writer.begun, pool, persons, ordered, tell):
            work.append((future, progress, done, total))
            if len(work) > processes + _BATCHES_AHEAD:
                _take(db, writer, *work.popleft())
        while work:
            _take(db, writer, *work.popleft())


def _submitted(
    db: Database,
    begun: Begun,
    pool: ProcessPoolExecutor,
    persons: set[str],
    structures: list[str],
    tell: tuple[Progress, Progress],
) -> Iterator[tuple["Future[Block]", Progress, int, int]]:
    for keys, done, total in batches(structures):
        told = told_of(db, OF_STRUCTURES, keys, begun.number)
        yield pool.submit(_structures_block, told, keys), tell[0], done, total
    next_rid = begun.next_rid + len(structures)
    for keys, done, total in batches(persons):
        told = told_of(db, OF_PERSONS, keys, begun.number)
        yield pool.submit(_persons_block, told, keys, next_rid), tell[1], done, total
        # One number a person, and one for each line, which makes one activity at most.
        next_rid += len(keys) + sum(lines.count("\n") + 1 for source, _, _, _, lines in told if source == Source.ACTIVITY)


def _take(db: Database, writer: Writer, future: "Future[Block]", progress: Progress, done: int, total: int) -> None:
    block = future.result()
    with db.unit() as unit:
        writer.add_block(unit, block)
    progress(done, total)
