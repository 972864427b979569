"""The life of an identity: each transition of the rules, each refusal with its rule, and random lives."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.standards.ins.authorities import NIA, NIR
from socle.standards.ins.evidence import DOCUMENTS, Channel
from socle.standards.ins.faults import Fault
from socle.standards.ins.matricule import ins
from socle.standards.ins.statuses import BLOCKING, Attribute, Status, status_of
from socle.standards.ins.traits import Sex, Traits
from socle.standards.ins.transitions import (
    ApplicationShown,
    AttributeRemoved,
    AttributeSet,
    Check,
    Created,
    DocumentChecked,
    DocumentDiffers,
    Event,
    EvidenceRevoked,
    InsiAccepted,
    OtherTraitsEdited,
    Recovery,
    Replaced,
    Restored,
    State,
    StrictTraitsEdited,
    VerificationFailed,
    apply,
    strict_changes,
    violations,
)
from tests.standards.ins.people import PIERRE_ALAIN, numbers, traits

DAY = date(2026, 11, 22)
NUMBER = ins("1090763220834", NIR)
OLD = ins("2090763220834", NIR)
EDITED = replace(PIERRE_ALAIN, birth_name="ECETINSY")
RECOVERY = Recovery(NUMBER, DAY)
CHECK = Check("PA", DAY)
STATES = {
    Status.PROVISIONAL: State(PIERRE_ALAIN),
    Status.RECOVERED: State(PIERRE_ALAIN, recovery=RECOVERY),
    Status.VALIDATED: State(PIERRE_ALAIN, check=CHECK),
    Status.QUALIFIED: State(PIERRE_ALAIN, recovery=RECOVERY, check=CHECK),
}
ACCEPTED = InsiAccepted(NUMBER, PIERRE_ALAIN, DAY, (OLD,))
# RNIV and Guide INS, as the table of docs/ins.md gives them: from each status, the event, where it leads.
TABLE: list[tuple[str, Event, str]] = [
    ("PROV", ACCEPTED, "RECUP"),
    ("VALI", ACCEPTED, "QUAL"),
    ("RECUP", ACCEPTED, "RECUP"),
    ("QUAL", ACCEPTED, "QUAL"),
    ("PROV", DocumentChecked("PA", DAY), "VALI"),
    ("RECUP", DocumentChecked("PA", DAY), "QUAL"),
    ("VALI", DocumentChecked("CN", DAY), "VALI"),
    ("QUAL", DocumentChecked("CN", DAY), "QUAL"),
    ("RECUP", DocumentDiffers("PA"), "PROV"),
    ("RECUP", VerificationFailed(), "PROV"),
    ("QUAL", VerificationFailed(), "VALI"),
    ("RECUP", StrictTraitsEdited(EDITED), "PROV"),
    ("QUAL", StrictTraitsEdited(EDITED), "VALI"),
    ("VALI", StrictTraitsEdited(EDITED), "VALI"),
    ("PROV", StrictTraitsEdited(EDITED), "PROV"),
    ("VALI", EvidenceRevoked(), "PROV"),
    ("QUAL", EvidenceRevoked(), "RECUP"),
    *((status, AttributeSet(attribute), "PROV") for status in Status for attribute in sorted(BLOCKING)),
    *((status, AttributeSet(Attribute.HOMONYM), status) for status in Status),
    *((status, ApplicationShown(NUMBER, PIERRE_ALAIN, DAY), "QUAL") for status in Status),
    *((status, OtherTraitsEdited(replace(PIERRE_ALAIN, used_name="X")), status) for status in Status),
]


@pytest.mark.parametrize(("status", "event", "to"), TABLE, ids=lambda part: getattr(part, "value", None))
def test_where_an_event_leads(status: str, event: Event, to: str) -> None:
    after = apply(STATES[Status(status)], event)
    assert isinstance(after, State)
    assert after.status is Status(to)
    assert violations(after) == ()


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("PROV", DocumentDiffers("PA")),
        ("VALI", DocumentDiffers("PA")),
        ("QUAL", DocumentDiffers("PA")),
        ("PROV", VerificationFailed()),
        ("VALI", VerificationFailed()),
        ("PROV", EvidenceRevoked()),
        ("RECUP", EvidenceRevoked()),
        ("QUAL", Restored()),
    ],
)
def test_an_impossible_transition_is_refused_with_the_statuses_that_allow_it(
    status: str, event: Event
) -> None:
    refused = apply(STATES[Status(status)], event)
    assert isinstance(refused, Fault)
    assert (refused.code, refused.rule) == ("ins-transition", "RNIV EXI SI 07")
    assert status in refused.sentence("en")


def refusal(state: State | None, event: Event) -> tuple[str, str]:
    refused = apply(state, event)
    assert isinstance(refused, Fault)
    return refused.code, refused.rule


def marked(*attributes: Attribute) -> State:
    return State(PIERRE_ALAIN, attributes=frozenset(attributes))


def test_a_creation_asks_for_a_search_and_happens_once() -> None:
    assert apply(None, Created(PIERRE_ALAIN, searched=True)) == State(PIERRE_ALAIN)
    assert refusal(None, Created(PIERRE_ALAIN, searched=False))[0] == "ins-anteriority"
    assert refusal(marked(), Created(PIERRE_ALAIN, searched=True))[0] == "ins-exists"
    assert refusal(None, EvidenceRevoked())[0] == "ins-not-created"


@pytest.mark.parametrize("attribute", sorted(BLOCKING))
def test_a_blocked_identity_is_neither_recovered_nor_checked(attribute: Attribute) -> None:
    for event in (ACCEPTED, DocumentChecked("PA", DAY), ApplicationShown(NUMBER, PIERRE_ALAIN, DAY)):
        assert refusal(marked(attribute), event) == ("ins-blocked", "Guide INS EXI ID 24")
    freed = apply(marked(attribute), AttributeRemoved(attribute))
    assert isinstance(freed, State)
    assert isinstance(apply(freed, ACCEPTED), State)


def test_fictitious_combines_with_nothing() -> None:
    assert refusal(marked(Attribute.HOMONYM), AttributeSet(Attribute.FICTITIOUS))[0] == "ins-attributes"
    assert refusal(marked(Attribute.FICTITIOUS), AttributeSet(Attribute.DOUBTFUL))[0] == "ins-attributes"
    both = apply(marked(Attribute.HOMONYM), AttributeSet(Attribute.DOUBTFUL))
    assert both == marked(Attribute.HOMONYM, Attribute.DOUBTFUL)
    assert refusal(marked(), AttributeRemoved(Attribute.HOMONYM))[0] == "ins-attribute-absent"


def test_a_document_that_the_place_does_not_accept_proves_nothing() -> None:
    assert refusal(marked(), DocumentChecked("driving-licence", DAY)) == (
        "ins-document",
        "Guide INS EXI ID 19",
    )
    fewer = {"CN": DOCUMENTS["CN"]}
    for event in (DocumentChecked("PA", DAY), ApplicationShown(NUMBER, PIERRE_ALAIN, DAY)):
        assert isinstance(apply(marked(), event, fewer), Fault)
    assert isinstance(apply(STATES[Status.RECOVERED], DocumentDiffers("PA"), fewer), Fault)


@pytest.mark.parametrize(
    "missing",
    [{"birth_name": ""}, {"given_names": ""}, {"sex": Sex.INDETERMINATE}],
    ids=lambda part: next(iter(part)),
)
def test_insi_answers_with_every_strict_trait(missing: dict[str, object]) -> None:
    answer = replace(ACCEPTED, traits=replace(PIERRE_ALAIN, **missing))  # type: ignore[arg-type]
    assert refusal(marked(), answer)[0] == "ins-insi-traits"


def test_the_answer_of_insi_replaces_the_traits_and_brings_the_history() -> None:
    returned = replace(PIERRE_ALAIN, birth_place="75056")
    after = apply(STATES[Status.PROVISIONAL], replace(ACCEPTED, traits=returned, former=(OLD, NUMBER, OLD)))
    assert isinstance(after, State)
    assert (after.traits, after.ins, after.former) == (returned, NUMBER, (OLD,))


def test_a_new_number_sends_the_one_before_to_the_history_and_a_number_that_returns_leaves_it() -> None:
    waiting = ins("1090763220834", NIA)
    first = apply(marked(), replace(ACCEPTED, ins=waiting, former=()))
    assert isinstance(first, State)
    second = apply(first, replace(ACCEPTED, former=()))
    assert isinstance(second, State)
    assert (second.ins, second.former) == (NUMBER, (waiting,))
    third = apply(second, replace(ACCEPTED, ins=waiting, former=()))
    assert isinstance(third, State)
    assert (third.ins, third.former) == (waiting, (NUMBER,))


def test_the_application_qualifies_by_itself() -> None:
    after = apply(marked(), ApplicationShown(NUMBER, PIERRE_ALAIN, DAY))
    assert isinstance(after, State)
    assert after.recovery == Recovery(NUMBER, DAY, Channel.APPLICATION)
    assert after.check == Check("AV", DAY)


def test_the_first_given_name_and_the_names_in_use_change_without_losing_anything() -> None:
    state = STATES[Status.QUALIFIED]
    shorter = replace(PIERRE_ALAIN, first_given_name="PIERRE", used_name="AUTRE")
    for event in (OtherTraitsEdited(shorter), StrictTraitsEdited(shorter)):
        assert apply(state, event) == replace(state, traits=shorter)
    wrong = replace(PIERRE_ALAIN, first_given_name="MURIEL")
    assert refusal(state, OtherTraitsEdited(wrong)) == ("ins-first-given-name", "Guide INS EXI ID 10")
    assert refusal(state, StrictTraitsEdited(replace(wrong, birth_name="X")))[0] == "ins-first-given-name"
    assert refusal(state, OtherTraitsEdited(EDITED))[0] == "ins-strict-trait"
    assert strict_changes(PIERRE_ALAIN, EDITED) == ("birth_name",)


def test_a_replaced_identity_waits_for_the_merge_to_be_undone() -> None:
    state = STATES[Status.QUALIFIED]
    gone = apply(state, Replaced())
    assert isinstance(gone, State)
    for event in (ACCEPTED, DocumentChecked("PA", DAY), AttributeSet(Attribute.DOUBTFUL), Replaced()):
        assert refusal(gone, event)[0] == "ins-replaced"
    assert apply(gone, Restored()) == state


def test_a_damaged_state_is_told() -> None:
    damaged = State(replace(PIERRE_ALAIN, given_names=""), RECOVERY, CHECK, frozenset(Attribute))
    assert [found.code for found in violations(damaged)] == [
        "ins-attributes",
        "ins-status-forced",
        "ins-insi-traits",
    ]


events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Created, traits(), st.booleans()),
    st.builds(InsiAccepted, numbers(), traits(), st.just(DAY), st.lists(numbers(), max_size=2).map(tuple)),
    st.builds(DocumentChecked, st.sampled_from(["PA", "CN", "XX"]), st.just(DAY)),
    st.builds(DocumentDiffers, st.sampled_from(["PA", "XX"])),
    st.builds(StrictTraitsEdited, traits()),
    st.builds(OtherTraitsEdited, traits()),
    st.builds(AttributeSet, st.sampled_from(Attribute)),
    st.builds(AttributeRemoved, st.sampled_from(Attribute)),
    st.builds(ApplicationShown, numbers(), traits(), st.just(DAY)),
    st.sampled_from([VerificationFailed(), EvidenceRevoked(), Replaced(), Restored()]),
)


class Model:
    """The rules told another way: two facts and the attributes, each moved by the kind of the event alone."""

    def __init__(self) -> None:
        self.recovered = self.checked = False

    def follow(self, event: Event) -> None:
        falls = isinstance(event, (DocumentDiffers, VerificationFailed))
        blocked = isinstance(event, AttributeSet) and event.attribute in BLOCKING
        if isinstance(event, (InsiAccepted, ApplicationShown)):
            self.recovered = True
        elif falls or blocked:
            self.recovered = False
        if isinstance(event, (DocumentChecked, ApplicationShown)):
            self.checked = True
        elif blocked or isinstance(event, EvidenceRevoked):
            self.checked = False


@given(traits(), st.lists(events, max_size=25))
@settings(max_examples=60)
def test_no_life_reaches_a_forbidden_state(person: Traits, life: list[Event]) -> None:
    state = apply(None, Created(person, searched=True))
    assert isinstance(state, State)
    model = Model()
    for event in life:
        after = apply(state, event)
        if isinstance(after, Fault):
            assert after.sentence("fr") != after.sentence("en")
            continue
        lost = {number for number in (state.ins, *state.former) if number is not None}
        if isinstance(event, StrictTraitsEdited) and event.traits.strict != state.traits.strict:
            model.recovered = False
        model.follow(event)
        state = after
        assert violations(state) == ()
        assert state.status is status_of(recovered=model.recovered, checked=model.checked)
        assert lost <= {*state.former, state.ins}
        assert state.ins not in state.former
