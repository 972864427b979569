"""Tokens within tokens: only the recipient reads, and what it reads was signed."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey, RSAKey

from socle.standards.oauth import jwt
from socle.standards.oauth.faults import TokenFault
from socle.standards.oauth.nested import (
    ALGORITHMS,
    Recipient,
    decrypt_and_verify,
    recipient_of_jwk,
    recipient_of_key,
    sign_and_encrypt,
)
from tests.standards.oauth.given import SIGNER, VERIFIER, ec_key, rsa_key

CLAIMS = {"sub": "0" * 64 + "v1", "given_name": "Anne Élise"}


def pair(algorithm: str, name: str = "reader") -> tuple[Recipient, Recipient]:
    """The same key, published and held."""
    held = recipient_of_key("e1", algorithm, ec_key(name) if algorithm == "ECDH-ES" else rsa_key())
    published = {**held.key.as_dict(private=False), "kid": "e1", "use": "enc"}
    return recipient_of_jwk(published, algorithm), held


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_recipient_reads_what_was_signed(algorithm: str) -> None:
    published, held = pair(algorithm)
    token = sign_and_encrypt(CLAIMS, SIGNER, published)
    assert token.count(".") == 4
    assert decrypt_and_verify(token, held, VERIFIER) == CLAIMS


def test_nobody_else_reads_and_no_other_algorithm_is_taken() -> None:
    published, held = pair("ECDH-ES")
    token = sign_and_encrypt(CLAIMS, SIGNER, published)
    stranger = recipient_of_key("e1", "ECDH-ES", ec_key("stranger"))
    _, other = pair("RSA-OAEP")
    changed = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    for received, reader in ((token, stranger), (token, other), (changed, held), ("a.b", held), ("é", held)):
        with pytest.raises(TokenFault):
            decrypt_and_verify(received, reader, VERIFIER)
    forged = sign_and_encrypt(CLAIMS, jwt.signer("k1", "ES256", ec_key("stranger")), published)
    with pytest.raises(TokenFault):
        decrypt_and_verify(forged, held, VERIFIER)


def test_a_key_that_does_not_suit_is_refused() -> None:
    weak = RSAKey(rsa.generate_private_key(65_537, 1_024).public_key(), None).as_dict(private=False)
    curve = ECKey(ec.generate_private_key(ec.SECP256K1()).public_key(), None).as_dict(private=False)
    good, _ = pair("ECDH-ES")
    published = good.key.as_dict(private=False)
    for jwk, algorithm in (
        (weak, "RSA-OAEP"),
        (curve, "ECDH-ES"),
        (published, "RSA-OAEP"),
        (published, "RSA1_5"),
        ({**published, "use": "sig"}, "ECDH-ES"),
        (recipient_of_key("e1", "ECDH-ES", ec_key("own")).key.as_dict(private=True), "ECDH-ES"),
        ({}, "ECDH-ES"),
    ):
        with pytest.raises(TokenFault):
            recipient_of_jwk(jwk, algorithm)
