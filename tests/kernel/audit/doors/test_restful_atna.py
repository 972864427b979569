"""[ITI-81] spoken over HTTP: every page of the trail as sound R4, every refusal as an OperationOutcome, every reading
in the trail."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
import pytest

from socle.app.gates import gates
from socle.app.manifests import house
from socle.kernel.access import AUDITOR, OPERATOR, READ_TRAIL, Role
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.sessions import cookie_name, open_session
from socle.kernel.actors import BY_SYSTEM, Assurance
from socle.kernel.audit.doors.restful_atna import PREFIX, AuditEventDoor
from socle.kernel.audit.fhir import audit_event
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database, close_database, open_database
from socle.kernel.edge import Edge, Limits
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.sealing import unseal
from socle.kernel.settings import settings
from socle.standards.fhir.structure import check
from tests.support.trail import act, drain, lived_in

BASE = f"http://audit.example{PREFIX}"
TODAY = "date=ge2000-01-01&date=le2100-01-01"


@dataclass
class Asker:
    """Asks the door behind the product's own gate and edge, with the session of somebody who has a role."""

    db: Database
    runner: asyncio.Runner
    accounts: dict[str, str] = field(default_factory=dict)

    def token(self, role: Role) -> str:
        with self.db.unit() as unit:
            if role.code not in self.accounts:
                email = f"{role.code}@exemple.test"
                self.accounts[role.code] = invite(
                    unit, BY_SYSTEM, email=email, role=role, structure=""
                ).account
                unit.execute("UPDATE accounts_account SET state = 'active'")
            account = self.accounts[role.code]
            return open_session(unit, account, Assurance.SUBSTANTIAL, client="", agent="")

    def ask(
        self, target: str, *, role: Role | None = AUDITOR, method: str = "GET", **headers: str
    ) -> httpx.Response:
        """`target` is relative to the base address, or a whole address as links give them."""
        url = target if target.startswith("http") else f"{BASE}/{target}"
        cookies = {"Cookie": f"{cookie_name()}={self.token(role)}"} if role else {}

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(_edge(), client=("192.0.2.9", 40_000))
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.request(method, url, headers={**headers, **cookies})

        return self.runner.run(once())

    def bundle(self, target: str) -> dict[str, Any]:
        answer = self.ask(target)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        assert check(found) == []
        return found


def _edge() -> Edge:
    door, gate = AuditEventDoor(), gates(house())[PREFIX]

    async def gated(scope: Scope, receive: Receive, send: Send) -> None:
        scope["door"] = PREFIX
        await gate.check(scope)
        await door(scope, receive, send)

    return Edge(gated, Limits.of(settings()), lambda scope, error, reference: door.tell(error, reference))


@pytest.fixture
def asker(database_url: str) -> Iterator[Asker]:
    opened = open_database(database_url)
    with asyncio.Runner() as runner:
        runner.run(opened.open())
        try:
            yield Asker(opened, runner)
        finally:
            runner.run(opened.aclose())
            close_database()


def events(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle.get("entry", [])]


def link(bundle: dict[str, Any], relation: str) -> str:
    return next((one["url"] for one in bundle["link"] if one["relation"] == relation), "")


def documents(db: Database, table: str = "audit_entry", order: str = "position DESC") -> list[dict[str, Any]]:
    with db.reading() as session:
        rows = session.fetch(f"SELECT facts FROM {table} ORDER BY {order}")
    return [orjson.loads(bytes(facts)) for (facts,) in rows]


def test_the_whole_trail_is_read_page_by_page(asker: Asker) -> None:
    lived_in(asker.db)
    drain(asker.db)
    known = [audit_event(one, "socle.localhost/audit") for one in documents(asker.db)]
    pages = [asker.bundle(f"AuditEvent?{TODAY}&_count=120")]
    while following := link(pages[-1], "next"):
        act(asker.db, 1)
        drain(asker.db)
        pages.append(asker.bundle(following))
    assert [event for page in pages for event in events(page)] == known
    assert {len(events(page)) for page in pages[:-1]} == {120}
    assert {(page["type"], "total" in page) for page in pages} == {("searchset", False)}
    assert all(check(event) == [] for event in known)
    urls = [entry["fullUrl"] for page in pages for entry in page["entry"]]
    assert urls[0] == f"{BASE}/AuditEvent/{known[0]['id']}"
    assert len(set(urls)) == len(known)


