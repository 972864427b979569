"""From a resource to its index entries, by compiled parameters (FHIR R4 §3.1.1.4, search parameter types).

Entries carry no resource number and no transaction: they are plain values, so that the entries of two versions can be
compared and only their difference written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from socle.engines.fhirstore.hashing import hash64
from socle.engines.fhirstore.parameters import SearchParameter, TypeParameters
from socle.engines.fhirstore.paths import address_lines
from socle.standards.fhir.dates import DateFault, interval
from socle.standards.fhir.text import fold

STRING_LIMIT = 400
_MEMO_LIMIT = 50_000
_MEMO_LENGTH = 8
_FOREVER_LOW, _FOREVER_HIGH = -(1 << 62), 1 << 62


@dataclass(slots=True)
class Entries:
    """Index entries of one version.

    tokens: (hash, system); strings: (param, folded value, exact hash); references: (param, "Type/id");
    dates: (param, low, high); present: bit n for the n-th parameter of the type.
    """

    tokens: set[tuple[int, int]] = field(default_factory=set)
    strings: set[tuple[int, str, int]] = field(default_factory=set)
    references: set[tuple[int, str]] = field(default_factory=set)
    dates: set[tuple[int, int, int]] = field(default_factory=set)
    present: int = 0


def extract(parameters: TypeParameters, resource: dict[str, Any]) -> Entries:
    entries = Entries()
    bit = 1
    for parameter in parameters.parameters:
        if values := parameter.getter(resource):
            entries.present |= bit
            _EXTRACTORS[parameter.kind](parameters, parameter, values, entries)
        bit <<= 1
    return entries


def _tokens(known: TypeParameters, parameter: SearchParameter, values: list[Any], entries: Entries) -> None:
    add = entries.tokens.update
    for value in values:
        for system, code in _codings(value):
            add(token_keys(known, parameter, system, code))


def _codings(value: Any) -> list[tuple[str | None, str]]:
    """(system, code) pairs of a Coding, CodeableConcept, Identifier, ContactPoint, code, uri or boolean."""
    if isinstance(value, dict):
        if "coding" in value:
            return [(coding.get("system"), coding["code"]) for coding in value["coding"] if "code" in coding]
        code = value.get("code", value.get("value"))
        return [(value.get("system"), str(code))] if code is not None else []
    if isinstance(value, bool):
        return [(None, "true" if value else "false")]
    return [(None, str(value))]


def token_keys(
    known: TypeParameters, parameter: SearchParameter, system: str | None, code: str
) -> tuple[tuple[int, int], ...]:
    """The rows of one token: one found by its code (and told apart by its system), one found by its system alone."""
    key = (parameter.seed, system, code)
    if (rows := known.memo.get(key)) is not None:
        return rows
    if system:
        name, number = known.system(system)
        rows = ((hash64(code, parameter.seed), number), (hash64(name, parameter.system_seed), number))
    else:
        rows = ((hash64(code, parameter.seed), 0),)
    if len(code) <= _MEMO_LENGTH and len(known.memo) < _MEMO_LIMIT:
        known.memo[key] = rows
    return rows


def _strings(known: TypeParameters, parameter: SearchParameter, values: list[Any], entries: Entries) -> None:
    for value in values:
        for text in _texts(value):
            entries.strings.add((parameter.number, fold(text)[:STRING_LIMIT], hash64(text)))


_NAME_PARTS = ("family", "text")
_NAME_LISTS = ("given", "prefix", "suffix")
_ADDRESS_PARTS = ("text", "city", "district", "state", "postalCode", "country")


def _texts(value: Any) -> list[str]:
    """The parts of a HumanName or Address that a string search looks into (R4 §3.1.1.4.6), or the string itself."""
    if isinstance(value, str):
        return [value] if value else []
    if not isinstance(value, dict):
        return []
    if "family" in value or "given" in value or "prefix" in value:
        parts = [value[part] for part in _NAME_PARTS if part in value]
        return parts + [text for part in _NAME_LISTS for text in value.get(part, ()) if text]
    if "value" in value:
        return [str(value["value"])]
    parts = [value[part] for part in _ADDRESS_PARTS if part in value]
    return parts + address_lines(value)


def _references(known: TypeParameters, parameter: SearchParameter, values: list[Any], entries: Entries) -> None:
    for value in values:
        literal = value.get("reference") if isinstance(value, dict) else value
        if isinstance(literal, str) and (key := reference_key(literal)):
            entries.references.add((parameter.number, key))


def reference_key(literal: str) -> str | None:
    """`Type/id` of a relative or absolute literal reference, without version; None for a fragment or a URN."""
    if literal.startswith("#") or literal.startswith("urn:"):
        return None
    parts = literal.split("/_history/")[0].rsplit("/", 2)
    return f"{parts[-2]}/{parts[-1]}" if len(parts) >= 2 and parts[-1] else None


def _dates(known: TypeParameters, parameter: SearchParameter, values: list[Any], entries: Entries) -> None:
    for value in values:
        try:
            low, high = _interval(value)
        except DateFault:
            continue
        entries.dates.add((parameter.number, low, high))


def _interval(value: Any) -> tuple[int, int]:
    if not isinstance(value, dict):
        return interval(str(value))
    low = interval(value["start"])[0] if "start" in value else _FOREVER_LOW
    high = interval(value["end"])[1] if "end" in value else _FOREVER_HIGH
    return low, high


_EXTRACTORS: dict[str, Callable[[TypeParameters, SearchParameter, list[Any], Entries], None]] = {
    "token": _tokens,
    "uri": _tokens,
    "string": _strings,
    "reference": _references,
    "date": _dates,
}
