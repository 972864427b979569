"""Who a client says it is, and how it means to prove it: exactly one way a request (RFC 6749 §2.3)."""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from socle.standards.oauth.assertions import TYPE, claimed_client, not_authenticated
from socle.standards.oauth.clients import Method
from socle.standards.oauth.faults import (
    CLIENT_MISMATCH,
    SEVERAL_AUTHENTICATIONS,
    UNKNOWN_VALUE,
    Refused,
    TokenFault,
)
from socle.standards.oauth.parameters import LONGEST_TOKEN, Parameters

_SCHEME: Final = "basic "
_LONGEST_HEADER: Final = 4_096


@dataclass(frozen=True, slots=True)
class Credentials:
    """`methods` are those that what was given may prove; `secret` is of SECRET_BASIC and SECRET_POST, `assertion` of
    SECRET_JWT and PRIVATE_KEY_JWT. With neither, the certificate of the connection proves it (TLS), or nothing does
    (NONE)."""

    client_id: str
    methods: frozenset[Method]
    secret: str = field(default="", repr=False)
    assertion: str = field(default="", repr=False)

    def check_method(self, registered: Method) -> None:
        """Raises Refused(CLIENT_NOT_AUTHENTICATED) when the client registered another way."""
        if registered not in self.methods:
            raise not_authenticated(
                TokenFault(
                    f"il est enregistré avec {registered.value}", f"it is registered with {registered.value}"
                )
            )


def read_credentials(parameters: Parameters, authorization: str, *, certificate: bool) -> Credentials:
    """`authorization` is the header, empty without one; `certificate` tells whether the connection has one.

    Raises Refused: SEVERAL_AUTHENTICATIONS, CLIENT_NOT_AUTHENTICATED, CLIENT_MISMATCH, MISSING, UNKNOWN_VALUE.
    """
    told = parameters.one("client_id")
    secret = parameters.text("client_secret")
    assertion = parameters.one("client_assertion", LONGEST_TOKEN)
    used = {"Authorization": authorization, "client_secret": secret, "client_assertion": assertion}
    if len(methods := [name for name, value in used.items() if value]) > 1:
        raise Refused(SEVERAL_AUTHENTICATIONS, methods=", ".join(methods))
    if authorization:
        found = _basic(authorization)
    elif assertion:
        found = _assertion(parameters, assertion)
    elif secret:
        found = Credentials(parameters.required("client_id"), frozenset({Method.SECRET_POST}), secret=secret)
    else:
        proved = frozenset({Method.TLS, Method.NONE} if certificate else {Method.NONE})
        found = Credentials(parameters.required("client_id"), proved)
    if told and told != found.client_id:
        raise Refused(CLIENT_MISMATCH)
    return found


def _assertion(parameters: Parameters, assertion: str) -> Credentials:
    if parameters.required("client_assertion_type") != TYPE:
        raise Refused(UNKNOWN_VALUE, name="client_assertion_type", received="…", known=TYPE)
    methods = frozenset({Method.SECRET_JWT, Method.PRIVATE_KEY_JWT})
    return Credentials(claimed_client(assertion), methods, assertion=assertion)


def _basic(header: str) -> Credentials:
    """Name and secret are form-encoded before they are joined by a colon (RFC 6749 §2.3.1)."""
    try:
        if not header.lower().startswith(_SCHEME) or len(header) > _LONGEST_HEADER:
            raise ValueError("another scheme")
        name, colon, secret = b64decode(header[len(_SCHEME) :].strip(), validate=True).partition(b":")
        client_id, secret_text = _form_decoded(name), _form_decoded(secret)
        if not colon or not client_id:
            raise ValueError("no name")
    except (binascii.Error, ValueError):
        fault = TokenFault(
            "l’en-tête Authorization n’est pas de la forme Basic", "the header Authorization is not Basic"
        )
        raise not_authenticated(fault) from None
    return Credentials(client_id, frozenset({Method.SECRET_BASIC}), secret=secret_text)


def _form_decoded(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode()
