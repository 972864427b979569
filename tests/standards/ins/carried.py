"""Identities as they travel, of every status, for the tests of the forms."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from socle.standards.ins.evidence import DOCUMENTS, Channel
from socle.standards.ins.identity import Carried, LocalId, carried
from socle.standards.ins.statuses import Attribute
from socle.standards.ins.transitions import Check, Recovery, State
from tests.standards.ins.people import DOMINIQUE, dates, numbers, traits

ATTRIBUTES = [frozenset[Attribute](), *map(frozenset, ([Attribute.HOMONYM], [Attribute.DOUBTFUL]))]
local_values = st.text("0123456789ABC|^~\\&<'\"é", min_size=1, max_size=10)
local_ids = st.lists(
    st.builds(LocalId, local_values, st.just("1.2.250.1.71.9"), st.just("CHU"), st.booleans()), max_size=2
)
recoveries = st.builds(Recovery, numbers(), dates, st.sampled_from([Channel.INSI, Channel.APPLICATION]))
checks = st.builds(Check, st.sampled_from(sorted(DOCUMENTS)), dates)


@st.composite
def identities(draw: st.DrawFn) -> Carried:
    """Of any status; uncertain dates and replaced identities among them."""
    recovery = draw(st.none() | recoveries)
    check = draw(st.none() | checks)
    allowed = ATTRIBUTES if recovery is None and check is None else ATTRIBUTES[:2]
    state = State(
        replace(draw(traits()), lunar=draw(st.sampled_from(["", "1950-00-00"]))),
        recovery,
        check,
        draw(st.sampled_from(allowed)),
        is_replaced=draw(st.booleans()),
    )
    return carried(state, draw(local_ids))


DAY = date(2026, 11, 22)


def dominique(recovery: Recovery | None = None, check: Check | None = None) -> Carried:
    return carried(State(DOMINIQUE, recovery, check), [LocalId("1234567890121", "1.2.3.4.567.8.9.10", "CHU")])
