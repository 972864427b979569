"""Why and where a text is not strict JSON (RFC 8259, I-JSON RFC 7493, FHIR R4 json.html).

The fast reader in `json` only learns that a text is refused. This one then reads the text again, slowly, to
say the line, the column, the place in the resource and what would pass. It does not depend on the messages
of the standard library, which change between versions. It recurses no deeper than the nesting allowed.
"""

from __future__ import annotations

import json as stdlib_json
import re
from typing import Final, NamedTuple

from socle.standards.fhir.faults import Bilingual, Fault, Refused, shortened


class _Kind(NamedTuple):
    issue: str
    rule: str
    fr: str
    en: str


_KINDS: Final = {
    "empty": _Kind("structure", "RFC 8259 §2", "Envoyez un document JSON.", "Send a JSON document."),
    "value-expected": _Kind(
        "structure",
        "RFC 8259 §3",
        "Mettez ici un objet, un tableau, un texte entre guillemets doubles, un nombre, true ou false.",
        "Put an object, an array, a text in double quotes, a number, true or false here.",
    ),
    "name-expected": _Kind(
        "structure",
        "RFC 8259 §4",
        "Mettez ici un nom de propriété entre guillemets doubles.",
        "Put a property name in double quotes here.",
    ),
    "colon-expected": _Kind(
        "structure",
        "RFC 8259 §4",
        "Mettez « : » entre le nom et la valeur.",
        "Put “:” between the name and the value.",
    ),
    "comma-expected": _Kind(
        "structure",
        "RFC 8259 §4-5",
        "Séparez ici deux éléments par une virgule, ou fermez l’objet ou le tableau.",
        "Separate two items by a comma here, or close the object or array.",
    ),
    "trailing-comma": _Kind(
        "structure",
        "RFC 8259 §4-5",
        "Retirez la virgule après le dernier élément.",
        "Remove the comma after the last item.",
    ),
    "mismatch": _Kind(
        "structure",
        "RFC 8259 §4-5",
        "Fermez un objet par « } » et un tableau par « ] ».",
        "Close an object with “}” and an array with “]”.",
    ),
    "unclosed": _Kind(
        "structure",
        "RFC 8259 §4-5",
        "Le document s’arrête trop tôt : fermez chaque objet, tableau et texte.",
        "The document ends too early: close every object, array and text.",
    ),
    "trailing-data": _Kind(
        "structure",
        "RFC 8259 §2",
        "Retirez ce qui suit la fin du document, ou envoyez un document à la fois.",
        "Remove what follows the end of the document, or send one document at a time.",
    ),
    "control-character": _Kind(
        "structure",
        "RFC 8259 §7",
        "Écrivez ce caractère de contrôle sous forme d’échappement, par exemple \\n.",
        "Write this control character as an escape, for instance \\n.",
    ),
    "escape": _Kind(
        "structure",
        "RFC 8259 §7",
        'Échappements admis : \\" \\\\ \\/ \\b \\f \\n \\r \\t, et \\u avec quatre chiffres hexadécimaux.',
        'Escapes allowed: \\" \\\\ \\/ \\b \\f \\n \\r \\t, and \\u with four hexadecimal digits.',
    ),
    "number": _Kind(
        "structure",
        "RFC 8259 §6",
        "Écrivez le nombre sans zéro de tête ni signe +, avec des chiffres de chaque côté du point.",
        "Write the number without leading zero or + sign, with digits on both sides of the point.",
    ),
    "not-finite": _Kind(
        "structure",
        "RFC 8259 §6",
        "Un nombre est fini : omettez l’élément, ou dites pourquoi il manque par une extension.",
        "A number is finite: omit the element, or say why it is missing with an extension.",
    ),
    "duplicate-name": _Kind(
        "structure",
        "RFC 7493 §2.3",
        "Gardez une seule propriété de ce nom ; un élément répété est un tableau.",
        "Keep one property of this name; a repeated element is an array.",
    ),
    "lone-surrogate": _Kind(
        "structure",
        "RFC 7493 §2.1",
        "Écrivez le caractère en UTF-8, ou comme une paire complète \\uD83D\\uDE00.",
        "Write the character in UTF-8, or as a complete pair \\uD83D\\uDE00.",
    ),
    "too-deep": _Kind(
        "too-costly",
        "RFC 8259 §9",
        "Réduisez l’imbrication des objets et des tableaux sous la limite.",
        "Reduce the nesting of objects and arrays below the limit.",
    ),
    "too-large": _Kind(
        "too-long",
        "RFC 8259 §9",
        "Envoyez moins de données à la fois.",
        "Send less data at a time.",
    ),
    "encoding": _Kind(
        "structure", "RFC 8259 §8.1", "Envoyez le document en UTF-8.", "Send the document in UTF-8."
    ),
}


class JsonFault(Refused):
    """A document that is not strict JSON.

    `kind` is one stable word per rule (`duplicate-name`, `trailing-comma`, …); `line` and `column` count
    from 1, columns in characters; `path` is the place as FHIRPath, as far as it was read.
    """

    def __init__(
        self, kind: str, text: str, offset: int, *, path: str = "", received: str | None = None
    ) -> None:
        issue, rule, fr, en = _KINDS[kind]
        excerpt = (text[offset : offset + 40].split("\n")[0] or "∅") if received is None else received
        line = text.count("\n", 0, offset) + 1
        column = offset - text.rfind("\n", 0, offset)
        super().__init__(Fault(issue, path, shortened(excerpt), rule, Bilingual(fr, en), line, column))
        self.kind = kind

    @property
    def line(self) -> int:
        return self.fault.line

    @property
    def column(self) -> int:
        return self.fault.column


