"""What a person means by the words of a search: names, trades, places, numbers.

A text is cut into words; each word belongs to exactly one part of a reading. Words that may be taken in several ways
(Martin is a town and a name) give several readings, the most sensible first; whoever searches tries them in order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Final

from socle.foundations.directory.vocabulary import Area, Codes, Unit, Vocabulary, units

READINGS_LIMIT: Final = 6
_TITLES: Final = {
    **dict.fromkeys(("m", "mr", "monsieur"), "M"),
    **dict.fromkeys(("mme", "madame", "mlle", "mademoiselle", "mrs", "ms"), "MME"),
    **dict.fromkeys(("dr", "docteur", "doctor"), "DR"),
    **dict.fromkeys(("pr", "prof", "professeur", "professor"), "PR"),
}
# Before a name, these belong to it (“de la Tour”); before anything else they only link.
_PARTICLES: Final = frozenset("d da de del della des di dos du el l la le les van von".split())
_TOWARDS: Final = frozenset("a at dans en in near pres proche sur vers".split())
_LINKS: Final = _PARTICLES | _TOWARDS | frozenset("and au aux avec chez et for of ou par pour the un une with".split())
_DEPARTMENT: Final = re.compile(r"\d\d|2[ab]|9[78]\d")
_POSTAL_CODE: Final = re.compile(r"\d{5}")
_NUMBER: Final = re.compile(r"\d{6,20}|\d[0-9a-z]\d{7}|[rfc]\d{8,20}")
_NUMBER_LENGTHS: Final = frozenset((9, 11, 12, 14))


class Kind(StrEnum):
    """How a part of a text is understood. IGNORED parts are told to the person and not searched for."""

    NAME = "name"
    TITLE = "title"
    TRADE = "trade"
    STRUCTURE = "structure"
    PLACE = "place"
    NUMBER = "number"
    MAILBOX = "mailbox"
    LINK = "link"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Part:
    """Words [start, stop) of the text, as typed in `raw`, and what they are taken for.

    `value` is what is searched for: a name, the code of a title, a number without spaces, the start of an address.
    """

    kind: Kind
    raw: str
    start: int
    stop: int
    value: str = ""
    codes: Codes | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a text: its parts, in order, which share out all its words."""

    parts: tuple[Part, ...]

    def of(self, *kinds: Kind) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind in kinds)

    def names(self) -> tuple[str, ...]:
        return tuple(part.value for part in self.of(Kind.NAME))

    def without(self, gone: Part) -> str:
        """The text that is left when a part is taken away, and the links that led to it with it."""
        kept = [part for part in self.parts if part is not gone and not self._leads_to(part, gone)]
        return " ".join(part.raw for part in kept)

    def _leads_to(self, part: Part, gone: Part) -> bool:
        return part.kind is Kind.LINK and part.stop == gone.start


