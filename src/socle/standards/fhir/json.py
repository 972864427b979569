"""Strict FHIR JSON, read and written (RFC 8259, FHIR R4 json.html).

Strict means: UTF-8, no repeated property, no NaN, no half surrogate, bounded size and nesting. A decimal
keeps the digits it was written with, because 1.10 and 1.1 differ in FHIR (datatypes.html#decimal: precision
is part of the value). Reading costs one pass of the standard library's C scanner; a position is computed
only for a refusal.
"""

from __future__ import annotations

import json as stdlib_json
import re
from typing import Any, Final, NoReturn, TypeAlias

import orjson

from socle.standards.fhir.json_faults import JsonFault, locate, lone_surrogate

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Decimal", "Json", "JsonFault", "Prepared", "dump", "parse"]

MAX_DEPTH: Final = 100
MAX_BYTES: Final = 64 * 1024 * 1024

_BOM: Final = b"\xef\xbb\xbf"
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INT64: Final = range(-(2**63), 2**63)
_INT64_DIGITS: Final = 19
_BRACKETS: Final = bytes.maketrans(b"[]{}", b"()()")
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


class Decimal:
    """A number with its exact JSON text: `1.10`, `1e2`, or an integer beyond 64 bits.

    Equal when written alike, so `Decimal("1.0") != Decimal("1.00")`. `decimal.Decimal(d.text)` computes
    with it.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        if not _DECIMAL.fullmatch(text):
            raise ValueError(f"not a JSON number (RFC 8259 §6): {text[:60]!r}")
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Decimal({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Decimal) else NotImplemented

    def __hash__(self) -> int:
        return hash((Decimal, self.text))


class Prepared:
    """An element that many resources share: written as JSON once, when it is made.

    `value` must not be changed afterwards. `derived` is room for what a reader computes from the value, under keys of
    its own choosing; it lives as long as the element.
    """

    __slots__ = ("derived", "fragment", "value")

    def __init__(self, value: dict[str, Json] | list[Json]) -> None:
        self.value = value
        self.fragment = orjson.Fragment(dump(value))
        self.derived: dict[str, Any] = {}


Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | Decimal | Prepared | None"


def parse(data: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Json:
    """The value of a JSON document, objects as dict in document order, booleans as bool.

    Integers of 64 bits are int, every other number a `Decimal`. A byte order mark is accepted. Raises
    `JsonFault`.
    """
    if len(data) > max_bytes:
        raise JsonFault("too-large", "", 0, received=f"{len(data)} > {max_bytes}")
    text = _decoded(data)
    if _nested_beyond(data, max_depth) or ("\\" in text and lone_surrogate(text) is not None):
        raise _refusal(text, max_depth)
    try:
        value: Json = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise _refusal(text, max_depth) from None
    return value


def _decoded(data: bytes) -> str:
    try:
        return data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        readable = error.object[: error.start].decode()
        received = " ".join(f"0x{byte:02X}" for byte in error.object[error.start : error.start + 4])
        raise JsonFault("encoding", readable, len(readable), received=received) from None


def _nested_beyond(data: bytes, max_depth: int) -> bool:
    """Whether valid JSON nests deeper than `max_depth`: strings are cut out, then innermost pairs peeled.

    Every step runs in C. The answer on invalid JSON does not matter, the reader refuses it anyway.
    """
    brackets = data.translate(_BRACKETS, _NOT_BRACKETS)
    if len(brackets) <= 2 * max_depth:
        return False
    outside = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
    brackets = b"".join(outside.split(b'"')[::2]).translate(_BRACKETS, _NOT_BRACKETS)
    for _ in range(max_depth):
        peeled = brackets.replace(b"()", b"")
        if len(peeled) == len(brackets):
            return False
        brackets = peeled
    return bool(brackets)


def _refusal(text: str, max_depth: int) -> JsonFault:
    fault = locate(text, max_depth)
    if fault is None:
        raise AssertionError("the two JSON readers disagree")
    return fault


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("repeated property")
    return value


def _integer(digits: str) -> int | Decimal:
    if len(digits) < _INT64_DIGITS and digits != "-0":
        return int(digits)
    return _long_integer(digits)


def _long_integer(digits: str) -> int | Decimal:
    # Longer texts are not converted at all: int() is quadratic and refuses 4,300 digits.
    if len(digits) <= _INT64_DIGITS + 1 and digits != "-0" and int(digits) in _INT64:
        return int(digits)
    return Decimal(digits)


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER: Final = stdlib_json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=Decimal, parse_constant=_constant
)


def dump(value: Json) -> bytes:
    """UTF-8 JSON without white space, properties in their order, decimals as they were read.

    Raises TypeError for what is not Json: an integer beyond 64 bits that is not a `Decimal`, a half
    surrogate.
    """
    return orjson.dumps(value, default=_written)


def _written(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(value.text)
    if isinstance(value, Prepared):
        return value.fragment
    raise TypeError(f"not a JSON value: {type(value).__name__}")
