"""OperationOutcome (FHIR R4 operationoutcome.html): what a FHIR door answers when it refuses or warns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, get_args

from socle.standards.fhir.faults import Fault
from socle.standards.fhir.json import Json, dump

Severity = Literal["fatal", "error", "warning", "information"]
IssueType = Literal[
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "security",
    "login",
    "unknown",
    "expired",
    "forbidden",
    "suppressed",
    "processing",
    "not-supported",
    "duplicate",
    "multiple-matches",
    "not-found",
    "deleted",
    "too-long",
    "code-invalid",
    "extension",
    "too-costly",
    "business-rule",
    "conflict",
    "transient",
    "lock-error",
    "no-store",
    "exception",
    "timeout",
    "incomplete",
    "throttled",
    "informational",
]
SEVERITIES: Final[frozenset[str]] = frozenset(get_args(Severity))
ISSUE_TYPES: Final[frozenset[str]] = frozenset(get_args(IssueType))

Issue = dict[str, Json]


def issue(
    severity: str,
    code: str,
    diagnostics: str,
    *,
    expression: str | Iterable[str] = (),
    details: dict[str, Json] | None = None,
) -> Issue:
    """One issue. `code` is of the value set issue-type, `details` a CodeableConcept.

    Raises ValueError for a severity or code outside the value sets: both bindings are required.
    """
    if severity not in SEVERITIES:
        raise ValueError(f"not in the value set issue-severity: {severity!r}")
    if code not in ISSUE_TYPES:
        raise ValueError(f"not in the value set issue-type: {code!r}")
    expressions = [expression] if isinstance(expression, str) else list(expression)
    places: list[Json] = [place for place in expressions if place]
    members: Issue = {"severity": severity, "code": code, "details": details, "diagnostics": diagnostics}
    members["expression"] = places or None
    return {name: value for name, value in members.items() if value}


def issue_of(fault: Fault, *, severity: str = "error") -> Issue:
    """The issue that tells a fault: `details.text` is French, `diagnostics` English."""
    details: dict[str, Json] = {"text": fault.sentence("fr")}
    return issue(severity, fault.code, fault.sentence("en"), expression=fault.expression, details=details)


def outcome(issues: Iterable[Issue]) -> dict[str, Json]:
    """The resource. Raises ValueError without any issue, since R4 asks for one at least."""
    listed: list[Json] = list(issues)
    if not listed:
        raise ValueError("OperationOutcome.issue is 1..* in R4")
    return {"resourceType": "OperationOutcome", "issue": listed}


def outcome_of(faults: Iterable[Fault], *, severity: str = "error") -> bytes:
    """The JSON bytes of the outcome that tells these faults, one issue each."""
    return dump(outcome(issue_of(fault, severity=severity) for fault in faults))
