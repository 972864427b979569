"""Searches drawn beside a history of a store, so that most of them find something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

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
from tests.support.fhir_store import Resource

BASE = "https://directory.example/fhir/v2"
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


def resources_of(steps: Sequence[Step], type_name: str) -> list[Resource]:
    return [
        resource
        for step in steps
        for (kind, _), resource in step.changes.items()
        if resource is not None and kind == type_name
    ]


@st.composite
def queries(draw: st.DrawFn, steps: Sequence[Step]) -> Query:
    written = sorted({kind for step in steps for kind, _ in step.changes})
    type_name = draw(st.sampled_from(written))
    criteria = draw(st.lists(criterion(steps, type_name), max_size=3))
    return Query(
        type_name,
        tuple(criteria),
        draw(st.sampled_from((1, 1, 2, 3, 50, 0))),
        draw(st.sampled_from((None, None, "accurate", "estimate", "none"))),
        _some_of(draw, INCLUDES.get(type_name, ())),
        _some_of(draw, REVERSE_INCLUDES.get(type_name, ())),
    )


def _some_of(draw: st.DrawFn, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(draw(st.lists(st.sampled_from(paths), max_size=2, unique=True))) if paths else ()


@st.composite
def criterion(draw: st.DrawFn, steps: Sequence[Step], type_name: str, chained: bool = False) -> Pair:
    chains = [] if chained else [code for kind, code in TARGETS if kind == type_name]
    if chains and draw(st.integers(0, 2)) == 0:
        return draw(chain(steps, type_name, draw(st.sampled_from(chains))))
    code = draw(st.sampled_from([*PARAMETERS[type_name], "_id", "_lastUpdated"]))
    if code == "_id":
        return code, ",".join(draw(st.lists(st.sampled_from((*IDS, NOWHERE)), min_size=1, max_size=3)))
    if code == "_lastUpdated":
        moments = [step.moment for step in steps]
        return code, ",".join(draw(st.lists(search_dates(moments), min_size=1, max_size=2)))
    if draw(st.integers(0, 9)) == 0:
        return f"{code}:missing", draw(st.sampled_from(("true", "false")))
    kind, look = PARAMETERS[type_name][code]
    seen = [value for resource in resources_of(steps, type_name) for value in look(resource)]
    modifier, one = draw(VALUES[kind](seen, TARGETS.get((type_name, code), "")))
    parts = [one, *(part for other, part in _others(draw, kind, seen, type_name, code) if other == modifier)]
    name = f"{code}:{modifier}" if modifier else code
    return _renamed(draw, type_name, name, chained), ",".join(parts)


def _others(draw: st.DrawFn, kind: str, seen: list[Any], type_name: str, code: str) -> list[Pair]:
    """Alternatives after the first; one that came with another modifier is left out."""
    return draw(st.lists(VALUES[kind](seen, TARGETS.get((type_name, code), "")), max_size=2))


def _renamed(draw: st.DrawFn, type_name: str, name: str, chained: bool) -> str:
    """The name itself, or sometimes another spelling of it that the documentation gives."""
    others = [old for (kind, old), current in RENAMED.items() if kind == type_name and current == name]
    return draw(st.sampled_from([name, *others])) if others and not chained else name


@st.composite
def chain(draw: st.DrawFn, steps: Sequence[Step], type_name: str, code: str) -> Pair:
    target = TARGETS[type_name, code]
    inner, value = draw(criterion(steps, target, chained=True))
    head = draw(st.sampled_from((code, f"{code}:{target}")))
    return f"{head}.{inner}", value


@st.composite
def tokens(draw: st.DrawFn, seen: list[Token], target: str) -> Pair:
    system, code = draw(st.sampled_from(seen) if seen else st.tuples(st.none(), st.sampled_from(CODES)))
    shown = draw(st.sampled_from([system, *_OLD_NAMES.get(system, ())])) if system else ""
    forms = [
        escaped(code),
        f"{shown}|{escaped(code)}",
        f"|{escaped(code)}",
        escaped(draw(st.sampled_from(CODES))),
    ]
    if shown:
        forms.append(f"{shown}|")
    return draw(st.sampled_from(("", "", "", "not"))), draw(st.sampled_from(forms))


@st.composite
def strings(draw: st.DrawFn, seen: list[str], target: str) -> Pair:
    text = draw(st.sampled_from(seen or [*NAMES, *TOWNS, *MAILBOXES]))
    modifier = draw(st.sampled_from(("", "", "exact", "contains", "text")))
    if modifier in ("contains", "text"):
        start = draw(st.integers(0, len(text) - 1))
        text = text[start : start + draw(st.integers(1, 4))]
    elif not modifier:
        text = text[: draw(st.integers(1, len(text)))]
        text = draw(st.sampled_from((text, text.upper(), text.lower())))
    assume(fold(text))
    return modifier, escaped(text, draw(st.sampled_from(("\\,", "\\,|$"))))


@st.composite
def references(draw: st.DrawFn, seen: list[str], target: str) -> Pair:
    known = [key.partition("/")[2] for key in seen]
    fid = draw(st.sampled_from([*known, *IDS, NOWHERE]))
    typed = f"{target}/{fid}"
    forms = (fid, typed, f"{BASE}/{typed}", f"{typed}/_history/3")
    return draw(st.sampled_from(("", target))), draw(st.sampled_from(forms))


@st.composite
def search_dates(draw: st.DrawFn, moments: Sequence[datetime]) -> str:
    moment = draw(st.sampled_from(moments))
    precision = draw(st.sampled_from(_PRECISIONS))
    if precision == "milliseconds":
        text = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    else:
        text = moment.strftime(precision)
    return draw(st.sampled_from(PREFIXES)) + text


def dates(seen: list[tuple[int, int]], target: str) -> st.SearchStrategy[Pair]:
    bounds = [_moment(bound) for pair in seen for bound in pair if abs(bound) < 10**17]
    return search_dates([*bounds, START]).map(lambda text: ("", text))


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)


def uris(seen: list[str], target: str) -> st.SearchStrategy[Pair]:
    return st.sampled_from([*seen, "urn:p:1"]).map(lambda uri: ("", escaped(uri, "\\,")))


VALUES: dict[str, Callable[[list[Any], str], st.SearchStrategy[Pair]]] = {
    "token": tokens,
    "string": strings,
    "reference": references,
    "date": dates,
    "uri": uris,
}
