"""Every process of a house killed in turn while people act: what was acknowledged is done, told and heard, once, in
order.

On SQLite the house is one process. On PostgreSQL it is two protocol servers, two workers, a sequencer and the database
server, whose own processes are killed with it. Callers ask again what was not acknowledged, like any client that wants
to be sure: an act is done once all the same.
"""

import os
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import httpx
import orjson
import pytest

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from socle.kernel.settings import settings
from socle.kernel.webhooks.acts import create
from socle.kernel.webhooks.settings import WebhookSettings
from tests.support import postgres
from tests.support.command_line import environment
from tests.support.databases import migrate
from tests.support.rounds import rounds
from tests.support.served import free_port
from tests.support.soaked import TOLD, create_tables

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50
LANES = tuple(f"lane-{number}" for number in range(6))
LONGEST_SECONDS = 1.5
MOST_SECONDS = 120.0
Numbers = dict[str, list[int]]


class Process:
    """One process of the house, started again after each kill. `port` is 0 for one that nobody asks."""

    def __init__(self, home: Path, url: str, name: str, command: tuple[str, ...], port: int = 0) -> None:
        self.name, self.port, self.kills = name, port, 0
        self._command, self._printed = command, home / f"{name}.log"
        self._environment = environment(
            home, SOCLE_DATABASE=url, SOCLE_WEBHOOKS_ALLOW_PRIVATE="true", SOCLE_DEMO_SIZE="village"
        )
        self._environment["PYTHONPATH"] += os.pathsep + str(ROOT)

    def start(self) -> None:
        with self._printed.open("a", encoding="utf-8") as printed:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )
        deadline = monotonic() + MOST_SECONDS
        while self.port and not self._answers():
            assert self._process.poll() is None, self.said
            assert monotonic() < deadline, self.said

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def lasts(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self.start_if_ended()

    def start_if_ended(self) -> None:
        """As a supervisor does. One that begins while the database is away says so and ends: nothing else ends it."""
        if self._process.poll() is not None:
            assert "connection to server" in self.said, (
                f"{self.name} ended ({self._process.poll()}): {self.said}"
            )
            self.start()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.kills += 1

    @property
    def said(self) -> str:
        return self._printed.read_text(encoding="utf-8")[-4_000:]


class DatabaseServer:
    """PostgreSQL among the processes that are killed."""

    name = "postgresql"

    def __init__(self, server: postgres.Server) -> None:
        self._server, self.kills = server, 0

    def lasts(self, seconds: float) -> None:
        # Another thread never sets it: time passes, and load with it.
        threading.Event().wait(seconds)

    def kill(self) -> None:
        self._server.kill()
        self.kills += 1

    def start(self) -> None:
        self._server.start_again()


class Load:
    """Callers that act one after another on their own lane, and ask again until they are told that it is done."""

    def __init__(self, ports: list[int]) -> None:
        self._ports, self._stopped = ports, threading.Event()
        self.acknowledged: Numbers = {lane: [] for lane in LANES}
        self.again = 0

    @property
    def count(self) -> int:
        return sum(map(len, self.acknowledged.values()))

    @contextmanager
    def running(self) -> Iterator["Load"]:
        with ThreadPoolExecutor(len(LANES)) as threads:
            calls = [threads.submit(self._call, lane, at) for at, lane in enumerate(LANES)]
            try:
                yield self
            finally:
                self._stopped.set()
        for call in calls:
            call.result()

    def _call(self, lane: str, at: int) -> None:
        with httpx.Client(timeout=30) as client:
            for number in count(1):
                for port in self._turns(at):
                    if self._stopped.is_set():
                        return
                    if _done(client, port, lane, number):
                        break
                    self.again += 1
                self.acknowledged[lane].append(number)

    def _turns(self, at: int) -> Iterator[int]:
        """The server of this caller, then the next one, and so on."""
        for turn in count(at):
            yield self._ports[turn % len(self._ports)]


def _done(client: httpx.Client, port: int, lane: str, number: int) -> bool:
    try:
        answer = client.post(f"http://127.0.0.1:{port}/soak/{lane}/{number}")
    except httpx.TransportError:
        # Who would ask again at once would only keep the machine from starting what was killed.
        threading.Event().wait(0.05)
        return False
    return answer.status_code in (200, 201)


class Outside:
    """Somebody else's server, which the house calls: each event by its number, the first time it comes."""

    def __init__(self) -> None:
        self.told: Numbers = defaultdict(list)
        self.calls = 0
        self._known: set[str] = set()

    def take(self, body: bytes) -> None:
        self.calls += 1
        for event in orjson.loads(body):
            if event["kind"] == TOLD.code and event["id"] not in self._known:
                self._known.add(event["id"])
                self.told[event["subject"]].append(event["data"]["number"])

    @contextmanager
    def listening(self) -> Iterator[str]:
        taken, lock = self, threading.Lock()

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                with lock:
                    taken.take(body)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/hook"
            finally:
                server.shutdown()
                thread.join()


@pytest.fixture
def home() -> Path:
    return settings().home


@pytest.fixture
def house(
    engine: str, home: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[str, list[Process | DatabaseServer]]]:
    """The address of its database, and its processes in the order in which they are killed."""
    soaked = "tests.support.soaked"
    if engine == "sqlite":
        url, port = f"sqlite:///{home / 'soak.sqlite3'}", free_port()
        migrate(url, home)
        yield url, [Process(home, url, "all", (soaked, "all", str(port)), port)]
        return
    with postgres.running(durable=True) as server:
        url = server.create("soak")
        migrate(url, home)
        ports = free_port(), free_port()
        yield (
            url,
            [
                Process(home, url, "protocols-a", (soaked, "protocols", str(ports[0])), ports[0]),
                Process(home, url, "worker-a", (soaked, "worker", "0")),
                Process(home, url, "sequencer", ("socle", "audit", "sequence")),
                DatabaseServer(server),
                Process(home, url, "protocols-b", (soaked, "protocols", str(ports[1])), ports[1]),
                Process(home, url, "worker-b", (soaked, "worker", "0")),
            ],
        )


def test_each_process_killed_in_turn_under_load(
    house: tuple[str, list[Process | DatabaseServer]], record_property: Callable[[str, Any], None]
) -> None:
    url, processes = house
    chance, outside, began = Random(), Outside(), monotonic()
    seed = chance.getrandbits(32)
    chance.seed(seed)
    db = Database(url)
    with db.unit() as unit:
        create_tables(unit)
    ours = [one for one in processes if isinstance(one, Process)]
    load = Load([one.port for one in ours if one.port])
    with outside.listening() as address, ExitStack() as stack:
        with db.unit() as unit:
            create(unit, BY_SYSTEM, address, [TOLD.code], {TOLD.code}, WebhookSettings(allow_private=True))
        for process in ours:
            process.start()
            stack.callback(process.kill)
        with load.running():
            for number in range(rounds(KILLS)):
                _round(load, processes[number % len(processes)], chance)
                for process in ours:
                    process.start_if_ended()
        committed = _committed(db)
        _await_all_told(db, outside, sum(map(len, committed.values())), ours)
    db.close()
    db = Database(url)
    told = f"seed {seed}"
    for lane, numbers in load.acknowledged.items():
        assert committed[lane][: len(numbers)] == numbers, f"{lane}, {told}: acknowledged and not there"
    assert _entries(db) == committed, told
    assert _events(db) == committed, told
    assert _heard(db) == committed, told
    assert dict(outside.told) == committed, told
    assert [finding.as_json() for finding in verify(db).findings] == [], told
    kills = ", ".join(f"{one.name} {one.kills - isinstance(one, Process)}" for one in processes)
    record_property(
        "did",
        f"{rounds(KILLS)} kills ({kills}), {load.count} acts acknowledged, asked again {load.again} times, "
        f"{outside.calls} calls outside, {monotonic() - began:.0f} s",
    )
    db.close()


def _round(load: Load, victim: Process | DatabaseServer, chance: Random) -> None:
    """Kill it at a random moment, start it again, and see that people can act."""
    victim.lasts(chance.uniform(0.1, LONGEST_SECONDS))
    victim.kill()
    before, deadline = load.count, monotonic() + MOST_SECONDS
    victim.start()
    while load.count < before + len(LANES):
        assert monotonic() < deadline, f"nobody can act any more after {victim.name} was killed"
        threading.Event().wait(0.02)


def _await_all_told(db: Database, outside: Outside, acts: int, processes: Iterable[Process]) -> None:
    """The last entries are logged, the last events heard here and outside."""
    deadline = monotonic() + MOST_SECONDS
    while True:
        with db.reading() as session:
            ((waiting, heard),) = session.fetch(
                "SELECT (SELECT COUNT(*) FROM audit_inbox), (SELECT COUNT(*) FROM soak_heard)"
            )
        told = sum(map(len, outside.told.values()))
        if waiting == 0 and heard >= acts and told >= acts:
            return
        said = "\n".join(f"===={one.name}: {one.said}" for one in processes)
        assert monotonic() < deadline, f"{waiting} wait, {heard} heard and {told} told of {acts}\n{said}"
        threading.Event().wait(0.1)


def _committed(db: Database) -> Numbers:
    return _by_lane(db, "SELECT lane, number FROM soak_act ORDER BY lane, number")


def _heard(db: Database) -> Numbers:
    return _by_lane(db, "SELECT lane, number FROM soak_heard ORDER BY place")


def _events(db: Database) -> Numbers:
    """In the order of the log, which listeners follow."""
    return _documents(
        db,
        f"SELECT document FROM outbox_event WHERE kind = '{TOLD.code}' ORDER BY sequence",
        lambda event: (event["subject"], event["data"]["number"]),
    )


def _entries(db: Database) -> Numbers:
    """In the order of the trail. Two acts of one lane follow each other: their entries do too."""
    return _documents(
        db,
        "SELECT facts FROM audit_entry WHERE action = 'test.soaked' ORDER BY position",
        lambda facts: (facts["subject"].removeprefix("lane:"), facts["data"]["number"]),
    )


def _by_lane(db: Database, sql: str) -> Numbers:
    found: Numbers = defaultdict(list)
    with db.reading() as session:
        for lane, number in session.fetch(sql):
            found[lane].append(number)
    return dict(found)


def _documents(db: Database, sql: str, read: Callable[[Any], tuple[str, int]]) -> Numbers:
    found: Numbers = defaultdict(list)
    with db.reading() as session:
        for (document,) in session.fetch(sql):
            lane, number = read(orjson.loads(bytes(document)))
            found[lane].append(number)
    return dict(found)