_SPACE: Final = re.compile(r"[ \t\n\r]*")
_WORD: Final = re.compile(r"[^\s,:\[\]{}\"]+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NUMBER_LIKE: Final = re.compile(r"[-+.]?[0-9]")
_LITERALS: Final = frozenset({"true", "false", "null"})
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPE: Final = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
# A backslash escape is consumed whole, so that the second half of "\\\\ud800" is not taken for a surrogate.
_SURROGATE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_CLOSING: Final = {"{": "}", "[": "]"}


def lone_surrogate(text: str) -> int | None:
    """Offset of the first escape that is half of a surrogate pair; every backslash must be an escape."""
    for escape in _SURROGATE.finditer(text):
        if escape["lone"]:
            return escape.start()
    return None


def locate(text: str, max_depth: int) -> JsonFault | None:
    """The first fault of a text, or None when it is strict JSON nested at most `max_depth` levels."""
    try:
        _Reader(text, max_depth).document()
    except JsonFault as fault:
        return fault
    return None


class _Place:
    """An open object (with the names met) or array, and where the reader is in it."""

    __slots__ = ("bracket", "names", "step")

    def __init__(self, bracket: str) -> None:
        self.bracket = bracket
        self.names: set[str] = set()
        self.step: str | int = 0 if bracket == "[" else ""


class _Reader:
    def __init__(self, text: str, max_depth: int) -> None:
        self.text = text
        self.max_depth = max_depth
        self.offset = 0
        self.places: list[_Place] = []
        self.resource_type = ""

    def document(self) -> None:
        if not self._next():
            raise self._fault("empty")
        self._value()
        while self.places:
            self._after_value()
        if self._next():
            raise self._fault("trailing-data")

    def _next(self) -> str:
        """The next character that is not white space, not consumed; empty at the end."""
        space = _SPACE.match(self.text, self.offset)
        self.offset = space.end() if space else self.offset
        return self.text[self.offset : self.offset + 1]

    def _value(self) -> None:
        character = self._next()
        if character in _CLOSING:
            self._open(character)
        elif character == '"':
            self._string()
        else:
            self._word()

    def _open(self, bracket: str) -> None:
        if len(self.places) >= self.max_depth:
            raise self._fault("too-deep")
        self.offset += 1
        self.places.append(_Place(bracket))
        if self._next() == _CLOSING[bracket]:
            self._close()
        elif bracket == "{":
            self._member()
        else:
            self._value()

    def _close(self) -> None:
        self.offset += 1
        self.places.pop()

    def _member(self) -> None:
        place = self.places[-1]
        start = self.offset
        if self._next() != '"':
            raise self._fault("name-expected" if self._next() else "unclosed")
        name = self._string()
        if name in place.names:
            place.step = name
            raise self._fault("duplicate-name", at=start)
        place.names.add(name)
        place.step = name
        if self._next() != ":":
            raise self._fault("colon-expected" if self._next() else "unclosed")
        self.offset += 1
        start_of_value = self.offset
        self._value()
        if name == "resourceType" and len(self.places) == 1:
            self.resource_type = self.text[start_of_value : self.offset].strip(' \t\n\r"')

    def _after_value(self) -> None:
        place = self.places[-1]
        character = self._next()
        if character == _CLOSING[place.bracket]:
            self._close()
        elif character == ",":
            self._after_comma(place)
        elif not character:
            raise self._fault("unclosed")
        else:
            raise self._fault("mismatch" if character in "}]" else "comma-expected")

    def _after_comma(self, place: _Place) -> None:
        comma = self.offset
        self.offset += 1
        if self._next() and self._next() in "}]":
            raise self._fault("trailing-comma", at=comma)
        if place.bracket == "{":
            self._member()
        else:
            place.step = int(place.step) + 1
            self._value()

    def _string(self) -> str:
        start = self.offset
        self.offset += 1
        while (character := self._after_plain()) != '"':
            if not character:
                raise self._fault("unclosed", at=start)
            if character != "\\":
                raise self._fault("control-character", received=f"U+{ord(character):04X}")
            escape = _ESCAPE.match(self.text, self.offset)
            if escape is None:
                raise self._fault("escape", received=self.text[self.offset : self.offset + 6])
            self.offset = escape.end()
        self.offset += 1
        token = self.text[start : self.offset]
        lone = lone_surrogate(token)
        if lone is not None:
            raise self._fault("lone-surrogate", at=start + lone, received=token[lone : lone + 6])
        return str(stdlib_json.loads(token))

    def _after_plain(self) -> str:
        plain = _PLAIN.match(self.text, self.offset)
        self.offset = plain.end() if plain else self.offset
        return self.text[self.offset : self.offset + 1]

    def _word(self) -> None:
        found = _WORD.match(self.text, self.offset)
        word = found.group() if found else ""
        if word in _LITERALS or _NUMBER.fullmatch(word):
            self.offset += len(word)
        elif self.offset >= len(self.text):
            raise self._fault("unclosed")
        elif word in _NOT_FINITE:
            raise self._fault("not-finite", received=word)
        else:
            raise self._fault("number" if _NUMBER_LIKE.match(word) else "value-expected")

    def _fault(self, kind: str, *, at: int | None = None, received: str | None = None) -> JsonFault:
        offset = self.offset if at is None else at
        return JsonFault(kind, self.text, offset, path=self._path(), received=received)

    def _path(self) -> str:
        steps = "".join(
            f"[{place.step}]" if isinstance(place.step, int) else f".{place.step}"
            for place in self.places
            if place.step != ""
        )
        return (self.resource_type + steps).removeprefix(".")
