"""FranceConnect+: what it announces, what its scopes give, how it names people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.franceconnect.discovery import discovery
from socle.standards.franceconnect.provider import (
    SHORTEST,
    all_scopes,
    claims_of,
    is_subject,
    provider,
    subject_for,
)
from socle.standards.oauth.levels import Level

PIVOT = ("given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry")


def test_the_document_announces_signed_and_encrypted_answers() -> None:
    document = discovery("https://auth.example")
    assert document["issuer"] == "https://auth.example/api/v2"
    assert document["authorization_endpoint"] == "https://auth.example/api/v2/authorize"
    assert document["end_session_endpoint"] == "https://auth.example/api/v2/session/end"
    for what in ("id_token", "userinfo"):
        assert document[f"{what}_signing_alg_values_supported"] == ["ES256"]
        assert document[f"{what}_encryption_alg_values_supported"] == ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES"]
        assert document[f"{what}_encryption_enc_values_supported"] == ["A256GCM"]
    assert document["acr_values_supported"] == ["eidas2", "eidas3"]
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_post"]


def test_values_of_chance_are_long_and_an_unknown_level_counts_for_the_highest() -> None:
    made = provider("https://auth.example")
    assert (made.shortest_state, made.shortest_nonce, SHORTEST) == (32, 32, 32)
    assert (made.levels, made.level_otherwise) == ((Level.EIDAS2, Level.EIDAS3), Level.EIDAS3)


@pytest.mark.parametrize(
    ("scopes", "claims"),
    [
        (("openid",), ()),
        (("openid", "identite_pivot"), PIVOT),
        (("identite_pivot", "given_name", "email"), (*PIVOT, "email")),
        (("profile", "birth"), (*PIVOT[:4], "preferred_username", *PIVOT[4:])),
        (("rnipp_identite_pivot",), tuple(f"rnipp_{claim}" for claim in PIVOT)),
        (("rnipp_given_name", "given_name"), ("rnipp_given_name", "given_name")),
        (("unheard_of", "rnipp_unheard_of"), ()),
    ],
)
def test_a_scope_gives_its_claims(scopes: tuple[str, ...], claims: tuple[str, ...]) -> None:
    assert claims_of(scopes) == ("sub", *claims)


def test_every_scope_but_openid_gives_something() -> None:
    assert [scope for scope in all_scopes() if claims_of((scope,)) == ("sub",)] == ["openid"]


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.binary(min_size=1, max_size=8))
def test_a_person_has_another_name_at_each_service(person: str, one: str, other: str, salt: bytes) -> None:
    subject = subject_for(person, one, salt)
    assert is_subject(subject)
    assert len(subject) == 66
    assert (subject == subject_for(person, other, salt)) is (one == other)
    assert (subject == subject_for(one, person, salt)) is (one == person)
    assert not is_subject(subject.upper())