Option = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Some words and the ways to take them, the best first; each way covers all the words of the span."""

    start: int
    stop: int
    options: tuple[Option, ...]

    @property
    def kind(self) -> Kind:
        return self.options[0][-1].kind


@lru_cache(maxsize=2_048)
def interpret(text: str, vocabulary: Vocabulary) -> tuple[Reading, ...]:
    """The readings of a text, at most READINGS_LIMIT, the most sensible first; one empty reading of an empty text."""
    spans = list(_Segmenter(text, vocabulary).spans())
    first = [span.options[0] for span in spans]
    readings = [first]
    for at, span in enumerate(spans):
        readings += [[*first[:at], other, *first[at + 1 :]] for other in span.options[1:]]
    readings.append([span.options[-1] for span in spans])
    made = (Reading(tuple(part for option in chosen for part in option)) for chosen in readings)
    return tuple(dict.fromkeys(made))[:READINGS_LIMIT]


class _Segmenter:
    """Cuts one text into spans, from left to right, the longest known phrase first."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.units, self.vocabulary = units(text), vocabulary
        self.text = text

    def spans(self) -> Iterator[Span]:
        found: list[Span] = []
        at = 0
        while at < len(self.units):
            span = self._number(at) or self._phrase(at, found) or self._word(at)
            found.append(span)
            at = span.stop
        yield from _NameRuns(self.units, found).joined()

    def _part(self, kind: Kind, start: int, stop: int, **meaning: str | Codes | Area) -> Part:
        return part_of(self.units[start:stop], kind, start, **meaning)

    def _number(self, at: int) -> Span | None:
        """A number of a person or structure, alone or typed in groups of digits, or a mail address."""
        unit = self.units[at]
        if "@" in unit.folded:
            return Span(at, at + 1, ((self._part(Kind.MAILBOX, at, at + 1, value=unit.folded),),))
        if _NUMBER.fullmatch(unit.folded):
            return Span(at, at + 1, ((self._part(Kind.NUMBER, at, at + 1, value=unit.folded.upper()),),))
        stop = at
        while stop < len(self.units) and self.units[stop].folded.isdecimal() and self.units[stop].folded.isascii():
            stop += 1
        digits = [unit.folded for unit in self.units[at:stop]]
        if len(digits) > 1 and sum(map(len, digits)) in _NUMBER_LENGTHS and not any(len(one) >= 5 for one in digits):
            return Span(at, stop, ((self._part(Kind.NUMBER, at, stop, value="".join(digits)),),))
        return None

    def _phrase(self, at: int, before: Sequence[Span]) -> Span | None:
        for stop in range(min(at + self.vocabulary.longest, len(self.units)), at, -1):
            key = " ".join(unit.folded for unit in self.units[at:stop])
            if options := self._options(key, at, stop, before):
                return Span(at, stop, options)
        return None

    def _options(self, key: str, at: int, stop: int, before: Sequence[Span]) -> tuple[Option, ...]:
        codes, area = self.vocabulary.find_codes(key), self.vocabulary.find_area(key)
        trade = [(self._trade(codes, at, stop),)] if codes else []
        place = [(self._part(Kind.PLACE, at, stop, area=area),)] if area else []
        if key in _TITLES:
            title = [(self._part(Kind.TITLE, at, stop, value=_TITLES[key]),)]
            return (*title, *trade) if self._is_name(stop) else (*trade, *title)
        if key in _LINKS or not (trade or place):
            return ()
        name = [] if key.isdecimal() else [(self._part(Kind.NAME, at, stop, value=key),)]
        led = bool(before) and self.units[before[-1].stop - 1].folded in _TOWARDS
        if place and key in self.vocabulary.common_names and not led:
            return (*name, *place, *trade)
        return (*trade, *place, *name)

    def _trade(self, codes: Codes, at: int, stop: int) -> Part:
        kind = Kind.TRADE if codes.qualifications or codes.functions else Kind.STRUCTURE
        return self._part(kind, at, stop, codes=codes)

    def _is_name(self, at: int) -> bool:
        """Whether a word that nothing else explains stands here."""
        if at >= len(self.units) or self.units[at].folded in _LINKS:
            return False
        key = self.units[at].folded
        if key in self.vocabulary.common_names:
            return True
        return self._number(at) is None and self._phrase(at, ()) is None and self._word(at).kind is Kind.NAME

    def _word(self, at: int) -> Span:
        """A word that no phrase explains: a postal code, a link, else a name; stray digits are ignored."""
        key = self.units[at].folded
        if _POSTAL_CODE.fullmatch(key):
            area = self.vocabulary.postal_codes.get(key) or Area(key, postal_codes=(key,))
            return Span(at, at + 1, ((self._part(Kind.PLACE, at, at + 1, area=area),),))
        if key in _LINKS:
            return Span(at, at + 1, ((self._part(Kind.LINK, at, at + 1),),))
        if not any(character.isalpha() for character in key):
            return Span(at, at + 1, ((self._part(Kind.IGNORED, at, at + 1),),))
        return Span(at, at + 1, ((self._part(Kind.NAME, at, at + 1, value=key),),))


def part_of(some: Sequence[Unit], kind: Kind, start: int, **meaning: str | Codes | Area) -> Part:
    raw = "".join(
        unit.raw if at == 0 or some[at - 1].stop == unit.start else _between(some[at - 1], unit) + unit.raw
        for at, unit in enumerate(some)
    )
    return replace(Part(kind, raw, start, start + len(some)), **meaning)  # type: ignore[arg-type]


def _between(before: Unit, after: Unit) -> str:
    return "-" if after.start - before.stop == 1 else " "
