"""What can be done that leaves a trace: a catalogue of dotted codes, each with its sentence in both languages and its
codes in FHIR AuditEvent."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """FHIR R4 AuditEvent.action (value set audit-event-action)."""

    CREATE = "C"
    READ = "R"
    UPDATE = "U"
    DELETE = "D"
    EXECUTE = "E"


class Outcome(StrEnum):
    """FHIR R4 AuditEvent.outcome (value set audit-event-outcome)."""

    SUCCESS = "0"
    REFUSED = "4"
    FAILED = "8"


@dataclass(frozen=True, slots=True)
class Action:
    code: str
    kind: Kind
    fr: str
    en: str


CATALOGUE: dict[str, Action] = {}


def action(code: str, kind: Kind, fr: str, en: str) -> Action:
    """Declare an action once; the catalogue is printed in `docs/actions.md`."""
    if code in CATALOGUE:
        raise ValueError(f"action declared twice: {code}")
    CATALOGUE[code] = declared = Action(code, kind, fr, en)
    return declared
