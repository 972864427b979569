"""The pages of notifications in both languages: well formed, of one language, and what their buttons do."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from socle.app.manifests import house
from socle.kernel.access import AUDITOR, OPERATOR
from socle.kernel.accounts import sessions
from socle.kernel.accounts.doors.middleware import form_secret
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.actors import Assurance
from socle.kernel.db import Database
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.kinds import Channel
from socle.kernel.notify.queries import Notice, Wanted, choices, language_of, notices, unread
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.told.accounts import PASSWORD_CHANGED, ROLE_RECEIVED
from socle.kernel.notify.unsubscribing import link
from tests.app.catalogues import translations
from tests.app.conftest import pages
from tests.app.html import Page
from tests.app.inside import Inside, inside
from tests.kernel.accounts.test_pages import opened
from tests.support.databases import SqliteTemplate

__all__ = ["pages"]
CENTRE, PREFERENCES, STOP = "/notifications", "/notifications/preferences", "/notifications/desabonnement"
READ = (
    *(CENTRE, f"{CENTRE}?voir=non-lues&sujet=role.received", f"{CENTRE}?sujet=nothing", f"{CENTRE}?page=2"),
    *(f"{CENTRE}?lues=1", f"{CENTRE}?lue=a", PREFERENCES, f"{PREFERENCES}?fait=1", STOP, "{stop}"),
)


@dataclass(frozen=True)
class Place:
    """An installation with somebody who was told thirty things, and another who was told nothing."""

    application: Inside
    account: str
    token: str
    other: str

    @property
    def db(self) -> Database:
        return self.application.db

    @property
    def stop(self) -> str:
        return link(self.account, Channel.MAIL, ["role.received"])

    def html(self, path: str, lang: str = "fr", token: str | None = None) -> str:
        answer = self.application.ask(
            "GET",
            path.format(stop=self.stop),
            cookies={cookie_name(): self.token if token is None else token},
            headers={"Accept": "text/html", "Accept-Language": lang},
        )
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def press(self, path: str, **data: str) -> tuple[int, str]:
        """(status, where it leads)."""
        data["csrfmiddlewaretoken"] = form_secret(digest_of(self.token))
        cookies = {cookie_name(): self.token}
        answer = self.application.ask("POST", path, cookies=cookies, data=data)
        return answer.status_code, answer.headers.get("Location", "")

    def notices(self) -> list[Notice]:
        with self.db.reading() as session:
            return notices(session, self.account, Wanted(), 100)

    def unread(self) -> int:
        with self.db.reading() as session:
            return unread(session, self.account)

    def channel(self) -> str:
        with self.db.reading() as session:
            return choices(session, self.account)["role.received"]


@pytest.fixture(scope="module")
def place(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    notify_settings.cache_clear()
    with inside(sqlite_template, tmp_path_factory.mktemp("notify")) as application:
        with application.db.unit() as unit:
            account = opened(unit, "nora@exemple.test", "Nora Exemple", OPERATOR)
            other = opened(unit, "lea@exemple.test", "Léa Exemple", AUDITOR)
            notify(unit, PASSWORD_CHANGED, account, "first")
            for number in range(29):
                notify(unit, ROLE_RECEIVED, account, str(number), role="auditor", structure="")
            tokens = [
                sessions.open_session(
                    unit, one, Assurance.SUBSTANTIAL, client="192.0.2.9", agent="Mozilla/5.0"
                )
                for one in (account, other)
            ]
        yield Place(application, account, *tokens)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", READ)
def test_a_page_is_well_formed_and_speaks_one_language(place: Place, path: str, lang: str) -> None:
    page = Page(place.html(path, lang))
    assert page.faults == []
    assert page.twice == []
    assert set(page.references) <= set(page.identifiers)
    assert page.headings.count(1) == 1
    assert not {"style"} & (set(page.tags) | page.attributes)
    french, english = translations()
    names = {standard.name for manifest in house() for standard in manifest.standards}
    said = {text for text in page.texts if len(text) > 3} - names
    foreign = (french if lang == "en" else english) - (french & english)
    assert said & foreign == set()


def test_the_header_counts_what_waits_for_who_is_signed_in(place: Place) -> None:
    assert f'<span class="count">{place.unread()}<' in place.html("/")
    assert 'class="bell"' in place.html("/", token=place.other)
    assert 'class="count"' not in place.html("/", token=place.other)
    assert 'class="bell"' not in place.html("/", token="")


def test_nobody_told_is_told_what_will_be_here(place: Place) -> None:
    assert "Rien pour le moment" in place.html(CENTRE, token=place.other)


def test_pages_of_the_list_are_all_reached_and_never_overshot(place: Place) -> None:
    for asked, shown in (("2", 2), ("99", 2), ("1", 1), ("0", 1), ("-1", 1), ("x", 1), ("9" * 30, 1)):
        assert f"page {shown} sur 2" in place.html(f"{CENTRE}?page={asked}")


def test_one_opens_marks_and_undoes(place: Place) -> None:
    before = place.unread()
    first = place.notices()[0]
    assert place.press(CENTRE, do="open", what=first.id) == (303, "/compte")
    assert place.unread() == before - 1
    second = place.notices()[0]
    assert place.press(CENTRE, do="read", what=second.id) == (303, f"{CENTRE}?lue={second.id}")
    place.press(CENTRE, do="put-back", what=second.id)
    place.press(CENTRE, do="put-back", what=first.id)
    assert place.unread() == before
    status, to = place.press(CENTRE, do="read-all")
    assert (status, place.unread()) == (303, 0)
    assert "Annuler" in place.html(to)
    assert place.press(CENTRE, do="read-all") == (303, CENTRE)
    place.press(CENTRE, do="put-all-back", what=to.partition("lues=")[2])
    assert place.unread() == before
    assert place.press(CENTRE, do="open", what="0" * 16)[0] == 404
    assert place.press(CENTRE, do="unknown") == (303, CENTRE)


def test_preferences_are_kept_and_a_channel_of_another_making_is_refused(place: Place) -> None:
    asked = {"langue": "en"}
    with place.db.reading() as session:
        asked |= {code: channel.value for code, channel in choices(session, place.account).items()}
    assert place.press(PREFERENCES, **{**asked, "role.received": "pigeon"})[0] == 400
    assert place.press(PREFERENCES, **{**asked, "role.received": "digest"}) == (303, f"{PREFERENCES}?fait=1")
    with place.db.reading() as session:
        assert language_of(session, place.account) == "en"
    assert place.channel() == "digest"
    place.press(PREFERENCES, **{**asked, "role.received": "mail", "security.blocked": "off"})
    with place.db.reading() as session:
        assert choices(session, place.account)["security.blocked"] is Channel.MAIL
    shown = place.html(PREFERENCES)
    assert "aucun courriel ne part" in shown
    assert 'name="operation.delivery-parked"' in shown
    assert 'name="operation.delivery-parked"' not in place.html(PREFERENCES, token=place.other)


def test_a_mail_program_unsubscribes_at_one_click_without_signing_in(place: Place) -> None:
    """RFC 8058 §3.2: a POST to the link with this body, and nothing of ours."""
    said = place.application.ask("GET", place.stop)
    assert (said.status_code, place.channel()) == (200, "mail"), "opening the link changes nothing"
    one_click = {"List-Unsubscribe": "One-Click"}
    answer = place.application.ask("POST", place.stop, data=one_click)
    assert (answer.status_code, place.channel()) == (200, "centre")
    assert "no-store" in answer.headers["Cache-Control"]
    assert place.application.ask("POST", place.stop, data={"do": "resume"}).status_code == 200
    assert place.channel() == "mail"
    for wrong in (
        place.stop[:-1],
        place.stop.replace("role.received", "review.open"),
        f"{STOP}?jeton=a~b~c~d",
    ):
        assert place.application.ask("POST", wrong, data=one_click).status_code == 404
    assert place.channel() == "mail"
