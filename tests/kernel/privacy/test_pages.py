"""The pages of persons' rights in both languages: well formed, what they say to whom, what they refuse."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import time_machine

from socle.app.manifests import house
from socle.kernel.access import DATA_PROTECTION, OPERATOR, Role
from socle.kernel.accounts import sessions
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.doors.middleware import form_secret
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.accounts.throttle import FREE, MACHINE_FACTOR
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.actors import BY_SYSTEM, Assurance
from socle.kernel.privacy import requests
from socle.kernel.privacy.acts.requests import deposit
from socle.kernel.privacy.requests import Right
from tests.app.conftest import pages
from tests.app.html import Page
from tests.app.inside import PAGE, Inside, inside
from tests.kernel.privacy.conftest import NOBODY
from tests.support.databases import SqliteTemplate

__all__ = ["pages"]
FORM_COOKIE, FORM_SECRET = "socle_form", "a" * 32
READ = (
    *("/droits", "/droits/demande", "/droits/suivi?lien={token}", "/droits/instruction"),
    *("/droits/instruction?etat=late", "/droits/instruction?etat=closed&droit=access&page=x"),
    *("/droits/instruction/{id}", "/compte/mes-donnees"),
)
ASKED = {"kind": "access", "name": "Nora Exemple", "contact": "06", "said": "tout"}


@dataclass(frozen=True)
class Place:
    """An installation with a data protection officer, an operator, and one request."""

    application: Inside
    tokens: dict[str, str]
    id: str
    token: str

    def ask(
        self, method: str, path: str, who: str = "", lang: str = "fr", data: dict[str, str] | None = None
    ) -> httpx.Response:
        secret = form_secret(digest_of(self.tokens[who])) if who else FORM_SECRET
        cookies = {cookie_name(): self.tokens[who]} if who else {FORM_COOKIE: FORM_SECRET}
        sent = {"csrfmiddlewaretoken": secret, **data} if data is not None else None
        known = path.format(token=self.token, id=self.id)
        headers = {**PAGE, "Accept-Language": lang}
        return self.application.ask(method, known, cookies=cookies, headers=headers, data=sent)


@pytest.fixture(scope="module")
def place(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with inside(sqlite_template, tmp_path_factory.mktemp("rights")) as application:
        tokens = {
            "officer": entered(application, "officer", DATA_PROTECTION),
            "operator": entered(application, "operator", OPERATOR),
        }
        with application.db.unit() as unit:
            made = deposit(unit, NOBODY, kind=Right.ERASURE, name="Nora", contact="06", said="tout")
        yield Place(application, tokens, made.request.id, made.token)


def entered(application: Inside, who: str, role: Role) -> str:
    with application.db.unit() as unit:
        account = invite(unit, BY_SYSTEM, email=f"{who}@exemple.test", role=role).account
        unit.execute("UPDATE accounts_account SET state = 'active' WHERE id = ?1", account)
        return sessions.open_session(unit, account, Assurance.SUBSTANTIAL, client="", agent="")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", READ)
def test_a_page_is_well_formed_in_both_languages(place: Place, path: str, lang: str) -> None:
    answer = place.ask("GET", path, "officer", lang)
    page = Page(answer.text)
    assert (answer.status_code, page.faults) == (200, [])
    assert len(page.identifiers) == len(set(page.identifiers))
    assert set(page.references) <= set(page.identifiers)
    assert page.headings.count(1) == 1
    assert f'<html lang="{lang}">' in answer.text


def test_every_service_that_holds_something_of_persons_is_told(place: Place) -> None:
    told = place.ask("GET", "/droits").text
    held = [manifest for manifest in house() if manifest.personal_data]
    assert [manifest.name for manifest in held if f'id="{manifest.name}"' not in told] == []
    assert [manifest.name for manifest in held if manifest.processing is None] == []


@pytest.mark.parametrize("link", ["", "?lien=", "?lien=abc", "?lien={id}", "?lien={token}x"])
def test_every_other_link_is_told_the_same(place: Place, link: str) -> None:
    answer = place.ask("GET", f"/droits/suivi{link}")
    assert answer.status_code == 404
    assert "Ce lien ne mène à aucune demande" in answer.text
    assert "Nora" not in answer.text


def test_what_is_not_complete_is_refused_with_its_fields(place: Place) -> None:
    answer = place.ask("POST", "/droits/demande", data={"kind": "everything"})
    assert answer.status_code == 400
    for field in ("id_kind", "id_name", "id_contact", "id_said"):
        assert f'href="#{field}' in answer.text


def test_a_machine_that_fills_the_desk_is_slowed_down(place: Place) -> None:
    with time_machine.travel("2027-03-01T08:00:00Z", tick=False) as clock:
        statuses = [place.ask("POST", "/droits/demande", data=ASKED).status_code for _ in range(32)]
        # Many persons may sit behind one machine.
        assert statuses[: FREE * MACHINE_FACTOR] == [200] * FREE * MACHINE_FACTOR
        assert statuses[-1] == 429
        clock.shift(3 * 24 * 3600)
        assert place.ask("POST", "/droits/demande", data=ASKED).status_code == 200


@pytest.mark.parametrize("path", ["/droits/instruction", "/droits/instruction/{id}", "/droits/instruction/0"])
def test_nobody_else_learns_whether_a_dossier_exists(place: Place, path: str) -> None:
    for method in ("GET", "POST") if "/instruction/" in path else ("GET",):
        answer = place.ask(method, path, "operator", data={"do": "file"} if method == "POST" else None)
        assert answer.status_code == 403
        assert "Nora" not in answer.text


def test_a_refusal_of_an_act_is_told_on_the_page(place: Place) -> None:
    """A file before the identity is known, a person that cannot be read, an answer that was not given."""
    told = place.ask("POST", "/droits/instruction/{id}", "officer", data={"do": "file"})
    assert (told.status_code, "n’est pas vérifiée" in told.text) == (409, True)
    wrong = {"do": "identify", "proof": "vue", "person": "quelqu’un"}
    told = place.ask("POST", "/droits/instruction/{id}", "officer", data=wrong)
    assert (told.status_code, 'href="#identify_person"' in told.text) == (404, True)
    told = place.ask("POST", "/droits/instruction/{id}", "officer", data={"do": "refuse", "ground": "others"})
    assert told.status_code == 400
    assert place.ask("GET", "/droits/instruction/0", "officer").status_code == 404


def test_the_desk_is_exported_without_what_was_said(place: Place) -> None:
    answer = place.ask("GET", "/droits/instruction?etat=waiting&droit=erasure&csv=1", "officer")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert lines[1].startswith(f"{place.id};erasure;17;open;")
    assert "Nora" not in answer.text


def test_the_export_holds_the_whole_list_and_is_sent_as_it_is_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "_PIECE", 7)
    with place.application.db.reading() as session:
        waiting = {id for (id,) in session.fetch("SELECT id FROM privacy_request WHERE closed IS NULL")}
    answer = place.ask("GET", "/droits/instruction?csv=1", "officer")
    assert len(waiting) > 7
    assert {line.partition(";")[0] for line in answer.text.splitlines()[1:]} == waiting
    assert "content-length" not in answer.headers


def test_reading_a_dossier_is_journaled(place: Place) -> None:
    place.ask("GET", "/droits/instruction/{id}", "officer")
    with place.application.db.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_inbox UNION ALL SELECT facts FROM audit_entry")
    assert any(b"privacy.request-read" in bytes(facts) for (facts,) in rows)
