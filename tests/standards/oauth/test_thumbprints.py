"""Certificates in tokens: both forms are believed, and only of the certificate itself."""

from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth.thumbprints import MEMBER, Form, confirmation, is_bound_to, thumbprint

DER = b"any bytes stand for a certificate"


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from(Form))
def test_a_token_is_bound_to_one_certificate(certificate: bytes, other: bytes, form: Form) -> None:
    cnf = confirmation(certificate, form)
    assert is_bound_to(cnf, certificate)
    assert is_bound_to(cnf, other) is (other == certificate)


def test_the_forms_have_the_lengths_that_are_met() -> None:
    assert len(thumbprint(DER)) == 43
    assert len(thumbprint(DER, Form.HEX)) == 88
    assert b64decode(thumbprint(DER, Form.HEX)).decode() == sha256(DER).hexdigest()


@pytest.mark.parametrize(
    "cnf",
    [
        None,
        {},
        "x",
        {MEMBER: None},
        {MEMBER: ""},
        {MEMBER: "é" * 43},
        {MEMBER: "!" * 88},
        {MEMBER: b64encode(sha256(DER).digest()).decode()},
        {MEMBER: b64encode(b"z" * 64).decode()},
        {"x5t": thumbprint(DER)},
    ],
)
def test_anything_else_binds_to_nothing(cnf: Any) -> None:
    assert not is_bound_to(cnf, DER)
