"""The pages of the accounts in both languages: well formed, of one language, and what they say to whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from socle.app.manifests import house
from socle.kernel.access import ACCESS_MANAGER, OPERATOR, Role
from socle.kernel.accounts import grants, sessions
from socle.kernel.accounts.acts.grants import grant
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.doors.middleware import form_secret
from socle.kernel.accounts.personal import sealed_person
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.actors import BY_SYSTEM, Assurance
from socle.kernel.db import Database, Unit
from tests.app.catalogues import translations
from tests.app.conftest import pages
from tests.app.html import Page
from tests.app.inside import Inside, inside
from tests.support.databases import SqliteTemplate
from tests.support.signed_in import without_what_changes

__all__ = ["pages"]
STRUCTURE = "690900006"
READ = (
    *("/compte", "/compte/mot-de-passe", "/compte/enrolement", "/compte/deleguer/{grant}"),
    *("/comptes", "/comptes/inviter", "/comptes/revue", "/comptes/{other}", "/comptes/{other}?depart=1"),
    *("/compte/connexion", "/compte/invitation?jeton={token}", "/acces"),
)


@dataclass(frozen=True)
class Place:
    """An installation with an operator who also manages a structure, and a person who was invited."""

    application: Inside
    cookies: dict[str, str]
    account: str
    other: str
    token: str
    grant: str

    def html(self, path: str, lang: str = "fr", *, entered: bool = True) -> str:
        known = path.format(other=self.other, token=self.token, grant=self.grant)
        answer = self.application.ask(
            "GET",
            known,
            cookies=self.cookies if entered else {},
            headers={"Accept": "text/html", "Accept-Language": lang},
        )
        assert answer.status_code == 200, (known, answer.status_code, answer.headers)
        return answer.text


@pytest.fixture(scope="module")
def place(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with inside(sqlite_template, tmp_path_factory.mktemp("pages")) as application:
        yield made(application)


def made(application: Inside) -> Place:
    with application.db.unit() as unit:
        account = opened(unit, "nora@exemple.test", "Nora Exemple", OPERATOR)
        given = grant(unit, BY_SYSTEM, account=account, role=ACCESS_MANAGER, structure=STRUCTURE)
        other = invite(unit, BY_SYSTEM, email="lea@exemple.test", role=ACCESS_MANAGER, structure=STRUCTURE)
        session = sessions.open_session(
            unit, account, Assurance.SUBSTANTIAL, client="192.0.2.9", agent="Mozilla/5.0", structure=STRUCTURE
        )
    return Place(application, {cookie_name(): session}, account, other.account, other.token, given.id)


def opened(unit: Unit, email: str, name: str, role: Role) -> str:
    account = invite(unit, BY_SYSTEM, email=email, role=role).account
    sealed = sealed_person(unit, account, name, email)
    unit.execute("UPDATE accounts_account SET state = 'active', sealed = ?1 WHERE id = ?2", sealed, account)
    return account


@pytest.fixture(params=["fr", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(params=READ)
def path(request: pytest.FixtureRequest) -> str:
    address: str = request.param
    return address


@pytest.fixture
def page(place: Place, path: str, lang: str) -> Page:
    alone = path.startswith(("/compte/connexion", "/compte/invitation"))
    return Page(place.html(path, lang, entered=not alone))


def test_a_page_is_well_formed(page: Page) -> None:
    assert page.faults == []


def test_identifiers_are_unique_and_references_resolve(page: Page) -> None:
    assert len(page.identifiers) == len(set(page.identifiers))
    assert set(page.references) <= set(page.identifiers)


def test_headings_go_down_one_step_at_a_time_from_a_single_title(page: Page) -> None:
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_a_page_carries_no_inline_style_or_script(page: Page) -> None:
    assert "style" not in page.tags
    assert "style" not in page.attributes
    assert not [name for name in page.attributes if name.startswith("on")]


def test_a_page_speaks_one_language(page: Page, lang: str) -> None:
    french, english = translations()
    names = {standard.name for manifest in house() for standard in manifest.standards}
    said = {text for text in page.texts if len(text) > 3} - names
    assert not said & ((french if lang == "en" else english) - (french & english))


def test_every_form_that_writes_carries_its_proof(place: Place, path: str) -> None:
    html = place.html(path, entered="connexion" not in path and "invitation" not in path)
    forms = [form for form in re.findall(r"<form.*?</form>", html, re.DOTALL) if 'method="post"' in form]
    assert all('name="csrfmiddlewaretoken"' in form for form in forms)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/compte/connexion", ["username", "current-password"]),
        ("/compte/invitation?jeton={token}", ["username", "name", "new-password"]),
        ("/compte/mot-de-passe", ["username", "current-password", "new-password"]),
        ("/compte/enrolement", ["one-time-code"]),
    ],
)
def test_password_managers_find_their_fields(place: Place, path: str, expected: list[str]) -> None:
    html = place.html(path, entered="connexion" not in path and "invitation" not in path)
    assert re.findall(r'autocomplete="([^"]+)"', html) == expected
    passwords = re.findall(r"<input[^>]*password[^>]*>", html.partition("<main")[2])
    assert all('type="password"' in field for field in passwords if "autocomplete" in field)


def test_no_account_exists_by_default(database: Database) -> None:
    with database.reading() as session:
        assert session.fetch("SELECT id FROM accounts_account") == []


def test_what_a_session_is_shown_is_its_own(place: Place) -> None:
    account = place.html("/compte")
    assert "Nora Exemple" in account
    assert "Mozilla/5.0" in account
    assert "lea@exemple.test" not in account
    assert "lea@exemple.test" in place.html("/comptes")


def test_a_link_that_no_longer_works_says_what_to_do(place: Place) -> None:
    answer = place.application.ask("GET", "/compte/invitation?jeton=plus-rien")
    assert answer.status_code == 410
    assert "Demandez une nouvelle invitation" in answer.text


def test_the_page_of_an_account_managed_elsewhere_is_that_of_none(place: Place) -> None:
    with place.application.db.unit() as unit:
        account = opened(unit, "autre@exemple.test", "Autre", OPERATOR)
    manager = sessions_of_manager(place)
    told = [
        place.application.ask("GET", f"/comptes/{known}", cookies=manager).text.replace(known, "")
        for known in (account, "0" * 16)
    ]
    assert "account-unknown" in told[0]
    assert without_what_changes(told[0]) == without_what_changes(told[1])


def sessions_of_manager(place: Place) -> dict[str, str]:
    """Somebody who manages STRUCTURE and nothing else."""
    with place.application.db.unit() as unit:
        unit.execute("UPDATE accounts_account SET state = 'active' WHERE id = ?1", place.other)
        token = sessions.open_session(
            unit, place.other, Assurance.SUBSTANTIAL, client="", agent="", structure=STRUCTURE
        )
    return {cookie_name(): token}


@pytest.mark.parametrize("chosen", ["take-back", "end", "end-all", "remove", "codes"])
def test_what_cannot_be_undone_is_asked_once_more(place: Place, chosen: str) -> None:
    (token,) = place.cookies.values()
    data = {"do": chosen, "what": place.grant, "csrfmiddlewaretoken": form_secret(digest_of(token))}
    asked = place.application.ask("POST", "/compte", cookies=place.cookies, data=data)
    assert asked.status_code == 200
    page = Page(asked.text)
    assert page.faults == []
    assert 'name="sure"' in asked.text
    with place.application.db.reading() as session:
        assert grants.one(session, place.grant) is not None
