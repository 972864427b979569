"""Incoming documents: attached to the identity that has the number and the traits, else kept for a person."""

from dataclasses import replace
from datetime import date

import pytest

from socle.standards.ins.authorities import NIA, NIR, TEST
from socle.standards.ins.identity import Carried
from socle.standards.ins.matching import Decision, Verdict, decide
from socle.standards.ins.matricule import Ins, ins
from socle.standards.ins.statuses import Status
from socle.standards.ins.transitions import Check, Recovery, State
from tests.standards.ins.people import DOMINIQUE, PIERRE_ALAIN

DAY = date(2026, 11, 22)
NUMBER, FORMER = ins("1090763220834", NIR), ins("2090763220834", NIR)
KNOWN = State(PIERRE_ALAIN, Recovery(NUMBER, DAY), Check("PA", DAY), former=(FORMER,))


def document(number: Ins | None = NUMBER, **traits: object) -> Carried:
    status = Status.QUALIFIED if number else None
    return Carried(replace(PIERRE_ALAIN, **traits), status, number)  # type: ignore[arg-type]


def told(decision: Decision[str]) -> tuple[Verdict, str | None, bool, str | None]:
    why = None if decision.why is None else decision.why.code
    return decision.verdict, decision.identity, decision.by_history, why


@pytest.mark.parametrize(
    ("received", "by_history"),
    [
        (document(), False),
        (document(FORMER), True),
        (
            document(
                birth_place="75056", birth_name="Ecetinsi", given_names="MURIEL", first_given_name="MURIEL"
            ),
            False,
        ),
    ],
)
def test_the_number_and_the_traits_attach_a_document(received: Carried, by_history: bool) -> None:
    assert told(decide(received, {"a": KNOWN})) == (Verdict.ATTACH, "a", by_history, None)


@pytest.mark.parametrize("number", [NUMBER, FORMER])
@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ({"birth_date": date(2009, 7, 15)}, "birth_date"),
        ({"birth_name": "AUTRE"}, "birth_name"),
        ({"given_names": "PAUL", "first_given_name": "PAUL"}, "given_names"),
    ],
)
def test_a_number_with_other_traits_waits_for_a_person(
    number: Ins, change: dict[str, object], differing: str
) -> None:
    decision = decide(document(number, **change), {"a": KNOWN})
    assert told(decision) == (Verdict.QUARANTINE, "a", number is FORMER, "ins-document-traits")
    assert decision.why is not None
    assert differing in decision.why.sentence()


def test_the_same_digits_of_another_authority_are_another_number() -> None:
    for authority in (NIA, TEST):
        decision = decide(document(ins(NUMBER.body, authority)), {"a": KNOWN})
        assert told(decision) == (Verdict.UNKNOWN, None, False, "ins-document-unknown")


def test_without_a_number_nothing_is_attached() -> None:
    assert told(decide(document(None), {"a": KNOWN}))[3] == "ins-document-without-number"


@pytest.mark.parametrize("state", [replace(KNOWN, check=None), State(PIERRE_ALAIN, former=(NUMBER,))])
def test_an_identity_that_is_not_qualified_takes_nothing(state: State) -> None:
    verdict, identity, _, why = told(decide(document(), {"a": state}))
    assert (verdict, identity, why) == (Verdict.QUARANTINE, "a", "ins-not-qualified")


def test_two_identities_with_the_number_are_a_duplicate_to_deal_with() -> None:
    decision = decide(document(), {"a": KNOWN, "b": KNOWN})
    assert told(decision) == (Verdict.QUARANTINE, None, False, "ins-document-several")


def test_who_holds_the_number_today_comes_before_who_had_it_and_the_replaced_take_nothing() -> None:
    had = State(DOMINIQUE, Recovery(ins("2790351215189", NIR), DAY), Check("PA", DAY), former=(NUMBER,))
    gone = replace(KNOWN, is_replaced=True)
    assert told(decide(document(), {"had": had, "gone": gone, "holds": KNOWN})) == (
        Verdict.ATTACH,
        "holds",
        False,
        None,
    )
    assert decide(document(), {"gone": gone}).verdict is Verdict.UNKNOWN
