"""The TLS door, with real handshakes on real ports."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from socle.kernel.tls import server_context
from tests.kernel.tls.authorities import NAME, Authorities, Files, Ports, serving


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    return Authorities(tmp_path_factory.mktemp("authorities"))


@pytest.fixture(scope="module")
def required(authorities: Authorities) -> Iterator[Ports]:
    with serving(authorities.accepting()) as ports:
        yield ports


def ask(ports: Ports, context: ssl.SSLContext, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.Client(verify=context, timeout=30) as client:
        return client.get(f"https://localhost:{ports.tls}/", headers=named)


def serial(files: Files) -> str:
    return str(x509.load_pem_x509_certificate(files.certificate.read_bytes()).serial_number)


def test_the_certificate_of_who_came_is_in_the_scope(authorities: Authorities, required: Ports) -> None:
    told = ask(required, authorities.presenting(authorities.client)).json()
    assert told["serial"] == serial(authorities.client)
    assert f"CN={NAME}" in told["name"]
    assert told["scheme"] == "https"
    tls = told["tls"]
    assert (tls["client_cert_name"], tls["tls_version"]) == (told["name"], 0x0304)
    assert 0x1301 <= tls["cipher_suite"] <= 0x1305


@pytest.mark.parametrize("shown", ["none", "stranger", "expired"])
def test_who_shows_no_good_certificate_is_not_let_in(
    shown: str, authorities: Authorities, required: Ports
) -> None:
    files = None if shown == "none" else getattr(authorities, shown)
    with pytest.raises(httpx.TransportError):
        ask(required, authorities.presenting(files))


def test_the_door_goes_on_after_a_refused_handshake(authorities: Authorities, required: Ports) -> None:
    with pytest.raises(httpx.TransportError):
        ask(required, authorities.presenting(authorities.stranger))
    assert ask(required, authorities.presenting(authorities.client)).status_code == 200


def test_an_optional_certificate_may_be_missing_but_not_bad(authorities: Authorities) -> None:
    with serving(authorities.accepting("optional")) as ports:
        assert ask(ports, authorities.presenting(None)).json()["serial"] is None
        told = ask(ports, authorities.presenting(authorities.client)).json()
        assert told["serial"] == serial(authorities.client)
        with pytest.raises(httpx.TransportError):
            ask(ports, authorities.presenting(authorities.expired))


def test_tls_1_2_is_the_oldest_and_says_so(authorities: Authorities, required: Ports) -> None:
    context = authorities.presenting(authorities.client)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    told = ask(required, context).json()
    assert told["tls"]["tls_version"] == 0x0303
    assert told["serial"] == serial(authorities.client)
    accepted = authorities.accepting()
    assert accepted.minimum_version == ssl.TLSVersion.TLSv1_2
    suites = [str(suite["name"]) for suite in accepted.get_ciphers()]
    assert suites
    assert [name for name in suites if "GCM" not in name and "POLY1305" not in name] == []


def test_each_connection_proves_itself_again(authorities: Authorities, required: Ports) -> None:
    """A resumed session would skip the check of dates."""
    context = authorities.presenting(authorities.client)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    session = None
    for _ in range(2):
        with (
            socket.create_connection(("localhost", required.tls), timeout=30) as connection,
            context.wrap_socket(connection, server_hostname="localhost", session=session) as secure,
        ):
            assert not secure.session_reused
            session = secure.session


def test_the_plain_port_knows_no_certificate(required: Ports) -> None:
    told = httpx.get(f"http://localhost:{required.plain}/", timeout=30).json()
    assert (told["serial"], told["tls"], told["scheme"]) == (None, {}, "http")


def test_a_header_changes_nothing_behind_a_handshake(authorities: Authorities, required: Ports) -> None:
    """The forged header is dropped: what the handshake established stands."""
    told = ask(required, authorities.presenting(authorities.client), Client_Cert=":AAAA:").json()
    assert told["serial"] == serial(authorities.client)
    assert "client-cert" not in told["headers"]


def test_certificates_are_never_asked_of_unnamed_authorities(
    authorities: Authorities, tmp_path: Path
) -> None:
    server = authorities.server
    with pytest.raises(ValueError, match="no authority"):
        server_context(server.certificate, server.key, None, "required")
    with pytest.raises(ssl.SSLError):
        server_context(server.certificate, authorities.client.key, authorities.client_ca, "required")
    with pytest.raises(FileNotFoundError):
        server_context(tmp_path / "missing.pem", server.key, authorities.client_ca, "required")
