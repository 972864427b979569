"""What an authority publishes, as a plain ASGI application: its certificate and the chain, its list (RFC 5280), OCSP by
GET and by POST (RFC 6960 appendix A).

A list is signed again when something was revoked since, and every hour; an answer counts an hour.
"""

import asyncio
import binascii
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from socle.kernel.certificates.authorities import (
    PREFIX,
    authority_of,
    chain,
    published,
    reading_issuer,
)
from socle.kernel.certificates.faults import AUTHORITY_UNKNOWN
from socle.kernel.certificates.register import known, revoked_by
from socle.kernel.clock import from_micros, micros, now
from socle.kernel.db import Database, database
from socle.kernel.edge import Reply, send_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.body import read_body
from socle.kernel.edge.replies import problem_reply, reply
from socle.kernel.errors import METHOD_NOT_ALLOWED, NOT_FOUND, SocleError
from socle.standards.igc.revocation import answer, revocation_list

_CERTIFICATE, _LIST, _OCSP = "application/pkix-cert", "application/pkix-crl", "application/ocsp-response"
_CHAIN, _PEM = "application/x-pkcs7-certificates", "application/x-pem-file"
_HOUR: Final = timedelta(hours=1)
_LIST_COUNTS: Final = timedelta(days=7)
_CACHED: Final = (b"cache-control", b"public, max-age=3600")


class _Listed(NamedTuple):
    signed: datetime
    numbers: tuple[int, ...]
    der: bytes


class PublishingDoor:
    def __init__(self) -> None:
        self._lists: dict[str, _Listed] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_reply(send, await self._answer(scope, receive))

    def tell(self, error: SocleError, reference: str) -> Reply:
        return problem_reply(error, reference)

    async def _answer(self, scope: Scope, receive: Receive) -> Reply:
        method, db = scope["method"], database()
        match scope["path"].removeprefix(PREFIX).strip("/").split("/"):
            case ["ocsp", code] if method == "POST":
                return await asyncio.to_thread(_told, db, code, await read_body(receive))
            case ["ocsp", code, *encoded] if method == "GET" and encoded:
                return await asyncio.to_thread(_told, db, code, _decoded("/".join(encoded)))
            case ["ocsp", _, *_]:
                raise SocleError(METHOD_NOT_ALLOWED, method=method[:20], allowed="GET, POST")
            case _ if method != "GET":
                raise SocleError(METHOD_NOT_ALLOWED, method=method[:20], allowed="GET")
            case ["ac", file] if file.endswith(".cer"):
                return await asyncio.to_thread(_certificate, db, file.removesuffix(".cer"))
            case ["crl", file] if file.endswith(".crl"):
                return await asyncio.to_thread(self._list, db, file.removesuffix(".crl"))
            case ["chaine.pem" | "chaine.p7b" as file]:
                return await asyncio.to_thread(_chain, db, file)
        raise SocleError(NOT_FOUND, path=scope["path"][:200])

    def _list(self, db: Database, code: str) -> Reply:
        moment = now().replace(microsecond=0)
        with db.reading() as session:
            found = reading_issuer(session, authority_of(code))
            if found is None:
                raise SocleError(AUTHORITY_UNKNOWN, received=code[:60])
            kid, by = found
            revoked = revoked_by(session, kid, micros())
        numbers, held = tuple(one.serial for one in revoked), self._lists.get(kid)
        if held is None or held.numbers != numbers or moment - held.signed >= _HOUR:
            der = revocation_list(
                by,
                revoked,
                number=int(moment.timestamp()),
                updated=moment,
                next_update=moment + _LIST_COUNTS,
            )
            self._lists[kid] = held = _Listed(moment, numbers, der)
        return reply(200, _LIST, held.der, (b"cache-control", b"public, max-age=60"))


def _certificate(db: Database, code: str) -> Reply:
    with db.reading() as session:
        found = published(session, authority_of(code))
    if found is None:
        raise SocleError(AUTHORITY_UNKNOWN, received=code[:60])
    return reply(200, _CERTIFICATE, found[1].public_bytes(Encoding.DER), _CACHED)


def _chain(db: Database, file: str) -> Reply:
    with db.reading() as session:
        certificates = chain(session)
    if not certificates:
        raise SocleError(NOT_FOUND, path=f"{PREFIX}/{file}")
    if file.endswith(".p7b"):
        return reply(200, _CHAIN, pkcs7.serialize_certificates(certificates, Encoding.DER), _CACHED)
    return reply(200, _PEM, b"".join(one.public_bytes(Encoding.PEM) for one in certificates), _CACHED)


def _told(db: Database, code: str, request: bytes) -> Reply:
    moment = from_micros(micros()).replace(microsecond=0)
    with db.reading() as session:
        found = reading_issuer(session, authority_of(code))
        if found is None:
            raise SocleError(AUTHORITY_UNKNOWN, received=code[:60])
        kid, by = found
        der = answer(
            request,
            by,
            lambda serial: known(session, kid, serial),
            updated=moment,
            next_update=moment + _HOUR,
        )
    return reply(200, _OCSP, der, (b"cache-control", b"no-store"))


def _decoded(encoded: str) -> bytes:
    """What is no base 64 is no request either, and gets the answer of one that cannot be read."""
    try:
        return b64decode(unquote_to_bytes(encoded), validate=True)
    except binascii.Error:
        return b""


door = PublishingDoor()
