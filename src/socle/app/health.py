"""Health of the process: `/healthz` says that it answers, `/readyz` that it can serve."""

import asyncio
import logging
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from socle import __version__
from socle.app.migrate import applied_and_not_known
from socle.kernel.edge import json_reply, require_get, send_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.replies import Header, Reply
from socle.kernel.full_disk import is_full
from socle.kernel.settings import settings

log = logging.getLogger("socle.health")
_FRESH: Header = (b"cache-control", b"no-store")


def liveness() -> Reply:
    return json_reply(200, {"status": "alive", "version": __version__}, "application/json", _FRESH)


def readiness() -> Reply:
    """200 when the database answers and its schema is that of this code, else 503 with the reason in one word."""
    reason = obstacle()
    answer = {"status": "ready"} if reason is None else {"status": "not-ready", "reason": reason}
    return json_reply(200 if reason is None else 503, answer, "application/json", _FRESH)


async def alive(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI door of `/healthz`."""
    require_get(scope)
    await send_reply(send, liveness())


async def ready(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI door of `/readyz`; the database is asked on a thread."""
    require_get(scope)
    await send_reply(send, await asyncio.to_thread(readiness))


def obstacle() -> str | None:
    """`database` when it does not answer, `newer` when a later version has upgraded it, `disk` when there is no room to
    write, `migrations` when some are pending, None when all is well."""
    try:
        executor = MigrationExecutor(connection)
        newer = applied_and_not_known(executor.loader)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:
        log.exception("the database does not answer")
        return "database"
    finally:
        connection.close()
    if newer:
        return "newer"
    # Before the migrations, which need room too.
    if is_full(_written()):
        return "disk"
    return "migrations" if pending else None


def _written() -> Path:
    """Where this process writes: the file of the database, or the data folder when a server holds the database."""
    _, sqlite, file = settings().database_url.partition("sqlite:///")
    return Path(file) if sqlite else settings().home
