"""`socle admin`: who holds the machine gives the first access, and takes it away."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from socle.kernel.clock import instant, now
from tests.support.command_line import socle
from tests.support.databases import migrate
from tests.support.served import up

EMAIL = "nora@exemple.test"
LINK = re.compile(r"http://localhost:\d+(/compte/invitation\?jeton=[\w-]{43})")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with an empty, migrated database."""
    migrate(f"sqlite:///{tmp_path / 'socle.sqlite3'}", tmp_path)
    return tmp_path


def said(home: Path, *arguments: str) -> str:
    done = socle("admin", *arguments, home=home, COLUMNS="200")
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(table: str) -> list[list[str]]:
    return [re.split(r" {2,}", line.strip()) for line in table.splitlines()]


def test_an_account_from_its_invitation_to_its_end(home: Path) -> None:
    first = said(home, "invite", EMAIL, "--role", "access-manager", "--structure", "690900006")
    assert LINK.match(first)
    assert "access-manager@690900006" in said(home, "list")
    again = LINK.match(said(home, "renew", EMAIL))
    assert again
    assert again[1] not in first
    assert "Account closed" in said(home, "close", EMAIL)
    assert EMAIL not in said(home, "list")
    assert "0 reviews closed" in said(home, "close-reviews")


def test_a_key_with_its_last_day_and_its_quota(home: Path) -> None:
    made = said(home, "api-key", "Cabinet", "--until", "2099-12-31", "--a-second", "3").split()
    with closing(sqlite3.connect(home / "socle.sqlite3")) as database:
        ((quota, expires),) = database.execute("SELECT a_second, expires FROM apikeys_key").fetchall()
    # The first moment after that day, where the country counts its days.
    assert (quota, instant(expires)) == (3, "2099-12-31T23:00:00.000Z")
    today = f"{now():%Y-%m-%d}"
    head, row = rows(said(home, "api-keys"))
    assert head[3:] == ["créée · made", "appel · call", "fin · end", "état · state"]
    assert row == [made[0], "directory", "Cabinet", today, "-", "2099-12-31", "en service · in use"]
    said(home, "end-api-key", made[0])
    assert rows(said(home, "api-keys"))[1][5:] == [today, "fermée · ended"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("api-key", "A", "--until", "2020-01-01"), "api-key-expired-before"),
        (("api-key", "A", "--a-second", "-1"), "api-key-quota"),
        (("invite", "nobody"), "email-not-read"),
        (("invite", EMAIL, "--role", "root"), "role-unknown"),
        (("invite", EMAIL, "--role", "access-manager"), "structure-asked"),
        (("close", "0000000000000000"), "account-unknown"),
        (("renew", "personne@exemple.test"), "account-unknown"),
    ],
)
def test_what_is_refused_says_what_would_pass(home: Path, arguments: tuple[str, ...], code: str) -> None:
    done = socle("admin", *arguments, home=home)
    assert done.returncode == 2
    assert code in done.stderr
    assert "Traceback" not in done.stderr


def test_a_demonstration_leads_its_first_operator_in(tmp_path: Path) -> None:
    with up(tmp_path, SOCLE_DEMO_SIZE="village") as served:
        found = LINK.search(served.printed)
        assert found
        page = served.client.get(found[1], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "operatrice@socle.test" in page.text
