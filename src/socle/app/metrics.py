"""`/metrics`: the figures of this process, for this machine or for who holds the token."""

import asyncio
import hmac
import logging
from ipaddress import ip_address

from socle import __version__
from socle.app.schedules import followed
from socle.kernel.audit.health import Backlog, backlog
from socle.kernel.clock import micros
from socle.kernel.db import Database, database
from socle.kernel.edge import require_get, send_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.proxies import Proxies
from socle.kernel.edge.replies import Header, Reply, header, reply
from socle.kernel.errors import SocleError, kind
from socle.kernel.metrics import CONTENT_TYPE, Gauge, exposition
from socle.kernel.operation import operation
from socle.kernel.outbox.queries import Figures
from socle.kernel.outbox.queries import figures as outbox_figures
from socle.kernel.schedules.runs import Outcome, ahead, last_done, latest_runs
from socle.kernel.settings import settings
from socle.kernel.webhooks.hooks import Condition, HookFigures
from socle.kernel.webhooks.hooks import figures as webhook_figures

log = logging.getLogger("socle.metrics")
METRICS_CLOSED = kind(
    "metrics-closed",
    403,
    fr="Les mesures se lisent avec le jeton SOCLE_METRICS_TOKEN : Authorization: Bearer … Sans lui, seule cette "
    "machine les lit ; en production, il faut aussi que SOCLE_PROXIES nomme le mandataire, et qu’il soit ailleurs.",
    en="Figures are read with the token SOCLE_METRICS_TOKEN: Authorization: Bearer … Without it only this machine "
    "reads them; in production SOCLE_PROXIES must then name the proxy, which is elsewhere.",
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

    What a proxy forwards is not from this machine, even if the proxy is on it. In production one that does not say that
    it forwards cannot be told from this machine, unless the proxies are listed and it is none of them.
    """
    token = operation().metrics_token
    scheme, _, shown = authorization.partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode()):
        return
    if forwarded or not _is_loopback(sender) or (settings().production and _may_be_proxy(sender)):
        raise SocleError(METRICS_CLOSED)


def _may_be_proxy(sender: str) -> bool:
    listed = Proxies(operation().trusted_proxies)
    return not listed or listed.trusts(sender)


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
        *_webhook_gauges(db),
        *_schedule_gauges(db),
    )


def _schedule_gauges(db: Database) -> tuple[Gauge, ...]:
    return (
        Gauge(
            "socle_schedule_done_age_seconds",
            "Time since a scheduled job last went well, by job",
            lambda: _ages(db),
            ("job",),
        ),
        Gauge(
            "socle_schedule_failed",
            "Whether the last run of a scheduled job failed (1) or not (0), by job",
            lambda: _failures(db),
            ("job",),
        ),
        Gauge(
            "socle_schedule_late",
            "Whether a scheduled job is late (1), be it that it never ran, or not (0), by job",
            lambda: _late(db),
            ("job",),
        ),
        Gauge(
            "socle_schedule_ahead_seconds",
            "By how much the last run of a scheduled job is dated in the future, for those of which it is, by job",
            lambda: _ahead(db),
            ("job",),
        ),
    )


def _ages(db: Database) -> dict[tuple[str, ...], float]:
    with db.reading() as session:
        return {(job,): (micros() - ended) / 1_000_000 for job, ended in last_done(session).items()}


def _late(db: Database) -> dict[tuple[str, ...], float]:
    with db.reading() as session:
        return {(one.job.name,): float(one.late) for one in followed(session, micros())}


def _ahead(db: Database) -> dict[tuple[str, ...], float]:
    at = micros()
    with db.reading() as session:
        return {(job,): (due - at) / 1_000_000 for job, due in ahead(session, at).items()}


def _failures(db: Database) -> dict[tuple[str, ...], float]:
    with db.reading() as session:
        runs = latest_runs(session, micros())
    return {(job,): float(run.outcome is Outcome.FAILED) for job, run in runs.items()}


def _webhook_gauges(db: Database) -> tuple[Gauge, ...]:
    """Of all webhooks together: an address, or a name that leads to one, is nobody's business here."""
    return (
        Gauge(
            "socle_webhooks",
            "Webhooks by condition: well, late (failing, or far behind), stopped",
            lambda: _conditions(_webhooks(db)),
            ("condition",),
        ),
        Gauge(
            "socle_webhooks_behind_events",
            "Events that the webhook furthest behind has not gone past, of those that are sent to",
            lambda: {(): max((one.behind for one in _sent_to(db)), default=0)},
        ),
        Gauge(
            "socle_webhooks_silent_seconds",
            "Time since the last message received, of the webhook that waits longest, of those that are sent to",
            lambda: {(): max((one.silent for one in _sent_to(db)), default=0.0)},
        ),
    )


def _waiting(db: Database) -> Backlog:
    with db.reading() as session:
        return backlog(session)


def _outbox(db: Database) -> Figures:
    with db.reading() as session:
        return outbox_figures(session, micros())


def _webhooks(db: Database) -> list[HookFigures]:
    with db.reading() as session:
        return webhook_figures(session, micros())


def _sent_to(db: Database) -> list[HookFigures]:
    return [one for one in _webhooks(db) if one.condition is not Condition.STOPPED]


def _conditions(found: list[HookFigures]) -> dict[tuple[str, ...], float]:
    return {
        (condition.value,): float(sum(one.condition is condition for one in found)) for condition in Condition
    }


def _deliveries(figures: Figures) -> dict[tuple[str, ...], float]:
    return {
        (one.listener, state): float(getattr(one, state))
        for one in figures.listeners
        for state in ("ready", "waiting", "behind", "parked", "set_aside")
    }


def _failed(gauge: Gauge) -> None:
    log.warning("figure not read: %s", gauge.name, exc_info=True)
