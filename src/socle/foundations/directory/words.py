"""What a person means by the words of a search: names, trades, places, numbers.

A text is cut into words; each word belongs to exactly one part of a reading. Words that may be taken in several ways
(Martin is a town and a name) give several readings, the most sensible first; whoever searches tries them in order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from socle.foundations.directory.vocabulary import Area, Codes, Unit, Vocabulary, normal, units
from socle.standards.fhir.text import fold

READINGS_LIMIT: Final = 6
NAMES_LIMIT: Final = 5
_TITLES: Final = {
    **dict.fromkeys(("m", "mr", "monsieur"), "M"),
    **dict.fromkeys(("mme", "madame", "mlle", "mademoiselle", "mrs", "ms"), "MME"),
    **dict.fromkeys(("dr", "docteur", "doctor"), "DR"),
    **dict.fromkeys(("pr", "prof", "professeur", "professor"), "PR"),
}
# Before a name, these belong to it (“de la Tour”); before anything else they only link.
_PARTICLES: Final = frozenset("d da de del della des di dos du el l la le les van von".split())
_TOWARDS: Final = frozenset("a at dans en in near pres proche sur vers".split())
_LINKS: Final = (
    _PARTICLES | _TOWARDS | frozenset("and au aux avec chez et for of ou par pour the un une with".split())
)
_POSTAL_CODE: Final = re.compile(r"\d{5}", re.ASCII)
_NUMBER: Final = re.compile(r"\d{6,20}|\d[0-9a-z]\d{7}|[rfc]\d{8,20}", re.ASCII)
_DIGITS: Final = re.compile(r"\d{2,4}", re.ASCII)
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
    `doubtful` parts are a name or a place, and could as well be the other.
    """

    kind: Kind
    raw: str
    start: int
    stop: int
    value: str = ""
    codes: Codes | None = None
    area: Area | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a text: its parts, in order, which share out all its words."""

    parts: tuple[Part, ...]

    def of(self, *kinds: Kind) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind in kinds)

    def names(self) -> tuple[str, ...]:
        """The names as typed, accents and hyphens included."""
        return tuple(part.raw for part in self.of(Kind.NAME))

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
    spans = list(_Segmenter(normal(text), vocabulary).spans())
    first = [span.options[0] for span in spans]
    readings = [first]
    for at, span in enumerate(spans):
        readings += [[*first[:at], other, *first[at + 1 :]] for other in span.options[1:]]
    readings.append([span.options[-1] for span in spans])
    made = (Reading(tuple(_bounded(part for option in chosen for part in option))) for chosen in readings)
    return tuple(dict.fromkeys(made))[:READINGS_LIMIT]


def _bounded(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, with the names beyond NAMES_LIMIT ignored: nobody has so many, and each is a search of its own."""
    names = 0
    for part in parts:
        names += part.kind is Kind.NAME
        yield (
            replace(part, kind=Kind.IGNORED, value="")
            if names > NAMES_LIMIT and part.kind is Kind.NAME
            else part
        )


