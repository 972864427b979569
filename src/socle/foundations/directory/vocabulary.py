"""The words that people use for trades, kinds of structures and places, ready to be looked up.

A vocabulary is built once for a published state of the directory: the words of trades come with the code tables and
their synonyms, the places from the towns where a structure is. Keys are phrases: folded words joined by one space.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from socle.foundations.terminology.synonyms import Meaning, synonyms
from socle.foundations.terminology.tables import CodeTable, by_url, group
from socle.standards.annuaire import systems
from socle.standards.fhir.text import fold

TEXT_LIMIT = 200
_CITIES_LIMIT = 40
_POSTAL_CODES_LIMIT = 60
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"[^\s@,;]+@[^\s@,;]+")
_UNIT = re.compile(rf"{_ADDRESS.pattern}|{_WORD.pattern}")
# “Lyon 3e Arrondissement”, “MARSEILLE 03”: a town and the number of one of its districts.
_DISTRICT = re.compile(r"(.+?) 0*(\d{1,2})(?:er|e|eme|ieme)?(?: arrondissement)?")
_ENDINGS = (
    ("ennes", "en"),
    ("enne", "en"),
    ("trices", "teur"),
    ("trice", "teur"),
    ("euses", "eur"),
    ("euse", "eur"),
)
_SHORTEST_FIRST_WORD = 5
_EVERYWHERE = frozenset("saint sainte bourg grand grande petit petite haute vieux vieille notre fort".split())
_STRUCTURE_TABLES = frozenset({systems.SECTOR})
_FUNCTION_TABLES = frozenset({systems.FUNCTION, systems.CARE_ROLE, systems.OTHER_FUNCTION})


@dataclass(frozen=True, slots=True)
class Unit:
    """One word: its place in the text, and its folded form, which is never empty."""

    start: int
    stop: int
    folded: str


def normal(text: str) -> str:
    """The text as it is read: composed characters, and nothing beyond TEXT_LIMIT of them."""
    return unicodedata.normalize("NFC", text)[:TEXT_LIMIT]


def units(text: str) -> tuple[Unit, ...]:
    """The words of a normal text, in order; a mail address is one word."""
    found = (Unit(word.start(), word.end(), _folded(word.group())) for word in _UNIT.finditer(text))
    return tuple(unit for unit in found if unit.folded)


def _folded(word: str) -> str:
    """Folding may bring marks of its own (`¼` is `1⁄4`), which are no more part of a word than typed ones."""
    folded = fold(word)
    return folded if _ADDRESS.fullmatch(folded) else " ".join(_WORD.findall(folded))


def phrase(text: str) -> str:
    """The key of a text: its words, folded, joined by one space."""
    return " ".join(unit.folded for unit in units(unicodedata.normalize("NFC", text)))


@dataclass(frozen=True, slots=True)
class Codes:
    """What a word for a trade or a kind of structure stands for, by the element that carries it: any of these."""

    qualifications: tuple[Meaning, ...] = ()
    functions: tuple[Meaning, ...] = ()
    sectors: tuple[Meaning, ...] = ()

    @property
    def all(self) -> tuple[Meaning, ...]:
        return self.qualifications + self.functions + self.sectors


@dataclass(frozen=True, slots=True)
class Area:
    """A place as one names it. A town is found by its `cities` (each the beginning of the names meant), together with
    its `postal_codes` when the names alone would find other towns; a whole department by its code."""

    name: str
    cities: tuple[str, ...] = ()
    postal_codes: tuple[str, ...] = ()
    department: str = ""


@dataclass(frozen=True, slots=True)
class Town:
    """A town where at least one structure is, with one of its postal codes."""

    folded: str
    postal_code: str
    name: str
    department: str


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The phrases known, by what they stand for; compared by identity, because it is large and never changes.

    `stems` are the phrases for codes without their marks of gender and number. `short_areas` are towns by the first
    word of their name (`villefranche`). `common_names` are names of people so usual that a town comes second.
    """

    codes: Mapping[str, Codes]
    stems: Mapping[str, Codes]
    areas: Mapping[str, Area]
    short_areas: Mapping[str, Area]
    departments: Mapping[str, Area]
    postal_codes: Mapping[str, Area]
    common_names: frozenset[str] = frozenset()
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        keys = (self.codes, self.areas, self.departments)
        longest = max((key.count(" ") + 1 for table in keys for key in table), default=1)
        object.__setattr__(self, "longest", longest)

    def find_codes(self, key: str) -> Codes | None:
        """The meanings of a phrase, whatever its gender and number."""
        return self.codes.get(key) or self.stems.get(stem(key))

    def find_area(self, key: str) -> Area | None:
        """The place of this name: a town before the department of the same name."""
        return (
            self.areas.get(key)
            or self.areas.get(_spelt_out(key))
            or self.departments.get(key)
            or self.short_areas.get(key)
        )

    def is_doubtful(self, key: str) -> bool:
        """Whether the place of this name may well be a person's name instead."""
        return key in self.common_names or (key in self.short_areas and key not in self.areas)


