"""From a reading to searches of the FHIR store: which criteria say the same, in which order they are worth trying.

People are searched as persons when nothing is said of a place, and as activities (a person in a place) otherwise.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Literal
from unicodedata import combining, normalize
from urllib.parse import parse_qsl, urlencode

from socle.engines.fhirstore.conditions import EitherCondition
from socle.engines.fhirstore.query import Query, read_query
from socle.foundations.directory.stores import PUBLIC
from socle.foundations.directory.vocabulary import Area, Codes
from socle.foundations.directory.words import Kind, Part, Reading
from socle.foundations.terminology.synonyms import Meaning

Target = Literal["people", "structures"]
Pair = tuple[str, str]
Criterion = tuple[Pair, ...]

PERSON, ACTIVITY, STRUCTURE = "Practitioner", "PractitionerRole", "Organization"
_EXACT: Final = "name:exact"
_EITHER: Final = "|"
_NAMES_JOINED_UP_TO: Final = 3
# What an answer to a program comes with. Pages ask for the activities of persons apart, with their structures.
_WITH: Final[dict[str, tuple[Pair, ...]]] = {
    PERSON: (("_revinclude", "PractitionerRole:practitioner"),),
    ACTIVITY: (("_include", "*"),),
    STRUCTURE: (),
}
_OF_PERSONS: Final = frozenset(("name", "name:exact", "qualification-code", "identifier"))
# Said so, it costs no more than those who are inactive.
ACTIVE: Final[Criterion] = (("active:not", "false"),)
_PERSON_NUMBERS: Final = (11, 12)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the refined form adds to the words."""

    profession: Meaning | None = None
    area: Area | None = None
    mailbox: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One search: all criteria hold; a criterion of several pairs holds when one of them does.

    Texts to choose from are pairs, each found by its own index range; codes to choose from are one pair, with commas.
    """

    type: str
    criteria: tuple[Criterion, ...]

    @property
    def target(self) -> Target:
        return "structures" if self.type == STRUCTURE else "people"

    def pairs(self) -> tuple[Pair, ...]:
        """The same as pairs that a page link can carry."""
        return tuple(
            criterion[0] if len(criterion) == 1 else (_EITHER, urlencode(criterion))
            for criterion in self.criteria
        )

    def address(self) -> str:
        """The query of the FHIR API that finds the same; empty when no single query does."""
        if any(len({name for name, _ in criterion}) > 1 for criterion in self.criteria):
            return ""
        asked = [(one[0][0], ",".join(value for _, value in one)) for one in self.criteria]
        return f"{self.type}?{urlencode([*asked, *_WITH[self.type]], safe=':/|,*')}"


def request_of(type_name: str, pairs: Iterable[Pair]) -> Request:
    """The request whose `pairs()` these are."""
    criteria = (tuple(parse_qsl(value)) if name == _EITHER else ((name, value),) for name, value in pairs)
    return Request(type_name, tuple(criteria))


@lru_cache(maxsize=1_024)
def query_of(request: Request, count: int, *, counted: bool = True) -> Query:
    """The request ready for the store, with what its results are shown with; `counted` asks for the total."""
    total = () if counted else (("_total", "none"),)
    asked = [criterion[0] for criterion in request.criteria if len(criterion) == 1]
    included = () if request.type == PERSON else _WITH[request.type]
    query = read_query(PUBLIC, request.type, [*asked, *included, ("_count", str(count)), *total])
    for criterion in request.criteria:
        if len(criterion) > 1:
            query.conditions.append(
                EitherCondition(tuple(read_query(PUBLIC, request.type, criterion).conditions))
            )
    return query


def likely_target(reading: Reading) -> Target:
    """Whom a person has in mind: a kind of structure or a structure's number says so, anything else is people."""
    if reading.of(Kind.TRADE):
        return "people"
    numbers = reading.of(Kind.NUMBER)
    if reading.of(Kind.STRUCTURE) or any(len(number.value) not in _PERSON_NUMBERS for number in numbers):
        return "structures"
    return "people"


def other_target(target: Target) -> Target:
    return "structures" if target == "people" else "people"


def requests(reading: Reading, filters: Filters, target: Target, *, wide: bool = False) -> Iterator[Request]:
    """The searches worth trying for a reading, the closest to its words first; none when it asks for nothing. A `wide`
    search takes the names of people as beginnings at once, without trying them as whole names."""
    return _for_people(reading, filters, wide) if target == "people" else _for_structures(reading, filters)


def _for_people(reading: Reading, filters: Filters, wide: bool) -> Iterator[Request]:
    fixed = [*_trades(reading, filters), *_numbers(reading)]
    fixed += [criterion for area in _areas(reading, filters) for criterion in _place(area, "organization.")]
    if filters.mailbox:
        fixed += [(("mailbox-mss:contains", "@"), ("practitioner.mailbox-mss:contains", "@")), ACTIVE]
    titles = tuple(((_EXACT, part.value),) for part in reading.of(Kind.TITLE))
    names = reading.names()
    for asked, variant in product(dict.fromkeys((titles, ())) if names else (titles,), _ways_to_join(names)):
        whole = [exact for name in variant if len(exact := _whole(name)) > 1]
        if not wide and whole and len(whole) == len(variant):
            yield _people([*whole, *asked, *fixed])
        criteria = [*((("name", escaped(name)),) for name in variant), *asked, *fixed]
        if criteria:
            yield _people(criteria)


