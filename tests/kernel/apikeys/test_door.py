"""The portal before a door: keys, quota, incidents, each told in the portal's form and none in the door's."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
import time_machine

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.apikeys.acts import issue, set_incidents
from socle.kernel.apikeys.door import KeyedDoor, Rules
from socle.kernel.apikeys.incidents import Incident, Share
from socle.kernel.db import Database, close_database, open_database
from socle.kernel.edge import Edge, Limits, json_reply, problem_reply, send_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.replies import Reply
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.settings import settings

RULES = Rules(header="esante-api-key", a_second=0, incidents=(), slow_seconds=0.0)
KEY = {"ESANTE-API-KEY": "socle-demo"}


class Inside:
    """A door that says who calls."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/lost":
            raise SocleError(NOT_FOUND, path="/lost")
        acting = scope["acting"]
        await send_reply(send, json_reply(200, {"kind": acting.actor.kind, "id": acting.actor.id}))

    def tell(self, error: SocleError, reference: str) -> Reply:
        return problem_reply(error, reference)


Ask = Callable[..., httpx.Response]


def asking(rules: Rules) -> Ask:
    door = KeyedDoor(Inside(), "directory", lambda: rules)
    edge = Edge(door, Limits.of(settings()), lambda scope, error, reference: door.tell(error, reference))

    def ask(path: str = "/", **headers: str) -> httpx.Response:
        async def once() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(edge)) as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.get(f"http://portal.example{path}", headers=named)

        return asyncio.run(once())

    return ask


def refusal(answer: httpx.Response) -> tuple[int, str, int]:
    said: dict[str, Any] = answer.json()
    assert answer.headers["x-socle-fidelity"] == "assumed"
    assert said["detail_fr"]
    assert said["rule"]
    return answer.status_code, said["title"], said["http_status_code"]


def test_a_key_says_which_software_calls() -> None:
    assert asking(RULES)(**KEY).json() == {"kind": "software", "id": "demo"}


def test_without_a_key_nothing_is_answered() -> None:
    answer = asking(RULES)()
    assert refusal(answer) == (401, "api-key-missing", 401)
    assert "ESANTE-API-KEY" in answer.json()["detail"]
    assert asking(RULES)("/lost").status_code == 401


def test_the_door_s_own_refusals_keep_their_form() -> None:
    answer = asking(RULES)("/lost", **KEY)
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")
    assert "x-socle-fidelity" not in answer.headers


def test_a_quota_counts_each_key_by_the_second() -> None:
    ask = asking(replace(RULES, a_second=2))
    with time_machine.travel("2026-01-01 10:00:00.1Z", tick=False):
        assert [ask(**KEY).status_code for _ in range(3)] == [200, 200, 429]
        refused = ask(**KEY)
    assert refusal(refused) == (429, "api-quota", 429)
    assert refused.headers["retry-after"] == "1"
    with time_machine.travel("2026-01-01 10:00:01.2Z", tick=False):
        assert ask(**KEY).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ("401", 401, "api-key-refused"),
        ("429", 429, "api-quota"),
        ("502", 502, "portal-bad-gateway"),
        ("504", 504, "portal-timeout"),
    ],
)
def test_a_tester_asks_for_an_incident(wanted: str, status: int, code: str) -> None:
    assert refusal(asking(RULES)(**KEY, X_Socle_Incident=wanted)) == (status, code, status)


@pytest.mark.parametrize("wanted", ["slow", "unheard-of"])
def test_an_incident_may_let_the_answer_through(wanted: str) -> None:
    assert asking(RULES)(**KEY, X_Socle_Incident=wanted).status_code == 200


def test_a_setting_spreads_incidents_over_the_calls() -> None:
    ask = asking(replace(RULES, incidents=(Share(Incident.BAD_GATEWAY, 25),)))
    assert [ask(**KEY).status_code for _ in range(8)] == [200, 200, 200, 502] * 2


def test_a_key_has_its_own_quota_and_its_own_bad_days(database: Database) -> None:
    with database.unit() as unit:
        quick, first = issue(unit, BY_SYSTEM, service="directory", label="Quick", a_second=3)
        slow, second = issue(unit, BY_SYSTEM, service="directory", label="Unlucky", a_second=0)
        set_incidents(unit, BY_SYSTEM, slow.id, "502:50")
    assert quick.a_second == 3

    def statuses(presented: str) -> list[int]:
        rules = replace(RULES, a_second=1)
        door = KeyedDoor(Inside(), "directory", lambda: rules)
        edge = Edge(door, Limits.of(settings()), lambda scope, error, reference: door.tell(error, reference))

        async def called() -> list[int]:
            opened = open_database(database.url)
            await opened.open()
            headers = {"ESANTE-API-KEY": presented}
            async with httpx.AsyncClient(transport=httpx.ASGITransport(edge), headers=headers) as client:
                answers = [await client.get("http://portal.example/") for _ in range(4)]
            await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
            await opened.aclose()
            close_database()
            return [answer.status_code for answer in answers]

        with time_machine.travel("2026-01-01 10:00:00.1Z", tick=False):
            return asyncio.run(called())

    assert statuses(first) == [200, 200, 200, 429]
    assert statuses(second) == [200, 502, 200, 502]
