"""Incidents on demand: what a setting may say, and how incidents spread over calls."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.apikeys.incidents import Incident, Sequence, Share, asked, read_shares


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("", ()),
        ("502:5", (Share(Incident.BAD_GATEWAY, 5),)),
        ("slow:0.5 401:99.5", (Share(Incident.SLOW, 0.5), Share(Incident.UNAUTHORIZED, 99.5))),
    ],
)
def test_what_a_setting_may_say(text: str, shares: tuple[Share, ...]) -> None:
    assert read_shares(text) == shares


@pytest.mark.parametrize(
    "text", ["502", "502:", "502:x", "503:5", "502:0", "502:101", "502:5 502:5", "502:60 504:41", "502:nan"]
)
def test_what_it_may_not_say_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"incidents: got .*; (expected|each)"):
        read_shares(text)


shares = st.dictionaries(st.sampled_from(Incident), st.integers(1, 20), max_size=5).map(
    lambda chosen: tuple(Share(incident, percent) for incident, percent in chosen.items())
)


@given(shares=shares, hundreds=st.integers(1, 5))
def test_each_incident_has_its_share_of_the_calls(shares: tuple[Share, ...], hundreds: int) -> None:
    sequence = Sequence(shares)
    met = Counter(sequence.next() for _ in range(100 * hundreds))
    for share in shares:
        assert abs(met[share.incident] - share.percent * hundreds) <= len(shares)


@given(shares=shares)
def test_the_same_calls_meet_the_same_incidents(shares: tuple[Share, ...]) -> None:
    one, other = Sequence(shares), Sequence(shares)
    assert [one.next() for _ in range(200)] == [other.next() for _ in range(200)]


@pytest.mark.parametrize(
    ("value", "incident"),
    [(b"502", Incident.BAD_GATEWAY), (b" slow ", Incident.SLOW), (b"200", None), (b"\xff", None)],
)
def test_what_a_caller_asks_for(value: bytes, incident: Incident | None) -> None:
    assert asked(value) is incident
