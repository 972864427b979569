"""The FHIR door: one store's RESTful API (R4 http.html), as a plain ASGI application over bytes.

Reads, searches by GET and POST, page links, the CapabilityStatement and the OpenAPI description. Every refusal is an
OperationOutcome; the gateway's edge asks this door to `tell` those it makes on its behalf.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode

import orjson

from socle.engines.fhirstore.bundle import searchset, subset
from socle.engines.fhirstore.capability import capability_statement
from socle.engines.fhirstore.faults import INCLUDED_CUT, PAGE_FORGED, PAGE_TOO_LONG, READ_ONLY, UNKNOWN_TYPE
from socle.engines.fhirstore.links import Direction, PageLink, seal, unseal
from socle.engines.fhirstore.openapi import openapi
from socle.engines.fhirstore.query import PAGE_CAP, Query, read_query
from socle.engines.fhirstore.reads import Reads
from socle.engines.fhirstore.search import INCLUDED_LIMIT, Page, Snapshot, Start, search
from socle.engines.fhirstore.steps import adrive
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.access import PUBLIC, PermissionMissing, require_declared
from socle.kernel.clock import http_date, now_micros
from socle.kernel.db import database
from socle.kernel.edge import Reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.body import read_body
from socle.kernel.edge.replies import error_headers, reply
from socle.kernel.errors import METHOD_NOT_ALLOWED, NOT_FOUND, SocleError
from socle.kernel.fhir.outcomes import outcome
from socle.kernel.fhir.request import (
    JSON_TYPE,
    Pairs,
    check_form,
    check_format,
    is_fresh,
    is_lenient,
    origin,
    pairs_of,
)
from socle.kernel.keys import derived_key
from socle.kernel.settings import settings

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_NO_STORE: Final = (b"cache-control", b"no-cache")


class FhirDoor:
    """One store under one address prefix, for instance `/fhir/v2`; `key_header` names what a portal before it asks."""

    def __init__(self, store: StoreDefinition, prefix: str, *, key_header: str = "") -> None:
        require_declared(prefix, store.permission)
        if store.permission is not PUBLIC:
            # Who acts is not known yet: what is not open to all has no door.
            raise PermissionMissing(f"{prefix}: {store.permission.code} cannot be checked here")
        self.store, self.prefix, self.key_header = store, prefix, key_header
        self._start = len(prefix)
        self._opened = now_micros()
        self._known_reads: Reads | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = scope["path"][self._start :].strip("/").split("/")
        method = scope["method"]
        if method == "GET":
            answer = await self._get(scope, parts)
        elif method == "POST" and parts[-1] == "_search" and len(parts) == 2:
            answer = await self._post_search(scope, receive, parts[0])
        else:
            raise self._forbidden(method, parts)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    def tell(self, error: SocleError, reference: str) -> Reply:
        """An error as an OperationOutcome."""
        return reply(
            error.status,
            JSON_TYPE.decode(),
            orjson.dumps(outcome(error, reference=reference)),
            *error_headers(error),
        )

    async def _get(self, scope: Scope, parts: list[str]) -> Reply:
        if len(parts) == 2 and parts[0] in self.store.profiles:
            return await self._read(scope, parts[0], parts[1])
        if len(parts) == 1 and parts[0] in self.store.profiles:
            return await self._search(scope, parts[0], pairs_of(scope["query_string"]))
        if len(parts) == 1 and (special := _SPECIAL.get(parts[0])):
            return await special(self, scope)
        raise self._unknown(scope["path"], parts)

    def _unknown(self, path: str, parts: list[str]) -> SocleError:
        if parts[0][:1].isupper() and parts[0] not in self.store.profiles:
            return SocleError(UNKNOWN_TYPE, type=parts[0][:80], known=", ".join(self.store.profiles))
        return SocleError(NOT_FOUND, path=path[:200])

    def _forbidden(self, method: str, parts: list[str]) -> SocleError:
        if method in ("PUT", "DELETE", "PATCH", "POST"):
            return SocleError(
                READ_ONLY, method=method, base=self.prefix, type=parts[0][:80] or "Practitioner"
            )
        return SocleError(METHOD_NOT_ALLOWED, method=method[:20], allowed="GET, HEAD, POST")

    async def _read(self, scope: Scope, type_name: str, fid: str) -> Reply:
        headers = scope["headers"]
        if scope["query_string"]:
            check_format(headers, pairs_of(scope["query_string"]))
        else:
            check_format(headers, ())
        if not _ID.fullmatch(fid):
            raise self._unknown(scope["path"], ["", fid])
        version = await self._reads().version(type_name, fid)
        marks = [
            (b"etag", b'W/"%d"' % version.number),
            (b"last-modified", http_date(version.updated).encode()),
            _NO_STORE,
        ]
        if is_fresh(headers, version.number, version.updated):
            return Reply(304, marks, b"")
        sized = [(b"content-type", JSON_TYPE), (b"content-length", b"%d" % len(version.body))]
        return Reply(200, sized + marks, version.body)

    def _reads(self) -> Reads:
        """The reads of the process's database, which a test may have closed and opened again."""
        db = database()
        if self._known_reads is None or self._known_reads.db is not db:
            self._known_reads = Reads(self.store, db)
        return self._known_reads

    async def _post_search(self, scope: Scope, receive: Receive, type_name: str) -> Reply:
        if type_name not in self.store.profiles:
            raise self._unknown(scope["path"], [type_name])
        check_form(scope["headers"])
        pairs = pairs_of(scope["query_string"]) + pairs_of(await read_body(receive))
        return await self._search(scope, type_name, pairs)

    async def _search(self, scope: Scope, type_name: str, pairs: Pairs) -> Reply:
        check_format(scope["headers"], pairs)
        began = now_micros()
        query = read_query(
            self.store, type_name, pairs, lenient=is_lenient(scope["headers"]), base=self._base(scope)
        )
        return await self._answer(scope, query, await self._reads().snapshot(), Start(began=began))

    async def _page(self, scope: Scope) -> Reply:
        pairs = pairs_of(scope["query_string"])
        check_format(scope["headers"], pairs)
        token = next((value for name, value in pairs if name == "id"), "")
        base = self._base(scope)
        link = unseal(token, derived_key("fhir-page-links"), store=self.store.name, restart=base)
        query = read_query(self.store, link.type, link.pairs, base=base, resumed=True)
        now = await self._reads().snapshot()
        if link.transaction > now.transaction:
            # Issued by another database under the same secret (a restored or replaced one).
            raise SocleError(PAGE_FORGED)
        snapshot = Snapshot(now.store, link.transaction, now.dialect, kept=now.kept)
        return await self._answer(
            scope,
            query,
            snapshot,
            Start(link.key, link.direction, link.total, counted=True, began=link.began),
        )

    async def _answer(self, scope: Scope, query: Query, snapshot: Snapshot, start: Start) -> Reply:
        page = await adrive(database(), search(self.store, query, snapshot, start))
        base = self._base(scope)
        matches = [body for _, body in page.matches]
        if query.elements:
            matches = [subset(body, query.elements) for body in matches]
        included = [body for _, body in page.included]
        outcomes = [outcome(ignored, severity="warning") for ignored in query.ignored]
        if page.included_cut:
            outcomes.append(outcome(SocleError(INCLUDED_CUT, limit=INCLUDED_LIMIT), severity="warning"))
        body = searchset(
            base,
            matches,
            included,
            self._links(base, query, page, start.began),
            page.total,
            outcomes,
            snapshot.moment,
        )
        length = (b"content-length", b"%d" % len(body))
        return Reply(200, [(b"content-type", JSON_TYPE), length, _NO_STORE], body)

    def _base(self, scope: Scope) -> str:
        return origin(scope["headers"], scope["scheme"]) + self.prefix

    def _links(self, base: str, query: Query, page: Page, began: int) -> list[tuple[str, str]]:
        asked = urlencode(query.used)
        links = [("self", f"{base}/{query.type}?{asked}" if asked else f"{base}/{query.type}")]
        if page.after and page.matches:
            links.append(("next", base + self._link(query, page, page.matches[-1][0], "next", began)))
        if page.before and page.matches:
            links.append(("previous", base + self._link(query, page, page.matches[0][0], "previous", began)))
        return links

    def _link(self, query: Query, page: Page, key: int, direction: Direction, began: int) -> str:
        """The link, relative to the base address. Raises SocleError(PAGE_TOO_LONG): what came in a body may be longer
        than the addresses that the edge accepts."""
        link = PageLink(
            self.store.name,
            query.type,
            tuple(query.used),
            page.snapshot.transaction,
            key,
            direction,
            page.total,
            began,
        )
        target = f"/_page?id={seal(link, derived_key('fhir-page-links'))}"
        limit = settings().target_bytes
        if len(self.prefix) + len(target) > limit:
            raise SocleError(PAGE_TOO_LONG, limit=limit, cap=PAGE_CAP)
        return target

    async def _metadata(self, scope: Scope) -> Reply:
        check_format(scope["headers"], pairs_of(scope["query_string"]))
        statement = capability_statement(self.store, self._base(scope), self._opened)
        return reply(200, JSON_TYPE.decode(), orjson.dumps(statement))

    async def _openapi(self, scope: Scope) -> Reply:
        return reply(
            200, "application/json", orjson.dumps(openapi(self.store, self._base(scope), self.key_header))
        )


_SPECIAL: dict[str, Callable[[FhirDoor, Scope], Awaitable[Reply]]] = {
    "metadata": FhirDoor._metadata,
    "_page": FhirDoor._page,
    "openapi.json": FhirDoor._openapi,
}
