"""`/metrics`: the figures of this process, for this machine or for who holds the token."""

import asyncio
import hmac
import logging
from ipaddress import ip_address

from socle import __version__
from socle.kernel.audit.health import Backlog, backlog
from socle.kernel.clock import micros
from socle.kernel.db import Database, database
from socle.kernel.edge import require_get, send_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.replies import Header, Reply, header, reply
from socle.kernel.errors import SocleError, kind
from socle.kernel.metrics import CONTENT_TYPE, Gauge, exposition
from socle.kernel.operation import operation
from socle.kernel.outbox.queries import Figures
from socle.kernel.outbox.queries import figures as outbox_figures

log = logging.getLogger("socle.metrics")
METRICS_CLOSED = kind(
    "metrics-closed",
    403,
    fr="Les mesures se lisent depuis cette machine, ou avec le jeton SOCLE_METRICS_TOKEN : Authorization: Bearer …",
    en="Figures are read from this machine, or with the token SOCLE_METRICS_TOKEN: Authorization: Bearer …",
    rule="RFC 6750 §2.1",
    fhir="forbidden",
)
_FORWARDING = frozenset((b"forwarded", b"x-forwarded-for"))
_FRESH: Header = (b"cache-control", b"no-store")


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    require_get(scope)
    sender = (scope.get("client") or ("", 0))[0]
    forwarded = any(name in _FORWARDING for name, _ in scope["headers"])
    admit(
        sender,
        forwarded=forwarded,
        authorization=header(scope["headers"], b"authorization").decode("latin-1"),
    )
    await send_reply(send, await asyncio.to_thread(figures))


def admit(sender: str, *, forwarded: bool, authorization: str) -> None:
    """Raise SocleError(METRICS_CLOSED) unless the sender is this machine, or shows the token.

    What a proxy forwards is not from this machine, even if the proxy is on it.
    """
    token = operation().metrics_token
    scheme, _, shown = authorization.partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode()):
        return
    if forwarded or not _is_loopback(sender):
        raise SocleError(METRICS_CLOSED)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def figures() -> Reply:
    db = database()
    page = exposition(__version__, db.engine, gauges(db), _failed)
    return reply(200, CONTENT_TYPE, page, _FRESH)


def gauges(db: Database) -> tuple[Gauge, ...]:
    """What is read from the database, and of it, when somebody asks."""
    return (
        Gauge(
            "socle_database_pool",
            "Connections of the pools: size, idle, and callers that wait for one",
            db.pools,
            ("pool", "state"),
        ),
        Gauge(
            "socle_audit_inbox_entries",
            "Entries that are not in the log yet",
            lambda: {(): _waiting(db).entries},
        ),
        Gauge(
            "socle_audit_inbox_age_seconds",
            "Age of the oldest entry that is not in the log yet: the sequencer's health",
            lambda: {(): _waiting(db).seconds},
        ),
        Gauge(
            "socle_outbox_age_seconds",
            "Age of the oldest event that somebody has still to hear: the health of dispatcher and workers",
            lambda: {(): _outbox(db).age},
        ),
        Gauge(
            "socle_outbox_deliveries",
            "Deliveries not made yet, by listener and state; a parked one waits for the operator",
            lambda: _deliveries(_outbox(db)),
            ("listener", "state"),
        ),
    )


def _waiting(db: Database) -> Backlog:
    with db.reading() as session:
        return backlog(session)


def _outbox(db: Database) -> Figures:
    with db.reading() as session:
        return outbox_figures(session, micros())


def _deliveries(figures: Figures) -> dict[tuple[str, ...], float]:
    return {
        (one.listener, state): float(getattr(one, state))
        for one in figures.listeners
        for state in ("ready", "waiting", "behind", "parked", "set_aside")
    }


def _failed(gauge: Gauge) -> None:
    log.warning("figure not read: %s", gauge.name, exc_info=True)
