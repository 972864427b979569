"""The guard that keeps the tests on this machine."""

import asyncio
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.network import NetworkRefused, is_local

FOREIGN = "192.0.2.1"  # TEST-NET-1, RFC 5737: routed nowhere, should the guard fail


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def test_loopback_is_open(listener) -> None:
    with socket.create_connection(listener, timeout=5) as connection:
        assert connection.getpeername() == listener


def test_unix_sockets_are_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("door")
        server.listen()
        client.connect("door")
        assert client.getpeername() == "door"


def test_a_connection_abroad_is_refused() -> None:
    with socket.socket() as connection, pytest.raises(NetworkRefused, match=r"192\.0\.2\.1:80"):
        connection.connect((FOREIGN, 80))


def test_a_connection_abroad_is_refused_even_without_an_error() -> None:
    with socket.socket() as connection, pytest.raises(NetworkRefused):
        connection.connect_ex((FOREIGN, 80))


def test_a_datagram_abroad_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as connection, pytest.raises(NetworkRefused):
        connection.sendto(b"hello", (FOREIGN, 53))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(NetworkRefused, match=r"socle\.example"):
        socket.getaddrinfo("socle.example", 443)


def test_the_event_loop_is_refused_too() -> None:
    async def leave() -> None:
        await asyncio.get_running_loop().sock_connect(connection, (FOREIGN, 80))

    with socket.socket() as connection:
        connection.setblocking(False)
        with pytest.raises(NetworkRefused):
            asyncio.run(leave())


@given(st.ip_addresses())
def test_only_loopback_and_unspecified_addresses_are_local(address) -> None:
    assert is_local(str(address)) == (address.is_loopback or address.is_unspecified)


@pytest.mark.parametrize("name", ["localhost", b"localhost", "127.0.0.53", "::1", "::1%lo", "", None])
def test_names_of_this_machine(name) -> None:
    assert is_local(name)


@pytest.mark.parametrize("name", ["localhost.example.org", "10.0.0.1", "fe80::1", b"example.org", "[::1]"])
def test_names_of_other_machines(name) -> None:
    assert not is_local(name)
