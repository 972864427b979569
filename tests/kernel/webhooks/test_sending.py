"""What reaches a subscriber, in which order, signed how; and what happens when it does not."""

import asyncio
import json
import ssl
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import trustme

from socle.app.worker import listeners
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.webhooks import acts
from socle.kernel.webhooks.client import post
from socle.kernel.webhooks.faults import CURSOR_OUT_OF_LOG, KIND_UNKNOWN, NOT_IN_STATE, UNKNOWN, URL_REFUSED
from socle.kernel.webhooks.hooks import HookState, figures, hooks, signing_keys
from socle.kernel.webhooks.manifest import MANIFEST
from socle.kernel.webhooks.sending import claim, delay
from socle.kernel.webhooks.settings import WebhookSettings
from socle.kernel.webhooks.trial import send_trial
from socle.standards.standard_webhooks import key_of, verify
from tests.kernel.webhooks.house import CHOSEN, KNOWN, REFUSAL, House, in_house
from tests.support.outbox import worked
from tests.support.subscriber import Subscriber, dripping, saying, silence


def test_events_arrive_in_order_in_batches_signed(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1, 2, 3)
        assert await house.send()
        await house.announce(4)
        assert await house.send()
        assert not await house.send()
        assert house.numbers() == [[1, 2], [3, 4]]
        assert house.hook.last_status == 204
        assert len({one.headers["webhook-id"] for one in house.subscriber.received}) == 2

    in_house(database, story, chosen=CHOSEN.model_copy(update={"batch_events": 2}))


