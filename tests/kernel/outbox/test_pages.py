"""The desk of deliveries: what waits, one of them, and what an operator does about it."""

import json
from collections.abc import Iterator

import pytest

from socle.kernel.access import OPERATOR
from socle.kernel.db import Database, Unit
from socle.kernel.outbox.heard import Heard
from tests.app.conftest import pages
from tests.app.inside import inside
from tests.support.databases import SqliteTemplate
from tests.support.outbox import announced, listener, states, worked
from tests.support.signed_in import SignedIn, check_page, signed_in

__all__ = ["pages"]
DESK = "/exploitation/livraisons"


def parks(unit: Unit, heard: Heard) -> None:
    raise ValueError


@pytest.fixture(scope="module")
def operator(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SignedIn]:
    with inside(sqlite_template, tmp_path_factory.mktemp("deliveries")) as application:
        yield signed_in(application, OPERATOR)


@pytest.fixture
def parked(operator: SignedIn) -> list[int]:
    """Numbers of two parked events, of two lanes, each with one behind it."""
    db = operator.application.db
    with db.unit() as unit:
        for table in ("outbox_inbox", "outbox_event", "outbox_delivery"):
            unit.execute(f"DELETE FROM {table}")
    announced(db, "record:1", 1, 2)
    announced(db, "record:2", 3, 4)
    # The application's own connections stay open: this works on others.
    other = Database(db.url)
    worked(other, [listener("moody/1", parks)], tries=1)
    other.close()
    return [sequence for _, sequence, state, _ in states(db) if state == "parked"]


def journaled(operator: SignedIn) -> list[tuple[str, str]]:
    """(action, account) of what was done to deliveries."""
    with operator.application.db.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
    facts = [json.loads(bytes(row[0])) for row in rows]
    return [(one["action"], one["actor"]["id"]) for one in facts if one["action"].startswith("outbox.")]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_desk_shows_what_waits_and_its_file(operator: SignedIn, parked: list[int], lang: str) -> None:
    shown = operator.get(DESK, lang)
    check_page(shown)
    first, second = (f"moody/1 · {number}" for number in parked)
    assert 0 < shown.text.index(first) < shown.text.index(second), "the oldest first"
    assert "record:1" in shown.text
    assert ("2 livraisons bloquées attendent" if lang == "fr" else "2 parked deliveries wait") in shown.text
    file = operator.get(f"{DESK}.csv", lang)
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    heading = ["écouteur", "numéro", "évènement"] if lang == "fr" else ["listener", "number", "event"]
    assert file.text.removeprefix("\ufeff").split(";")[:3] == heading
    assert [line.split(";")[:2] for line in file.text.splitlines()[1:]] == [
        ["moody/1", str(number)] for number in parked
    ]


def test_the_desk_shows_what_is_asked_for(operator: SignedIn, parked: list[int]) -> None:
    assert "Aucune livraison ne répond" in operator.get(f"{DESK}?ecouteur=nobody").text
    assert "Aucune livraison ne répond" in operator.get(f"{DESK}?etat=waiting").text
    assert f"moody/1 · {parked[0]}" in operator.get(f"{DESK}?evenement=test.counted.1").text
    assert operator.get(f"{DESK}.csv?ecouteur=nobody").text.count("\r\n") == 1
    for odd in ("?etat=unheard-of", "?page=0", "?page=²", "?page=99999999"):
        check_page(operator.get(DESK + odd))


def test_an_empty_desk_says_what_it_is_for(operator: SignedIn) -> None:
    with operator.application.db.unit() as unit:
        unit.execute("DELETE FROM outbox_delivery")
    shown = operator.get(DESK)
    check_page(shown)
    assert "Aucune livraison n’est bloquée" in shown.text
    assert "Tout a été livré" in shown.text


def test_a_delivery_is_set_aside_with_a_reason_taken_back_and_tried_again(
    operator: SignedIn, parked: list[int]
) -> None:
    card = f"{DESK}/moody%2F1/{parked[0]}"
    shown = operator.get(card)
    check_page(shown)
    assert "&quot;number&quot;: 1" in shown.text
    check_page(operator.get(f"{card}?ecarter=1"))
    before = len(journaled(operator))
    check_page(operator.post(card, do="set-aside", reason=" "), 400)
    aside = operator.post(card, do="set-aside", reason="envoyé à la main")
    assert (aside.status_code, aside.headers["location"]) == (303, f"{card}?fait=set-aside")
    check_page(operator.get(aside.headers["location"]))
    assert states(operator.application.db)[0][2] == "set-aside"
    assert operator.post(card, do="take-back").status_code == 303
    assert operator.post(card, do="retry").headers["location"] == f"{DESK}?fait=retry"
    assert journaled(operator)[before:] == [
        ("outbox.set-aside", operator.account),
        ("outbox.taken-back", operator.account),
        ("outbox.retried", operator.account),
    ]
    refused = operator.post(card, do="take-back")
    check_page(refused, 409)
    assert "ne peut plus être reprise" in refused.text


def test_what_is_delivered_has_no_card(operator: SignedIn) -> None:
    for method in (operator.get, operator.post):
        answer = method(f"{DESK}/moody/123456")
        check_page(answer, 404)
        assert "outbox-delivery-unknown" in answer.text
