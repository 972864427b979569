"""What the FHIR API refuses: always an OperationOutcome, with a code, a French and an English sentence and the rule."""

import re
import socket
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.engines.fhirstore import faults
from socle.engines.fhirstore.links import PageLink, seal
from socle.engines.fhirstore.query import CRITERIA_LIMIT
from socle.foundations.directory.stores import PUBLIC
from socle.kernel import errors
from socle.kernel.edge.limits import BAD_REQUEST
from socle.kernel.errors import CATALOGUE, ErrorKind
from socle.kernel.fhir import faults as shared
from tests.conftest import ENGINES
from tests.support.fhir_server import DELETED, HOSPITAL, SECRET, Served, serving

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module", params=ENGINES)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(request.param, request, tmp_path_factory.mktemp("served")) as opened:
        yield opened


def issue_of(answer: httpx.Response) -> dict[str, Any]:
    """The one issue of an OperationOutcome, after what every refusal owes was checked."""
    assert answer.headers["content-type"].startswith("application/fhir+json"), answer.text
    outcome = answer.json()
    assert outcome.keys() == {"resourceType", "issue"}
    issue: dict[str, Any]
    (issue,) = outcome["issue"]
    assert (outcome["resourceType"], issue["severity"]) == ("OperationOutcome", "error")
    assert issue["details"]["text"]
    assert " Rule: " in issue["diagnostics"]
    assert f"[request {answer.headers['x-request-id']}]" in issue["diagnostics"]
    kind = CATALOGUE[issue["details"]["coding"][0]["code"]]
    assert (answer.status_code, issue["code"]) == (kind.status, kind.fhir)
    return issue


def kind_of(answer: httpx.Response) -> ErrorKind:
    return CATALOGUE[issue_of(answer)["details"]["coding"][0]["code"]]


def expired_link() -> str:
    key = HKDF(SHA256(), 32, salt=b"socle", info=b"fhir-page-links").derive(SECRET.encode())
    link = PageLink(PUBLIC.name, "Practitioner", (("family", "d"), ("_count", "5")), 1, 1, "next", None, 0)
    return f"_page?id={seal(link, key)}"


