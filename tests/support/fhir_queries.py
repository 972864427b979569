"""Searches made by chance beside a history of a store, most of which find some of it and not all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, ClassVar

from socle.standards.fhir.text import fold
from tests.support.fhir_oracle import PARAMETERS, RENAMED, TARGETS, Token
from tests.support.fhir_resources import (
    CODES,
    IDS,
    MAILBOXES,
    NAMES,
    NOWHERE,
    OLD_SYSTEMS,
    START,
    TOWNS,
    Step,
)
from tests.support.fhir_store import PUBLIC_BASE, Resource

# CapabilityStatement of the guide: rest.resource.searchInclude and searchRevInclude.
INCLUDES = {
    "PractitionerRole": ("PractitionerRole:organization", "PractitionerRole:practitioner"),
    "Organization": ("Organization:partof",),
    "HealthcareService": ("HealthcareService:organization",),
    "Device": ("Device:organization",),
}
REVERSE_INCLUDES = {
    "Practitioner": ("PractitionerRole:practitioner",),
    "Organization": (
        "Device:organization",
        "HealthcareService:organization",
        "PractitionerRole:organization",
    ),
}
PREFIXES = ("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
_PRECISIONS = ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ", "milliseconds")
_OLD_NAMES: dict[str, list[str]] = {}
for _old, _current in OLD_SYSTEMS.items():
    _OLD_NAMES.setdefault(_current, []).append(_old)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """`criteria` choose the matches; `includes` and `reverse_includes` are paths `Type:parameter`."""

    type: str
    criteria: tuple[Pair, ...]
    count: int
    total: str | None
    includes: tuple[str, ...]
    reverse_includes: tuple[str, ...]

    @property
    def pairs(self) -> list[Pair]:
        """As a client would write it."""
        return [
            *self.criteria,
            ("_count", str(self.count)),
            *([("_total", self.total)] if self.total else []),
            *(("_include", path) for path in self.includes),
            *(("_revinclude", path) for path in self.reverse_includes),
        ]


def escaped(text: str, marks: str = "\\,|$") -> str:
    return "".join(f"\\{character}" if character in marks else character for character in text)


class Asker:
    """Makes queries about the resources of a history: a criterion mostly asks for what some resource bears."""

    def __init__(self, random: Random, steps: Sequence[Step]) -> None:
        self._random = random
        self._moments = [step.moment for step in steps]
        self._written: dict[str, list[Resource]] = {type_name: [] for type_name in PARAMETERS}
        for step in steps:
            for (type_name, _), resource in step.changes.items():
                if resource is not None:
                    self._written[type_name].append(resource)

    def query(self) -> Query:
        type_name = self._one_of(*(name for name, written in self._written.items() if written))
        about = self._random.choice(self._written[type_name])
        criteria = [
            self._criterion(type_name, about) for _ in range(self._random.choice((0, 1, 1, 1, 2, 2, 3)))
        ]
        return Query(
            type_name,
            tuple(criteria),
            self._random.choice((1, 1, 2, 3, 50, 0)),
            self._random.choice((None, None, "accurate", "estimate", "none")),
            self._some_of(INCLUDES.get(type_name, ())),
            self._some_of(REVERSE_INCLUDES.get(type_name, ())),
        )

    def _one_of(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _happens(self, share: float) -> bool:
        return self._random.random() < share

    def _some_of(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(path for path in paths if self._happens(0.3))

    def _criterion(self, type_name: str, about: Resource, chained: bool = False) -> Pair:
        chains = [code for kind, code in TARGETS if kind == type_name]
        if chains and not chained and self._happens(0.3):
            return self._chain(type_name, self._random.choice(chains), about)
        known = PARAMETERS[type_name]
        borne = [code for code, (_, look) in known.items() if look(about)]
        code = self._one_of(*(borne if borne and self._happens(0.7) else [*known, "_id", "_lastUpdated"]))
        if code == "_id":
            return code, ",".join(self._one_of(*IDS, NOWHERE) for _ in range(self._random.randint(1, 3)))
        if code == "_lastUpdated":
            return code, self._alternatives(lambda: self._date(self._moments))
        if self._happens(0.1):
            return f"{code}:missing", self._one_of("true", "false")
        return self._valued(type_name, code, about, chained)

    def _valued(self, type_name: str, code: str, about: Resource, chained: bool) -> Pair:
        kind, look = PARAMETERS[type_name][code]
        everywhere = [value for resource in self._written[type_name] for value in look(resource)]
        values = look(about) if self._happens(0.7) else everywhere
        modifier, part = self._PARTS[kind](self, values or everywhere, TARGETS.get((type_name, code), ""))
        name = f"{code}:{modifier}" if modifier else code
        others = [old for (kind, old), current in RENAMED.items() if kind == type_name and current == name]
        return name if chained else self._one_of(name, *others), self._alternatives(part)

    def _alternatives(self, part: Callable[[], str]) -> str:
        return ",".join(part() for _ in range(self._random.choice((1, 1, 1, 2, 3))))

    def _chain(self, type_name: str, code: str, about: Resource) -> Pair:
        """Asks for what a resource bears that this one refers to, when there is one."""
        target = TARGETS[type_name, code]
        referred = {key.partition("/")[2] for key in PARAMETERS[type_name][code][1](about)}
        candidates = [one for one in self._written[target] if one["id"] in referred] or self._written[target]
        if not candidates:
            return f"{code}._id", self._one_of(*IDS, NOWHERE)
        inner, value = self._criterion(target, self._random.choice(candidates), chained=True)
        return f"{self._one_of(code, f'{code}:{target}')}.{inner}", value

    def _tokens(self, seen: list[Token], target: str) -> tuple[str, Callable[[], str]]:
        def part() -> str:
            system, code = self._random.choice(seen) if seen else (None, self._one_of(*CODES))
            shown = self._one_of(system, *_OLD_NAMES.get(system, ())) if system else ""
            forms = [
                escaped(code),
                f"{shown}|{escaped(code)}",
                f"{shown}|{escaped(code)}",
                f"|{escaped(code)}",
            ]
            forms += [f"{shown}|{self._one_of(*CODES)}", self._one_of(*CODES)]
            return self._one_of(*forms, *([f"{shown}|"] * 2 if shown else []))

        return self._one_of("", "", "", "not"), part

    def _strings(self, seen: list[str], target: str) -> tuple[str, Callable[[], str]]:
        modifier = self._one_of("", "", "exact", "contains", "text")

        def part() -> str:
            text = ""
            while not fold(text):
                text = self._cut(self._one_of(*(seen or [*NAMES, *TOWNS, *MAILBOXES]), "Dup"), modifier)
            return escaped(text, self._one_of("\\,", "\\,|$"))

        return modifier, part

    def _cut(self, text: str, modifier: str) -> str:
        if modifier == "exact":
            return text
        start = self._random.randrange(len(text)) if modifier else 0
        cut = text[start : start + self._random.randint(1, 5)] if modifier or self._happens(0.6) else text
        return self._one_of(cut, cut.upper(), cut.lower())

    def _references(self, seen: list[str], target: str) -> tuple[str, Callable[[], str]]:
        def part() -> str:
            key = self._one_of(*seen, *(f"{target}/{fid}" for fid in (*IDS, NOWHERE)))
            if "://" in key:
                return key
            typed = f"{target}/{key.partition('/')[2]}"
            elsewhere = f"https://elsewhere.example/fhir/v2/{typed}"
            return self._one_of(
                key.partition("/")[2], typed, f"{PUBLIC_BASE}/{typed}", f"{typed}/_history/3", elsewhere
            )

        return self._one_of("", target), part

    def _dates(self, seen: list[tuple[int, int]], target: str) -> tuple[str, Callable[[], str]]:
        bounds = [_moment(bound) for pair in seen for bound in pair if abs(bound) < 10**17]
        return "", lambda: self._date([*bounds, START])

    def _date(self, moments: Sequence[datetime]) -> str:
        moment, precision = self._random.choice(moments), self._one_of(*_PRECISIONS)
        if precision == "milliseconds":
            text = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
        else:
            text = moment.strftime(precision)
        return self._one_of(*PREFIXES) + text

    def _uris(self, seen: list[str], target: str) -> tuple[str, Callable[[], str]]:
        return "", lambda: escaped(self._one_of(*seen, "urn:p:1"), "\\,")

    _PARTS: ClassVar[dict[str, Callable[["Asker", list[Any], str], tuple[str, Callable[[], str]]]]] = {
        "token": _tokens,
        "string": _strings,
        "reference": _references,
        "date": _dates,
        "uri": _uris,
    }


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
