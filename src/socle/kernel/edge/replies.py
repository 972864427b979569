"""An error as an answer: problem details for programs, a page for browsers."""

from html import escape
from typing import Any, NamedTuple

import orjson

from socle.kernel.errors import BODY_TOO_LARGE, METHOD_NOT_ALLOWED, SocleError

Header = tuple[bytes, bytes]


class Reply(NamedTuple):
    """A whole answer: status, headers as lower-case byte pairs, body."""

    status: int
    headers: list[Header]
    body: bytes


def reply(status: int, content_type: str, body: bytes, *more: Header) -> Reply:
    headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body)), *more]
    return Reply(status, headers, body)


def json_reply(status: int, value: Any, content_type: str = "application/json", *more: Header) -> Reply:
    return reply(status, content_type, orjson.dumps(value), *more)


def error_headers(error: SocleError) -> list[Header]:
    """What the status demands beside the body: `Allow` on 405 (RFC 9110 §15.5.6); on 413 the connection closes,
    because the rest of the body is not read."""
    headers = [(b"cache-control", b"no-store")]
    if error.kind is METHOD_NOT_ALLOWED:
        headers.append((b"allow", str(error.data["allowed"]).encode("latin-1", "replace")))
    if error.kind is BODY_TOO_LARGE:
        headers.append((b"connection", b"close"))
    return headers


def problem_reply(error: SocleError, reference: str) -> Reply:
    """Problem details (RFC 9457), with the request identifier as `instance`."""
    problem = error.as_json() | {"instance": f"urn:socle:request:{reference}"}
    return json_reply(error.status, problem, "application/problem+json", *error_headers(error))


def html_reply(error: SocleError, page: str) -> Reply:
    return reply(error.status, "text/html; charset=utf-8", page.encode(), *error_headers(error))


def bare_page(error: SocleError, lang: str, reference: str) -> str:
    """The page shown when even the page templates fail: no style sheet, no template, no sentence to complete, nothing
    that could fail too."""
    home = "Revenir à l’accueil" if lang == "fr" else "Back to the home page"
    return (
        f'<!doctype html><html lang="{escape(lang)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{error.status} · Socle</title>'
        f"<main><h1>{error.status}</h1><p>{escape(error.code)} · {escape(reference)}</p>"
        f'<p><a href="/">{home}</a></p></main></html>'
    )


def header(headers: list[Header], wanted: bytes) -> bytes:
    """The first value of a header, or nothing."""
    return next((value for name, value in headers if name == wanted), b"")


def wants_html(accept: str) -> bool:
    """Whether the caller is a browser: programs that send `*/*` or nothing are told in JSON."""
    return "text/html" in accept
