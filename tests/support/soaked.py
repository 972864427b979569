"""Processes of a house under load, to be killed: `python -m tests.support.soaked PART PORT`.

`protocols` is the protocols' process with one more door, `POST /soak/{lane}/{number}`, whose act writes a row, an entry
and an event; `worker` is `socle worker` with one more listener, which writes down what it hears; `all` is both in one,
with the sequencer, as a demonstration runs. The sequencer of an installation is `socle audit sequence` itself.
"""

import sys
from typing import Any

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.db import Unit, database
from socle.kernel.edge.asgi import Application, Receive, Scope, Send
from socle.kernel.edge.replies import json_reply
from socle.kernel.manifest import Manifest
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.outbox.heard import Heard, Hearing, Listening
from socle.kernel.work import emit, record

DONE = action("test.soaked", Kind.EXECUTE, "Fait", "Done")
TOLD = event_kind("test.soaked.1", "Fait", "Done", number="which one")
LISTENER = "soak.listener"
_NUMBERED = {
    "sqlite": "integer PRIMARY KEY AUTOINCREMENT",
    "postgresql": "bigint GENERATED ALWAYS AS IDENTITY",
}


def create_tables(unit: Unit) -> None:
    place = _NUMBERED[unit.dialect.engine]
    unit.execute(
        "CREATE TABLE soak_act (lane text NOT NULL, number integer NOT NULL, PRIMARY KEY (lane, number))"
    )
    unit.execute(f"CREATE TABLE soak_heard (place {place}, lane text NOT NULL, number integer NOT NULL)")


def act(unit: Unit, lane: str, number: int) -> bool:
    """Do it unless it is done; whether it was done now."""
    if unit.fetch_one("SELECT 1 FROM soak_act WHERE lane = ?1 AND number = ?2", lane, number):
        return False
    unit.execute("INSERT INTO soak_act (lane, number) VALUES (?1, ?2)", lane, number)
    record(
        unit, Entry(DONE, BY_SYSTEM, subject=f"lane:{lane}", target=f"Lane/{lane}", data={"number": number})
    )
    emit(unit, Event(TOLD, lane, {"number": number}))
    return True


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    _, _, lane, number = scope["path"].split("/")
    done = await database().run(act, lane, int(number))
    status, headers, body = json_reply(201 if done else 200, {"done": done})
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def hear(unit: Unit, heard: Heard) -> None:
    unit.execute("INSERT INTO soak_heard (lane, number) VALUES (?1, ?2)", heard.lane, heard.data["number"])


def listening(others: list[Listening]) -> list[Listening]:
    return [*others, Hearing(LISTENER, frozenset({TOLD.code}), hear)]


def run(part: str, port: int) -> None:
    from socle.app import gateway, migrate, worker

    house_listeners, house_doors = worker.listeners, gateway.mounted

    def listeners(manifests: Any) -> list[Listening]:
        return listening(house_listeners(manifests))

    def mounted(manifests: tuple[Manifest, ...], part: gateway.Part) -> dict[str, Application]:
        return house_doors(manifests, part) | {"/soak": door}

    worker.listeners, gateway.mounted = listeners, mounted
    migrate.setup()
    if part == "worker":
        worker.run_worker()
    else:
        from socle.app.server import serve

        serve(part, port=port, beside=worker.beside_server() if part == "all" else ())


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