Asked = tuple[str, str, dict[str, str], bytes]
MANY = ",".join("1" * (CRITERIA_LIMIT + 1))
# Every active practitioner, in pages whose link would not fit an address.
LONG = f"active=true,{Random(1).randbytes(15_000).hex()}&_count=1".encode()
WALK: list[tuple[ErrorKind, Asked]] = [
    (faults.UNKNOWN_TYPE, ("GET", "Patient/1", {}, b"")),
    (faults.UNKNOWN_TYPE, ("GET", "Patient?name=a", {}, b"")),
    (faults.UNKNOWN_TYPE, ("POST", "Patient/_search", {"Content-Type": FORM}, b"")),
    (faults.UNKNOWN_RESOURCE, ("GET", "Practitioner/nobody", {}, b"")),
    (faults.GONE, ("GET", f"Practitioner/{DELETED}", {}, b"")),
    (faults.READ_ONLY, ("PUT", f"Organization/{HOSPITAL}", {}, b"{}")),
    (faults.READ_ONLY, ("DELETE", f"Organization/{HOSPITAL}", {}, b"")),
    (faults.READ_ONLY, ("PATCH", f"Organization/{HOSPITAL}", {}, b"[]")),
    (faults.READ_ONLY, ("POST", "Organization", {}, b"{}")),
    (faults.READ_ONLY, ("POST", "", {}, b"{}")),
    (faults.READ_ONLY, ("PUT", "Practitioner/_search", {}, b"")),
    (faults.UNKNOWN_PARAMETER, ("GET", "Practitioner?colour=red", {}, b"")),
    (faults.UNKNOWN_PARAMETER, ("GET", "Practitioner?_sort=family", {}, b"")),
    (faults.UNKNOWN_PARAMETER, ("GET", "PractitionerRole?_has:Device:organization:type=1", {}, b"")),
    (faults.UNKNOWN_MODIFIER, ("GET", "Practitioner?family:sounds=a", {}, b"")),
    (faults.UNKNOWN_MODIFIER, ("GET", "Practitioner?active:exact=true", {}, b"")),
    (faults.UNKNOWN_MODIFIER, ("GET", "PractitionerRole?practitioner:Patient=1", {}, b"")),
    (faults.BAD_CHAIN, ("GET", "PractitionerRole?practitioner.colour=red", {}, b"")),
    (faults.BAD_CHAIN, ("GET", "PractitionerRole?colour.name=red", {}, b"")),
    (faults.BAD_CHAIN, ("GET", "PractitionerRole?practitioner:Organization.name=a", {}, b"")),
    (faults.BAD_CHAIN, ("GET", "PractitionerRole?organization.partof.name=a", {}, b"")),
    (faults.BAD_INCLUDE, ("GET", "Practitioner?_include=*", {}, b"")),
    (faults.BAD_INCLUDE, ("GET", "Practitioner?_include:iterate=*", {}, b"")),
    (faults.BAD_INCLUDE, ("GET", "Organization?_revinclude=Practitioner:organization", {}, b"")),
    (faults.BAD_INCLUDE, ("GET", "PractitionerRole?_include=PractitionerRole:practitioner:Device", {}, b"")),
    (faults.PAGE_FORGED, ("GET", "_page?id=AAAA", {}, b"")),
    (faults.PAGE_EXPIRED, ("GET", expired_link(), {}, b"")),
    (faults.PAGE_TOO_LONG, ("POST", "Practitioner/_search", {"Content-Type": FORM}, LONG)),
    (shared.NOT_ACCEPTABLE, ("GET", "metadata", {"Accept": "application/fhir+xml"}, b"")),
    (shared.NOT_ACCEPTABLE, ("GET", "Practitioner?_format=xml", {}, b"")),
    (shared.NOT_ACCEPTABLE, ("GET", f"Organization/{HOSPITAL}?_format=ttl", {}, b"")),
    (shared.BAD_FORM, ("POST", "Practitioner/_search", {"Content-Type": "application/json"}, b"{}")),
    (shared.BAD_FORM, ("POST", "Practitioner/_search", {}, b"family=a")),
    (faults.TOO_MANY_CRITERIA, ("GET", f"Practitioner?_id={MANY}", {}, b"")),
    (errors.NOT_FOUND, ("GET", "no-such-thing", {}, b"")),
    (errors.NOT_FOUND, ("GET", "Practitioner/1/_history/1", {}, b"")),
    (errors.NOT_FOUND, ("GET", "", {}, b"")),
    (errors.METHOD_NOT_ALLOWED, ("OPTIONS", "Practitioner", {}, b"")),
    (errors.METHOD_NOT_ALLOWED, ("QUERY", "Practitioner", {}, b"")),
    (errors.TARGET_TOO_LONG, ("GET", f"Practitioner?family={'a' * 20_000}", {}, b"")),
    (errors.BODY_TOO_LARGE, ("POST", "Practitioner/_search", {"Content-Type": FORM}, b"a" * 1_100_000)),
]


@pytest.mark.parametrize(
    ("kind", "asked"), WALK, ids=lambda value: value.code if isinstance(value, ErrorKind) else ""
)
def test_a_refusal_is_an_operation_outcome(served: Served, kind: ErrorKind, asked: Asked) -> None:
    method, target, headers, body = asked
    answer = served.client.request(method, target, headers=headers, content=body)
    assert kind_of(answer) is kind


