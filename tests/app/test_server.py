"""One running Socle as those who operate it see it: its TLS door, its figures, its log."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.app.running import running
from tests.kernel.tls.authorities import Authorities
from tests.support.command_line import environment, socle
from tests.support.databases import migrate

_SERVE = """
import socket, sys
from socle.app.server import serve
plain, tls = (socket.socket(fileno=int(number)) for number in sys.argv[2:])
serve(sys.argv[1], listening=plain, tls_listening=tls)
"""


@dataclass(frozen=True, slots=True)
class Doors:
    plain: str
    tls: str


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    return Authorities(tmp_path_factory.mktemp("authorities"))


def tls_settings(authorities: Authorities) -> dict[str, str]:
    return {
        "SOCLE_TLS_PORT": "1",
        "SOCLE_TLS_CERTIFICATE": str(authorities.server.certificate),
        "SOCLE_TLS_KEY": str(authorities.server.key),
        "SOCLE_TLS_CLIENT_CA": str(authorities.client_ca),
    }


@contextmanager
def serving(home: Path, part: str, log: Path, **variables: str) -> Iterator[Doors]:
    """A Socle on both of its doors, which log into `log`."""
    migrate(f"sqlite:///{home / 'socle.sqlite3'}", home)
    with (
        socket.create_server(("127.0.0.1", 0)) as plain,
        socket.create_server(("127.0.0.1", 0)) as tls,
        log.open("w") as said,
    ):
        numbers = [plain.fileno(), tls.fileno()]
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, part, *map(str, numbers)],
            env=environment(home, DJANGO_SETTINGS_MODULE="socle.app.django_settings", **variables),
            pass_fds=numbers,
            stderr=said,
        )
        doors = Doors(
            f"http://127.0.0.1:{plain.getsockname()[1]}", f"https://127.0.0.1:{tls.getsockname()[1]}"
        )
    try:
        yield doors
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_one_process_serves_both_doors_and_logs_both(authorities: Authorities, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    chosen = {"SOCLE_LOG_ACCESS": "on", "SOCLE_METRICS_TOKEN": "jeton-des-mesures"}
    with serving(tmp_path, "all", log, **tls_settings(authorities), **chosen) as doors:
        plain = httpx.get(
            f"{doors.plain}/healthz?nom=Dupont", headers={"X-Request-ID": "plain-1"}, timeout=60
        )
        assert plain.status_code == 200
        with httpx.Client(verify=authorities.presenting(authorities.client), timeout=60) as known:
            told = known.get(f"{doors.tls}/healthz", headers={"X-Request-ID": "tls-1"})
            assert told.status_code == 200
            assert "date" in told.headers
        with (
            pytest.raises(httpx.TransportError),
            httpx.Client(verify=authorities.presenting(None), timeout=60) as unknown,
        ):
            unknown.get(f"{doors.tls}/healthz")
        authorization = {"Authorization": "Bearer jeton-des-mesures", "X-Forwarded-For": "203.0.113.9"}
        figures = httpx.get(f"{doors.plain}/metrics", headers=authorization, timeout=60)
        refused = httpx.get(f"{doors.plain}/metrics", headers={"X-Forwarded-For": "203.0.113.9"}, timeout=60)
    assert (figures.status_code, refused.status_code) == (200, 403)
    assert refused.json()["title"] == "metrics-closed"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    access = {line.get("request_id"): line for line in lines if line["logger"] == "socle.access"}
    assert (access["plain-1"]["path"], access["plain-1"]["status"]) == ("/healthz", 200)
    assert access["tls-1"]["method"] == "GET"
    assert any("TLS door on port" in line["message"] for line in lines)
    assert "Dupont" not in log.read_text()
    assert "jeton-des-mesures" not in log.read_text()


def test_the_tls_part_opens_one_door_only(authorities: Authorities, tmp_path: Path) -> None:
    with serving(tmp_path, "tls", tmp_path / "log.jsonl", **tls_settings(authorities)) as doors:
        with httpx.Client(verify=authorities.presenting(authorities.client), timeout=60) as known:
            assert known.get(f"{doors.tls}/readyz").json() == {"status": "ready"}
            assert known.get(f"{doors.tls}/annuaire").status_code == 404
        # The socket of the plain port is the test's own, and listens: nobody answers there.
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{doors.plain}/healthz", timeout=1)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SOCLE_TLS_CERTIFICATE": ""}, "SOCLE_TLS_CERTIFICATE"),
        ({"SOCLE_TLS_CLIENT_CA": ""}, "SOCLE_TLS_CLIENT_CA"),
        ({"SOCLE_TLS_KEY": "missing.key"}, "missing.key"),
    ],
)
def test_a_tls_door_that_cannot_open_says_why(
    changed: dict[str, str], named: str, authorities: Authorities, tmp_path: Path
) -> None:
    chosen = {name: value for name, value in {**tls_settings(authorities), **changed}.items() if value}
    told = socle("up", "--part", "tls", home=tmp_path, SOCLE_DEMO_SIZE="village", **chosen)
    assert told.returncode == 2
    assert "tls-door-unusable" in told.stderr
    assert any(named in line for line in told.stderr.splitlines())


def test_requests_are_counted_by_door(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'socle.sqlite3'}", tmp_path)
    with running(tmp_path) as base, httpx.Client(base_url=base, timeout=60) as client:
        for path in ("/healthz", "/healthz", "/nulle-part", "/services.json", "/"):
            client.get(path)
        page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = {
        (sample.labels["door"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
        if sample.name == "socle_request_duration_seconds_count"
    }
    assert told == {
        ("/healthz", "2xx"): 2,
        ("/services.json", "2xx"): 1,
        ("pages", "2xx"): 1,
        ("pages", "4xx"): 1,
    }
    assert "socle_figures_missing 0.0" in page.text
    assert "socle_audit_inbox_age_seconds 0.0" in page.text
