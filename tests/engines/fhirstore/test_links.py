"""Page links: nobody makes one up, none is taken for another's, and they expire with a way to start again."""

import base64
from dataclasses import replace
from datetime import timedelta
from random import Random
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from socle.engines.fhirstore.faults import PAGE_EXPIRED, PAGE_FORGED
from socle.engines.fhirstore.links import LIFETIME_HOURS, Direction, PageLink, seal, unseal
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.clock import from_micros, now, now_micros
from socle.kernel.errors import SocleError
from socle.kernel.keys import derived_key
from tests.support.fhir_client import BASE, Bundle, Caller
from tests.support.fhir_store import changes_of, publish, store_like

KEY = b"k" * 32
LINK = PageLink(
    "a-store", "Practitioner", (("name", "é,|"), ("_count", "2")), 7, 42, "next", None, 1_736_143_200_000_000
)


def unsealed(token: str) -> PageLink:
    with time_machine.travel(from_micros(LINK.began), tick=False):
        return unseal(token, KEY, store="a-store", restart=BASE)


def refusal(token: str) -> SocleError:
    with pytest.raises(SocleError) as refused:
        unsealed(token)
    return refused.value


links = st.builds(
    PageLink,
    st.just("a-store"),
    st.sampled_from(("Practitioner", "Device")),
    st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=3).map(tuple),
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**62),
    st.sampled_from(("next", "previous")),
    st.none() | st.integers(0, 10**7),
    st.just(LINK.began),
)


@given(link=links)
def test_what_is_sealed_comes_back(link: PageLink) -> None:
    token = seal(link, KEY)
    assert unsealed(token) == link
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_is_noticed(position: int, flip: int) -> None:
    token = seal(LINK, KEY)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[position % len(raw)] ^= flip
    assert refusal(base64.urlsafe_b64encode(bytes(raw)).decode()).kind is PAGE_FORGED


@given(
    token=st.text(max_size=60)
    | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
)
def test_what_was_never_sealed_is_refused(token: str) -> None:
    assert refusal(token).kind is PAGE_FORGED


@pytest.mark.parametrize("token", ["", "=", "====", "A" * 16_385, "é" * 40, "AAAA\n", " " * 44])
def test_malformed_tokens_are_refused(token: str) -> None:
    assert refusal(token).kind is PAGE_FORGED


@given(cut=st.integers(1, 200))
def test_a_shortened_token_is_refused(cut: int) -> None:
    assert refusal(seal(LINK, KEY)[:-cut]).kind is PAGE_FORGED


def test_a_link_sealed_with_another_key_is_refused() -> None:
    assert refusal(seal(LINK, b"o" * 32)).kind is PAGE_FORGED


def test_a_link_of_another_store_is_refused() -> None:
    assert refusal(seal(replace(LINK, store="b-store"), KEY)).kind is PAGE_FORGED


@pytest.mark.parametrize(("late", "expired"), [(timedelta(0), False), (timedelta(milliseconds=1), True)])
def test_a_link_lives_a_day(late: timedelta, expired: bool) -> None:
    end = from_micros(LINK.began) + timedelta(hours=LIFETIME_HOURS) + late
    token = seal(LINK, KEY)
    with time_machine.travel(end, tick=False):
        if not expired:
            assert unseal(token, KEY, store="a-store", restart=BASE) == LINK
            return
        with pytest.raises(SocleError) as refused:
            unseal(token, KEY, store="a-store", restart=BASE)
    assert refused.value.kind is PAGE_EXPIRED
    start = urlsplit(refused.value.data["start"])
    assert start.geturl().startswith(f"{BASE}/Practitioner?")
    assert parse_qs(start.query) == {"name": ["é,|"], "_count": ["2"]}


@pytest.fixture
def store(caller: Caller) -> StoreDefinition:
    written = store_like()
    people = [{"resourceType": "Practitioner", "id": fid, "active": True} for fid in "12345"]
    publish(caller.db, written, changes_of(*people))
    return written


def test_an_expired_link_is_gone_and_says_where_to_start_again(
    caller: Caller, store: StoreDefinition
) -> None:
    first = caller.bundle(store, "Practitioner", [("_count", "2"), ("active", "true")])
    with time_machine.travel(now() + timedelta(hours=LIFETIME_HOURS, seconds=1), tick=False):
        answer = caller.ask(store, "GET", first.links["next"])
    issue = answer.json()["issue"][0]
    assert (answer.status_code, issue["code"]) == (410, "expired")
    assert issue["diagnostics"].count(BASE) == 1
    again = next(word for word in issue["diagnostics"].split() if word.startswith(BASE))
    assert caller.bundle(store, again).ids == first.ids == ["1", "2"]


def test_a_link_of_another_store_is_refused_by_the_door(caller: Caller, store: StoreDefinition) -> None:
    first = caller.bundle(store, "Practitioner", [("_count", "2")])
    answer = caller.ask(store_like(), "GET", first.links["next"])
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (400, "value")


