"""OperationOutcome: required bindings are held, and every fault can be told as an issue."""

from __future__ import annotations

import orjson
import pytest

from socle.standards.fhir.dates import DateFault, interval
from socle.standards.fhir.faults import Bilingual, Fault, shown
from socle.standards.fhir.json import JsonFault, parse
from socle.standards.fhir.outcome import ISSUE_TYPES, issue, issue_of, outcome, outcome_of
from socle.standards.fhir.structure import check

FAULT = Fault("required", "Organization", "∅", "R4 Organization.name", Bilingual("Ajoutez.", "Add."))


def test_an_issue_carries_what_it_was_given_and_nothing_empty() -> None:
    assert issue("error", "not-found", "no such resource") == {
        "severity": "error",
        "code": "not-found",
        "diagnostics": "no such resource",
    }


def test_an_issue_names_its_places_and_details() -> None:
    built = issue("warning", "value", "odd", expression=["Patient.name[0]"], details={"text": "bizarre"})
    assert built["expression"] == ["Patient.name[0]"]
    assert built["details"] == {"text": "bizarre"}
    assert issue("warning", "value", "odd", expression="Patient.id")["expression"] == ["Patient.id"]


@pytest.mark.parametrize(
    ("severity", "code"), [("grave", "value"), ("error", "valeur"), ("", "value"), ("error", "")]
)
def test_codes_outside_the_value_sets_are_refused(severity: str, code: str) -> None:
    with pytest.raises(ValueError, match="value set"):
        issue(severity, code, "x")


def test_the_value_set_issue_type_is_complete() -> None:
    assert len(ISSUE_TYPES) == 31


def test_an_outcome_has_an_issue_at_least() -> None:
    with pytest.raises(ValueError, match=r"1\.\.\*"):
        outcome([])


def test_an_outcome_is_itself_sound() -> None:
    assert (
        check(outcome([issue_of(FAULT), issue("information", "informational", "x", details={"text": "y"})]))
        == []
    )


def test_a_fault_is_told_in_both_languages() -> None:
    (told,) = orjson.loads(outcome_of([FAULT]))["issue"]
    assert told["details"]["text"] == "Reçu : ∅. Règle : R4 Organization.name. Ajoutez."
    assert told["diagnostics"] == "Received: ∅. Rule: R4 Organization.name. Add."
    assert (told["code"], told["expression"]) == ("required", ["Organization"])


def test_a_refused_text_is_told_with_its_line() -> None:
    with pytest.raises(JsonFault) as caught:
        parse(b'{"resourceType":"Patient",}')
    told = issue_of(caught.value.fault, severity="fatal")
    assert told["severity"] == "fatal"
    assert str(told["diagnostics"]).startswith("Line 1, column 26. ")


def test_every_reader_uses_codes_of_the_value_set() -> None:
    with pytest.raises(DateFault) as caught:
        interval("hier")
    assert caught.value.code in ISSUE_TYPES
    assert all(fault.code in ISSUE_TYPES for fault in check({"resourceType": "Narrative", "a": 1}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (12, "12"),
        ("a", '"a"'),
        ('say "hi"\n\x1b[31m', '"say \\"hi\\"\\u000a\\u001b[31m"'),
        ([], "[]"),
        ([1, 2], "[…] (2)"),
        ({}, "{}"),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, '{"a": …, "b": …, "c": …, …}'),
        ("x" * 100, '"' + "x" * 58 + "…"),
    ],
)
def test_a_received_value_is_shown_on_one_short_printable_line(value: object, expected: str) -> None:
    assert shown(value) == expected