def test_every_refusal_of_the_door_is_walked() -> None:
    """But for those of writers and of loads, which no address of this API makes, and the warning of a full answer."""
    elsewhere = {faults.REFUSED_RESOURCE, faults.STORE_BUSY, faults.OVERTAKEN, faults.INCLUDED_CUT}
    told = {kind for kind, _ in WALK} | {shared.BAD_VALUE}
    assert {kind for code, kind in CATALOGUE.items() if code.startswith("fhir-")} - told - elsewhere == set()


BAD_VALUES = [
    ("Practitioner?active=", "active="),
    ("Practitioner?active=,", "active=,"),
    ("Practitioner?active:missing=yes", "active:missing=yes"),
    ("Practitioner?family=%27", "family='"),
    ("Practitioner?family=a,,b", "family=a,,b"),
    ("Practitioner?identifier=%7C", "identifier=|"),
    ("Practitioner?_id=", "_id="),
    ("Practitioner?_count=many", "_count=many"),
    ("Practitioner?_total=all", "_total=all"),
    ("Practitioner?_lastUpdated=yesterday", "_lastUpdated=yesterday"),
    ("Practitioner?_lastUpdated=2025-02-30", "_lastUpdated=2025-02-30"),
    ("Practitioner?_lastUpdated=xx2025", "_lastUpdated=xx2025"),
    ("Practitioner?_lastUpdated=ge2025-01-06T06:00:00+01:00", "_lastUpdated=ge2025-01-06T06:00:00 01:00"),
    ("Organization?period=2025-13", "period=2025-13"),
    ("PractitionerRole?practitioner=Pomme/1", "practitioner=Pomme/1"),
    ("Practitioner?family=%FF", "family=%FF"),
    ("Practitioner?family=%ED%A0%80", "family=%ED%A0%80"),
]


@pytest.mark.parametrize(("target", "shown"), BAD_VALUES)
def test_a_bad_value_is_told_with_what_would_pass(served: Served, target: str, shown: str) -> None:
    issue = issue_of(served.get(target))
    assert issue["code"] == "value"
    assert shown in issue["details"]["text"]
    assert shown in issue["diagnostics"]
    assert issue["details"]["text"] not in issue["diagnostics"]


# -- Hostile and malformed requests

NULS = """
    mailbox-mss=%00 mailbox-mss:exact=a%00b mailbox-mss:contains=%00 identifier=%00|1 _id=a%00 active=%00
    _lastUpdated=%00 _count=%00 _elements=%00 %00=1 _total=%00 organization=%00 organization=Organization/%00
    organization.name=%00 practitioner:Practitioner=%00 _format=%00
""".split()


@pytest.mark.parametrize("query", NULS)
def test_a_null_character_is_refused(served: Served, query: str) -> None:
    assert issue_of(served.get(f"PractitionerRole?{query}&_count=10"))["code"] == "value"
    form = {"Content-Type": FORM}
    answer = served.client.post("PractitionerRole/_search", content=query.replace("%00", "\0"), headers=form)
    assert issue_of(answer)["code"] == "value"


PATHS = """
    Practitioner/%00 Practitioner/%FF Practitioner/a%2Fb %2e%2e/metadata Practitioner//1 Practitioner/é
    Practitioner/1/2/3 Practitioner%2F1 % %zz Practitioner/% \\
""".split()


@pytest.mark.parametrize("path", [*PATHS, f"Practitioner/{'a' * 65}"])
def test_a_path_that_means_nothing_is_not_found(served: Served, path: str) -> None:
    assert kind_of(served.get(path)).status == 404


@pytest.mark.parametrize("query", ["%", "%zz", "=", "&&&", "family=%", "?", "a=b=c", ";", "%26%3D"])
def test_odd_percent_signs_are_read_or_refused(served: Served, query: str) -> None:
    answer = served.get(f"Practitioner?{query}&_count=1")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or issue_of(answer)


def test_a_form_that_is_not_a_form_is_refused(served: Served) -> None:
    for body in (b"\xff\xfe", b"family=\xff", "family=é".encode(), b"\0=\0", b"&".join([b"a=1"] * 501)):
        answer = served.client.post("Practitioner/_search", content=body, headers={"Content-Type": FORM})
        assert issue_of(answer)["code"] in ("value", "not-supported")