def test_links_say_the_same_search_again(asker: Asker) -> None:
    act(asker.db, 1, entries=3)
    drain(asker.db)
    first = asker.bundle(f"AuditEvent?{TODAY}&subtype=test.read&_count=2&_format=json")
    again = asker.bundle(link(first, "self"))
    assert events(again) == events(first)
    assert parse_qs(urlsplit(link(first, "next")).query).keys() == {"date", "subtype", "_count", "_before"}
    second = asker.bundle(link(first, "next"))
    assert (len(events(second)), link(second, "next")) == (1, "")


def test_a_search_finds_by_person_organisation_act_and_outcome(asker: Asker) -> None:
    lived_in(asker.db)
    drain(asker.db)

    def ids(query: str) -> list[str]:
        return [event["id"] for event in events(asker.bundle(f"AuditEvent?{TODAY}&_count=500&{query}"))]

    of_seven = ids("patient.identifier=urn:socle:audit:subject%7Crecord:7")
    assert len(of_seven) == 2
    assert (
        ids("entity.identifier=record:7&agent.identifier=professional:p-1&entity=DocumentReference/7")
        == of_seven
    )
    assert ids("patient.identifier=record:7&agent.identifier=o-2") == []
    assert len(ids("type=110110&entity-role=1&action=R&agent.identifier=o-1")) > 270
    assert ids("outcome=4") == []
    assert ids(f"_id={of_seven[0]}") == of_seven[:1]
    unit = of_seven[0].partition("-")[0]
    assert of_seven[0] in ids(f"entity.identifier={unit}")
    assert ids("source=elsewhere") == []


def test_an_entry_is_read_by_its_identifier(asker: Asker) -> None:
    act(asker.db, 1, entries=3)
    drain(asker.db)
    for event in events(asker.bundle(f"AuditEvent?{TODAY}")):
        answer = asker.ask(f"AuditEvent/{event['id']}")
        assert (answer.status_code, answer.json()) == (200, event)
        assert answer.headers["content-type"].startswith("application/fhir+json")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        (b'"kind":', b'"kinc":'),
        (b'"assurance":', b'"assurancd":'),
        (b'"outcome":"0"', b'"outcome":000'),
        (b"{", b"["),
    ],
)
def test_a_changed_entry_is_told_beside_the_others(asker: Asker, written: bytes, changed: bytes) -> None:
    act(asker.db, 1, entries=3)
    drain(asker.db)
    before = events(asker.bundle(f"AuditEvent?{TODAY}&subtype=test.read"))
    with asker.db.unit() as unit:
        ((position, facts),) = unit.fetch(
            "SELECT position, facts FROM audit_entry WHERE action = 'test.read' ORDER BY position LIMIT 1"
        )
        forged = bytes(facts).replace(written, changed, 1)
        unit.execute("UPDATE audit_entry SET facts = ?1 WHERE position = ?2", forged, position)
    found = asker.bundle(f"AuditEvent?{TODAY}&subtype=test.read")
    assert [one["search"]["mode"] for one in found["entry"]] == ["match", "match", "outcome"]
    assert events(found)[:-1] == before[:-1]
    assert str(position) in events(found)[-1]["issue"][0]["details"]["text"]
    assert asker.ask(f"AuditEvent/{before[-1]['id']}").status_code == 404


