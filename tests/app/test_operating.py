"""The operator's page: for the operator only, with what there is to know."""

import os
from pathlib import Path

import httpx
import pytest

from socle.app.operating import backup_told
from socle.kernel.access import AUDITOR
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.sequencer import sequence
from socle.kernel.db import Database
from socle.kernel.web.durations import lasting
from tests.app.html import Page
from tests.app.running import running
from tests.kernel.accounts.conftest import somebody

HTML = {"Accept": "text/html"}


def test_the_operator_sees_the_state_of_the_installation(
    database: Database, database_url: str, engine: str
) -> None:
    operator = somebody(database, "operatrice@exemple.test")
    auditor = somebody(database, "auditeur@exemple.test", AUDITOR)
    while sequence(database):
        pass
    with database.reading() as session:
        head = last_head(session)
    assert head is not None
    # Sessions are sealed with the secret of this process's own home.
    with running(Path(os.environ["SOCLE_HOME"]), SOCLE_DATABASE=database_url) as base:
        with httpx.Client(base_url=base, headers=HTML, timeout=60) as client:
            client.cookies.set(cookie_name(), operator.token)
            french = client.get("/exploitation")
            english = client.get("/exploitation?lang=en")
        other = httpx.get(
            f"{base}/exploitation", headers=HTML, cookies={cookie_name(): auditor.token}, timeout=60
        )
        nobody = httpx.get(f"{base}/exploitation", headers=HTML, timeout=60)
    assert french.status_code == 200
    assert french.headers["cache-control"] == "no-store"
    for text in (
        "Examen",
        "Ce qui attend",
        "Aucune sauvegarde",
        engine,
        # Nothing was loaded: the directory says so.
        "1 point demande votre attention",
    ):
        assert text in french.text
    assert f"Elle couvre {head.size} entrées" in french.text
    assert head.checkpoint.splitlines()[2] in french.text.replace("<wbr>", "")
    assert "1 point needs your attention" in english.text
    page = Page(french.text)
    assert page.has_an_outline
    assert page.twice == page.inline == []
    assert other.status_code == 403
    assert (nobody.status_code, nobody.headers["location"]) == (
        303,
        "/compte/connexion?suite=%2Fexploitation",
    )


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, ""),
        (1, "1 seconde"),
        (59.9, "59 secondes"),
        (60, "1 minute"),
        (7300, "2 heures"),
        (200_000, "2 jours"),
    ],
)
def test_a_duration_is_told_in_its_largest_unit(seconds: float, told: str) -> None:
    from django.utils import translation

    with translation.override("fr"):
        assert lasting(seconds) == told


@pytest.mark.usefixtures("pages")
def test_a_backup_made_now_says_so(tmp_path: Path) -> None:
    assert backup_told(tmp_path) is None
    (tmp_path / "socle-20261122T000000.000000Z.zip").touch()
    found = backup_told(tmp_path)
    assert found is not None
    assert found["name"] == "socle-20261122T000000.000000Z.zip"
    assert found["at"].startswith("2026-11-22 01:00:00")