def vocabulary(
    towns: Iterable[Town], departments: Mapping[str, str], common_names: Iterable[str] = ()
) -> Vocabulary:
    """`departments` gives the name of each department code."""
    listed = sorted(towns, key=lambda town: (town.folded, town.postal_code))
    named = {code: Area(name, department=code) for code, name in departments.items()}
    words = code_words()
    return Vocabulary(
        codes=words,
        stems={stem(key): codes for key, codes in reversed(list(words.items()))},
        areas=_areas(listed),
        short_areas=_short_areas(listed),
        departments={key: area for code, area in named.items() for key in (code.lower(), phrase(area.name))},
        postal_codes=_postal_codes(listed),
        common_names=frozenset(phrase(name) for name in common_names),
    )


def stem(key: str) -> str:
    """A phrase without the marks of gender and number: `pharmaciennes` and `pharmacien` have one stem."""
    return " ".join(map(_stem_of_word, key.split(" ")))


def _stem_of_word(word: str) -> str:
    for ending, masculine in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + masculine
    if len(word) > 3:
        word = word.removesuffix("s").removesuffix("x")
    if word.endswith(("iere", "ere")):
        return word.removesuffix("e")
    return word.removesuffix("e") if word.endswith("ee") else word


def _spelt_out(key: str) -> str:
    """`st genis` and `ste foy` with the saint spelt out, as the lists of towns have it."""
    words = {"st": "saint", "ste": "sainte"}
    return " ".join(words.get(word, word) for word in key.split(" "))


@cache
def code_words() -> Mapping[str, Codes]:
    """The phrases for codes: everyday words first, then the labels of the tables in both languages."""
    found: dict[str, list[Meaning]] = defaultdict(list)
    for word, meanings in synonyms().items():
        found[phrase(word)] += meanings
    for name in ("profession", "skill", "role", "sector"):
        for table in group(name).tables:
            for label, meaning in _labels(table):
                found.setdefault(phrase(label), [meaning])
    return {key: _codes(meanings) for key, meanings in found.items() if key}


def _labels(table: CodeTable) -> Iterator[tuple[str, Meaning]]:
    for code, labels in table.labels.items():
        for label in labels:
            yield label, Meaning(table.url, code)


def _codes(meanings: Iterable[Meaning]) -> Codes:
    once = tuple(dict.fromkeys(meanings))
    return Codes(
        qualifications=tuple(m for m in once if m.system not in _STRUCTURE_TABLES | _FUNCTION_TABLES),
        functions=tuple(m for m in once if m.system in _FUNCTION_TABLES),
        sectors=tuple(m for m in once if m.system in _STRUCTURE_TABLES),
    )


def label_of(meaning: Meaning, lang: str) -> str:
    table = by_url(meaning.system)
    return (table.display(meaning.code, "en" if lang == "en" else "fr") if table else None) or meaning.code


def _areas(towns: list[Town]) -> dict[str, Area]:
    """Towns by every name that people give them: `lyon` is all its districts, `lyon 3` and `lyon 3e` one of them."""
    members: dict[str, list[Town]] = defaultdict(list)
    whole: dict[str, str] = {}
    for town in towns:
        district = _DISTRICT.fullmatch(town.folded)
        for key in {town.folded, *(_district_names(*district.groups()) if district else ())}:
            members[key].append(town)
        if district:
            members[district[1]].append(town)
            whole[district[1]] = town.name[: len(district[1])]
    names = sorted({town.folded for town in towns})
    return {key: _area(key, found, names, whole.get(key)) for key, found in members.items()}


def _short_areas(towns: list[Town]) -> dict[str, Area]:
    members: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        first, _, rest = town.folded.partition(" ")
        if rest and len(first) >= _SHORTEST_FIRST_WORD and first not in _EVERYWHERE:
            members[first].append(town)
    names = sorted({town.folded for town in towns})
    return {key: _area(key, found, names, None) for key, found in members.items()}


def _district_names(base: str, number: str) -> Iterator[str]:
    for ending in ("", "e", "er", "eme", "ieme"):
        yield f"{base} {number}{ending}"
    yield f"{base} {number:0>2}"


def _area(key: str, towns: list[Town], names: list[str], whole: str | None) -> Area:
    """The shortest way to find exactly these towns among all the `names`."""
    meant = {town.folded for town in towns}
    cities = tuple(dict.fromkeys(town.name for town in towns))[:_CITIES_LIMIT]
    if _starting(key, names) == meant:
        cities = (key,)
        codes: tuple[str, ...] = ()
    elif all(_starting(name, names) <= meant for name in meant) and len(cities) == len(meant):
        codes = ()
    else:
        codes = tuple(dict.fromkeys(town.postal_code for town in towns if town.postal_code))[
            :_POSTAL_CODES_LIMIT
        ]
    return Area(whole or towns[0].name, cities, codes)


def _starting(prefix: str, names: list[str]) -> set[str]:
    """The names that begin so; `names` are sorted."""
    at = bisect_left(names, prefix)
    found = set()
    while at < len(names) and names[at].startswith(prefix):
        found.add(names[at])
        at += 1
    return found


def _postal_codes(towns: list[Town]) -> dict[str, Area]:
    named: dict[str, list[str]] = defaultdict(list)
    for town in towns:
        named[town.postal_code].append(town.name)
    return {
        code: Area(f"{code} ({', '.join(names[:2])}{', …' if len(names) > 2 else ''})", postal_codes=(code,))
        for code, names in named.items()
        if code
    }
