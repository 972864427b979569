"""The search of IHE RESTful ATNA, Retrieve ATNA Audit Event [ITI-81] (IHE ITI TF-2 3.81.4.1.2), read into what is
wanted of the trail.

Dates are required, both ends of the period. A parameter that our entries cannot answer is refused and not ignored: an
audit that leaves a criterion out shows what was not asked for. Tokens are `value` or `system|value`; alternatives are
separated by commas, and a repeated parameter must be met each time (R4 search.html).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from socle.kernel.actors import ActorKind
from socle.kernel.audit.actions import CATALOGUE
from socle.kernel.audit.faults import TRAIL_PARAMETER, TRAIL_PERIOD
from socle.kernel.audit.fhir import (
    DICOM,
    OTHER_TYPE,
    OURS,
    PATIENT_ROLE,
    PERSON,
    RECORD_TYPE,
    SYSTEM_OBJECT,
    USER_ROLE,
)
from socle.kernel.audit.wanted import RECORD, About, Member, Period, Wanted, both
from socle.kernel.errors import SocleError
from socle.kernel.fhir.faults import BAD_VALUE
from socle.kernel.fhir.request import Pairs
from socle.standards.fhir.dates import DateFault, SearchDate, parse_search_date
from socle.standards.fhir.values import alternatives, token_parts, unescape

COUNT, MOST = 50, 500
BEFORE: Final = "_before"
_UNIT = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"([0-9a-f]{32})-(0|[1-9][0-9]{0,8})")
_ANYBODY = frozenset({About.RECORD, About.OTHER})
_EVERYTHING = frozenset(About)
_ACTOR = re.compile(rf"({'|'.join(kind.value for kind in ActorKind)}):.*", re.DOTALL)
Token = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: `before` is a position, None on the first page; `pairs` are the criteria, for the links."""

    wanted: Wanted
    count: int
    before: int | None
    pairs: tuple[tuple[str, str], ...]


def read_search(pairs: Pairs, origin: str) -> Asked:
    """`origin` names the trail. Raises SocleError: TRAIL_PARAMETER, TRAIL_PERIOD, BAD_VALUE."""
    wanted, count, before, used = Wanted(), COUNT, None, []
    for name, value in pairs:
        if name in _IGNORED:
            continue
        if name == "_count":
            count = max(1, min(_number(name, value), MOST))
        elif name == BEFORE:
            before = _number(name, value)
            continue
        elif name == "_sort":
            _check_order(value)
        elif name == "date":
            wanted = replace(wanted, period=wanted.period.narrowed(_period(value)))
        elif name in ("source", "source.identifier"):
            wanted = _source(wanted, _tokens(name, value), origin)
        elif name in _READERS:
            wanted = _READERS[name](wanted, name, value)
        else:
            raise SocleError(TRAIL_PARAMETER, parameter=name[:80], known=", ".join(PARAMETERS))
        used.append((name, value))
    if wanted.period.low is None or wanted.period.high is None:
        raise SocleError(TRAIL_PERIOD)
    return Asked(wanted, count, before, tuple(used))


def read_id(fhir_id: str) -> tuple[bytes, int] | None:
    """(unit, number in it) of the identifier of an AuditEvent; None when it is none."""
    met = _ID.fullmatch(fhir_id)
    return (bytes.fromhex(met[1]), int(met[2])) if met else None


def _period(value: str) -> Period:
    try:
        dates = [parse_search_date(part) for part in alternatives(value)]
    except DateFault as fault:
        raise _bad("date", value, fault.remedy.fr, fault.remedy.en) from None
    if len(dates) > 1 or dates[0].prefix in ("ne", "ap"):
        raise _bad(
            "date",
            value,
            "une date à la fois, avec ge, gt, le, lt, sa, eb ou eq.",
            "one date at a time, with ge, gt, le, lt, sa, eb or eq.",
        )
    return _bounded(dates[0])


