"""FHIR R4 primitive values in JSON (datatypes.html#primitive): what is accepted and how to say what would be.

Dates and identifiers follow the published regular expressions. For texts the rule on control characters is
added (datatypes.html#string), which those expressions leave out, and base64 is checked in linear time,
which the published expression is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from socle.standards.fhir.dates import DateFault, interval
from socle.standards.fhir.faults import Bilingual
from socle.standards.fhir.json import Decimal
from socle.standards.fhir.structure.definitions import primitive_patterns

Accepts = Callable[[object], bool]

_LONGEST_TEXT: Final = 1024 * 1024
_INTEGERS: Final = range(-(2**31), 2**31)
_SAFE_DAY: Final = "28"
_control_character = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]").search
_without_space = re.compile(r"[^\x00-\x20]+").fullmatch
_single_spaces = re.compile(r"[^\x00-\x20]+(?: [^\x00-\x20]+)*").fullmatch
_base64 = re.compile(
    r"\s*(?:[0-9a-zA-Z+/]{4}\s*)*(?:[0-9a-zA-Z+/]{4}|[0-9a-zA-Z+/]{3}=|[0-9a-zA-Z+/]{2}==)\s*", re.ASCII
).fullmatch


class Primitive(NamedTuple):
    accepts: Accepts
    remedy: Bilingual


def primitive(type_name: str) -> Primitive:
    """How values of a primitive type are checked. KeyError for what is not one."""
    accepts, fr, en = _CHECKED[type_name]
    return Primitive(accepts or _published(type_name), Bilingual(fr, en))


def remedy_for(type_name: str, value: object) -> Bilingual:
    """What would pass instead of a refused value."""
    if type_name in ("date", "dateTime", "instant") and isinstance(value, str):
        try:
            interval(value)
        except DateFault as fault:
            return fault.remedy
    return primitive(type_name).remedy


def _is_boolean(value: object) -> bool:
    return value is True or value is False


def _is_integer(value: object) -> bool:
    return type(value) is int and value in _INTEGERS


def _is_unsigned(value: object) -> bool:
    return type(value) is int and value >= 0 and value in _INTEGERS


def _is_positive(value: object) -> bool:
    return type(value) is int and value >= 1 and value in _INTEGERS


def _is_decimal(value: object) -> bool:
    return type(value) is int or type(value) is Decimal


def _is_text(value: object) -> bool:
    return _is_xhtml(value) and type(value) is str and len(value) <= _LONGEST_TEXT


def _is_xhtml(value: object) -> bool:
    if type(value) is not str or not value:
        return False
    return value.isprintable() or _control_character(value) is None


def _is_uri(value: object) -> bool:
    return type(value) is str and _without_space(value) is not None


def _is_code(value: object) -> bool:
    return type(value) is str and _single_spaces(value) is not None


def _is_base64(value: object) -> bool:
    return type(value) is str and _base64(value) is not None


def _published(type_name: str) -> Accepts:
    """Check against the published regular expression, and for dates that the day exists."""
    matches = re.compile(primitive_patterns()[type_name], re.ASCII).fullmatch
    if type_name not in ("date", "dateTime", "instant"):
        return lambda value: type(value) is str and matches(value) is not None

    def accepts(value: object) -> bool:
        if type(value) is not str or matches(value) is None:
            return False
        return (value[8:10] <= _SAFE_DAY and value[17:19] != "60") or _can_be_placed(value)

    return accepts


def _can_be_placed(value: str) -> bool:
    try:
        interval(value)
    except DateFault:
        return False
    return True


_TEXT: Final = (
    _is_text,
    "Mettez un texte de 1 à 1 048 576 caractères, sans caractère de contrôle, ou omettez l’élément.",
    "Give a text of 1 to 1,048,576 characters without control characters, or omit the element.",
)
_URI: Final = (
    _is_uri,
    "Mettez une adresse (URI) entre guillemets, sans espace, ou omettez l’élément.",
    "Give a URI in quotes, without spaces, or omit the element.",
)
# A checker of None stands for the published regular expression.
_CHECKED: Final[dict[str, tuple[Accepts | None, str, str]]] = {
    "base64Binary": (_is_base64, "Mettez un texte en base64 complet.", "Give a complete base64 text."),
    "boolean": (_is_boolean, "Mettez true ou false, sans guillemets.", "Give true or false, without quotes."),
    "canonical": _URI,
    "code": (
        _is_code,
        "Mettez un code entre guillemets, sans espace au début ni à la fin, ni deux de suite.",
        "Give a code in quotes, without spaces at the start or end, nor two in a row.",
    ),
    "date": (None, "Écrivez AAAA, AAAA-MM ou AAAA-MM-JJ.", "Write YYYY, YYYY-MM or YYYY-MM-DD."),
    "dateTime": (
        None,
        "Écrivez AAAA, AAAA-MM, AAAA-MM-JJ, ou AAAA-MM-JJThh:mm:ss suivi de Z ou d’un décalage comme +01:00.",
        "Write YYYY, YYYY-MM, YYYY-MM-DD, or YYYY-MM-DDThh:mm:ss followed by Z or an offset such as +01:00.",
    ),
    "decimal": (
        _is_decimal,
        "Mettez un nombre, sans guillemets, par exemple 1.50.",
        "Give a number, without quotes, for instance 1.50.",
    ),
    "id": (
        None,
        "Mettez 1 à 64 lettres sans accent, chiffres, « - » ou « . ».",
        "Give 1 to 64 unaccented letters, digits, “-” or “.”.",
    ),
    "instant": (
        None,
        "Écrivez AAAA-MM-JJThh:mm:ss suivi de Z ou d’un décalage comme +01:00.",
        "Write YYYY-MM-DDThh:mm:ss followed by Z or an offset such as +01:00.",
    ),
    "integer": (
        _is_integer,
        "Mettez un entier de -2147483648 à 2147483647, sans guillemets.",
        "Give an integer from -2147483648 to 2147483647, without quotes.",
    ),
    "markdown": _TEXT,
    "oid": (
        None,
        "Écrivez urn:oid: suivi de nombres séparés par des points, par exemple urn:oid:1.2.250.1.",
        "Write urn:oid: followed by numbers separated by dots, for instance urn:oid:1.2.250.1.",
    ),
    "positiveInt": (
        _is_positive,
        "Mettez un entier de 1 à 2147483647, sans guillemets.",
        "Give an integer from 1 to 2147483647, without quotes.",
    ),
    "string": _TEXT,
    "time": (None, "Écrivez hh:mm:ss, sans fuseau.", "Write hh:mm:ss, without time zone."),
    "unsignedInt": (
        _is_unsigned,
        "Mettez un entier de 0 à 2147483647, sans guillemets.",
        "Give an integer from 0 to 2147483647, without quotes.",
    ),
    "uri": _URI,
    "url": _URI,
    "uuid": (
        None,
        "Écrivez urn:uuid: suivi d’un UUID en minuscules.",
        "Write urn:uuid: followed by a UUID in lower case.",
    ),
    "xhtml": (
        _is_xhtml,
        "Mettez le texte XHTML dans un élément div, sans caractère de contrôle.",
        "Give the XHTML text in a div element, without control characters.",
    ),
}
