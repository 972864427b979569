"""What a directory manager is shown of a registration is in the trail, whatever they pressed."""

import html
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from socle.foundations.directory.registration.acts import employer
from socle.foundations.directory.registration.acts import person as acts
from socle.foundations.directory.registration.doors import desk
from socle.kernel.access import DIRECTORY_MANAGER, PUBLISHER
from socle.kernel.clock import business_date
from tests.app.conftest import pages
from tests.app.inside import inside
from tests.foundations.directory.registration.house import (
    CAMILLE,
    STRUCTURE,
    VISITOR,
    code,
    confirmed,
    contract,
    decided,
    declared,
    fill,
    now,
    validated,
    work,
)
from tests.kernel.accounts.trail import entries
from tests.support.databases import SqliteTemplate
from tests.support.signed_in import check_page, signed_in

__all__ = ["pages"]
DESK = "/annuaire/enregistrements"
CORRECT = "/annuaire/s-enregistrer/correction"
FORM_COOKIE, FORM_SECRET = "socle_form", "a" * 32


@pytest.mark.usefixtures("pages")
def test_no_details_are_shown_without_an_entry(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with inside(sqlite_template, tmp_path) as application:
        fill(application.db, tmp_path)
        made = confirmed(application.db)
        manager = signed_in(application, DIRECTORY_MANAGER, STRUCTURE)
        dossier = f"/annuaire/enregistrements/{made.registration}"

        def read() -> int:
            return len(entries(application.db, "registration.read"))

        assert read() == 0
        for count, pressed in enumerate(("", "nothing-known", "refuse", "end", "keep-apart"), 1):
            shown = manager.post(dossier, do=pressed) if pressed else manager.get(dossier)
            assert CAMILLE.birth_place in shown.text, pressed
            assert read() == count, pressed
        done = manager.post(dossier, **{"do": "identify", "evidence-evidence": "passport"})
        assert (done.status_code, read()) == (303, count)


@pytest.mark.usefixtures("pages")
def test_who_bears_the_name_is_told_who_decides_and_is_offered_nothing(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    with inside(sqlite_template, tmp_path) as application:
        fill(application.db, tmp_path)
        made = confirmed(application.db, replace(CAMILLE, birth_name="Exemple", given_name="Nora"))
        manager = signed_in(application, DIRECTORY_MANAGER, STRUCTURE)
        dossier = f"/annuaire/enregistrements/{made.registration}"
        shown = manager.get(dossier)
        check_page(shown)
        assert "ou celui de quelqu’un qui porte votre nom" in shown.text
        assert 'name="do"' not in shown.text
        refused = manager.post(dossier, **{"do": "identify", "evidence-evidence": "passport"})
        check_page(refused, 409)
        assert refused.text.count("ou celui de quelqu’un qui porte votre nom") == 1
        assert "or that of somebody who bears your name" in manager.get(dossier, "en").text


@pytest.mark.usefixtures("pages")
def test_the_desk_is_read_page_after_page(
    sqlite_template: SqliteTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "A_PAGE", 2)
    with inside(sqlite_template, tmp_path) as application:
        fill(application.db, tmp_path)
        manager = signed_in(application, DIRECTORY_MANAGER, STRUCTURE)
        nothing = manager.get(DESK)
        check_page(nothing)
        assert "Page suivante" not in nothing.text
        names = ["Louise", "Jeanne", "Nadia", "Sonia", "Inès"]
        made = [
            confirmed(application.db, replace(CAMILLE, given_name=name, email=f"{n}@exemple.test"))
            for n, name in enumerate(names)
        ]
        decided(application.db, employer.ask_correction, made[4].registration, why="Le nom.")
        read, address = [], DESK
        while address:
            shown = manager.get(address)
            check_page(shown)
            read.append([name for name in names if name in shown.text])
            assert "4 demandes vous attendent" in shown.text
            following = re.search(r'rel="next" href="([^"]+)"', shown.text)
            address = f"{DESK}{html.unescape(following[1])}" if following else ""
        # What waits for others is told on the first page.
        assert read == [["Louise", "Jeanne", "Inès"], ["Nadia", "Sonia"]]
        decided(application.db, employer.refuse, made[3].registration, why="Non.")
        after = f"?liste=decisions&apres={now(application.db, made[2].registration).place}"
        gone = manager.get(DESK + after)
        check_page(gone)
        assert "Rien de plus ici" in gone.text
        assert f'href="{DESK}"' in gone.text
        listed = manager.get(f"{DESK}/personnes?etat=tous")
        check_page(listed)


@pytest.mark.usefixtures("pages")
def test_people_are_listed_by_name_page_after_page(
    sqlite_template: SqliteTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "A_PAGE", 2)
    with inside(sqlite_template, tmp_path) as application:
        fill(application.db, tmp_path)
        manager = signed_in(application, DIRECTORY_MANAGER, STRUCTURE)
        for n, name in enumerate(("Renard", "Conte", "Fable")):
            validated(application.db, replace(CAMILLE, birth_name=name, email=f"{n}@exemple.test"))
        pages_shown = [manager.get(f"{DESK}/personnes?page={n}") for n in ("1", "2", "9", "x")]
        told = [re.findall(r"Camille (\w+)</a>", shown.text) for shown in pages_shown]
        assert told == [["CONTE", "FABLE"], ["RENARD"], ["RENARD"], ["CONTE", "FABLE"]]
        for shown in pages_shown:
            check_page(shown)
            assert "3 personnes" in shown.text
        assert "Page 1 sur 2" in pages_shown[0].text


@pytest.mark.usefixtures("pages", "strict")
def test_who_sends_too_much_is_told_when_to_send_it_again_and_loses_nothing(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    with inside(sqlite_template, tmp_path) as application:
        fill(application.db, tmp_path)
        today = business_date()
        answers = {
            **{"structure": STRUCTURE, "birth_name": "Modèle", "given_name": "Camille", "sex": "F"},
            **{"birth_date": "1990-02-28", "birth_place": "Lyon", "role": "318", "contract": "permanent"},
            **{
                "starts": str(today),
                "email": "camille@exemple.test",
                "etape": "verification",
                "do": "envoyer",
            },
        }

        def sent(path: str, lang: str = "fr", **data: str) -> httpx.Response:
            return application.ask(
                "POST",
                path,
                cookies={FORM_COOKIE: FORM_SECRET},
                headers={"Accept": "text/html", "Accept-Language": lang},
                data={"csrfmiddlewaretoken": FORM_SECRET, **data},
            )

        form = "/annuaire/s-enregistrer/demande"
        paths = [sent(form, **answers).headers["location"] for _ in range(4)]
        refused = sent(form, **answers)
        check_page(refused, 429)
        assert "du réseau que vous utilisez" in refused.text
        assert int(refused.headers["retry-after"]) in (1, 2)
        for value in answers.values():
            assert f'value="{value}"' in refused.text
        assert "from the network that you use" in sent(form, "en", **answers).text
        tried = [
            sent(path, do="confirm", code="1", jeton=path.partition("=")[2]) for path in (*paths, paths[0])
        ]
        assert [one.status_code for one in tried] == [403] * 4 + [429]
        assert "retry-after" in tried[-1].headers
        assert "retry-after" not in tried[0].headers


@pytest.mark.usefixtures("pages")
def test_where_nothing_can_be_corrected_the_page_says_what_can_be_done(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    with inside(sqlite_template, tmp_path) as application:
        fill(application.db, tmp_path)
        made = declared(application.db)
        person = signed_in(application, PUBLISHER)
        path = f"{CORRECT}?jeton={made.token}"

        def told(lang: str = "fr") -> str:
            shown = person.get(path, lang)
            check_page(shown)
            return shown.text

        assert "Envoyer la correction" in told()
        acts.confirm_address(
            application.db, VISITOR, token=made.token, code=code(application.db, made.registration)
        )
        assert "Envoyer la correction" not in told()
        assert "demandez-lui de vous la renvoyer" in told()
        assert 'value="withdraw"' in told()
        refused = person.post(CORRECT, jeton=made.token, birth_name="Autre")
        check_page(refused, 409)
        assert "demandez-lui de vous la renvoyer" in refused.text
        decided(application.db, employer.ask_correction, made.registration, why="Le nom.")
        assert "Le nom." in told()
        with application.db.unit() as unit:
            acts.correct(
                unit, VISITOR, token=made.token, person=CAMILLE, contract=contract(), structure=STRUCTURE
            )
        decided(application.db, employer.verify_identity, made.registration, evidence="passport")
        decided(application.db, employer.validate, made.registration)
        assert 'href="/droits"' in told()
        assert 'value="withdraw"' not in told()
        work(application.db)
        assert "your employer can change the end of your contract" in told("en")
        other = confirmed(application.db, replace(CAMILLE, email="autre@exemple.test", birth_name="Fable"))
        decided(application.db, employer.refuse, other.registration, why="Non.")
        path = f"{CORRECT}?jeton={other.token}"
        assert "Parlez-lui" in told()
        gone = declared(application.db, replace(CAMILLE, email="trois@exemple.test"))
        with application.db.unit() as unit:
            acts.withdraw(unit, VISITOR, token=gone.token)
        path = f"{CORRECT}?jeton={gone.token}"
        assert "Déclarer un autre rôle" in told()
