"""Corrections of a word that found nothing: the known words that are spelt almost like it."""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Final

from socle.foundations.directory.vocabulary import Vocabulary

_SHORTEST: Final = 3
_LONG: Final = 5


def corrections(word: str, vocabulary: Vocabulary, limit: int = 3) -> list[str]:
    """Known phrases close to `word` (folded), the closest first: begun like it, or one or two mistakes away."""
    if len(word) < _SHORTEST:
        return []
    return [close for _, close in nsmallest(limit, _scored(word, _phrases(vocabulary)))]


def _phrases(vocabulary: Vocabulary) -> set[str]:
    """What one may have meant; the numbered districts of a town are in it by the town's own name."""
    keys = {*vocabulary.codes, *vocabulary.areas, *vocabulary.departments, *vocabulary.common_names}
    return {key for key in keys if not any(character.isdigit() for character in key)}


def _scored(word: str, phrases: Iterable[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """(mistakes, difference of length) of the phrases that are close enough."""
    allowed = 2 if len(word) >= _LONG else 1
    for known in phrases:
        further = len(known) - len(word)
        if known == word or -further > allowed:
            continue
        if known.startswith(word):
            yield (allowed, further), known
        elif further <= allowed and (known[0] == word[0] or known[1:3] == word[1:3] or known[1:2] == word[0]):
            mistakes = distance(word, known, allowed)
            if mistakes <= allowed:
                yield (mistakes, abs(further)), known


def distance(one: str, other: str, limit: int) -> int:
    """Letters to insert, remove, replace or swap to make one text the other; more than `limit` is all that is said of
    texts further apart (optimal string alignment, Damerau 1964)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, facing in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != facing))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, last = last, current
    return last[-1]