class _Segmenter:
    """Cuts one text into spans, from left to right, the longest known phrase first."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text, self.vocabulary = text, vocabulary
        self.units: Sequence[Unit] = units(text)

    def spans(self) -> Iterator[Span]:
        found: list[Span] = []
        at = 0
        while at < len(self.units):
            span = self._number(at) or self._phrase(at) or self._word(at)
            found.append(span)
            at = span.stop
        return self._joined(found)

    def _part(
        self,
        kind: Kind,
        start: int,
        stop: int,
        value: str = "",
        codes: Codes | None = None,
        area: Area | None = None,
        *,
        doubtful: bool = False,
    ) -> Part:
        raw = self.text[self.units[start].start : self.units[stop - 1].stop]
        return Part(kind, raw, start, stop, value, codes, area, doubtful)

    def _only(self, kind: Kind, start: int, stop: int, value: str = "", area: Area | None = None) -> Span:
        return Span(start, stop, ((self._part(kind, start, stop, value, area=area),),))

    def _key(self, start: int, stop: int) -> str:
        return " ".join(unit.folded for unit in self.units[start:stop])

    def _number(self, at: int) -> Span | None:
        """A number of a person or structure, alone or typed in groups of digits, or a mail address."""
        key = self.units[at].folded
        if "@" in key:
            return self._only(Kind.MAILBOX, at, at + 1, key)
        if _NUMBER.fullmatch(key):
            return self._only(Kind.NUMBER, at, at + 1, key.upper())
        stop = at
        while stop < len(self.units) and _DIGITS.fullmatch(self.units[stop].folded):
            stop += 1
        grouped = self._key(at, stop).replace(" ", "")
        if stop > at + 1 and len(grouped) in _NUMBER_LENGTHS:
            return self._only(Kind.NUMBER, at, stop, grouped)
        return None

    def _phrase(self, at: int) -> Span | None:
        for stop in range(min(at + self.vocabulary.longest, len(self.units)), at, -1):
            if options := self._options(self._key(at, stop), at, stop):
                return Span(at, stop, options)
        return None

    def _options(self, key: str, at: int, stop: int) -> tuple[Option, ...]:
        """The ways to take a phrase, best first; none when nothing explains it."""
        codes, area = self.vocabulary.find_codes(key), self.vocabulary.find_area(key)
        trade = [(self._trade(codes, at, stop),)] if codes else []
        if key in _TITLES:
            title = [(self._part(Kind.TITLE, at, stop, _TITLES[key]),)]
            return (*title, *trade) if self._is_name(stop) else (*trade, *title)
        if key in _LINKS or not (trade or area):
            return ()
        doubtful = area is not None and self.vocabulary.is_doubtful(key)
        place = [(self._part(Kind.PLACE, at, stop, area=area, doubtful=doubtful),)] if area else []
        name = [] if key.isdecimal() else [(self._part(Kind.NAME, at, stop, key, doubtful=doubtful),)]
        return (*name, *place, *trade) if doubtful and self._is_called(key, at) else (*trade, *place, *name)

    def _is_called(self, key: str, at: int) -> bool:
        """Whether a doubtful word reads better as a name: a very usual one, or after a title, and no place led to."""
        before = self.units[at - 1].folded if at else ""
        return before not in _TOWARDS and (before in _TITLES or key in self.vocabulary.common_names)

    def _trade(self, codes: Codes, at: int, stop: int) -> Part:
        kind = Kind.TRADE if codes.qualifications or codes.functions else Kind.STRUCTURE
        return self._part(kind, at, stop, codes=codes)

    def _is_name(self, at: int) -> bool:
        """Whether a word that reads best as a name stands here."""
        key = self.units[at].folded if at < len(self.units) else ""
        if key in self.vocabulary.common_names:
            return True
        known = (
            key in _TITLES
            or key in _LINKS
            or self.vocabulary.find_codes(key)
            or self.vocabulary.find_area(key)
        )
        return not known and any(character.isalpha() for character in key)

    def _word(self, at: int) -> Span:
        """A word that no phrase explains: a postal code, a link, else a name; stray digits are ignored."""
        key = self.units[at].folded
        if _POSTAL_CODE.fullmatch(key):
            area = self.vocabulary.postal_codes.get(key) or Area(key, postal_codes=(key,))
            return self._only(Kind.PLACE, at, at + 1, area=area)
        if key in _LINKS:
            return self._only(Kind.LINK, at, at + 1)
        named = any(character.isalpha() for character in key)
        return self._only(Kind.NAME, at, at + 1, key) if named else self._only(Kind.IGNORED, at, at + 1)

    def _joined(self, spans: Sequence[Span]) -> Iterator[Span]:
        """The spans, with names of several words made one: `de la Tour`, `Dupont-Durand`."""
        at = 0
        while at < len(spans):
            end = self._end_of_name(spans, at)
            yield spans[at] if end == at + 1 else self._name(spans[at:end])
            at = end

    def _end_of_name(self, spans: Sequence[Span], at: int) -> int:
        end = at
        while end < len(spans) - 1 and self._is_particle(spans[end]):
            end += 1
        if spans[end].kind is not Kind.NAME:
            return at + 1
        end += 1
        while end < len(spans) and self._is_tied(spans[end - 1], spans[end]):
            end += 1
        return end

    def _is_particle(self, span: Span) -> bool:
        return span.kind is Kind.LINK and self.units[span.start].folded in _PARTICLES

    def _is_tied(self, before: Span, after: Span) -> bool:
        """Whether only a hyphen or an apostrophe stands between two spans."""
        between = self.text[self.units[before.stop - 1].stop : self.units[after.start].start]
        return len(between) == 1 and not between.isspace() and not fold(between)

    def _name(self, spans: Sequence[Span]) -> Span:
        start, stop = spans[0].start, spans[-1].stop
        apart = tuple(part for span in spans for part in span.options[0])
        return Span(start, stop, ((self._part(Kind.NAME, start, stop, self._key(start, stop)),), apart))
