"""What a FHIR request asks for, read off the ASGI scope: address, format, preference, conditions, query."""

import re
from collections.abc import Iterable, Sequence
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import parse_qsl

from socle.kernel.errors import SocleError
from socle.kernel.fhir.faults import BAD_FORM, BAD_VALUE, NOT_ACCEPTABLE
from socle.kernel.settings import settings

JSON_TYPE: Final = b"application/fhir+json;charset=utf-8"
_FIELDS: Final = 500
_JSON_FORMATS: Final = frozenset({"json", "application/json", "application/fhir+json", "text/json"})
_ACCEPTED: Final = (
    "application/fhir+json",
    "application/json",
    "text/json",
    "application/*",
    "*/*",
    "text/html",
)
_HOST: Final = re.compile(rb"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")

Headers = Iterable[tuple[bytes, bytes]]
Pairs = Sequence[tuple[str, str]]


def origin(headers: Headers, scheme: str) -> str:
    """The address that links begin with: the configured one, else the one the client used."""
    if settings().base_url:
        return settings().public_url
    for name, value in headers:
        if name == b"host" and _HOST.fullmatch(value):
            return f"{scheme}://{value.decode()}"
    return settings().public_url


def pairs_of(query: bytes) -> list[tuple[str, str]]:
    """(name, value) of a query string or form, in order; SocleError when it is not UTF-8 or holds too many fields."""
    try:
        if b"%00" in query or b"\0" in query:
            raise ValueError("a null character, which no FHIR string holds and no database searches for")
        return parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
        )
    except ValueError:
        raise SocleError(
            BAD_VALUE,
            parameter="?",
            value=query[:80].decode("latin-1"),
            why_fr=f"encodez la requête en UTF-8 (RFC 3986), sans caractère nul, en {_FIELDS} champs au plus.",
            why_en=f"percent-encode the query in UTF-8 (RFC 3986), without null characters, {_FIELDS} fields at most.",
        ) from None


def check_format(headers: Headers, pairs: Pairs) -> None:
    """`_format` wins over `Accept` (R4 §3.1.0.1.11); raises NOT_ACCEPTABLE when JSON would not do."""
    asked = [value for name, value in pairs if name == "_format"]
    if asked:
        # Many clients leave the + of application/fhir+json bare, which a query string reads as a space.
        if asked[-1].split(";")[0].strip().lower().replace(" ", "+") not in _JSON_FORMATS:
            raise SocleError(NOT_ACCEPTABLE, format=asked[-1][:80])
        return
    accept = header(headers, b"accept")
    if accept and not any(kind in accept for kind in _ACCEPTED):
        raise SocleError(NOT_ACCEPTABLE, format=accept[:80])


def check_form(headers: Headers) -> None:
    received = header(headers, b"content-type")
    if received.split(";")[0].strip() != "application/x-www-form-urlencoded":
        raise SocleError(BAD_FORM, received=received[:80] or "-")


def header(headers: Headers, wanted: bytes) -> str:
    return next((value.decode("latin-1").lower() for name, value in headers if name == wanted), "")


def is_lenient(headers: Headers) -> bool:
    return "handling=lenient" in header(headers, b"prefer").replace(" ", "")


def is_fresh(headers: Sequence[tuple[bytes, bytes]], number: int, updated: int) -> bool:
    """Whether the client already holds this version (RFC 9110 §13.1): `If-None-Match` wins over the date."""
    if match := header(headers, b"if-none-match"):
        return match.strip() == "*" or f'"{number}"' in [
            part.strip().removeprefix("w/") for part in match.split(",")
        ]
    if since := header(headers, b"if-modified-since"):
        try:
            return updated // 1_000_000 <= int(parsedate_to_datetime(since).timestamp())
        except ValueError:
            return False
    return False
