"""From a resource to its index entries, by compiled parameters (FHIR R4 §3.1.1.4, search parameter types).

Entries carry no resource number and no transaction: they are plain values, so that the entries of two versions can be
compared and only their difference written. An element that many resources share (`Prepared`) is indexed once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from socle.engines.fhirstore.hashing import hash64
from socle.engines.fhirstore.parameters import SearchParameter, TypeParameters
from socle.engines.fhirstore.paths import Selector, address_lines
from socle.engines.fhirstore.references import reference_key
from socle.standards.fhir.dates import DateFault, interval
from socle.standards.fhir.json import Prepared
from socle.standards.fhir.text import fold

STRING_LIMIT = 400
_MEMO_LIMIT = 50_000
_FOREVER_LOW, _FOREVER_HIGH = -(1 << 62), 1 << 62
Keys = tuple[tuple[Any, ...], ...]
Wanted = list[tuple[int, SearchParameter, Selector]]
Found = tuple[int, tuple[tuple[int, Keys], ...]]
"""What one element gives: the bits of its parameters, and keys by kind of entry (the place in `Entries`)."""


@dataclass(slots=True)
class Entries:
    """Index entries of one version.

    tokens: (hash, system); strings: (param, folded value, exact hash);
    references: (param, "Type/id" or another server's URL); dates: (param, low, high);
    present: bit n for the n-th parameter of the type.
    """

    tokens: set[tuple[int, int]] = field(default_factory=set)
    strings: set[tuple[int, str, int]] = field(default_factory=set)
    references: set[tuple[int, str]] = field(default_factory=set)
    dates: set[tuple[int, int, int]] = field(default_factory=set)
    present: int = 0


def extract(known: TypeParameters, resource: dict[str, Any]) -> Entries:
    entries = Entries()
    sinks = (entries.tokens, entries.strings, entries.references, entries.dates)
    present = 0
    for element, wanted in known.plan.items():
        value = resource.get(element)
        if value is None:
            continue
        for item in value if type(value) is list else (value,):
            kind = type(item)
            if kind is Prepared:
                bits, found = item.derived.get(known.mark) or _derive(known, wanted, item)
            elif kind is bool:
                bits, found = known.flags.get((element, item)) or _flag(known, element, wanted, item)
            else:
                bits, found = _found(known, wanted, (item,))
            present |= bits
            for sink, keys in found:
                sinks[sink].update(keys)
    entries.present = present
    return entries


def _derive(known: TypeParameters, wanted: Wanted, item: Prepared) -> Found:
    """The entries of a shared element, kept with it; an element stands in one place of one type."""
    content = item.value
    found = _found(known, wanted, content if isinstance(content, list) else (content,))
    item.derived[known.mark] = found
    return found


def _flag(known: TypeParameters, element: str, wanted: Wanted, item: bool) -> Found:
    """The entries of a boolean element: there are two, and every resource has one of them."""
    found = known.flags[element, item] = _found(known, wanted, (item,))
    return found


def _found(known: TypeParameters, wanted: Wanted, items: Sequence[Any]) -> Found:
    bits = 0
    found: dict[int, Keys] = {}
    for item in items:
        for bit, parameter, select in wanted:
            if values := select(item):
                sink, make = _MAKERS[parameter.kind]
                if keys := make(known, parameter, values):
                    bits |= bit
                    found[sink] = found[sink] + keys if sink in found else keys
    return bits, tuple(found.items())


def _tokens(known: TypeParameters, parameter: SearchParameter, values: list[Any]) -> Keys:
    found: Keys = ()
    for value in values:
        for system, code in _codings(value):
            found += token_keys(known, parameter, system, code)
    return found


def _codings(value: Any) -> list[tuple[str | None, str]]:
    """(system, code) pairs of a Coding, CodeableConcept, Identifier, ContactPoint, code, uri or boolean."""
    if type(value) is Prepared:
        value = value.value
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
    """The rows of one token. `system|` is answered by the list of the codes met; by a second row where there is no
    end of codes."""
    if parameter.unbounded:
        if not system:
            return ((hash64(code, parameter.seed), 0),)
        any_code = _of_system(known, parameter, system)
        return ((hash64(code, parameter.seed), any_code[1]), any_code)
    key = (parameter.seed, system, code)
    if (rows := known.memo.get(key)) is not None:
        return rows
    number = known.system(system)[1] if system else 0
    rows = ((hash64(code, parameter.seed), number),)
    known.codes[parameter.number, number, rows[0][0]] = None
    return _remembered(known, key, rows)


def _of_system(known: TypeParameters, parameter: SearchParameter, system: str) -> tuple[int, int]:
    """The row that answers `system|` where there is no end of codes."""
    key = (parameter.system_seed, system, "")
    if (rows := known.memo.get(key)) is None:
        name, number = known.system(system)
        rows = _remembered(known, key, ((hash64(name, parameter.system_seed), number),))
    return rows[0]


def _remembered(
    known: TypeParameters, key: tuple[int, str | None, str], rows: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    if len(known.memo) < _MEMO_LIMIT:
        known.memo[key] = rows
    return rows


@lru_cache(maxsize=50_000)
def _string_key(number: int, text: str) -> tuple[int, str, int]:
    """(parameter, folded value, hash of the text as written); names and towns come back all the time."""
    return number, fold(text)[:STRING_LIMIT], hash64(text)


def _strings(known: TypeParameters, parameter: SearchParameter, values: list[Any]) -> Keys:
    number = parameter.number
    return tuple([_string_key(number, text) for value in values for text in _texts(value)])


_NAME_PARTS = ("family", "text")
_NAME_LISTS = ("given", "prefix", "suffix")
_ADDRESS_PARTS = ("text", "city", "district", "state", "postalCode", "country")


def _texts(value: Any) -> list[str]:
    """The parts of a HumanName or Address that a string search looks into (R4 §3.1.1.4.6), or the string itself."""
    if isinstance(value, str):
        return [value] if value else []
    if not isinstance(value, dict):
        return []
    if "family" in value or "given" in value or "prefix" in value or "suffix" in value:
        parts = [value[part] for part in _NAME_PARTS if part in value]
        return parts + [text for part in _NAME_LISTS for text in value.get(part, ()) if text]
    if "value" in value:
        return [str(value["value"])]
    parts = [value[part] for part in _ADDRESS_PARTS if part in value]
    return parts + address_lines(value)


def _references(known: TypeParameters, parameter: SearchParameter, values: list[Any]) -> Keys:
    found: Keys = ()
    for value in values:
        literal = value.get("reference") if isinstance(value, dict) else value
        if isinstance(literal, str) and (key := reference_key(literal, known.base)):
            found += ((parameter.number, key),)
    return found


def _dates(known: TypeParameters, parameter: SearchParameter, values: list[Any]) -> Keys:
    found: Keys = ()
    for value in values:
        try:
            found += ((parameter.number, *_interval(value)),)
        except DateFault:
            continue
    return found


def _interval(value: Any) -> tuple[int, int]:
    if not isinstance(value, dict):
        return interval(str(value))
    low = interval(value["start"])[0] if "start" in value else _FOREVER_LOW
    high = interval(value["end"])[1] if "end" in value else _FOREVER_HIGH
    return low, high


_MAKERS: dict[str, tuple[int, Callable[[TypeParameters, SearchParameter, list[Any]], Keys]]] = {
    "token": (0, _tokens),
    "uri": (0, _tokens),
    "string": (1, _strings),
    "reference": (2, _references),
    "date": (3, _dates),
}
