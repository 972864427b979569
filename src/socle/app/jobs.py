"""Loads as jobs: run in this process, or by the process that holds the data folder.

On SQLite one process holds the data folder. When that is a running server, `socle load` hands it the job over a socket
in the data folder and shows the events that come back; the server has the job done by a child process of its own, so
that it goes on answering.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from pydantic import BaseModel, Field

from socle.engines.fhirstore.purge import purge
from socle.foundations.directory.loading.resources import STORES, load_resources
from socle.kernel.db import Database, FileBusy, FileLock
from socle.kernel.errors import WORK_BUSY, SocleError
from socle.kernel.settings import settings

_EVENTS_A_SECOND = 10
Event = dict[str, Any]
Tell = Callable[[Event], None]


class Job(BaseModel):
    """One load, as it travels from the command line to whoever runs it."""

    kind: str = Field(pattern="^(directory|fhir)$")
    files: list[Path]
    delta: bool = False
    accept_deactivations: int | None = None
    store: str | None = None


def socket_path() -> Path:
    return settings().home / "socle.sock"


def lock_path() -> Path:
    return settings().home / "socle.lock"


def submit(job: Job, tell: Tell) -> None:
    """Have the job run, here or by the server that holds the data folder; `tell` is given its events."""
    if not settings().database_url.startswith("sqlite:"):
        run(job, tell)
        return
    try:
        with FileLock(lock_path()):
            run(job, tell)
    except FileBusy:
        for event in _asked_of_server(job):
            tell(event)


def _asked_of_server(job: Job) -> Iterator[Event]:
    with socket.socket(socket.AF_UNIX) as channel:
        try:
            channel.connect(os.path.relpath(socket_path()))
        except OSError:
            # The folder is held by something that takes no jobs: another load, or a server that is still starting.
            raise SocleError(
                WORK_BUSY, name="data-folder", holder=lock_path().read_text().strip() or "?"
            ) from None
        channel.sendall(job.model_dump_json().encode() + b"\n")
        for line in channel.makefile("rb"):
            yield json.loads(line)


def run(job: Job, tell: Tell) -> None:
    """Run the job in this process. Events: {stage, done, total}, then {report} or {refused}. What earlier loads have
    replaced goes once the job is told: nobody waits for that."""
    db = Database(settings().database_url)
    try:
        tell(_directory(db, job, tell) if job.kind == "directory" else _fhir(db, job))
        for name in STORES:
            purge(db, name)
    except SocleError as refusal:
        tell({"refused": refusal.as_json()})
    finally:
        db.close()


def _directory(db: Database, job: Job, tell: Tell) -> Event:
    # Columns (polars) are for loads alone: a server that only answers never imports them.
    from socle.foundations.directory.loading.ledger import Mode
    from socle.foundations.directory.loading.load import load_files

    report = load_files(
        db,
        job.files,
        mode=Mode.DELTA if job.delta else Mode.FULL,
        accept_deactivations=job.accept_deactivations,
        rejects=settings().home / "rejects",
        watch=_paced(tell),
    )
    return {"report": report.as_json()}


def _fhir(db: Database, job: Job) -> Event:
    verdicts, counts = load_resources(db, job.files, job.store)
    return {
        "resources": [
            {
                "file": verdict.file,
                "taken": verdict.taken,
                "faults": [
                    {
                        "where": fault.expression,
                        "line": fault.line,
                        "column": fault.column,
                        "received": fault.received,
                        "rule": fault.rule,
                        "fr": fault.remedy.fr,
                        "en": fault.remedy.en,
                    }
                    for fault in verdict.faults
                ],
            }
            for verdict in verdicts
        ],
        "counts": {name: getattr(counts, name) for name in counts.__slots__},
    }


def _paced(tell: Tell) -> Callable[[str, int, int], None]:
    """Progress at a pace that a terminal and a socket follow; the end of each stage is always told."""
    last = {"at": 0.0}

    def watch(stage: str, done: int, total: int) -> None:
        now = monotonic()
        if done >= total or now - last["at"] > 1 / _EVENTS_A_SECOND:
            last["at"] = now
            tell({"stage": stage, "done": done, "total": total})

    return watch


def main() -> None:
    """The child of a server: a job on standard input, its events on standard output."""
    # Ended as by Ctrl-C: what is under way is undone, and composing processes go with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    job = Job.model_validate_json(sys.stdin.readline())
    run(job, lambda event: print(json.dumps(event, ensure_ascii=False), flush=True))


if __name__ == "__main__":
    main()
