"""The pages of the webhooks: a subscriber from its creation to its end."""

import re
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from socle.kernel.access import OPERATOR
from socle.kernel.db import Database
from socle.kernel.webhooks import hooks
from socle.kernel.webhooks.settings import webhook_settings
from socle.standards.standard_webhooks import key_of, verify
from tests.app.conftest import pages
from tests.app.inside import inside
from tests.support.databases import SqliteTemplate
from tests.support.inbox import facts_in_inbox
from tests.support.signed_in import SignedIn, check_page, signed_in
from tests.support.subscriber import Subscriber, saying

__all__ = ["pages"]
LIST = "/exploitation/webhooks"
SECRET = re.compile(r"whsec_[\w+/=]+")
FAILING = b"HTTP/1.1 500 Internal Server Error\r\n\r\n"


@pytest.fixture(scope="module")
def operator(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SignedIn]:
    with inside(sqlite_template, tmp_path_factory.mktemp("webhooks")) as application:
        yield signed_in(application, OPERATOR)


@pytest.fixture(autouse=True)
def _own_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOCLE_WEBHOOKS_ALLOW_PRIVATE", "true")
    webhook_settings.cache_clear()
    yield
    webhook_settings.cache_clear()


@pytest.fixture
def subscriber(operator: SignedIn) -> Iterator[Subscriber]:
    """One that listens whenever the application is asked something."""
    stack, found = AsyncExitStack(), Subscriber()
    operator.application.run(stack.enter_async_context(found.listening()))
    yield found
    operator.application.run(stack.aclose())


def known(db: Database) -> list[hooks.Hook]:
    with db.reading() as session:
        return hooks.hooks(session)


def created(operator: SignedIn, url: str, **data: str) -> tuple[str, str]:
    """The address of the new webhook's page, and its secret."""
    answer = operator.post(f"{LIST}/creer", url=url, **data)
    check_page(answer)
    found = SECRET.search(answer.text.replace("<wbr>", ""))
    assert found
    return f"{LIST}/{known(operator.application.db)[-1].id}", found[0]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_without_subscribers_the_list_says_how_to_begin(operator: SignedIn, lang: str) -> None:
    shown = operator.get(LIST, lang)
    check_page(shown)
    assert ("Aucun abonné" if lang == "fr" else "No subscriber") in shown.text
    check_page(operator.get(f"{LIST}/creer", lang))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"url": ""}, "obligatoire"),
        ({"url": "https://a:b@abonne.exemple.test/"}, "identifiants"),
        ({"url": "http://a..b/"}, "1 à 63 lettres"),
        ({"url": "https://abonne.exemple.test/", "kinds": "no.such.1"}, "choix valide"),
    ],
)
def test_what_is_no_webhook_is_told_at_its_field(operator: SignedIn, data: dict[str, str], told: str) -> None:
    answer = operator.post(f"{LIST}/creer", **data)
    assert answer.status_code in (400, 422)
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert known(operator.application.db) == []


def test_a_subscriber_from_its_creation_to_its_end(operator: SignedIn, subscriber: Subscriber) -> None:
    db = operator.application.db
    url = f"http://127.0.0.1:{subscriber.port}/hook/private"
    card, secret = created(operator, url, kinds="directory.loaded.1")
    listed = operator.get(LIST)
    check_page(listed)
    assert "127.0.0.1" in listed.text
    assert "/hook/private" not in listed.text, "the path may be a secret of the subscriber's"
    check_page(operator.get(card))
    tried = operator.post(card, do="test")
    check_page(tried)
    assert "Message d’essai reçu" in tried.text
    ((headers, body),) = [(one.headers, one.body) for one in subscriber.received]
    verify(key_of(secret), headers, body, int(headers["webhook-timestamp"]))
    subscriber.answers = [saying(FAILING)]
    assert "non reçu\u00a0: réponse 500" in operator.post(card, do="test").text
    assert operator.post(card, do="suspend").headers["location"] == f"{card}?fait=suspend"
    assert "1 webhook est arrêté" in operator.get(LIST).text
    check_page(operator.post(card, do="suspend"), 409)
    assert operator.post(card, do="resume").status_code == 303
    check_page(operator.post(card, do="replay", after="999999"), 422)
    check_page(operator.post(card, do="replay", after=""), 400)
    assert operator.post(card, do="replay", after="0").status_code == 303
    for do in ("rotate", "delete"):
        asked = operator.post(card, do=do)
        check_page(asked)
        assert 'name="sure"' in asked.text
    renewed = operator.post(card, do="rotate", sure="1")
    assert secret not in renewed.text.replace("<wbr>", "")
    assert SECRET.search(renewed.text.replace("<wbr>", ""))
    assert operator.post(card, do="delete", sure="1").headers["location"] == f"{LIST}?fait=delete"
    check_page(operator.get(card), 404)
    assert known(db) == []
    told = [one for one in facts_in_inbox(db) if one["action"].startswith("webhook.")]
    verbs = ["created", "tried", "tried", "suspended", "resumed", "replayed", "secret-rotated", "deleted"]
    assert [one["action"] for one in told] == [f"webhook.{verb}" for verb in verbs]
    assert {one["actor"]["id"] for one in told} == {operator.account}