def _bounded(date: SearchDate) -> Period:
    """An instant against an interval (R4 search.html#date)."""
    match date.prefix:
        case "ge":
            return Period(low=date.low)
        case "gt" | "sa":
            return Period(low=date.high)
        case "le":
            return Period(high=date.high)
        case "lt" | "eb":
            return Period(high=date.low)
        case _:
            return Period(date.low, date.high)


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise _bad(name, value, "donnez un nombre entier.", "give a whole number.")
    return int(value)


def _check_order(value: str) -> None:
    if value != "-date":
        fr, en = (
            "la trace se lit de la plus récente à la plus ancienne : -date.",
            "the newest come first: -date.",
        )
        raise _bad("_sort", value, fr, en)


def _tokens(name: str, value: str) -> list[Token]:
    tokens = [token_parts(part) for part in alternatives(value)]
    if not all(code for _, code in tokens):
        raise _bad(name, value, "donnez une valeur, ou système|valeur.", "give a value, or system|value.")
    return tokens


def _codes(name: str, value: str, system: str | None) -> frozenset[str]:
    """The codes of one system; none of another one."""
    return frozenset(code for given, code in _tokens(name, value) if given in (None, system))


def _agent(wanted: Wanted, name: str, value: str) -> Wanted:
    """Who acts, or the organisation on whose behalf: an identifier without system says by its shape which one."""
    actors, organisations = set(), set()
    for system, code in _tokens(name, value):
        if system == f"{OURS}:actor" or (system is None and _ACTOR.fullmatch(code)):
            actors.add(code)
        elif system in (None, f"{OURS}:organisation"):
            organisations.add(code)
    if organisations and actors:
        fr, en = "des personnes ou des structures, pas les deux.", "either persons or organisations."
        raise _bad(name, value, fr, en)
    if organisations:
        return _with_member(wanted, ("actor", "organisation"), frozenset(organisations))
    return replace(wanted, actors=both(wanted.actors, frozenset(actors)))


def _patient(wanted: Wanted, name: str, value: str) -> Wanted:
    found = frozenset(code for code in _codes(name, value, f"{OURS}:subject") if code.startswith(RECORD))
    return replace(wanted, subjects=both(wanted.subjects, found))


def _entity(wanted: Wanted, name: str, value: str) -> Wanted:
    """Whom it is about, the act, or what was acted on: one kind at a time."""
    kinds = {_entity_kind(system, code) for system, code in _tokens(name, value)}
    codes = frozenset(code for _, code in _tokens(name, value))
    if len(kinds) > 1:
        raise _bad(
            name, value, "une seule sorte d’identifiant à la fois.", "one kind of identifier at a time."
        )
    kind = kinds.pop()
    if kind == "subject":
        return replace(wanted, subjects=both(wanted.subjects, codes))
    if kind == "target":
        return _with_member(wanted, ("target",), codes)
    # Another system than ours names nothing here.
    units = frozenset(bytes.fromhex(code) for code in codes if kind == "unit" and _UNIT.fullmatch(code))
    return replace(wanted, units=both(wanted.units, units))


def _entity_kind(system: str | None, code: str) -> str:
    if system is not None:
        kind = system.removeprefix(f"{OURS}:")
        return kind if system.startswith(f"{OURS}:") and kind in ("subject", "unit", "target") else "other"
    if _UNIT.fullmatch(code):
        return "unit"
    return "target" if "/" in code else "subject"


def _reference(wanted: Wanted, name: str, value: str) -> Wanted:
    """A resource that was acted on, as `Type/id`."""
    return _with_member(wanted, ("target",), frozenset(unescape(part) for part in alternatives(value)))


def _entity_type(wanted: Wanted, name: str, value: str) -> Wanted:
    """Each entry has a system object, its act; those about somebody have a person."""
    codes = _codes(name, value, "http://terminology.hl7.org/CodeSystem/audit-entity-type")
    about = _EVERYTHING if SYSTEM_OBJECT in codes else _ANYBODY if PERSON in codes else frozenset()
    return _with_about(wanted, about)


