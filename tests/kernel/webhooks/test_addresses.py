"""Where a webhook may lead."""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.provisional import domains

from socle.kernel.webhooks.addresses import (
    AddressRefused,
    UrlRefused,
    checked_url,
    is_allowed,
    resolved,
)

PUBLIC = ["8.8.8.8", "1.1.1.1", "193.17.19.1", "2001:4860:4860::8888", "2a01:e0a::1"]
PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "127.0.0.1",
    "127.255.255.254",
    "100.64.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "fc00::1",
    "fec0::1",
    "2001:db8::1",
    "64:ff9b:1::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
]
NEVER = [
    "0.0.0.0",
    "::",
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "224.0.0.1",
    "ff02::1",
    "168.63.129.16",
    "100.100.100.200",
    "::ffff:100.100.100.200",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(ip_address(address), private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_need_the_operator(address: str) -> None:
    assert not is_allowed(ip_address(address), private=False)


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "::1", "fd00::1", "::ffff:192.168.0.1"])
def test_an_operator_can_open_private_networks(address: str) -> None:
    assert is_allowed(ip_address(address), private=True)


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("private", [False, True])
def test_metadata_groups_and_nowhere_are_never_allowed(address: str, private: bool) -> None:
    assert not is_allowed(ip_address(address), private=private)


@given(st.ip_addresses(v=4), st.booleans())
def test_an_address_is_judged_the_same_however_it_is_written(inner: IPv4Address, private: bool) -> None:
    number = int(inner)
    judged = is_allowed(inner, private=private)
    mapped = IPv6Address((0xFFFF << 32) | number)
    nat64 = IPv6Address((0x64FF9B << 96) | number)
    sixtofour = IPv6Address((0x2002 << 112) | (number << 80) | 1)
    assert {is_allowed(one, private=private) for one in (mapped, nat64, sixtofour)} == {judged}


@given(st.ip_addresses())
def test_what_is_allowed_without_the_operator_is_allowed_with(address: IPv4Address | IPv6Address) -> None:
    if is_allowed(address, private=False):
        assert is_allowed(address, private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://subscriber.example/hook",
        "ftp://subscriber.example/",
        "https://",
        "https:///hook",
        "https://user:word@subscriber.example/",
        "https://@subscriber.example/",
        "https://subscriber.example/#part",
        "https://subscriber.example:99999/",
        "https://[::1/",
        "https://hôte.example/",
        "https://subscriber.example/a b",
        "https://subscriber.example/\r\nX: y",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://subscriber.example/" + "a" * 2_000,
        "https://a..b/",
        "https://.example/",
        "https://./",
        "https://" + "a" * 64 + ".example/",
        "https://" + ".".join(["a" * 63] * 4) + "/",
        "https://-a.example/",
        "https://a$b.example/",
        "https://256.1.1.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[2001:4860:4860::8888%eth0]/",
    ],
)
def test_what_is_not_the_address_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        checked_url(url, private=False, plain=False)


HOSTS = st.one_of(
    st.text(st.characters(max_codepoint=0x7E), max_size=80),
    st.lists(st.text("aZ09-_.%", max_size=70), max_size=6).map(".".join),
    domains(),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map("[{}]".format),
)


@given(HOSTS, st.sampled_from(["", ":443", ":0", ":"]))
@example("a..b", "")
@example("a" * 64, "")
def test_what_is_accepted_can_be_asked_and_connected_to(host: str, port: str) -> None:
    """Neither the resolver's encoding nor the client's own reading fails on a host that was accepted."""
    url = f"https://{host}{port}/hook"
    try:
        parts = checked_url(url, private=True, plain=True)
    except UrlRefused:
        return
    assert (parts.hostname or "").encode("idna")
    assert httpx.URL(url).copy_with(host="192.0.2.1").host == "192.0.2.1"


@given(domains(max_length=250))
def test_every_name_of_the_internet_is_accepted(name: str) -> None:
    assert checked_url(f"https://{name}/", private=False, plain=False).hostname == name.lower()


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    try:
        host = checked_url(text, private=False, plain=True).hostname
    except UrlRefused as why:
        host = f"{why.fr} {why.en}"
    assert host


def test_plain_http_and_private_addresses_pass_where_they_are_allowed() -> None:
    assert checked_url("http://127.0.0.1:8001/hook", private=True, plain=True).port == 8001


def test_a_name_that_leads_to_this_machine_is_refused() -> None:
    with pytest.raises(AddressRefused, match="localhost leads to"):
        asyncio.run(resolved("localhost", 443, private=False))
