"""The published state that a page shows, and what is known of it: words, labels. Built once a publication."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, Final, TypeVar

from django.utils.translation import get_language

from socle.engines.fhirstore.kept import kept_of
from socle.engines.fhirstore.planning import Snapshot
from socle.engines.fhirstore.search import current
from socle.engines.fhirstore.steps import Steps, drive
from socle.foundations.directory import country, sql
from socle.foundations.directory.labels import Labels
from socle.foundations.directory.searching import Searcher, Totals
from socle.foundations.directory.stores import PUBLIC
from socle.foundations.directory.vocabulary import Vocabulary, vocabulary
from socle.kernel.db import Database, Session, database

T = TypeVar("T")
_KEPT: Final = 500


@dataclass(frozen=True)
class Library:
    """What pages know of one published state beside its resources."""

    vocabulary: Vocabulary
    learnt: Mapping[tuple[str, str], str]
    updated: int | None
    totals: Totals
    _drawn: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    @cached_property
    def _labels(self) -> dict[str, Labels]:
        return {lang: Labels(lang, self.learnt) for lang in ("fr", "en")}

    def once(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once: a published state never changes, so neither does what pages show of it. What
        was not asked for lately is forgotten."""
        with self._guard:
            made: T | None = self._drawn.pop(key, None)
        if made is None:
            made = make()
        with self._guard:
            while len(self._drawn) >= _KEPT:
                self._drawn.pop(next(iter(self._drawn)))
            self._drawn[key] = made
        return made

    def labels(self) -> Labels:
        """Labels in the language of the page."""
        return self._labels["en" if get_language() == "en" else "fr"]


@dataclass(frozen=True, slots=True)
class State:
    """A session on the database, and the state that was published when the page began."""

    session: Session
    snapshot: Snapshot
    library: Library

    def searcher(self, snapshot: Snapshot | None = None) -> Searcher:
        """Searches of this state, or of the one that a page link sees."""
        return Searcher(snapshot or self.snapshot, self.library.totals)

    def run(self, steps: Steps[T]) -> T:
        return drive(self.session, steps)


@contextmanager
def published() -> Iterator[State]:
    db = database()
    with db.reading() as session:
        snapshot = drive(session, current(PUBLIC, session.dialect, kept_of(db)))
        yield State(session, snapshot, _library(db, snapshot.transaction))


@lru_cache(maxsize=2)
def _library(db: Database, transaction: int) -> Library:
    with db.reading() as session:
        words = vocabulary(
            sql.towns(session, transaction), country.department_names(), country.common_names()
        )
        return Library(words, sql.labels(session), sql.last_load(session), Totals())
