"""The trail as FHIR R4 AuditEvents: IHE RESTful ATNA, actor Audit Record Repository, transaction [ITI-81] (IHE ITI TF-2
3.81), as a plain ASGI application. Read only; every reading is in the trail before it is answered.

The newest entries come first. A page holds `_count` entries at most (50, 500 at the most), or fewer when enough of the
trail was looked at; `next` goes on from a position, so that what is added meanwhile moves nothing. There is no total.
"""

import asyncio
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

import orjson

from socle import __version__
from socle.kernel.access import READ_TRAIL, require
from socle.kernel.actors import Acting
from socle.kernel.audit import acts
from socle.kernel.audit.doors.iti81 import BEFORE, Asked, described, read_id, read_search
from socle.kernel.audit.entry import Entry
from socle.kernel.audit.faults import EVENT_UNREADABLE, NO_EVENT, TRAIL_READ_ONLY
from socle.kernel.audit.fhir import audit_event
from socle.kernel.audit.queries import Found, Page, find, of_unit
from socle.kernel.audit.reads import ReadJournal
from socle.kernel.audit.settings import audit_settings
from socle.kernel.clock import instant, now_micros
from socle.kernel.db import Database, database
from socle.kernel.edge import Reply, send_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.replies import error_headers, reply
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.fhir.outcomes import outcome
from socle.kernel.fhir.request import JSON_TYPE, check_format, origin, pairs_of

PREFIX: Final = "/fhir/audit"
_NO_STORE: Final = (b"cache-control", b"no-store")


class AuditEventDoor:
    """Who asks is in `scope["acting"]`, where the gateway's gate has put it."""

    def __init__(self) -> None:
        self._opened = now_micros()
        self._journal: tuple[Database, ReadJournal] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_reply(send, await self._answer(scope))

    def tell(self, error: SocleError, reference: str) -> Reply:
        """An error as an OperationOutcome."""
        body = orjson.dumps(outcome(error, reference=reference))
        return reply(error.status, JSON_TYPE.decode(), body, *error_headers(error))

    async def _answer(self, scope: Scope) -> Reply:
        if scope["method"] != "GET":
            raise SocleError(TRAIL_READ_ONLY, method=scope["method"][:20], base=PREFIX)
        pairs = pairs_of(scope["query_string"])
        check_format(scope["headers"], pairs)
        base = origin(scope["headers"], scope["scheme"]) + PREFIX
        match scope["path"].removeprefix(PREFIX).strip("/").split("/"):
            case ["metadata"]:
                return _json(capability_statement(base, self._opened))
            case ["AuditEvent"]:
                return await self._search(scope, base, read_search(pairs, audit_settings().origin))
            case ["AuditEvent", fhir_id]:
                return await self._read(scope, fhir_id)
        raise SocleError(NOT_FOUND, path=scope["path"][:200])

    async def _search(self, scope: Scope, base: str, asked: Asked) -> Reply:
        by = _reader(scope)
        db = database()
        page = await asyncio.to_thread(_find, db, asked)
        await self._record(db, acts.searched(by, urlencode(asked.pairs), len(page.entries)))
        return _json(searchset(base, asked, page))

    async def _read(self, scope: Scope, fhir_id: str) -> Reply:
        by = _reader(scope)
        db = database()
        one = await asyncio.to_thread(_one, db, fhir_id)
        if one is None:
            raise SocleError(NO_EVENT, id=fhir_id[:80])
        await self._record(db, acts.read(by, one, "AuditEvent"))
        return _json(audit_event(one.document, audit_settings().origin))

    async def _record(self, db: Database, entry: Entry) -> None:
        if self._journal is None or self._journal[0] is not db:
            self._journal = db, ReadJournal(db)
        await self._journal[1].record(entry)


def _reader(scope: Scope) -> Acting:
    """Raises Refused."""
    by: Acting = scope["acting"]
    require(by, READ_TRAIL)
    return by


def _find(db: Database, asked: Asked) -> Page:
    with db.reading() as session:
        return find(session, asked.wanted, asked.count, asked.before)


def _one(db: Database, fhir_id: str) -> Found | None:
    named = read_id(fhir_id)
    if named is None:
        return None
    with db.reading() as session:
        held = (one for one in of_unit(session, named[0]) if one.document)
        return next((one for one in held if one.number == named[1]), None)


def searchset(base: str, asked: Asked, page: Page) -> dict[str, Any]:
    """A Bundle of type searchset (R4 bundle.html), without a total: counting would read the whole trail."""
    name = audit_settings().origin
    links = [{"relation": "self", "url": f"{base}/AuditEvent?{urlencode(_pairs(asked, asked.before))}"}]
    if page.before is not None:
        links.append(
            {"relation": "next", "url": f"{base}/AuditEvent?{urlencode(_pairs(asked, page.before))}"}
        )
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "id": str(uuid4()),
        "meta": {"lastUpdated": instant(now_micros())},
        "type": "searchset",
        "link": links,
    }
    entries = [_in_searchset(one, base, name) for one in page.entries]
    return {**bundle, "entry": entries} if entries else bundle


def _in_searchset(one: Found, base: str, name: str) -> dict[str, Any]:
    """An entry that was changed until it says nothing is told as such, beside the others (R4 search.html#3.1.1.1)."""
    if not one.document:
        told = outcome(SocleError(EVENT_UNREADABLE, position=one.position))
        return {"resource": told, "search": {"mode": "outcome"}}
    return {
        "fullUrl": f"{base}/AuditEvent/{one.fhir_id}",
        "resource": audit_event(one.document, name),
        "search": {"mode": "match"},
    }


def _pairs(asked: Asked, before: int | None) -> list[tuple[str, str]]:
    return [*asked.pairs, *([(BEFORE, str(before))] if before is not None else [])]


def capability_statement(base: str, date_micros: int) -> dict[str, Any]:
    """R4 capabilitystatement.html; `date_micros` is when the process started."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(date_micros),
        "kind": "instance",
        "software": {"name": "Socle", "version": __version__},
        "implementation": {"description": "Audit Record Repository (IHE ITI TF-2 3.81)", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "The session of an auditor of the trail."},
                "resource": [
                    {
                        "type": "AuditEvent",
                        "interaction": [{"code": "read"}, {"code": "search-type"}],
                        "versioning": "no-version",
                        "searchParam": described(),
                    }
                ],
            }
        ],
    }


def _json(resource: dict[str, Any]) -> Reply:
    return reply(200, JSON_TYPE.decode(), orjson.dumps(resource), _NO_STORE)


door = AuditEventDoor()
