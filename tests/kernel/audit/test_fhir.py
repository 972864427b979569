"""An entry as an AuditEvent: sound R4, with what the document says and nothing that it does not."""

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.actors import ANONYMOUS, BY_SYSTEM, Acting
from socle.kernel.audit.actions import Outcome
from socle.kernel.audit.entry import Entry, Place, Sealed, facts_of
from socle.kernel.audit.fhir import audit_event
from socle.standards.fhir.structure import check
from tests.support.trail import BY_DOCTOR, READ, entry

PLACE = Place(bytes(16), 2, 1_780_000_000_123_456, date(2026, 5, 28))
ORIGIN = "socle.example/audit"


def seen(one: Entry) -> dict[str, Any]:
    return audit_event(orjson.loads(facts_of(one, PLACE, Sealed())), ORIGIN)


def test_what_was_done_is_told() -> None:
    event = seen(entry(7))
    assert check(event) == []
    assert event["recorded"] == "2026-05-28T20:26:40.123456Z"
    assert (event["action"], event["outcome"]) == ("R", "0")
    assert event["agent"][0]["who"]["identifier"]["value"] == "professional:p-1"
    assert event["agent"][0]["extension"][0]["valueCode"] == "eidas2"
    assert event["agent"][1]["who"]["identifier"]["value"] == "o-1"
    assert event["purposeOfEvent"][0]["coding"][0]["code"] == "TREAT"
    assert event["source"] == {
        "observer": {"identifier": {"system": "urn:socle:audit:origin", "value": ORIGIN}},
        "site": "/fhir/v2",
    }
    act, target, subject = event["entity"]
    assert {one["type"]: one["valueString"] for one in act["detail"]} == {
        "count": "7",
        "found": "true",
        "request": "r-1",
    }
    assert target["what"] == {"reference": "DocumentReference/7"}
    assert subject["what"]["identifier"]["value"] == "record:7"


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("by", [BY_SYSTEM, BY_DOCTOR, Acting(ANONYMOUS)])
def test_every_actor_and_outcome_is_sound(by: Acting, outcome: Outcome) -> None:
    event = seen(Entry(READ, by, outcome))
    assert check(event) == []
    assert event["outcome"] == outcome.value


@given(
    st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=8),
    st.dictionaries(
        st.from_regex(r"[a-z]{1,6}", fullmatch=True),
        st.booleans() | st.integers(0, 2**53) | st.text(max_size=5),
    ),
)
def test_whatever_the_data_the_event_is_sound(target: str, data: dict[str, Any]) -> None:
    assert check(seen(Entry(READ, BY_DOCTOR, target=f"Thing/{target}", data=data))) == []


@pytest.mark.parametrize(
    ("subject", "kind", "role"),
    [("record:7", "1", "1"), ("agent:a-1", "1", "6"), ("clock:installation", "2", None)],
)
def test_whom_it_is_about_is_a_patient_a_user_or_nobody(subject: str, kind: str, role: str | None) -> None:
    event = seen(Entry(READ, BY_SYSTEM, subject=subject))
    assert check(event) == []
    about = event["entity"][-1]
    assert (about["what"]["identifier"]["value"], about["type"]["code"]) == (subject, kind)
    assert about.get("role", {}).get("code") == role
