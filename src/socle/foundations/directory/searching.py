"""Searching the directory as a person does: readings and their requests are tried in order until one finds somebody."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from socle.engines.fhirstore.query import read_query
from socle.engines.fhirstore.search import Found, Page, Snapshot, Start, search
from socle.engines.fhirstore.steps import Steps
from socle.foundations.directory.criteria import (
    PERSON,
    STRUCTURE,
    Filters,
    Request,
    Target,
    likely_target,
    other_target,
    query_of,
    requests,
)
from socle.foundations.directory.resources import loaded
from socle.foundations.directory.stores import PUBLIC
from socle.foundations.directory.words import Reading

ATTEMPTS: Final = 14
_TOTALS_KEPT: Final = 4_096
_NOT_COUNTED: Final = -1
_STRUCTURES: Final = 300


class Totals:
    """Totals of published states, which never change: a list is counted once however often it is looked at."""

    def __init__(self) -> None:
        self._known: dict[tuple[Snapshot, Request], int] = {}

    def get(self, snapshot: Snapshot, request: Request) -> int | None:
        return self._known.get((snapshot, request))

    def keep(self, snapshot: Snapshot, request: Request, total: int | None) -> None:
        if len(self._known) >= _TOTALS_KEPT:
            self._known.clear()
        self._known[snapshot, request] = _NOT_COUNTED if total is None else total


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found. `beside` are the structures of the activities of the persons on the page; the page's
    own `included` holds their activities, or the persons and structures of its activities."""

    request: Request
    reading: Reading
    page: Page
    beside: Sequence[Found] = field(default=())


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches of one published state."""

    snapshot: Snapshot
    totals: Totals

    def find(
        self,
        readings: Sequence[Reading],
        filters: Filters,
        target: Target | None,
        count: int,
        *,
        wide: bool = False,
    ) -> Steps[Results | None]:
        """The first page of the first request that finds something; without a `target`, the likely one first."""
        likely = target or likely_target(readings[0])
        for wanted in (likely,) if target else (likely, other_target(likely)):
            for reading, request in islice(_attempts(readings, filters, wanted, wide), ATTEMPTS):
                results = yield from self.page_of(request, reading, Start(), count)
                if results.page.matches:
                    return results
        return None

    def page_of(self, request: Request, reading: Reading, start: Start, count: int) -> Steps[Results]:
        """One page of a request, with its total when the store could count it."""
        known = self.totals.get(self.snapshot, request)
        query = query_of(request, count, counted=known is None)
        page = yield from search(PUBLIC, query, self.snapshot, start)
        if known is None:
            self.totals.keep(self.snapshot, request, page.total)
        else:
            page.total = None if known == _NOT_COUNTED else known
        beside = (yield from _structures_of(page)) if request.type == PERSON and page.included else ()
        return Results(request, reading, page, beside)


def _attempts(
    readings: Iterable[Reading], filters: Filters, target: Target, wide: bool
) -> Iterator[tuple[Reading, Request]]:
    seen: set[Request] = set()
    for reading in readings:
        for request in requests(reading, filters, target, wide=wide):
            if request not in seen:
                seen.add(request)
                yield reading, request


def _structures_of(page: Page) -> Steps[Sequence[Found]]:
    """The structures of the activities that a page includes, in one search."""
    references = (loaded(body).get("organization", {}).get("reference", "") for _, body in page.included)
    ids = list(dict.fromkeys(reference.partition("/")[2] for reference in references if reference))
    if not ids:
        return ()
    pairs = [("_id", ",".join(ids[:_STRUCTURES])), ("_count", str(_STRUCTURES)), ("_total", "none")]
    found = yield from search(PUBLIC, read_query(PUBLIC, STRUCTURE, pairs), page.snapshot, Start())
    return found.matches