@pytest.mark.parametrize("target", ["_page", "_page?id=", "_page?id=AAAA", "_page?other=1"])
def test_a_page_without_its_link_is_refused(caller: Caller, store: StoreDefinition, target: str) -> None:
    assert caller.ask(store, "GET", target).status_code == 400


def test_the_self_link_says_what_was_understood(caller: Caller, store: StoreDefinition) -> None:
    asked = [("_format", "json"), ("active", "true"), ("_count", "2"), ("_id", "1,2,3")]
    found = caller.bundle(store, "Practitioner", asked)
    self_link = urlsplit(found.links["self"])
    assert parse_qs(self_link.query) == {"active": ["true"], "_count": ["2"], "_id": ["1,2,3"]}
    assert caller.bundle(store, found.links["self"]).ids == found.ids


@pytest.mark.parametrize("direction", ["next", "previous"])
def test_a_link_whose_query_is_no_longer_promised_is_refused_like_the_query(
    caller: Caller, store: StoreDefinition, direction: Direction
) -> None:
    """The promises of a store may change while links live."""
    caller.bundle(store, "Practitioner")
    kept = PageLink(store.name, "Practitioner", (("withdrawn", "1"),), 1, 3, "next", None, now_micros())
    token = seal(replace(kept, direction=direction), derived_key("fhir-page-links"))
    assert caller.ask(store, "GET", f"_page?id={token}").status_code == 400


DELTA_DAYS = 30


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=12), timedelta(hours=LIFETIME_HOURS)])
def test_a_search_begun_within_the_limit_of_deltas_goes_on(
    caller: Caller, store: StoreDefinition, later: timedelta
) -> None:
    """What is asked at the very limit is beyond it a moment later: its next pages are not judged again."""
    limited = replace(store, delta_days=lambda: DELTA_DAYS)
    begin = now() + timedelta(days=1)
    oldest = begin - timedelta(days=DELTA_DAYS)
    since = oldest.strftime("ge%Y-%m-%dT%H:%M:%S") + f".{oldest.microsecond // 1000:03d}Z"
    asked = [("_lastUpdated", since), ("_count", "2")]
    with time_machine.travel(begin, tick=False):
        first = caller.bundle(limited, "Practitioner", asked)
    with time_machine.travel(begin + later, tick=False):
        second = caller.bundle(limited, first.links["next"])
        third = caller.bundle(limited, second.links["next"])
        again = caller.ask(limited, "GET", "Practitioner", params=asked)
    assert (first.ids, second.ids, third.ids) == (["1", "2"], ["3", "4"], ["5"])
    assert again.status_code == (400 if later else 200)


def test_a_limit_of_deltas_set_meanwhile_does_not_stop_a_search(
    caller: Caller, store: StoreDefinition
) -> None:
    first = caller.bundle(store, "Practitioner", [("_lastUpdated", "ge2000"), ("_count", "3")])
    limited = replace(store, delta_days=lambda: 1)
    assert caller.bundle(limited, first.links["next"]).ids == ["4", "5"]


def test_every_link_of_a_search_ends_a_day_after_its_first_page(
    caller: Caller, store: StoreDefinition
) -> None:
    """What the search sees is kept no longer: a link made at its 23rd hour lives one more."""
    begin = now()
    with time_machine.travel(begin, tick=False):
        first = caller.bundle(store, "Practitioner", [("_count", "1")])
    with time_machine.travel(begin + timedelta(hours=LIFETIME_HOURS - 1), tick=False):
        second = caller.bundle(store, first.links["next"])
    with time_machine.travel(begin + timedelta(hours=LIFETIME_HOURS), tick=False):
        assert caller.bundle(store, second.links["next"]).ids == ["3"]
    with time_machine.travel(begin + timedelta(hours=LIFETIME_HOURS, seconds=1), tick=False):
        assert caller.ask(store, "GET", second.links["next"]).status_code == 410


def posted(caller: Caller, store: StoreDefinition, values: int, count: int) -> httpx.Response:
    """A search by POST with so many values of 300 random digits, beside those that find all five."""
    random = Random(1)
    others = ["".join(random.choices("0123456789abcdef", k=300)) for _ in range(values)]
    form = urlencode({"_id": ",".join(["1", "2", "3", "4", "5", *others]), "_count": str(count)})
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return caller.ask(store, "POST", "Practitioner/_search", headers=headers, content=form)


def test_a_link_that_no_address_can_hold_is_refused_and_its_search_fits_one_page(
    caller: Caller, store: StoreDefinition
) -> None:
    answer = posted(caller, store, 100, 2)
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (400, "too-long")
    assert "16384" in answer.json()["issue"][0]["diagnostics"]
    whole = Bundle.read(posted(caller, store, 100, 5))
    assert (whole.ids, set(whole.links)) == (["1", "2", "3", "4", "5"], {"self"})


@pytest.mark.parametrize("values", [0, 10, 40, 60, 70])
def test_a_link_that_is_given_can_be_followed(caller: Caller, store: StoreDefinition, values: int) -> None:
    answer = posted(caller, store, values, 2)
    if answer.status_code == 400:
        assert values > 40
        return
    first = Bundle.read(answer)
    assert caller.bundle(store, first.links["next"]).ids == ["3", "4"]
