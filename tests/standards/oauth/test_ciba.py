"""Authentication on another device: what is asked, and a model of what may become of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from socle.standards.oauth.ciba import (
    MICROS,
    SLOWER,
    Asked,
    AuthenticationRequest,
    State,
    Step,
    poll,
    read_backchannel,
    step,
)
from socle.standards.oauth.ciba_faults import (
    AUTH_REQ_UNUSABLE,
    DENIED,
    HINT_TOKEN_REFUSED,
    ONE_HINT,
    PENDING,
    SLOW_DOWN,
    TOO_LATE,
)
from socle.standards.oauth.clients import GrantType
from socle.standards.oauth.faults import GRANT_NOT_ALLOWED, MALFORMED, REPEATED, SCOPE_WITHOUT_OPENID, Kind
from socle.standards.oauth.levels import Level
from socle.standards.oauth.parameters import Parameters
from tests.standards.oauth.given import CLIENT, NOW, PROVIDER, expect_refused, parameters

SENT = {
    "scope": "openid scope_all",
    "acr_values": "eidas1",
    "login_hint": "899700100100",
    "binding_message": "42",
    "requested_expiry": "60",
}
START = NOW * MICROS
LIFETIME = 120
FRESH = AuthenticationRequest("app", START, LIFETIME, 2)
PUSHED = replace(FRESH, state=State.PUSHED)


def test_a_whole_request_is_read_and_each_parameter_is_given_once() -> None:
    assert read_backchannel(parameters({**SENT, "unheard_of": "1"}), CLIENT, PROVIDER) == Asked(
        "app", ("openid", "scope_all"), Level.EIDAS1, "899700100100", "", "42", 60
    )
    for name in SENT:
        doubled = Parameters([*SENT.items(), (name, SENT[name])])
        expect_refused(REPEATED, read_backchannel, doubled, CLIENT, PROVIDER)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"login_hint": ""}, ONE_HINT),
        ({"id_token_hint": "a.b.c"}, ONE_HINT),
        ({"login_hint_token": "t"}, ONE_HINT),
        ({"login_hint": "", "login_hint_token": "t"}, HINT_TOKEN_REFUSED),
        ({"scope": ""}, SCOPE_WITHOUT_OPENID),
        ({"requested_expiry": "0"}, MALFORMED),
        ({"requested_expiry": "soon"}, MALFORMED),
    ],
)
def test_what_is_refused_of_a_request(change: dict[str, str], kind: Kind) -> None:
    expect_refused(kind, read_backchannel, parameters({**SENT, **change}), CLIENT, PROVIDER)


def test_a_session_may_name_the_person_and_a_client_must_have_the_right() -> None:
    sent = parameters({**SENT, "login_hint": "", "id_token_hint": "a.b.c"})
    assert read_backchannel(sent, CLIENT, PROVIDER).id_token_hint == "a.b.c"
    other = replace(CLIENT, grants=frozenset({GrantType.CODE}))
    told = expect_refused(GRANT_NOT_ALLOWED, read_backchannel, parameters(SENT), other, PROVIDER)
    assert told.error == "unauthorized_client"


def kind_of(request: AuthenticationRequest, at: int, client: str = "app") -> Kind | None:
    refused = poll(request, client, at).refused
    return refused.kind if refused else None


def test_each_state_has_its_answer() -> None:
    end = START + LIFETIME * MICROS
    accepted = replace(FRESH, state=State.ACCEPTED)
    assert kind_of(FRESH, START) is PENDING
    assert kind_of(PUSHED, end - 1) is PENDING
    assert kind_of(replace(FRESH, state=State.REFUSED), START) is DENIED
    assert kind_of(accepted, end - 1) is None
    assert kind_of(accepted, end) is TOO_LATE
    assert kind_of(replace(FRESH, state=State.CONSUMED), end) is AUTH_REQ_UNUSABLE


def test_the_interval_grows_by_five_seconds_each_time_it_is_not_kept() -> None:
    first = poll(PUSHED, "app", START)
    hasty = poll(first.request, "app", START + 2 * MICROS - 1)
    assert hasty.refused is not None
    assert (hasty.refused.kind, hasty.refused.data) == (SLOW_DOWN, {"seconds": 2 + SLOWER})
    assert kind_of(hasty.request, START + 8 * MICROS) is SLOW_DOWN
    assert kind_of(hasty.request, START + 9 * MICROS) is PENDING


@given(st.integers(START, START + 200 * MICROS))
def test_another_client_learns_nothing_and_changes_nothing(at: int) -> None:
    for state in State:
        request = replace(FRESH, state=state)
        asked = poll(request, "other", at)
        assert asked.request is request
        assert asked.refused is not None
        assert asked.refused.kind is AUTH_REQ_UNUSABLE


class Approvals(RuleBasedStateMachine):
    """The person, the phone, the client and the clock, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.request, self.now = FRESH, START
        self.shown = self.decided = False
        self.said = ""
        self.granted = 0

    @property
    def over(self) -> bool:
        return self.now >= START + LIFETIME * MICROS

    @rule(seconds=st.integers(0, 50))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * MICROS

    @rule()
    def push(self) -> None:
        after = step(self.request, Step.PUSH, self.now)
        assert (after is not None) is (not self.shown and not self.over)
        self._keep(after)
        self.shown = self.shown or after is not None

    @rule(taken=st.sampled_from([Step.ACCEPT, Step.REFUSE]))
    def decide(self, taken: Step) -> None:
        after = step(self.request, taken, self.now)
        assert (after is not None) is (self.shown and not self.said and not self.over)
        self._keep(after)
        if after is not None:
            self.said = taken.value

    @rule()
    def ask(self) -> None:
        before = self.request
        asked = poll(before, "app", self.now)
        self.request = asked.request
        if asked.refused is None:
            assert (self.said, self.over) == ("accept", False)
            self.granted += 1
        elif self.granted:
            assert asked.refused.kind is AUTH_REQ_UNUSABLE
        elif self.over:
            assert asked.refused.kind is TOO_LATE
        elif self.said:
            assert (self.said, asked.refused.kind) == ("refuse", DENIED)
        else:
            hasty = before.polled is not None and self.now < before.polled + before.interval * MICROS
            assert asked.refused.kind is (SLOW_DOWN if hasty else PENDING)
            assert asked.request.interval == before.interval + (SLOWER if hasty else 0)

    @rule()
    def somebody_else_asks(self) -> None:
        self.request = poll(self.request, "other", self.now).request

    @invariant()
    def tokens_are_given_once_at_most(self) -> None:
        assert self.granted <= 1
        assert (self.request.state is State.CONSUMED) is (self.granted == 1)

    def _keep(self, after: AuthenticationRequest | None) -> None:
        self.request = after or self.request


TestApprovals = Approvals.TestCase
