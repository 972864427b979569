"""Answers to an authorization request, and to a logout: where the browser goes, and with what (RFC 6749 §4.1.2; OAuth
2.0 Multiple Response Types; Form Post Response Mode; RFC 9207)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from socle.standards.oauth.authorization import Destination, ResponseMode
from socle.standards.oauth.faults import Refused


def code_answer(destination: Destination, *, code: str, session_state: str, issuer: str) -> dict[str, str]:
    """The fields of success."""
    fields = {"code": code, "state": destination.state, "session_state": session_state, "iss": issuer}
    return {name: value for name, value in fields.items() if value}


def error_answer(destination: Destination, error: str, description: str, *, issuer: str) -> dict[str, str]:
    """The fields of a refusal, by the codes of OpenID Connect Core §3.1.2.6 (`login_required`, `access_denied`…)."""
    fields = {
        "error": error,
        "error_description": description,
        "state": destination.state,
        "iss": issuer,
    }
    return {name: value for name, value in fields.items() if value}


def refusal_answer(destination: Destination, refused: Refused, *, issuer: str) -> dict[str, str]:
    return error_answer(destination, refused.error, refused.description, issuer=issuer)


def location(destination: Destination, fields: Mapping[str, str]) -> str:
    """The address with the fields in it, after what its query has already; for FORM_POST the bare address, to which a
    page posts them."""
    if destination.response_mode is ResponseMode.FORM_POST:
        return destination.redirect_uri
    if destination.response_mode is ResponseMode.FRAGMENT:
        return f"{destination.redirect_uri}#{urlencode(fields)}"
    return with_query(destination.redirect_uri, fields)


def with_query(uri: str, fields: Mapping[str, str]) -> str:
    if not fields:
        return uri
    joint = ("" if uri.endswith(("?", "&")) else "&") if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(fields)}"
