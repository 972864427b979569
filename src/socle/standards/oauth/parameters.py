"""Parameters of a request, from a query or a form: each once, within its alphabet, of a bounded length."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from socle.standards.fhir.faults import shown
from socle.standards.oauth.faults import (
    MALFORMED,
    MISSING,
    NOT_ENCODED,
    REPEATED,
    TOO_MANY,
    UNKNOWN_VALUE,
    Refused,
)

MOST_PAIRS: Final = 200
LONGEST_VALUE: Final = 4_096
LONGEST_TOKEN: Final = 65_536
_BROKEN: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# VSCHAR of RFC 6749 appendix A.
_VISIBLE: Final = re.compile(r"[\x20-\x7e]*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST_NUMBER: Final = 10


class Parameters:
    """What a request gives under each name. A parameter without a value counts as not given (RFC 6749 §3.1); one that
    is given twice is refused when it is asked for; one that nobody asks for is ignored."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        values: dict[str, list[str]] = {}
        for count, (name, value) in enumerate(pairs, 1):
            if count > MOST_PAIRS:
                raise Refused(TOO_MANY, count=count, most=MOST_PAIRS)
            values.setdefault(name, []).append(value)
        self._values: Mapping[str, Sequence[str]] = values

    def one(self, name: str, longest: int = LONGEST_VALUE) -> str:
        """A value of visible ASCII characters; empty when it is not given. Raises Refused: REPEATED, MALFORMED."""
        value = self._single(name, longest)
        if not _VISIBLE.fullmatch(value):
            raise malformed(name, "ASCII imprimable", "printable ASCII")
        return value

    def text(self, name: str, longest: int = LONGEST_VALUE) -> str:
        """A value in any script, without control character. Raises Refused: REPEATED, MALFORMED."""
        value = self._single(name, longest)
        if _CONTROL.search(value):
            raise malformed(name, "du texte sans caractère de contrôle", "text without control character")
        return value

    def document(self, name: str, longest: int) -> str:
        """A value that a parser of its own will judge; empty when it is not given. Raises Refused: REPEATED, MALFORMED
        for one that is too long."""
        return self._single(name, longest)

    def required(self, name: str, longest: int = LONGEST_VALUE) -> str:
        """Raises Refused: MISSING, REPEATED, MALFORMED."""
        value = self.one(name, longest)
        if not value:
            raise Refused(MISSING, name=name)
        return value

    def many(self, name: str) -> tuple[str, ...]:
        """The values of a parameter that may be given more than once (RFC 8693 §2.1: audience, resource)."""
        values = tuple(value for value in self._values.get(name, ()) if value)
        if any(len(value) > LONGEST_VALUE or not _VISIBLE.fullmatch(value) for value in values):
            raise malformed(name, "ASCII imprimable", "printable ASCII")
        return values

    def words(self, name: str) -> tuple[str, ...]:
        """The words of a list separated by spaces, each once, in order."""
        return tuple(dict.fromkeys(word for word in self.one(name).split(" ") if word))

    def number(self, name: str) -> int | None:
        """A number of seconds, zero or more; None when it is not given."""
        value = self.one(name)
        if not value:
            return None
        if len(value) > _LONGEST_NUMBER or not value.isdigit():
            raise malformed(name, "un nombre entier de secondes", "a whole number of seconds")
        return int(value)

    def known(self, name: str, known: Iterable[str]) -> str:
        """One of the known values, or empty. Raises Refused: UNKNOWN_VALUE, REPEATED, MALFORMED."""
        value, expected = self.one(name), tuple(known)
        if value and value not in expected:
            raise Refused(UNKNOWN_VALUE, name=name, received=shown(value), known=", ".join(expected))
        return value

    def given(self, name: str) -> bool:
        """Whether some value is given under this name, be it once or more."""
        return any(self._values.get(name, ()))

    def _single(self, name: str, longest: int) -> str:
        values = self._values.get(name, ("",))
        if len(values) > 1:
            raise Refused(REPEATED, name=name, count=len(values))
        if len(values[0]) > longest:
            raise malformed(name, f"{longest} caractères au plus", f"{longest} characters at most")
        return values[0]


def read_parameters(raw: bytes) -> Parameters:
    """The parameters of a query, or of a body in application/x-www-form-urlencoded (RFC 6749 appendix B).

    Raises Refused: NOT_ENCODED, TOO_MANY.
    """
    pieces = [piece for piece in raw.split(b"&") if piece]
    if len(pieces) > MOST_PAIRS:
        raise Refused(TOO_MANY, count=len(pieces), most=MOST_PAIRS)
    split = (piece.partition(b"=") for piece in pieces)
    return Parameters([(_decoded(name), _decoded(value)) for name, _, value in split])


def malformed(name: str, fr: str, en: str) -> Refused:
    """The refusal of a parameter whose form is told in both languages."""
    return Refused(MALFORMED, name=name, fr=fr, en=en)


def _decoded(text: bytes) -> str:
    if _BROKEN.search(text):
        raise Refused(NOT_ENCODED)
    try:
        return unquote_to_bytes(text.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise Refused(NOT_ENCODED) from None
