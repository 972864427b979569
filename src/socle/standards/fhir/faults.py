"""What is wrong with something received: the shape shared by every reader of this package.

A fault answers four questions: where, what was received, which rule refuses it, what would pass. Rules are
citations (a specification and its section, or an element with its cardinality and types), hence the same in
every language; remedies are sentences and exist in French and English.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

_RECEIVED_LENGTH = 60


class Bilingual(NamedTuple):
    """One sentence in both languages of the house."""

    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal.

    `code` is a code of the FHIR value set issue-type; `expression` a FHIRPath with indices
    (`Practitioner.name[0].given`), empty when the input could not be placed in a resource; `line` and
    `column` count from 1 and are 0 when what was read is a value and no longer a text.
    """

    code: str
    expression: str
    received: str
    rule: str
    remedy: Bilingual
    line: int = 0
    column: int = 0

    def under(self, prefix: str) -> Fault:
        """The same fault seen from the element that holds it."""
        return replace(self, expression=prefix + self.expression)

    def sentence(self, lang: str = "fr") -> str:
        """What was received, where, by which rule it is refused and what would pass; `lang` is fr or en."""
        if lang == "fr":
            place = f"Ligne {self.line}, colonne {self.column}. " if self.line else ""
            return f"{place}Reçu : {self.received}. Règle : {self.rule}. {self.remedy.fr}"
        place = f"Line {self.line}, column {self.column}. " if self.line else ""
        return f"{place}Received: {self.received}. Rule: {self.rule}. {self.remedy.en}"


class Refused(ValueError):
    """An input that cannot be read at all; carries the one fault that stopped the reader."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence("en"))
        self.fault = fault

    @property
    def code(self) -> str:
        return self.fault.code

    @property
    def path(self) -> str:
        return self.fault.expression

    @property
    def received(self) -> str:
        return self.fault.received

    @property
    def rule(self) -> str:
        return self.fault.rule

    @property
    def remedy(self) -> Bilingual:
        return self.fault.remedy


def shown(value: object) -> str:
    """A received value on one short line, written as JSON with its inside left out; safe in a log line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        names = [f"{_quoted(str(name))}: …" for name in list(value)[:3]]
        return shortened(f"{{{', '.join(names + ['…'] * (len(value) > 3))}}}")
    if isinstance(value, list):
        return f"[…] ({len(value)})" if value else "[]"
    return shortened(_quoted(value) if isinstance(value, str) else str(value))


def shortened(text: str) -> str:
    return text if len(text) <= _RECEIVED_LENGTH else f"{text[: _RECEIVED_LENGTH - 1]}…"


def _quoted(text: str) -> str:
    """JSON form with only printable characters, so that no control character reaches a terminal or a log."""
    escaped = text[:_RECEIVED_LENGTH].replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'
