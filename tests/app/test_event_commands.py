"""`socle outbox`, `socle webhooks` and `socle worker`, as an operator meets them; and one event from a load to a
subscriber outside."""

import json
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time

import pytest

from socle.app.worker import listeners
from socle.foundations.directory.demo import VILLAGE, write_delta
from socle.kernel.db import Database
from socle.kernel.manifest import Listener, Manifest, Text, Wing
from socle.kernel.outbox.heard import Heard
from socle.standards.standard_webhooks import key_of, verify
from tests.support.command_line import begun, socle
from tests.support.outbox import announced, listener, worked
from tests.support.served import up

NAME = Text("nom", "name")
OPEN = {"SOCLE_WEBHOOKS_ALLOW_PRIVATE": "true"}


@dataclass
class Outside:
    """A subscriber in a process that Socle knows nothing of; `messages` are (headers in lower case, body)."""

    url: str = ""
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    more: threading.Condition = field(default_factory=threading.Condition)

    def has_received(self, count: int) -> bool:
        with self.more:
            return self.more.wait_for(lambda: len(self.messages) >= count, timeout=60)


@contextmanager
def outside() -> Iterator[Outside]:
    subscriber = Outside()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(204)
            self.end_headers()
            with subscriber.more:
                headers = {name.lower(): value for name, value in self.headers.items()}
                subscriber.messages.append((headers, body))
                subscriber.more.notify_all()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        subscriber.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield subscriber
        finally:
            server.shutdown()
            thread.join()


def test_a_load_reaches_a_subscriber(tmp_path: Path) -> None:
    with outside() as subscriber, up(tmp_path, SOCLE_DEMO_SIZE="village", **OPEN):
        added = socle(
            "webhooks", "add", subscriber.url, "--kind", "directory.loaded.1", home=tmp_path, **OPEN
        )
        assert added.returncode == 0, added.stderr
        found = re.match(r"(\w{16})  (whsec_\S+)", added.stdout)
        assert found
        tried = socle("webhooks", "test", found[1], home=tmp_path, **OPEN)
        assert (tried.returncode, tried.stdout) == (0, "Reçu, réponse 204. / Received, answer 204.\n")
        delta = write_delta(tmp_path / "delta", VILLAGE, changes=3).delta
        assert socle("load", "directory", "--delta", *delta, home=tmp_path).returncode == 0
        assert subscriber.has_received(2)
        listed = socle("webhooks", "list", home=tmp_path)
    for headers, body in subscriber.messages:
        verify(key_of(found[2]), headers, body, int(time()))
    kinds = [event["kind"] for _, body in subscriber.messages for event in json.loads(body)]
    assert kinds == ["webhook.trial.1", "directory.loaded.1"]
    assert found[1] in listed.stdout
    assert "active" in listed.stdout


def test_a_worker_of_its_own_delivers_and_stops_when_told(database_url: str, tmp_path: Path) -> None:
    with outside() as subscriber:
        environment = {"SOCLE_DATABASE": database_url, **OPEN}
        added = socle("webhooks", "add", subscriber.url, home=tmp_path, **environment)
        assert added.returncode == 0, added.stderr
        with begun("worker", home=tmp_path, printed=tmp_path / "printed", **environment) as worker:
            db = Database(database_url)
            announced(db, "a", 1, 2)
            db.close()
            assert subscriber.has_received(1)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0, (tmp_path / "printed").read_text()
    ((_, body),) = subscriber.messages
    assert [event["data"]["number"] for event in json.loads(body)] == [1, 2]


def test_the_listeners_of_the_house_are_ready_to_be_called() -> None:
    told = Manifest(
        "a", Wing.GROUND, NAME, NAME, "", listeners=(Listener("one", ("a.1",), f"{__name__}:parks"),)
    )
    (ready,) = listeners([told])
    assert (ready.name, ready.kinds) == ("one", frozenset({"a.1"}))
    assert ready.handler.__name__ == "parks"


def parks(unit: object, heard: Heard) -> None:
    raise ValueError


@pytest.fixture
def parked(database_url: str) -> str:
    """A database in which event 1 is parked, with event 2 behind it."""
    db = Database(database_url)
    announced(db, "record:1", 1, 2)
    worked(db, [listener("moody", parks)], tries=1)
    db.close()
    return database_url


def test_an_operator_sees_and_unblocks_what_is_parked(parked: str, tmp_path: Path) -> None:
    def said(*arguments: str) -> tuple[int, str]:
        done = socle("outbox", *arguments, home=tmp_path, SOCLE_DATABASE=parked, COLUMNS="200")
        return done.returncode, done.stdout + done.stderr

    code, status = said("status")
    assert code == 0
    assert re.search(r"moody +0 +0 +1 +1 +0", status), status
    code, shown = said("parked")
    assert re.search(r"moody +1 +test.counted.1 +record:1 .* 1 +1 +ValueError, parks", shown), shown
    assert said("retry", "moody", "2")[0] == 2, "only the one that is parked"
    assert said("retry", "moody", "1")[0] == 0
    assert said("set-aside", "moody", "1", "--reason", " ")[0] == 2
    assert said("set-aside", "moody", "1", "--reason", "sent by hand")[0] == 0
    code, aside = said("parked", "--state", "set-aside")
    assert (code, "record:1" in aside) == (0, True)
    code, back = said("take-back", "moody", "1")
    assert (code, "Bloquée de nouveau" in back) == (0, True), back
    assert re.search(r"moody +1 +test.counted.1 +record:1 ", said("parked")[1])
    assert "record:1" not in said("parked", "--state", "set-aside")[1]
    code, refused = said("take-back", "moody", "1")
    assert (code, "outbox-too-late" in refused) == (2, True), refused


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "https://127.0.0.1/"), "webhook-url-refused"),
        (("add", "https://subscriber.example/", "--kind", "no.1"), "webhook-kind-unknown"),
        (("resume", "nobody"), "webhook-unknown"),
        (("test", "nobody"), "webhook-unknown"),
    ],
)
def test_what_cannot_be_done_is_told(
    arguments: tuple[str, ...], code: str, sqlite_url: str, tmp_path: Path
) -> None:
    done = socle("webhooks", *arguments, home=tmp_path, SOCLE_DATABASE=sqlite_url)
    assert done.returncode == 2
    assert code in done.stderr


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with request.getfixturevalue("sqlite_template").fresh(tmp_path) as url:
        yield url


def test_a_webhook_is_kept_from_the_terminal(sqlite_url: str, tmp_path: Path) -> None:
    def said(*arguments: str) -> str:
        done = socle("webhooks", *arguments, home=tmp_path, SOCLE_DATABASE=sqlite_url, COLUMNS="200")
        assert done.returncode == 0, done.stderr
        return done.stdout

    id = said("add", "https://subscriber.example/hook").split()[0]
    assert said("rotate", id).startswith("whsec_")
    assert "Suspended" in said("suspend", id)
    assert "suspended (operator)" in said("list")
    assert "Resumed" in said("resume", id, "--after", "0")
    assert "after 0" in said("replay", id, "0")
    assert "Deleted" in said("delete", id)
    assert id not in said("list")
