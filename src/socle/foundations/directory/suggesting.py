"""What to search for instead of words that found nothing: corrections, shorter names, fewer words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from socle.engines.fhirstore.steps import Steps
from socle.foundations.directory.criteria import Filters
from socle.foundations.directory.searching import Searcher
from socle.foundations.directory.spelling import corrections
from socle.foundations.directory.vocabulary import Vocabulary
from socle.foundations.directory.words import Kind, Part, Reading, interpret

LIMIT: Final = 4
_SHORTEST_BEGINNING: Final = 3
_BEGINNINGS: Final = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another text: `instead` replaces `part`, as a word or as the `beginning` of a name; empty, it leaves it out."""

    text: str
    part: Part
    instead: str = ""
    beginning: bool = False


def suggest(
    searcher: Searcher, reading: Reading, vocabulary: Vocabulary, filters: Filters
) -> Steps[list[Suggestion]]:
    """At most LIMIT suggestions; each was tried and finds somebody."""
    kept: list[Suggestion] = []
    corrected: set[Part] = set()
    for suggestion in _candidates(reading, vocabulary):
        if len(kept) == LIMIT:
            break
        if suggestion.beginning and suggestion.part in corrected:
            continue
        readings = interpret(suggestion.text, vocabulary)
        if (yield from searcher.find(readings, filters, None, 1)) is not None:
            kept.append(suggestion)
            corrected.add(suggestion.part)
    return kept


def _candidates(reading: Reading, vocabulary: Vocabulary) -> Iterator[Suggestion]:
    """Corrected words, then names cut short, then the text without one of its parts."""
    names = reading.of(Kind.NAME)
    for part in names:
        for word in corrections(part.value, vocabulary):
            yield Suggestion(_replaced(reading, part, word), part, word)
    for part in names:
        shortest = max(_SHORTEST_BEGINNING, len(part.value) - _BEGINNINGS)
        for length in range(len(part.value) - 1, shortest - 1, -1):
            beginning = part.value[:length]
            yield Suggestion(_replaced(reading, part, beginning), part, beginning, beginning=True)
    meant = [part for part in reading.parts if part.kind not in (Kind.LINK, Kind.IGNORED)]
    if len(meant) > 1:
        for part in meant:
            yield Suggestion(reading.without(part), part)


def _replaced(reading: Reading, gone: Part, word: str) -> str:
    return " ".join(word if part is gone else part.raw for part in reading.parts)
