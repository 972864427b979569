"""An installation of the first version that had accounts, keys and a trail, brought to this one: nothing is lost.

`past/` holds a small one for each engine, as that version left it: a published directory, two open accounts of which
one was then erased, an API key, a webhook, a request of access, a trail signed by two keys with entries that no head
covers yet. Its secret and its key opened nothing else.
"""

import gzip
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.support.command_line import socle
from tests.support.postgres import Server
from tests.support.served import up

PAST = Path(__file__).parent / "past"
EMAIL, PASSWORD = "ada@example.test", "une phrase longue et bien à moi"
API_KEYS = {
    "sqlite": "sk_6YTQn-gOsKf6_j3AJ1JT_mPgIaBSGk1-ZcpIvyTLfs4",
    "postgresql": "sk_yglO6cpFMgvwPFXg8XXw1r3QB_1lX--sW23ag2UgAAw",
}


@pytest.fixture
def url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of that installation's database; its data folder is `tmp_path`."""
    (tmp_path / "secret.key").write_bytes((PAST / "past.key").read_bytes())
    (tmp_path / "secret.key").chmod(0o600)
    if engine == "sqlite":
        file = tmp_path / "socle.sqlite3"
        file.write_bytes(gzip.decompress((PAST / "sqlite.sqlite3.gz").read_bytes()))
        return f"sqlite:///{file}"
    server: Server = request.getfixturevalue("postgresql_server")
    made = server.create(f"past_{tmp_path.name}")
    with psycopg.connect(made, autocommit=True) as connection:
        connection.execute(gzip.decompress((PAST / "postgresql.sql.gz").read_bytes()))
    return made


def counted(url: str) -> dict[str, int]:
    """How many rows each table has that is no list of migrations."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            tables = [name for (name,) in file.execute(names)]
            found = {name: file.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}
    else:
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            found = {}
            for (name,) in rows:
                counted_rows = connection.execute(f"SELECT COUNT(*) FROM {name}".encode()).fetchone()
                found[name] = counted_rows[0] if counted_rows else 0
    return {name: count for name, count in found.items() if name != "django_migrations"}


def test_what_the_first_version_left_is_all_there(engine: str, url: str, tmp_path: Path) -> None:
    chosen = {"SOCLE_DATABASE": url}
    before = counted(url)
    pending = socle("upgrade", "--dry-run", home=tmp_path, **chosen)
    assert len(pending.stdout.split()) > 1, pending.stderr
    upgraded = socle("upgrade", home=tmp_path, **chosen)
    assert upgraded.returncode == 0, upgraded.stderr
    after = counted(url)
    lost = {name: count for name, count in before.items() if after.get(name, 0) < count}
    assert lost == {}
    verified = socle("audit", "verify", "--json", home=tmp_path, **chosen)
    report = json.loads(verified.stdout)
    assert report["findings"] == []
    assert len(report["unvouched"]) == 1, "the erasure of before has no proof, and is told"
    assert report["entries"] == before["audit_entry"] == 13
    assert report["waiting"]["entries"] > before["audit_inbox"], "the upgrade tells of itself"
    with up(tmp_path, **chosen) as served:
        _is_read_with_its_key(served.client, API_KEYS[engine])
        _lets_its_person_in(served.client)
    again = json.loads(socle("audit", "verify", "--json", home=tmp_path, **chosen).stdout)
    assert again["findings"] == []
    assert again["entries"] > report["entries"]


def _is_read_with_its_key(client: httpx.Client, key: str) -> None:
    people = client.get("/fhir/v2/Practitioner?_total=accurate", headers={"ESANTE-API-KEY": key})
    assert people.status_code == 200
    assert people.json()["total"] == 23


def _lets_its_person_in(client: httpx.Client) -> None:
    """As far as the second factor, which this account has still to choose."""
    page = client.get("/compte/connexion")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token, page.text
    form = {"csrfmiddlewaretoken": token[1], "email": EMAIL}
    wrong = client.post("/compte/connexion", data={**form, "password": "une autre phrase, longue aussi"})
    assert wrong.status_code in (403, 422)
    right = client.post("/compte/connexion", data={**form, "password": PASSWORD})
    assert right.status_code == 303, right.text