def test_a_message_is_closed_before_it_is_too_large(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(*range(20))
        while await house.send():
            pass
        sizes = [len(one.body) for one in house.subscriber.received]
        assert max(sizes) <= 1_100
        assert list(chain.from_iterable(house.numbers())) == list(range(20))

    in_house(database, story, chosen=CHOSEN.model_copy(update={"batch_bytes": 1_024}))


def test_what_fails_is_sent_again_the_same_under_the_same_name(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        assert not await house.send()
        assert (house.hook.failures, house.hook.reason) == (1, "status-500")
        house.clock.pass_by(2)
        with house.db.reading() as session:
            (told,) = figures(session, house.clock())
        assert (told.id, told.state, told.behind, told.failing) == (house.id, HookState.ACTIVE, 2, 2.0)
        await house.announce(2)
        assert not await house.send()
        assert len(house.subscriber.received) == 1, "not before its time"
        house.clock.pass_by(delay(1))
        assert await house.send()
        assert house.hook.failures == 0
        first, second = house.subscriber.received
        assert first.body == second.body
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
        assert await house.send()
        assert house.read(house.subscriber.received[2]) == [2]

    in_house(database, story, REFUSAL, saying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (silence, "timeout"),
        (dripping, "timeout"),
        (saying(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\n\r\n"), "status-302"),
        (saying(b"HTTP/1.1 307 Again\r\nlocation: http://127.0.0.1:1/\r\n\r\n"), "status-307"),
        (saying(b"HTTP/1.1 404 No\r\n\r\n"), "status-404"),
        (saying(b"not HTTP at all\r\n\r\n"), "bad-answer"),
        (saying(b""), "bad-answer"),
    ],
)
def test_each_bad_answer_has_a_name_and_loses_nothing(database: Database, answer: Any, reason: str) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        assert not await house.send()
        assert (house.hook.reason, house.hook.state) == (reason, HookState.ACTIVE)
        assert len(house.subscriber.received) == 1, "no redirection is followed"

    seconds = 0.3 if reason == "timeout" else 5
    in_house(database, story, answer, chosen=CHOSEN.model_copy(update={"seconds": seconds}))


def test_a_long_answer_is_not_read(database: Database) -> None:
    endless = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n" + b"x" * 65_536

    async def story(house: House) -> None:
        await house.announce(1)
        assert await house.send()

    in_house(database, story, saying(endless))


def test_nobody_there_is_told_too(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        with house.db.unit() as unit:
            unit.execute("UPDATE webhook SET url = 'http://127.0.0.1:9/'")
        assert not await house.send()
        assert house.hook.reason == "no-connection"

    in_house(database, story)


@pytest.mark.parametrize("host", ["a..b", "a" * 64, "[::1%25]", "[::1"])
def test_an_address_that_was_accepted_once_and_is_none_is_a_failure(database: Database, host: str) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        with house.db.unit() as unit:
            unit.execute("UPDATE webhook SET url = ?1", f"http://{host}/")
        assert not await house.send()
        assert (house.hook.reason, house.hook.failures) == ("no-connection", 1)
        outcome = await asyncio.to_thread(send_trial, house.db, BY_SYSTEM, house.id, house.chosen)
        assert outcome.problem == "no-connection"

    in_house(database, story)


def test_a_fault_of_ours_is_a_failure_and_given_up_in_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("a fault")

    async def story(house: House) -> None:
        await house.announce(1)
        monkeypatch.setattr("socle.kernel.webhooks.client._exchanged", broken)
        assert not await house.send()
        assert (house.hook.reason, house.hook.failures) == ("not-sent", 1)
        house.clock.pass_by(25 * 3_600)
        assert not await house.send()
        assert house.hook.state is HookState.SUSPENDED

    in_house(database, story)


def test_after_a_day_of_failures_it_is_suspended_and_can_be_resumed(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        tries = 0
        while house.hook.state is HookState.ACTIVE:
            assert not await house.send()
            tries += 1
            house.clock.pass_by(delay(house.hook.failures))
        assert 24 * 3_600 <= house.clock.passed < 30 * 3_600
        assert tries == len(house.subscriber.received) < 20
        assert not await house.send()
        house.subscriber.answers = [saying(b"HTTP/1.1 200 OK\r\n\r\n")]
        with house.db.unit() as unit:
            acts.resume(unit, BY_SYSTEM, house.id)
        assert await house.send()
        assert house.hook.cursor == 1
        assert trail(house.db) == ["webhook.created", "webhook.suspended", "webhook.resumed"]

    in_house(database, story, REFUSAL)


def test_a_subscriber_that_is_gone_is_suspended_at_once(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        assert not await house.send()
        assert (house.hook.state, house.hook.reason) == (HookState.SUSPENDED, "status-410")

    in_house(database, story, saying(b"HTTP/1.1 410 Gone\r\n\r\n"))


def test_only_one_sends_at_a_time_and_a_killed_one_holds_up_for_a_moment(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        held = await house.db.run(claim, house.id, "killed", house.clock(), house.chosen)
        assert held is not None
        assert not await house.send()
        house.clock.pass_by(house.chosen.seconds + 6)
        assert await house.send()
        (sent,) = house.subscriber.received
        assert (sent.headers["webhook-id"], sent.body) == (held.name, held.body)

    in_house(database, story)


def test_a_suspended_webhook_ignores_what_was_under_way(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1)
        house.subscriber.answers = [silence]
        sending = asyncio.create_task(house.send())
        await house.subscriber.has_received(1)
        with house.db.unit() as unit:
            acts.suspend(unit, BY_SYSTEM, house.id)
        assert not await sending
        assert (house.hook.state, house.hook.reason, house.hook.failures) == ("suspended", "operator", 0)

    in_house(database, story, chosen=CHOSEN.model_copy(update={"seconds": 0.5}))


def test_a_webhook_is_replayed_from_any_event_of_the_log(database: Database) -> None:
    async def story(house: House) -> None:
        await house.announce(1, 2, 3)
        assert await house.send()
        with house.db.unit() as unit:
            acts.replay(unit, BY_SYSTEM, house.id, 1)
        assert await house.send()
        assert house.numbers() == [[1, 2, 3], [2, 3]]
        for after in (-1, 5):
            with pytest.raises(SocleError) as refused, house.db.unit() as unit:
                acts.replay(unit, BY_SYSTEM, house.id, after)
            assert refused.value.kind is CURSOR_OUT_OF_LOG

    in_house(database, story)


def test_while_a_secret_changes_messages_carry_both_signatures(database: Database) -> None:
    async def story(house: House) -> None:
        old = house.secret
        with house.db.unit() as unit:
            house.secret = acts.rotate(unit, BY_SYSTEM, house.id)
        await house.announce(1)
        assert await house.send()
        (sent,) = house.subscriber.received
        for secret in (old, house.secret):
            verify(key_of(secret), sent.headers, sent.body, house.clock() // 1_000_000)
        house.clock.pass_by(25 * 3_600)
        await house.announce(2)
        assert await house.send()
        assert " " not in house.subscriber.received[1].headers["webhook-signature"]

    in_house(database, story)


def test_secrets_are_sealed_where_they_are_kept(database: Database) -> None:
    with database.unit() as unit:
        _, secret = acts.create(unit, BY_SYSTEM, "https://subscriber.example/hook", (), KNOWN)
    with database.reading() as session:
        (row,) = session.fetch("SELECT * FROM webhook")
        (facts,) = [facts for (facts,) in session.fetch("SELECT facts FROM audit_inbox")]
    key = key_of(secret)
    stored = b"".join(bytes(one) if isinstance(one, bytes) else str(one).encode() for one in row)
    for form in (key, key.hex().encode(), secret.encode()):
        assert form not in stored
        assert form not in bytes(facts)
    assert b"/hook" not in bytes(facts), "a path may be a secret too"


def test_what_cannot_be_created_is_told(database: Database) -> None:
    for url, kinds, kind in [
        ("https://127.0.0.1/", [], URL_REFUSED),
        ("https://subscriber.example/", ["no.such.1"], KIND_UNKNOWN),
    ]:
        with pytest.raises(SocleError) as refused, database.unit() as unit:
            acts.create(unit, BY_SYSTEM, url, kinds, KNOWN)
        assert refused.value.kind is kind
    with database.reading() as session:
        assert hooks(session) == []


def test_what_is_done_twice_or_to_nobody_is_told(database: Database) -> None:
    with database.unit() as unit:
        id, _ = acts.create(unit, BY_SYSTEM, "https://subscriber.example/", (), KNOWN)
    with pytest.raises(SocleError) as refused, database.unit() as unit:
        acts.resume(unit, BY_SYSTEM, id)
    assert refused.value.kind is NOT_IN_STATE
    with database.unit() as unit:
        acts.delete(unit, BY_SYSTEM, id)
    for act in (acts.rotate, acts.suspend, acts.resume, acts.delete):
        with pytest.raises(SocleError) as refused, database.unit() as unit:
            act(unit, BY_SYSTEM, id)
        assert refused.value.kind is UNKNOWN


def test_a_deleted_webhook_leaves_no_key_behind(database: Database) -> None:
    def keys() -> list[str]:
        with database.reading() as session:
            rows = session.fetch("SELECT subject FROM keyring_envelope WHERE subject LIKE 'webhook:%'")
        return sorted(subject for (subject,) in rows)

    with database.unit() as unit:
        gone, kept = (acts.create(unit, BY_SYSTEM, "https://subscriber.example/", (), KNOWN)[0] for _ in "ab")
    assert keys() == sorted([f"webhook:{gone}", f"webhook:{kept}"])
    with database.unit() as unit:
        acts.delete(unit, BY_SYSTEM, gone)
    worked(database, listeners([MANIFEST]))
    assert keys() == [f"webhook:{kept}"]
    with database.reading() as session:
        assert signing_keys(session, kept, micros())


# -- The connection itself


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Names that lead to one address after another, as those of an attacker do; returns what was asked."""
    asked: list[str] = []
    given = list(addresses)

    async def getaddrinfo(loop: object, host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", (given.pop(0), port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_that_changes_after_the_check_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        subscriber = Subscriber()
        async with subscriber.listening():
            asked = names(monkeypatch, "127.0.0.1", "169.254.169.254")
            url = f"http://subscriber.example:{subscriber.port}/hook?a=b"
            outcome = await post(url, {"webhook-id": "m"}, b"[]", CHOSEN)
            assert outcome.received
            assert asked == ["subscriber.example"], "the name is asked once"
            (sent,) = subscriber.received
            assert sent.headers["host"] == f"subscriber.example:{subscriber.port}"

    asyncio.run(story())


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    names(monkeypatch, address)
    outcome = asyncio.run(post("https://subscriber.example/", {}, b"[]", WebhookSettings(seconds=5)))
    assert outcome.problem == "address-refused"


@pytest.mark.parametrize(
    ("name", "problem"), [("subscriber.example", ""), ("another.example", "tls"), ("127.0.0.1", "tls")]
)
def test_a_certificate_is_checked_against_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, problem: str
) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("subscriber.example").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    chosen = CHOSEN.model_copy(update={"ca_file": tmp_path / "ca.pem"})

    async def story() -> None:
        subscriber = Subscriber()
        async with subscriber.listening(tls):
            names(monkeypatch, "127.0.0.1")
            outcome = await post(f"https://{name}:{subscriber.port}/", {}, b"[]", chosen)
            assert outcome.problem == problem

    asyncio.run(story())


def trail(db: Database) -> list[str]:
    with db.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
    return [json.loads(bytes(facts))["action"] for (facts,) in rows]
