"""The gateway as clients meet it: a real server on a real port."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from socle import __version__
from socle.app.manifests import house
from tests.app.running import running


def raw(server: str, request: bytes) -> bytes:
    """What the server answers to these very bytes, until it closes."""
    parts = urlsplit(server)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
        return answer


def code(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert {"type", "title", "status", "detail", "detail_fr", "rule", "instance"} == set(problem)
    assert problem["instance"] == f"urn:socle:request:{answer.headers['x-request-id']}"
    return str(problem["title"])


def test_the_process_says_that_it_lives_and_that_it_can_serve(program: httpx.Client) -> None:
    alive, ready = program.get("/healthz"), program.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "alive", "version": __version__})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert alive.headers["cache-control"] == ready.headers["cache-control"] == "no-store"


def test_a_database_without_its_tables_is_not_ready(tmp_path: Path) -> None:
    with running(tmp_path) as base:
        assert httpx.get(f"{base}/healthz", timeout=60).status_code == 200
        ready = httpx.get(f"{base}/readyz", timeout=60)
    assert (ready.status_code, ready.json()) == (503, {"status": "not-ready", "reason": "migrations"})


def test_a_database_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    with running(tmp_path) as base, httpx.Client(base_url=base, timeout=60) as visitor:
        assert visitor.get("/healthz").status_code == 200
        for file in tmp_path.glob("socle.sqlite3*"):
            file.unlink()
        (tmp_path / "socle.sqlite3").mkdir()
        ready = visitor.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"status": "not-ready", "reason": "database"})
        assert visitor.get("/healthz").status_code == 200


def test_the_list_of_services_is_that_of_the_manifests(program: httpx.Client, server: str) -> None:
    listed = program.get("/services.json").json()
    assert listed["base"] == server
    assert [service["name"] for service in listed["services"]] == [manifest.name for manifest in house()]
    told = {endpoint["path"] for service in listed["services"] for endpoint in service["endpoints"]}
    assert told == {endpoint.path for manifest in house() for endpoint in manifest.endpoints}
    commands = [endpoint["try"] for service in listed["services"] for endpoint in service["endpoints"]]
    assert not any("{" in command.partition("?")[0] for command in commands)


def test_every_endpoint_of_the_gateway_that_says_how_to_try_it_works(
    program: httpx.Client, server: str
) -> None:
    own = next(
        service
        for service in program.get("/services.json").json()["services"]
        if service["name"] == "gateway"
    )
    commands = [endpoint["try"] for endpoint in own["endpoints"] if endpoint["try"]]
    assert commands
    for command in commands:
        assert command.startswith(f"curl {server}/")
        assert program.get(command.removeprefix("curl ")).status_code == 200


def test_an_unknown_address_is_told_in_the_form_of_the_caller(
    client: httpx.Client, program: httpx.Client
) -> None:
    told = program.get("/nulle-part")
    assert (told.status_code, code(told)) == (404, "not-found")
    page = client.get("/nulle-part")
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Il n’y a rien à cette adresse" in page.text
    assert "/nulle-part" in page.text
    assert page.headers["x-request-id"] in page.text
    english = client.get("/nulle-part", headers={"Accept-Language": "en"})
    assert "There is nothing at this address" in english.text


def test_a_hostile_address_is_shown_escaped(client: httpx.Client) -> None:
    page = client.get("/<script>alert(1)</script>")
    assert page.status_code == 404
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    "path", ["/static/socle/socle.css", "/static/", "/healthz/deep", "/visite/99", "/visite/x"]
)
def test_what_does_not_exist_under_a_door_or_a_page_is_not_found(program: httpx.Client, path: str) -> None:
    told = program.get(path)
    if path == "/healthz/deep":
        assert told.status_code == 200
        return
    assert (told.status_code, code(told)) == (404, "not-found")


@pytest.mark.parametrize("path", ["/", "/services", "/healthz", "/services.json"])
def test_writing_where_one_reads_is_refused_with_what_is_allowed(program: httpx.Client, path: str) -> None:
    told = program.post(path, content=b"a=1")
    assert (told.status_code, code(told)) == (405, "method-not-allowed")
    assert told.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/healthz", "/services.json"])
def test_head_says_what_get_would(program: httpx.Client, path: str) -> None:
    got, head = program.get(path), program.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))


def test_bodies_and_targets_have_a_limit(program: httpx.Client) -> None:
    large = program.post("/services", content=b"a" * 1_048_577)
    assert (large.status_code, code(large)) == (413, "body-too-large")
    assert large.headers["connection"] == "close"
    chunked = program.post("/services", content=iter([b"a" * 262_144] * 5))
    assert (chunked.status_code, code(chunked)) == (413, "body-too-large")
    long = program.get("/services?q=" + "a" * 20_000)
    assert (long.status_code, code(long)) == (414, "target-too-long")


def test_a_refusal_of_the_edge_is_a_page_for_a_browser(client: httpx.Client) -> None:
    page = client.get("/services?q=" + "a" * 20_000)
    assert page.status_code == 414
    assert "L’adresse est trop longue" in page.text
    assert "content-security-policy" in page.headers


@pytest.mark.parametrize(
    ("request_head", "status", "title"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Big: " + b"a" * 200_000, b"431", "head-too-large"),
        (b"GET /" + b"a" * 200_000, b"431", "head-too-large"),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n", b"400", "bad-request"),
        (b"\x16\x03\x01\x02\x00\x01\x00", b"400", "bad-request"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"400", "bad-request"),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"400",
            "bad-request",
        ),
    ],
)
def test_what_is_not_http_is_refused_in_our_words(
    server: str, request_head: bytes, status: bytes, title: str
) -> None:
    head, _, body = raw(server, request_head).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert b"x-request-id: " in head
    assert orjson.loads(body)["title"] == title


@pytest.mark.parametrize(
    "target",
    ["/%00", "/%2e%2e/%2e%2e/etc/passwd", "/%ff%fe", "/services/%00", "/visite/99999999999999999999999"],
)
def test_a_strange_address_is_only_not_found(program: httpx.Client, target: str) -> None:
    assert program.get(target).status_code == 404


def test_a_strange_query_is_no_error(client: httpx.Client) -> None:
    assert client.get("/services?" + "&".join(["a=%ff"] * 900)).status_code == 200
    assert client.get("/?lang=%00&lang=en%0d%0aset-cookie:x").status_code == 200


def test_the_chosen_language_is_remembered(server: str) -> None:
    with httpx.Client(base_url=server, headers={"Accept": "text/html", "Accept-Language": "fr"}) as visitor:
        assert '<html lang="fr">' in visitor.get("/").text
        chosen = visitor.get("/?lang=en")
        assert '<html lang="en">' in chosen.text
        assert chosen.headers["content-language"] == "en"
        assert "samesite=lax" in chosen.headers["set-cookie"].lower()
        assert '<html lang="en">' in visitor.get("/services").text
        assert {"Accept-Language", "Cookie"} <= set(visitor.get("/").headers["vary"].split(", "))
        assert '<html lang="fr">' in visitor.get("/services?lang=fr").text


@pytest.mark.parametrize(("part", "home"), [("protocols", 404), ("portal", 200)])
def test_each_part_answers_its_own_and_its_health(tmp_path: Path, part: str, home: int) -> None:
    with running(tmp_path, part) as base, httpx.Client(base_url=base, timeout=60) as visitor:
        assert visitor.get("/healthz").status_code == 200
        assert visitor.get("/services.json").status_code == 200
        page = visitor.get("/", headers={"Accept": "text/html"})
        assert page.status_code == home
        assert "<main" in page.text


def test_the_server_does_not_name_itself(program: httpx.Client) -> None:
    assert "server" not in program.get("/").headers


@pytest.mark.parametrize(
    "path", ["/", "/comptes", "/healthz", "/fhir/v2/metadata", "/fhir/audit/metadata", "/rien"]
)
def test_no_address_sends_back_what_it_was_sent(program: httpx.Client, path: str) -> None:
    """The method TRACE (RFC 9110 §9.3.8) would."""
    told = program.request("TRACE", path, headers={"X-Secret": "une-loutre"})
    assert told.status_code in (401, 403, 404, 405)
    assert "une-loutre" not in told.text + str(told.headers)
    assert told.headers["content-type"] != "message/http"


@pytest.mark.parametrize(
    "path", ["/static", "/static/", "/static/socle", "/static/socle/", "/igc/", "/fhir/"]
)
def test_no_folder_is_listed(program: httpx.Client, path: str) -> None:
    told = program.get(path)
    assert told.status_code in (403, 404)
    assert ".css" not in told.text
    assert ".crl" not in told.text
