"""Refusals as OperationOutcome (R4 operationoutcome.html): the stable code, both sentences, the rule."""

from typing import Any, Literal

from socle.kernel.errors import SocleError

Severity = Literal["error", "warning", "information"]


def outcome(error: SocleError, *, reference: str = "", severity: Severity = "error") -> dict[str, Any]:
    """`details.text` is French, `diagnostics` English followed by the rule and the request's reference."""
    trace = f" [request {reference}]" if reference else ""
    issue = {
        "severity": severity,
        "code": error.kind.fhir,
        "details": {
            "coding": [{"system": "urn:socle:error", "code": error.code}],
            "text": error.sentence("fr"),
        },
        "diagnostics": f"{error.sentence('en')} Rule: {error.kind.rule}.{trace}",
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}