def test_long_values_are_searched_for(served: Served) -> None:
    for name in ("family", "family:contains", "family:exact", "identifier", "_id", "given"):
        answer = served.get(f"Practitioner?{name}={'é' * 2_000}")
        assert (answer.status_code, answer.json()["total"]) == (200, 0)


LIKE = ("%", "_", "%%%", "!", "\\", "'", '"', "*", "$", "--", ";DROP TABLE fhirstore_version", "') OR 1=1 --")


@pytest.mark.parametrize("text", LIKE)
def test_what_means_something_in_sql_means_nothing_here(served: Served, text: str) -> None:
    for name in ("family:contains", "family", "family:exact", "identifier", "_id"):
        answer = served.client.get("Practitioner", params={name: f"{text}zqx"})
        assert (answer.status_code, answer.json()["total"]) == (200, 0), name


def raw(served: Served, head: bytes) -> tuple[int, bytes]:
    """Status and body of a request that a well-behaved client would not send."""
    base = httpx.URL(served.base)
    with socket.create_connection((base.host, base.port or 80), timeout=30) as connection:
        keyed = head.replace(b" HTTP/1.1\n", b" HTTP/1.1\nESANTE-API-KEY: socle-demo\n")
        connection.sendall(keyed.replace(b"\n", b"\r\n"))
        with connection.makefile("rb") as answer:
            status = int(answer.readline().split()[1])
            return status, answer.read()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /fhir/v2/metadata HTTP/1.1\nHost: x\nHost: y\nConnection: close\n\n", (200, 400)),
        (b"GET /fhir/v2/metadata HTTP/1.1\nHost: <script>\nConnection: close\n\n", (200, 400)),
        (b"GET /fhir/v2/\xff\xfe HTTP/1.1\nHost: x\nConnection: close\n\n", (400, 404)),
        (b"GET /fhir/v2/Practitioner?a=\x00 HTTP/1.1\nHost: x\nConnection: close\n\n", (400,)),
        (
            b"POST /fhir/v2/Practitioner/_search HTTP/1.1\nHost: x\nContent-Length: -1\nConnection: close\n\n",
            (400,),
        ),
        (b"nonsense\n\n", (400,)),
    ],
)
def test_malformed_http_is_refused(served: Served, head: bytes, status: tuple[int, ...]) -> None:
    code, body = raw(served, head)
    assert code in status
    assert b"<script>" not in body
    assert BAD_REQUEST.status == 400


def test_a_strange_host_does_not_reach_the_links(served: Served) -> None:
    for host in ("evil.example/x", "a b", "é.example", '"><script>', "", "[::1"):
        answer = served.client.get("Practitioner?_count=1", headers={b"Host": host.encode()})
        assert answer.status_code in (200, 400)
        if answer.status_code == 200:
            links = [link["url"] for link in answer.json()["link"]]
            assert all(re.match(r"http://localhost:\d+/fhir/v2/", link) for link in links), links


names = st.sampled_from(
    ["family", "identifier", "_id", "_lastUpdated", "active", "qualification-code", "_count", "mailbox-mss"]
)
modifiers = st.sampled_from(
    ["", ":exact", ":contains", ":not", ":missing", ":text", ":", ".", ".name", ":Practitioner"]
)


@settings(max_examples=60)
@given(name=names, modifier=modifiers, value=st.text(max_size=12))
def test_any_text_is_searched_for_or_refused(served: Served, name: str, modifier: str, value: str) -> None:
    try:
        target = f"Practitioner?{quote(name + modifier)}={quote(value)}"
    except UnicodeEncodeError:
        return
    answer = served.get(target)
    assert answer.status_code == 200 or issue_of(answer)["code"] in ("value", "not-supported", "too-costly")
