"""Signed tokens: what is signed is believed, and nothing else is, however it is dressed."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from socle.standards.oauth import jwt
from socle.standards.oauth.faults import TokenFault
from tests.standards.oauth.given import ec_key, rsa_key

SIGNER = jwt.signer("k1", "ES256", ec_key())
VERIFIER = jwt.verifier_of_keys("ES256", {"k1": ec_key().public_key(), "k0": ec_key("b").public_key()})
CLAIMS = {"iss": "a", "n": 1, "é": ["x", None, True]}
# RFC 7515 appendix A.3: the key and the token of the published example.
PUBLISHED_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
PUBLISHED = (
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)


def segment(value: Any) -> str:
    raw = value if isinstance(value, bytes) else orjson.dumps(value)
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def expect_fault(token: str, verifier: jwt.Verifier = VERIFIER, **named: str) -> None:
    with pytest.raises(TokenFault) as told:
        jwt.verify(token, verifier, **named)
    assert told.value.reason.fr != told.value.reason.en


def test_the_published_example_verifies() -> None:
    claims = jwt.verify(PUBLISHED, jwt.verifier_of_jwks("ES256", {"keys": [PUBLISHED_KEY]}))
    assert claims == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256"])
def test_what_is_signed_is_read_by_who_has_the_published_key(algorithm: str) -> None:
    private = ec_key() if algorithm == "ES256" else rsa_key()
    signing = jwt.signer("k1", algorithm, private)
    token = jwt.sign(CLAIMS, signing, typ="at+jwt")
    published = jwt.public_jwk(signing)
    assert published.keys() & {"d", "p", "q"} == set()
    assert (published["kid"], published["use"], published["alg"]) == ("k1", "sig", algorithm)
    verifier = jwt.verifier_of_jwks(algorithm, {"keys": [published]})
    assert jwt.verify(token, verifier, typ="at+jwt") == CLAIMS
    assert jwt.public_jwk(verifier, "k1") == published


def test_a_secret_as_long_as_the_hash_signs_too() -> None:
    secret = "s" * 32
    assert jwt.verify(jwt.sign_with_secret(CLAIMS, "HS256", secret), jwt.verifier_of_secret("HS256", secret))
    for algorithm, short in (("HS256", "s" * 31), ("HS512", secret), ("none", secret), ("ES256", secret)):
        with pytest.raises(TokenFault):
            jwt.verifier_of_secret(algorithm, short)


@given(st.integers(0, 400), st.integers(0, 7))
def test_a_flipped_bit_is_found(at: int, bit: int) -> None:
    raw = bytearray(jwt.sign(CLAIMS, SIGNER).encode())
    raw[at % len(raw)] ^= 1 << bit
    try:
        assert jwt.verify(raw.decode("latin-1"), VERIFIER) == CLAIMS
    except TokenFault:
        return
    # Base64 has idle bits at the end of a segment: the same bytes were signed.
    assert raw.decode().count(".") == 2


@given(st.text(max_size=60) | st.text("eyJ.-_=", max_size=60))
def test_any_text_is_refused(text: str) -> None:
    expect_fault(text)


def test_the_algorithm_is_the_registered_one() -> None:
    """Algorithm confusion (RFC 8725 §2.1): a public key taken for a secret, no signature at all, another hash."""
    public = ec_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = f"{segment({'alg': 'HS256', 'kid': 'k1'})}.{segment(CLAIMS)}"
    forged = f"{body}.{segment(hmac.digest(public, body.encode(), sha256))}"
    for token in (
        forged,
        f"{segment({'alg': 'none'})}.{segment(CLAIMS)}.",
        f"{segment({'alg': 'ES256'})}.{segment(CLAIMS)}.",
        f"{segment({'alg': 'ES384', 'kid': 'k1'})}.{segment(CLAIMS)}.{segment(bytes(96))}",
        f"{segment({})}.{segment(CLAIMS)}.{segment(bytes(64))}",
        jwt.sign(CLAIMS, jwt.signer("k1", "RS256", rsa_key())),
    ):
        expect_fault(token)
    with pytest.raises(TokenFault, match=r"expected: ES256$"):
        jwt.verify(token, VERIFIER)


def test_a_key_in_the_header_counts_for_nothing() -> None:
    stranger = jwt.signer("k1", "ES256", ec_key("stranger"))
    header = {"alg": "ES256", "kid": "k1", "jwk": jwt.public_jwk(stranger), "jku": "https://evil.example"}
    body = f"{segment(header)}.{segment(CLAIMS)}"
    signed = jwt.sign(CLAIMS, stranger).rpartition(".")[2]
    expect_fault(f"{body}.{signed}")
    expect_fault(jwt.sign(CLAIMS, stranger))


def test_the_key_named_is_the_one_tried() -> None:
    expect_fault(jwt.sign(CLAIMS, jwt.signer("k9", "ES256", ec_key())))
    expect_fault(jwt.sign(CLAIMS, jwt.signer("k0", "ES256", ec_key())))
    alone = jwt.verifier_of_keys("ES256", {"": ec_key().public_key()})
    assert jwt.verify(jwt.sign(CLAIMS, SIGNER), alone) == CLAIMS


def test_a_token_of_another_kind_is_refused() -> None:
    token = jwt.sign(CLAIMS, SIGNER, typ="logout+jwt")
    assert jwt.verify(token, VERIFIER, typ="logout+jwt") == CLAIMS
    expect_fault(token, typ="at+jwt")


@pytest.mark.parametrize("payload", [b"[]", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff", b"[" * 60_000])
def test_claims_are_one_strict_object(payload: bytes) -> None:
    header = segment({"alg": "ES256", "kid": "k1"})
    with pytest.raises(TokenFault):
        jwt.unverified(f"{header}.{segment(payload)}.{segment(bytes(64))}")


@pytest.mark.parametrize(
    "keys",
    [
        [],
        "k",
        [3],
        [{**PUBLISHED_KEY, "d": "AA"}],
        [{"kty": "oct", "k": "AAAA"}],
        [{**PUBLISHED_KEY, "use": "enc"}],
        [{**PUBLISHED_KEY, "alg": "ES384"}],
        [{**PUBLISHED_KEY, "crv": "P-384"}],
        [{**PUBLISHED_KEY, "x": PUBLISHED_KEY["y"]}],
        [{**PUBLISHED_KEY, "x": "!"}],
        [PUBLISHED_KEY] * 21,
    ],
)
def test_a_key_set_without_a_fitting_public_key_is_refused(keys: Any) -> None:
    with pytest.raises(TokenFault):
        jwt.verifier_of_jwks("ES256", {"keys": keys})


def test_weak_keys_and_unreadable_sets_are_refused() -> None:
    small = RSAKey(rsa.generate_private_key(65_537, 1_024).public_key(), None).as_dict(private=False)
    with pytest.raises(TokenFault):
        jwt.verifier_of_jwks("RS256", {"keys": [small]})
    for key, algorithm in ((ec.generate_private_key(ec.SECP384R1()), "ES256"), (ec_key(), "RS256")):
        with pytest.raises(TokenFault):
            jwt.signer("k", algorithm, key)
    with pytest.raises(ValueError, match="too weak"):
        jwt.signer("k", "ES256K", ec.generate_private_key(ec.SECP256K1()))
    assert jwt.read_jwks(b'{"keys":[]}') == {"keys": []}
    for text in (b"[]", b"", b"{"):
        with pytest.raises(TokenFault):
            jwt.read_jwks(text)
