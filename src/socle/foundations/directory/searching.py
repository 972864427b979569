"""Searching the directory as a person does: readings and their requests are tried in order until one finds somebody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from socle.engines.fhirstore.query import read_query
from socle.engines.fhirstore.search import Page, Snapshot, Start, search
from socle.engines.fhirstore.steps import Steps
from socle.foundations.directory.criteria import (
    ACTIVITY,
    PERSON,
    Filters,
    Request,
    Target,
    likely_target,
    other_target,
    query_of,
    requests,
)
from socle.foundations.directory.elements import reference_id
from socle.foundations.directory.resources import each
from socle.foundations.directory.rows import Place
from socle.foundations.directory.stores import PUBLIC
from socle.foundations.directory.words import Reading

ATTEMPTS: Final = 14
_TOTALS_KEPT: Final = 4_096
_NOT_COUNTED: Final = -1
_PLACES: Final = 500


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
    """One page of what was found. `places` are the activities of the persons found, by the id of the person; what an
    activity refers to is in the page itself."""

    request: Request
    reading: Reading
    page: Page
    places: Mapping[str, list[Place]] = field(default_factory=dict)


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
        if request.type != PERSON:
            return Results(request, reading, page)
        persons = [person["id"] for person in each(page.matches)]
        return Results(request, reading, page, (yield from places_of(persons, self.snapshot)))


def _attempts(
    readings: Iterable[Reading], filters: Filters, target: Target, wide: bool
) -> Iterator[tuple[Reading, Request]]:
    seen: set[Request] = set()
    for reading in readings:
        for request in requests(reading, filters, target, wide=wide):
            if request not in seen:
                seen.add(request)
                yield reading, request


def places_of(persons: Sequence[str], snapshot: Snapshot) -> Steps[dict[str, list[Place]]]:
    """The activities of persons with their structures, by the id of the person, in one search."""
    if not persons:
        return {}
    pairs = [
        ("practitioner", ",".join(persons)),
        ("_include", "*"),
        ("_count", str(_PLACES)),
        ("_total", "none"),
    ]
    page = yield from search(PUBLIC, read_query(PUBLIC, ACTIVITY, pairs), snapshot, Start())
    structures = {one["id"]: one for one in each(page.included)}
    found: dict[str, list[Place]] = {}
    for role in each(page.matches):
        place = role, structures.get(reference_id(role, "organization"), {})
        found.setdefault(reference_id(role, "practitioner"), []).append(place)
    return found
