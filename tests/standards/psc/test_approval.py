"""Approval on the phone: the number, the channel, the person, and what the phone signs."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import assume, given
from hypothesis import strategies as st

from socle.standards.oauth.ciba_faults import BINDING_MESSAGE, USER_UNKNOWN
from socle.standards.oauth.faults import REPEATED, UNKNOWN_VALUE, Kind
from socle.standards.oauth.parameters import Parameters
from socle.standards.psc.approval import Channel, challenge, is_signed_by, read_approval
from tests.standards.oauth.given import CLIENT, PROVIDER, expect_refused, parameters

SENT = {
    "scope": "openid scope_all",
    "acr_values": "eidas1",
    "login_hint": "899700100100",
    "binding_message": "07",
    "channel": "CARD",
}
PHONE = ec.generate_private_key(ec.SECP256R1())
ASKED = challenge("req-1", "07", "app")


def der(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("hint", ["899700100100", "0691234562", "3690000001/7", "500000001815646/CPAT00045"])
def test_a_request_names_a_person_and_a_channel(hint: str) -> None:
    read = read_approval(parameters({**SENT, "login_hint": hint}), CLIENT, PROVIDER)
    assert (read.asked.login_hint, read.asked.binding_message, read.channel) == (hint, "07", Channel.CARD)
    assert read_approval(parameters({**SENT, "channel": ""}), CLIENT, PROVIDER).channel is Channel.MOBILE


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=4))
def test_the_number_is_two_digits_and_nothing_else(message: str) -> None:
    assume(not (len(message) == 2 and message.isascii() and message.isdigit()))
    sent = Parameters({**SENT, "binding_message": message}.items())
    told = expect_refused(BINDING_MESSAGE, read_approval, sent, CLIENT, PROVIDER)
    assert told.error == "invalid_binding_message"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"channel": "mobile"}, UNKNOWN_VALUE),
        ({"channel": "SMS"}, UNKNOWN_VALUE),
        ({"login_hint": "nora.exemple"}, USER_UNKNOWN),
        ({"login_hint": "8" * 31}, USER_UNKNOWN),
        ({"binding_message": "7"}, BINDING_MESSAGE),
        ({"binding_message": "٠٧"}, BINDING_MESSAGE),
        ({"binding_message": "07 "}, BINDING_MESSAGE),
    ],
)
def test_what_is_refused(change: dict[str, str], kind: Kind) -> None:
    expect_refused(kind, read_approval, parameters({**SENT, **change}), CLIENT, PROVIDER)
    doubled = Parameters([*SENT.items(), ("channel", "CARD")])
    expect_refused(REPEATED, read_approval, doubled, CLIENT, PROVIDER)


def test_a_signature_is_worth_one_request_one_number_one_client() -> None:
    signature = PHONE.sign(ASKED, ec.ECDSA(SHA256()))
    assert is_signed_by(der(PHONE), ASKED, signature)
    for other in (
        challenge("req-2", "07", "app"),
        challenge("req-1", "08", "app"),
        challenge("req-1", "07", "b"),
    ):
        assert not is_signed_by(der(PHONE), other, signature)
    stranger, curve = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
    for public in (der(stranger), der(curve), der(rsa.generate_private_key(65_537, 2_048)), b"", b"\x30\x00"):
        assert not is_signed_by(public, ASKED, signature)
    assert not is_signed_by(der(curve), ASKED, curve.sign(ASKED, ec.ECDSA(SHA256())))
    assert not is_signed_by(der(PHONE), ASKED, signature[:-1])
    assert not is_signed_by(der(PHONE), ASKED, b"")
