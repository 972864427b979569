"""docs/ins.md tells what the code does: its examples run, its tables are those of the rules."""

import doctest
import re
from dataclasses import replace
from pathlib import Path

import pytest

from socle.standards.ins.authorities import AUTHORITIES
from socle.standards.ins.faults import KINDS, Fault
from socle.standards.ins.statuses import Attribute, Status
from socle.standards.ins.transitions import (
    ALLOWED_FROM,
    ApplicationShown,
    AttributeSet,
    Created,
    DocumentChecked,
    DocumentDiffers,
    Event,
    EvidenceRevoked,
    InsiAccepted,
    OtherTraitsEdited,
    Restored,
    StrictTraitsEdited,
    VerificationFailed,
    apply,
)
from tests.standards.ins.people import PIERRE_ALAIN
from tests.standards.ins.test_transitions import DAY, EDITED, NUMBER, STATES

PAGE = Path(__file__).parents[3] / "docs/ins.md"
TEXT = PAGE.read_text(encoding="utf-8")
EVENTS: dict[str, Event] = {
    "Created": Created(PIERRE_ALAIN, searched=True),
    "InsiAccepted": InsiAccepted(NUMBER, PIERRE_ALAIN, DAY),
    "DocumentChecked": DocumentChecked("PA", DAY),
    "DocumentDiffers": DocumentDiffers("PA"),
    "VerificationFailed": VerificationFailed(),
    "StrictTraitsEdited": StrictTraitsEdited(EDITED),
    "OtherTraitsEdited": OtherTraitsEdited(replace(PIERRE_ALAIN, used_name="AUTRE")),
    "EvidenceRevoked": EvidenceRevoked(),
    **{f"AttributeSet {attribute.value}": AttributeSet(attribute) for attribute in Attribute},
    "ApplicationShown": ApplicationShown(NUMBER, PIERRE_ALAIN, DAY),
    "Restored": Restored(),
}


def test_the_examples_give_what_they_show() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (result.failed, result.attempted > 25) == (0, True)


def test_the_table_of_transitions_is_that_of_the_rules() -> None:
    rows = dict(
        re.findall(r"^\| (\w+(?: \w+)?) \| ((?:[A-Z]+|–)(?: \| (?:[A-Z]+|–)){3}) \|$", TEXT, re.MULTILINE)
    )
    told = {name: leads.split(" | ") for name, leads in rows.items() if name != "Event"}
    assert told == {name: [outcome(status, event) for status in Status] for name, event in EVENTS.items()}
    # What the page tells in words: removing an attribute that is there, and merges.
    assert {event.__name__ for event in ALLOWED_FROM} - {name.split()[0] for name in told} == {
        "AttributeRemoved",
        "Replaced",
    }


def outcome(status: Status, event: Event) -> str:
    after = apply(STATES[status], event)
    return "–" if isinstance(after, Fault) else after.status.value


def test_every_refusal_is_told_with_its_rule() -> None:
    told = dict(re.findall(r"^\| `(ins-[\w-]+)` \| (.+) \|$", TEXT, re.MULTILINE))
    assert told == {kind.code: kind.rule for kind in KINDS.values()}


def test_every_authority_is_told_with_its_code_and_use() -> None:
    told = re.findall(r"^\| ([\d.]+) \| [^|]+ \| (\S+) \| (\w+) \|$", TEXT, re.MULTILINE)
    assert told == [(authority.oid, authority.code, authority.use) for authority in AUTHORITIES.values()]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_sentence_exists_in_both_languages_over_the_same_data(kind: object) -> None:
    fields = re.compile(r"{(\w+)}")
    fr, en = getattr(kind, "fr", ""), getattr(kind, "en", "")
    assert fr != en
    assert set(fields.findall(fr)) == set(fields.findall(en))
