"""Somebody who is signed in, with both factors, to the application in the process of the test."""

import re
from dataclasses import dataclass

import httpx

from socle.kernel.access import Role
from socle.kernel.accounts import sessions
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.doors.middleware import form_secret
from socle.kernel.accounts.personal import sealed_person
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.actors import BY_SYSTEM, Assurance
from tests.app.html import Page
from tests.app.inside import Inside

NAME = "Nora Exemple"


@dataclass(frozen=True)
class SignedIn:
    """What they ask is asked from a browser that prefers French, unless it says otherwise."""

    application: Inside
    account: str
    token: str

    def get(self, path: str, lang: str = "fr") -> httpx.Response:
        headers = {"Accept": "text/html", "Accept-Language": lang}
        return self.application.ask("GET", path, cookies=self._cookies, headers=headers)

    def post(self, path: str, **data: str) -> httpx.Response:
        proof = {"csrfmiddlewaretoken": form_secret(digest_of(self.token))}
        return self.application.ask("POST", path, cookies=self._cookies, data=proof | data)

    @property
    def _cookies(self) -> dict[str, str]:
        return {cookie_name(): self.token}


def signed_in(application: Inside, role: Role, structure: str = "", who: str = "") -> SignedIn:
    """An account with this role, another for another `who`."""
    with application.db.unit() as unit:
        email = f"{who or role.code}@exemple.test"
        account = invite(unit, BY_SYSTEM, email=email, role=role, structure=structure).account
        sealed = sealed_person(unit, account, NAME, email)
        unit.execute(
            "UPDATE accounts_account SET state = 'active', sealed = ?1 WHERE id = ?2", sealed, account
        )
        token = sessions.open_session(
            unit, account, Assurance.SUBSTANTIAL, client="", agent="", structure=structure
        )
    return SignedIn(application, account, token)


_CHANGING = re.compile(r'<code>[0-9a-f]{16}</code>|name="csrfmiddlewaretoken" value="[^"]+"')


def without_what_changes(html: str) -> str:
    """A page without the reference of its request and the proofs of its forms, to compare two answers."""
    return _CHANGING.sub("", html)


def check_page(answer: httpx.Response, status: int = 200) -> None:
    """A page of the house: its status, its form, and that no cache keeps it."""
    assert answer.status_code == status, answer.text
    page = Page(answer.text)
    assert page.faults == page.twice == page.inline == []
    assert page.has_an_outline
    assert set(page.references) <= set(page.identifiers)
    assert answer.headers["cache-control"] == "no-store"