def test_the_statement_says_what_the_door_does_and_is_open(asker: Asker) -> None:
    answer = asker.ask("metadata", role=None)
    statement = answer.json()
    assert check(statement) == []
    (resource,) = statement["rest"][0]["resource"]
    assert [one["code"] for one in resource["interaction"]] == ["read", "search-type"]
    assert "patient.identifier" in {one["name"] for one in resource["searchParam"]}


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("AuditEvent", 400, "trail-period-missing"),
        ("AuditEvent?date=ge2026-11-22", 400, "trail-period-missing"),
        ("AuditEvent?date=hier", 400, "fhir-bad-value"),
        (f"AuditEvent?{TODAY}&address=192.0.2.7", 400, "trail-parameter-unknown"),
        (f"AuditEvent?{TODAY}&_format=xml", 406, "fhir-not-acceptable"),
        (f"AuditEvent?{TODAY}&outcome=%FF", 400, "fhir-bad-value"),
        ("AuditEvent/0660e0a09eab88500e76545b0633e9d3-0", 404, "trail-event-unknown"),
        ("AuditEvent/x", 404, "trail-event-unknown"),
        ("Patient/1", 404, "not-found"),
    ],
)
def test_a_refusal_is_an_operation_outcome(asker: Asker, target: str, status: int, code: str) -> None:
    answer = asker.ask(target)
    told = answer.json()
    assert check(told) == []
    assert (answer.status_code, told["issue"][0]["details"]["coding"][0]["code"]) == (status, code)


def test_nobody_writes_through_this_door(asker: Asker) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = asker.ask("AuditEvent", method=method)
        assert answer.json()["resourceType"] == "OperationOutcome"
        assert answer.status_code in (404, 405)


@pytest.mark.parametrize("role", [None, OPERATOR])
def test_who_may_not_read_the_trail_gets_a_reference_that_an_auditor_resolves(
    asker: Asker, role: Role | None
) -> None:
    for target in (f"AuditEvent?{TODAY}", "AuditEvent/x"):
        answer = asker.ask(target, role=role)
        assert answer.status_code == 403
        reference = answer.json()["issue"][0]["details"]["text"].rpartition(" ")[2]
        drain(asker.db)
        (found,) = events(asker.bundle(f"AuditEvent?{TODAY}&entity.identifier={reference}"))
        assert found["subtype"][0]["code"] == "access.refused"
        details = {one["type"]: one["valueString"] for one in found["entity"][0]["detail"]}
        assert details["permission"] == READ_TRAIL.code


def test_every_reading_is_in_the_trail_before_it_is_answered(asker: Asker) -> None:
    act(asker.db, 7)
    drain(asker.db)
    (event, *_) = events(asker.bundle(f"AuditEvent?{TODAY}&patient.identifier=record:7"))
    assert asker.ask(f"AuditEvent/{event['id']}").status_code == 200
    searched, read = (
        one for one in documents(asker.db, "audit_inbox", "seq") if one["action"].startswith("audit.")
    )
    assert (searched["action"], searched["data"], "subject" in searched) == (
        "audit.searched",
        {"found": 1},
        False,
    )
    assert (read["action"], read["subject"]) == ("audit.read", "record:7")
    assert read["target"] == f"AuditEvent/{event['id']}"
    assert read["actor"]["id"] == asker.accounts["auditor"]
    assert b"record:7" not in orjson.dumps(searched)
    assert _asked(asker.db, searched) == f"{TODAY}&patient.identifier=record:7"
    drain(asker.db)
    assert verify(asker.db).findings == []


def _asked(db: Database, searched: dict[str, Any]) -> str:
    """What was searched for, unsealed."""
    unit = bytes.fromhex(searched["unit"])
    with db.reading() as session:
        ((sealed,),) = session.fetch("SELECT actor_sealed FROM audit_inbox WHERE unit = ?1", unit)
        details = unseal(session, f"agent:{searched['actor']['id']}", f"audit:{unit.hex()}:0", bytes(sealed))
    assert details["client"] == "192.0.2.9"
    return str(details["asked"].replace("%3A", ":"))


def test_an_unjournaled_reading_is_not_answered(asker: Asker) -> None:
    act(asker.db, 1)
    drain(asker.db)
    token = asker.token(AUDITOR)
    with asker.db.unit() as unit:
        unit.execute("ALTER TABLE audit_inbox RENAME TO audit_elsewhere")

    asker.token = lambda role: token  # type: ignore[method-assign]
    answer = asker.ask(f"AuditEvent?{TODAY}")
    assert answer.status_code == 500
    assert "test.read" not in answer.text
