"""The pages of API keys: the operator tends every key, a publisher their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine

from socle.kernel.access import OPERATOR, PUBLISHER
from socle.kernel.apikeys.keys import Listed, listed
from tests.app.conftest import pages
from tests.app.inside import Inside, inside
from tests.support.databases import SqliteTemplate
from tests.support.inbox import facts_in_inbox
from tests.support.signed_in import SignedIn, check_page, signed_in, without_what_changes

__all__ = ["pages"]
LIST = "/cles-api"
PRESENTED = re.compile(r"sk_[\w-]{43}")


@dataclass(frozen=True)
class House:
    application: Inside
    operator: SignedIn
    publisher: SignedIn
    rival: SignedIn

    def known(self) -> list[Listed]:
        with self.application.db.reading() as session:
            return listed(session)

    def call(self, presented: str) -> int:
        """The status that a program with this key meets at the directory."""
        headers = {"ESANTE-API-KEY": presented, "Accept": "application/fhir+json"}
        return self.application.ask("GET", "/fhir/v2/metadata", headers=headers).status_code


@pytest.fixture(scope="module")
def house(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with inside(sqlite_template, tmp_path_factory.mktemp("keys")) as application:
        yield House(
            application,
            signed_in(application, OPERATOR),
            signed_in(application, PUBLISHER),
            signed_in(application, PUBLISHER, who="rival"),
        )


def made(by: SignedIn, label: str, **data: str) -> str:
    """What the application presents."""
    answer = by.post(f"{LIST}/creer", label=label, service="directory", **data)
    check_page(answer)
    found = PRESENTED.search(answer.text)
    assert found
    return found[0]


def test_without_keys_the_list_says_how_to_begin(house: House) -> None:
    for lang, words in (("fr", "Aucune clé"), ("en", "No key")):
        shown = house.operator.get(LIST, lang)
        check_page(shown)
        assert words in shown.text
        check_page(house.operator.get(f"{LIST}/creer", lang))


def test_a_key_from_its_making_to_its_end(house: House) -> None:
    before = len(facts_in_inbox(house.application.db))
    presented = made(house.operator, "Logiciel de cabinet", until="2099-01-31", a_second="5")
    (one,) = house.known()
    card = f"{LIST}/{one.key.id}"
    assert presented not in house.operator.get(card).text, "shown once"
    assert one.key.expires is not None
    assert "31 janvier 2099" in house.operator.get(card).text
    assert house.call(presented) == 200
    check_page(house.operator.post(card, do="limit", a_second="-1"), 400)
    assert house.operator.post(card, do="limit", a_second="2").headers["location"] == f"{card}?fait=limit"
    assert house.known()[0].key.a_second == 2
    too_many = {"unauthorized": "60", "timeout": "60"}
    check_page(house.operator.post(card, do="incidents", **too_many), 400)
    assert house.operator.post(card, do="incidents", bad_gateway="5", slow="10").status_code == 303
    assert "502:5\u00a0%" in house.operator.get(LIST).text.replace(" %", "\u00a0%")
    asked = house.operator.post(card, do="end")
    check_page(asked)
    assert 'name="sure"' in asked.text
    assert house.operator.post(card, do="end", sure="1").status_code == 303
    shown = house.operator.get(card)
    check_page(shown)
    assert "<button name" not in shown.text, "nothing is left to do with an ended key"
    check_page(house.operator.post(card, do="end", sure="1"), 404)
    told = [one for one in facts_in_inbox(house.application.db)[before:] if one["actor"]["kind"] == "agent"]
    assert [one["action"] for one in told] == [
        *("apikey.issued", "apikey.limited", "apikey.incidents", "apikey.ended")
    ]
    assert {one["actor"]["id"] for one in told} == {house.operator.account}


def test_a_publisher_keeps_their_own_keys_and_hears_of_no_other(house: House) -> None:
    made(house.publisher, "Mon logiciel", a_second="9999")
    mine = next(one for one in house.known() if one.owner == house.publisher.account)
    assert mine.key.a_second is None, "a quota is the operator's to give"
    card = f"{LIST}/{mine.key.id}"
    assert "Mon logiciel" in house.publisher.get(LIST).text
    assert "Mon logiciel" in house.operator.get(LIST).text
    assert "Mon logiciel" not in house.rival.get(LIST).text
    answers = [house.rival.get(f"{LIST}/{id}").text.replace(id, "") for id in (mine.key.id, "0" * 16)]
    told = [without_what_changes(html) for html in answers]
    assert "api-key-unknown" in told[0]
    assert told[0] == told[1], "the same whether it is somebody else's or none"
    check_page(house.rival.post(card, do="end", sure="1"), 404)
    assert house.publisher.post(card, do="limit", a_second="0").status_code == 403
    assert house.publisher.post(card, do="incidents", slow="1").status_code == 303
    assert house.publisher.post(card, do="end", sure="1").status_code == 303


def test_a_key_that_ends_soon_is_shown(house: House) -> None:
    with time_machine.travel("2050-11-01 09:00Z", tick=False):
        later = signed_in(house.application, OPERATOR, who="later")
        made(later, "Bientôt finie", until="2050-11-20")
        assert "1 clé expire dans les trente jours" in later.get(LIST).text
        assert "1 clé expire bientôt" in later.get("/exploitation").text
        refused = later.post(f"{LIST}/creer", label="Passée", service="directory", until="2050-10-31")
        check_page(refused, 400)
        assert "La date de fin est passée" in refused.text
