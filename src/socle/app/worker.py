"""The worker: what the house does behind its doors. Beside the server in a demonstration, a process of its own in
production (`socle worker`), as many of them as one likes."""

import asyncio
import signal
from collections.abc import Iterable

from socle.app.gateway import Beside
from socle.app.manifests import house
from socle.app.schedules import jobs_here
from socle.kernel.audit.sequencer import BesideServer
from socle.kernel.db import close_database, database, open_database
from socle.kernel.manifest import Manifest, load_attribute
from socle.kernel.outbox.heard import Hearing, HearingOutside, Listening
from socle.kernel.outbox.worker import Outbox
from socle.kernel.schedules.worker import Schedules
from socle.kernel.settings import settings
from socle.kernel.webhooks.worker import Webhooks


def listeners(manifests: Iterable[Manifest]) -> list[Listening]:
    """Everyone who listens in this house, ready to be called."""
    return [
        (HearingOutside if listener.outside else Hearing)(
            listener.name, frozenset(listener.kinds), load_attribute(listener.handler)
        )
        for manifest in manifests
        for listener in manifest.listeners
    ]


def work() -> list[Beside]:
    return [Outbox(listeners(house())), Webhooks(), Schedules(jobs_here())]


def beside_server() -> list[Beside]:
    """What a server does besides answering: everything in a demonstration, nothing in production, where the worker and
    the sequencer of the trail (`socle audit sequence`) are processes of their own."""
    return [] if settings().production else [*work(), BesideServer(database)]


def run_worker() -> None:
    """Work until SIGTERM or Ctrl-C; what is under way is ended first, and nothing is lost when it is not."""
    asyncio.run(_until_told())


async def _until_told() -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    db = open_database()
    await db.open()
    companions = work()
    for one in companions:
        await one.open()
    await told.wait()
    for one in companions:
        await one.aclose()
    await db.aclose()
    close_database()