def _entity_role(wanted: Wanted, name: str, value: str) -> Wanted:
    codes = _codes(name, value, "http://terminology.hl7.org/CodeSystem/object-role")
    roles = {PATIENT_ROLE: About.RECORD, USER_ROLE: About.OTHER}
    return _with_about(wanted, frozenset(roles[code] for code in codes if code in roles))


def _type(wanted: Wanted, name: str, value: str) -> Wanted:
    codes = _codes(name, value, DICOM)
    about = {About.RECORD} if RECORD_TYPE in codes else set()
    about |= {About.OTHER, About.NOBODY} if OTHER_TYPE in codes else set()
    return _with_about(wanted, frozenset(about))


def _subtype(wanted: Wanted, name: str, value: str) -> Wanted:
    return replace(wanted, actions=both(wanted.actions, _codes(name, value, f"{OURS}:action")))


def _action(wanted: Wanted, name: str, value: str) -> Wanted:
    """C, R, U, D or E: the actions of the catalogue that are of this kind."""
    kinds = _codes(name, value, "http://hl7.org/fhir/audit-event-action")
    found = frozenset(one.code for one in CATALOGUE.values() if one.kind.value in kinds)
    return replace(wanted, actions=both(wanted.actions, found))


def _outcome(wanted: Wanted, name: str, value: str) -> Wanted:
    return _with_member(wanted, ("outcome",), _codes(name, value, "http://hl7.org/fhir/audit-event-outcome"))


def _site(wanted: Wanted, name: str, value: str) -> Wanted:
    return _with_member(wanted, ("door",), _codes(name, value, None))


def _fhir_id(wanted: Wanted, name: str, value: str) -> Wanted:
    """The units that hold them; the number in the unit is compared with the document."""
    known = [found for part in alternatives(value) if (found := read_id(part)) is not None]
    units = both(wanted.units, frozenset(unit for unit, _ in known))
    return replace(wanted, units=units, numbers=both(wanted.numbers, frozenset(known)))


def _source(wanted: Wanted, tokens: list[Token], origin: str) -> Wanted:
    """There is one source, this trail: either all entries are of it, or none."""
    ours = any(code == origin and system in (None, f"{OURS}:origin") for system, code in tokens)
    return wanted if ours else replace(wanted, units=frozenset())


def _with_member(wanted: Wanted, path: tuple[str, ...], values: frozenset[str]) -> Wanted:
    return replace(wanted, members=(*wanted.members, Member(path, values)))


def _with_about(wanted: Wanted, about: frozenset[About]) -> Wanted:
    return replace(wanted, about=both(wanted.about, about))


def _bad(name: str, value: str, why_fr: str, why_en: str) -> SocleError:
    return SocleError(BAD_VALUE, parameter=name, value=value[:200], why_fr=why_fr, why_en=why_en)


_READERS: dict[str, Callable[[Wanted, str, str], Wanted]] = {
    "agent.identifier": _agent,
    "patient.identifier": _patient,
    "entity.identifier": _entity,
    "entity": _reference,
    "entity-type": _entity_type,
    "entity-role": _entity_role,
    "type": _type,
    "subtype": _subtype,
    "action": _action,
    "outcome": _outcome,
    "site": _site,
    "_id": _fhir_id,
}
_KINDS: dict[str, str] = {"date": "date", "entity": "reference"}
_IGNORED = frozenset({"_format", "_pretty"})
PARAMETERS: Final = ("date", *_READERS, "source", "source.identifier", "_count", "_sort")


def described() -> list[dict[str, Any]]:
    """CapabilityStatement.rest.resource.searchParam."""
    names = [name for name in PARAMETERS if name not in ("_count", "_sort")]
    return [{"name": name, "type": _KINDS.get(name, "token")} for name in names]