def _whole(name: str) -> Criterion:
    """A whole name as the sources may write it, in capitals or not, with accents or without. One form only is an
    initial, or a script without capitals."""
    bare = "".join(letter for letter in normalize("NFD", name) if not combining(letter))
    forms = dict.fromkeys(form for text in (name, bare) for form in (text.upper(), text.title()))
    return tuple((_EXACT, escaped(form)) for form in forms)


def is_exact(request: Request) -> bool:
    """Whether names were searched whole: titles are exact too, but of one form."""
    return any(len(criterion) > 1 and criterion[0][0].endswith(_EXACT) for criterion in request.criteria)


def _people(criteria: list[Criterion]) -> Request:
    """A search of persons when every criterion is one of theirs, else of activities.

    What is left of somebody who is not in activity any more is a number: only a number finds it, and it should.
    """
    if all(name in _OF_PERSONS for criterion in criteria for name, _ in criterion):
        return Request(PERSON, tuple(criteria))
    return Request(ACTIVITY, tuple(tuple(map(_of_activity, criterion)) for criterion in criteria))


def _of_activity(pair: Pair) -> Pair:
    name, value = pair
    return (f"practitioner.{name}", value) if name in _OF_PERSONS else pair


def _ways_to_join(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Names apart, then with neighbours taken as one compound name."""
    if not 1 < len(names) <= _NAMES_JOINED_UP_TO:
        yield from dict.fromkeys((names, (" ".join(names),) if names else ()))
        return
    for joins in product((False, True), repeat=len(names) - 1):
        made = [names[0]]
        for name, joined in zip(names[1:], joins, strict=True):
            if joined:
                made[-1] += f" {name}"
            else:
                made.append(name)
        yield tuple(made)


def _trades(reading: Reading, filters: Filters) -> Iterator[Criterion]:
    """Of a word for both a trade and a kind of structure, people are meant by the trade."""
    if filters.profession is not None:
        yield (("qualification-code", tokens((filters.profession,))),)
    for part in reading.of(Kind.TRADE, Kind.STRUCTURE):
        codes = part.codes or Codes()
        by_person = (("qualification-code", codes.qualifications), ("role", codes.functions))
        found = tuple((name, tokens(meanings)) for name, meanings in by_person if meanings)
        yield found or (("organization.type", tokens(codes.sectors)),)


def _numbers(reading: Reading) -> Iterator[Criterion]:
    for part in reading.of(Kind.NUMBER):
        of_person = len(part.value) in _PERSON_NUMBERS
        yield (("identifier" if of_person else "organization.identifier", escaped(part.value)),)
    for part in reading.of(Kind.MAILBOX):
        start = escaped(part.value)
        yield (("mailbox-mss", start), ("practitioner.mailbox-mss", start))
        yield ACTIVE


def _areas(reading: Reading, filters: Filters) -> list[Area]:
    named = [part.area for part in reading.of(Kind.PLACE) if part.area is not None]
    return [*named, filters.area] if filters.area is not None else named


def _place(area: Area, prefix: str = "") -> Iterator[Criterion]:
    if area.department:
        # The district of an address is its department's code, and no other part of an address is just that.
        yield ((f"{prefix}address:exact", area.department),)
    if area.cities:
        yield tuple((f"{prefix}address-city", escaped(city)) for city in area.cities)
    if area.postal_codes:
        yield tuple((f"{prefix}address-postalcode", escaped(code)) for code in area.postal_codes)


def _for_structures(reading: Reading, filters: Filters) -> Iterator[Request]:
    fixed: list[Criterion] = [criterion for area in _areas(reading, filters) for criterion in _place(area)]
    numbers = [(("identifier", escaped(part.value)),) for part in reading.of(Kind.NUMBER)]
    fixed += numbers or [ACTIVE]
    fixed += [(("mailbox-mss", escaped(part.value)),) for part in reading.of(Kind.MAILBOX)]
    if filters.mailbox:
        fixed.append((("mailbox-mss:contains", "@"),))
    kinds = [part for part in reading.of(Kind.TRADE, Kind.STRUCTURE) if part.codes and part.codes.sectors]
    typed: list[Criterion] = [(("type", tokens(part.codes.sectors)),) for part in kinds if part.codes]
    rest = reading.of(Kind.NAME, Kind.TRADE, Kind.STRUCTURE)
    named = tuple(part for part in rest if part not in kinds)
    for criteria, words in ((typed, named), ([], rest)) if kinds else (([], named),):
        if filters.profession is None:
            yield from _named_structures([*criteria, *fixed], words)


def _named_structures(criteria: list[Criterion], words: tuple[Part, ...]) -> Iterator[Request]:
    """Structures whose name begins with these words, then those whose name contains each of them."""
    texts = [escaped(part.value or part.raw) for part in words]
    if texts:
        yield Request(STRUCTURE, ((("name", " ".join(texts)),), *criteria))
        yield Request(STRUCTURE, (*((("name:contains", text),) for text in texts), *criteria))
    elif criteria != [ACTIVE]:
        yield Request(STRUCTURE, tuple(criteria))


def tokens(meanings: Iterable[Meaning]) -> str:
    return ",".join(f"{meaning.system}|{escaped(meaning.code)}" for meaning in meanings)


def escaped(text: str) -> str:
    """A value in which nothing is a separator (R4 §3.1.1.4.3)."""
    return text.translate(_ESCAPES)


_ESCAPES: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\,|$"})
