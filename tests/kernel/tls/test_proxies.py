"""What a proxy says of its client is believed from a listed one, and refused or dropped from anybody else."""

from base64 import b64encode
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.edge.proxies import PROXY_NOT_LISTED, Proxies
from socle.kernel.errors import SocleError
from socle.kernel.operation import OperationSettings
from socle.kernel.tls import CERTIFICATE_UNREADABLE, peer_certificate, presented_by_proxy
from tests.kernel.tls.authorities import Authorities, serving


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    return Authorities(tmp_path_factory.mktemp("authorities"))


def certificate(authorities: Authorities) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authorities.client.certificate.read_bytes())


def item(shown: x509.Certificate) -> str:
    return f":{b64encode(shown.public_bytes(Encoding.DER)).decode()}:"


def listed(networks: str) -> Proxies:
    return Proxies(OperationSettings(proxies=networks).trusted_proxies)


def test_a_listed_proxy_is_believed(authorities: Authorities) -> None:
    shown = certificate(authorities)
    with serving(authorities.accepting(), proxies="127.0.0.1, 10.0.0.0/8") as ports:
        headers = {
            "Client-Cert": item(shown),
            "X-Forwarded-For": "203.0.113.9, 10.1.2.3",
            "X-Forwarded-Proto": "https",
        }
        told = httpx.get(f"http://127.0.0.1:{ports.plain}/", headers=headers, timeout=30).json()
        assert told["serial"] == str(shown.serial_number)
        assert (told["client"], told["scheme"]) == ("203.0.113.9", "https")
        assert "client-cert" not in told["headers"]
        bare = httpx.get(f"http://127.0.0.1:{ports.plain}/", timeout=30).json()
        assert (bare["serial"], bare["client"]) == (None, "127.0.0.1")
        broken = httpx.get(f"http://127.0.0.1:{ports.plain}/", headers={"Client-Cert": "::"}, timeout=30)
        assert (broken.status_code, broken.json()["title"]) == (400, CERTIFICATE_UNREADABLE.code)


@pytest.mark.parametrize("networks", ["", "10.0.0.0/8", "::1"])
def test_anybody_else_is_refused_on_the_plain_port(networks: str, authorities: Authorities) -> None:
    with serving(authorities.accepting(), proxies=networks) as ports:
        url = f"http://127.0.0.1:{ports.plain}/"
        for name in ("Client-Cert", "client-cert-chain"):
            told = httpx.get(url, headers={name: item(certificate(authorities))}, timeout=30)
            assert (told.status_code, told.json()["title"]) == (400, PROXY_NOT_LISTED.code)
        forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        told = httpx.get(url, headers=forwarded, timeout=30)
        assert (told.json()["client"], told.json()["scheme"]) == ("127.0.0.1", "http")


def test_the_certificate_of_the_proxy_itself_is_not_that_of_its_client(authorities: Authorities) -> None:
    """A proxy that comes through the TLS door for a client without a certificate does not lend its own."""
    own = {"tls": {"client_cert_chain": (certificate(authorities).public_bytes(Encoding.PEM).decode(),)}}
    scope: dict[str, Any] = {"client": ("10.0.0.1", 1), "scheme": "https", "headers": [], "extensions": own}
    assert peer_certificate(scope) == certificate(authorities)
    assert peer_certificate(listed("10.0.0.1").read(scope)) is None
    assert peer_certificate(listed("10.0.0.2").read(scope)) == certificate(authorities)


def test_a_chain_follows_the_certificate(authorities: Authorities) -> None:
    one = item(certificate(authorities)).encode()
    extension = presented_by_proxy(one, one + b" , " + one)
    assert len(extension["client_cert_chain"]) == 3
    assert extension["tls_version"] is None


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda der: b":" + b64encode(der) + b":"))
def test_what_is_no_certificate_is_refused(value: bytes) -> None:
    with pytest.raises(SocleError) as refused:
        presented_by_proxy(value)
    assert refused.value.kind is CERTIFICATE_UNREADABLE


addresses = st.sampled_from(["10.0.0.1", "10.9.9.9", "203.0.113.9", "198.51.100.1", "2001:db8::1"])


@given(addresses, st.lists(addresses, max_size=5))
def test_the_client_is_the_nearest_who_is_not_ours(sender: str, chain: list[str]) -> None:
    found = listed("10.0.0.0/8").client(sender, ", ".join(chain))
    hops = [sender, *reversed(chain)]
    foreign = [hop for hop in hops if not hop.startswith("10.")]
    assert found == (foreign[0] if foreign else hops[-1])


@given(st.text(max_size=30))
def test_what_is_no_address_is_nobody(text: str) -> None:
    proxies = listed("10.0.0.0/8")
    assert proxies.client("10.0.0.1", text) in ("10.0.0.1", *[part.strip() for part in text.split(",")])
    assert not proxies.trusts("pas une adresse")


def test_an_address_of_version_4_written_in_version_6_is_the_same() -> None:
    assert listed("127.0.0.1").trusts("::ffff:127.0.0.1")


@pytest.mark.parametrize("wrong", ["10.0.0.0/33", "localhost", "10.0.0.1/8"])
def test_a_proxy_that_is_no_network_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="proxies"):
        OperationSettings(proxies=wrong)
