"""What auditors download: the entries that they were looking at, as CSV for a spreadsheet or as JSON lines.

A plain ASGI application, so that a slow reader holds no thread. The list is read page by page and sent as it is read;
the trail knows of it before the first byte. Sealed details stay where they are. The headings of the CSV are in the
language of the pages; what stands under them are the codes of the entries, the same for every reader.
"""

import asyncio
import base64
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from django.utils.translation import gettext_lazy, override

from socle.kernel.access import READ_TRAIL, require
from socle.kernel.actors import Acting
from socle.kernel.audit import acts
from socle.kernel.audit.doors.filters import FilterForm, wanted_of
from socle.kernel.audit.faults import TRAIL_FILTER
from socle.kernel.audit.queries import Found, Page, find
from socle.kernel.audit.wanted import Wanted
from socle.kernel.db import Database, database
from socle.kernel.edge.asgi import Receive, Scope, Send, require_get
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.web.language import choose
from socle.kernel.web.spreadsheet import csv_text

PREFIX: Final = "/trace/export"
FORMAT: Final = "socle-audit-entries-1"
_A_PAGE = 2_000
_COLUMNS = (
    *(gettext_lazy("position"), gettext_lazy("instant"), gettext_lazy("acte"), gettext_lazy("résultat")),
    *(gettext_lazy("auteur"), gettext_lazy("identification"), gettext_lazy("structure")),
    *(gettext_lazy("à propos de"), gettext_lazy("ce qui a été touché"), gettext_lazy("motif")),
    *(gettext_lazy("point d’entrée"), gettext_lazy("référence de la demande")),
    *(gettext_lazy("date retenue pour les délais"), gettext_lazy("unité de travail")),
    *(gettext_lazy("rang dans l’unité"), gettext_lazy("informations codées")),
)
Lines = Callable[[Sequence[Found]], bytes]


async def export(scope: Scope, receive: Receive, send: Send) -> None:
    """Who asks is in `scope["acting"]`, where the gateway's gate has put it."""
    require_get(scope)
    by: Acting = scope["acting"]
    require(by, READ_TRAIL)
    form = scope["path"].removeprefix(f"{PREFIX}/")
    if form not in _FORMS:
        raise SocleError(NOT_FOUND, path=scope["path"][:200])
    content_type, first, lines = _FORMS[form]
    db = database()
    asked, wanted = await asyncio.to_thread(_asked, db, scope["query_string"])
    page = await asyncio.to_thread(_page, db, wanted, None)
    await db.run(acts.note, acts.exported(by, asked, form.rpartition(".")[2]))
    headers = [
        (b"content-type", content_type),
        (b"content-disposition", f'attachment; filename="{form}"'.encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": first(asked, _language(scope)), "more_body": True})
    while True:
        body = await asyncio.to_thread(lines, page.entries)
        more = page.before is not None
        await send({"type": "http.response.body", "body": body, "more_body": more})
        if not more:
            return
        page = await asyncio.to_thread(_page, db, wanted, page.before)


def _asked(db: Database, query: bytes) -> tuple[str, Wanted]:
    """The filters of the page, as it writes them. Raises SocleError(TRAIL_FILTER)."""
    typed = dict(parse_qsl(query.decode("latin-1")))
    form = FilterForm(typed)
    if not form.is_valid():
        raise SocleError(TRAIL_FILTER, parameter=", ".join(form.errors))
    asked = urlencode([(name, value) for name, value in typed.items() if name in form.fields])
    with db.reading() as session:
        return asked, wanted_of(session, form.cleaned_data)


def _language(scope: Scope) -> str:
    """The language that the pages speak to the same reader."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    return choose(query, headers.get(b"cookie", ""), headers.get(b"accept-language", ""))


def _page(db: Database, wanted: Wanted, before: int | None) -> Page:
    with db.reading() as session:
        return find(session, wanted, _A_PAGE, before)


def _csv(found: Sequence[Found]) -> bytes:
    return csv_text(_cells(one) for one in found).encode()


def _csv_first(asked: str, lang: str) -> bytes:
    with override(lang):
        return ("\ufeff" + csv_text([_COLUMNS])).encode()


def _cells(one: Found) -> tuple[Any, ...]:
    document = one.document
    actor = document.get("actor", {})
    data = orjson.dumps(document.get("data", {})).decode() if document.get("data") else ""
    return (
        *(one.position, document.get("at", ""), document.get("action", ""), document.get("outcome", "")),
        *(f"{actor['kind']}:{actor['id']}" if actor else "", actor.get("assurance", "")),
        *(actor.get("organisation", ""), document.get("subject", ""), document.get("target", "")),
        *(document.get("purpose", ""), document.get("door", ""), document.get("request", "")),
        *(document.get("business", ""), one.unit.hex(), one.number, data),
    )


def _json_first(asked: str, lang: str) -> bytes:
    return _line({"format": FORMAT, "asked": asked, "order": "newest first"})


def _json(found: Sequence[Found]) -> bytes:
    return b"".join(_json_lines(found))


def _json_lines(found: Sequence[Found]) -> Iterator[bytes]:
    """The document as text, whose SHA-256 behind a zero byte is the leaf; base64 where it is none."""
    for one in found:
        try:
            told = {"facts": one.facts.decode()}
        except UnicodeDecodeError:
            told = {"base64": base64.b64encode(one.facts).decode()}
        yield _line({"position": one.position, **told})


def _line(members: dict[str, Any]) -> bytes:
    return orjson.dumps(members) + b"\n"


_FORMS: dict[str, tuple[bytes, Callable[[str, str], bytes], Lines]] = {
    "entrees.csv": (b"text/csv; charset=utf-8", _csv_first, _csv),
    "entrees.jsonl": (b"application/jsonl; charset=utf-8", _json_first, _json),
}
