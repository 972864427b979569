"""Least privilege on a real PostgreSQL: each process can do its work, and nothing to the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest
from django.apps import apps

from socle.app import database_roles as roles
from socle.app.backup.make import back_up
from socle.app.doctor import clearing
from socle.app.faults import ROLE_PREFIX
from socle.app.profile import check_server
from socle.app.schedules import jobs
from socle.app.upgrade import UPGRADED
from socle.kernel.access import PUBLISHER
from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.apikeys.acts import issue
from socle.kernel.apikeys.owners import end_orphaned
from socle.kernel.audit.entry import Entry
from socle.kernel.audit.sequencer import sequence
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.keyring.envelopes import key_to_read
from socle.kernel.keyring.keyfile import key_file
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.keyring.signing import signing_key
from socle.kernel.outbox.dispatch import dispatch
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.privacy.erasure import (
    Reason,
    clears_at_once,
    erase,
    erase_subject,
    scrub,
    scrub_daily,
)
from socle.kernel.schedules.runner import named_job, run_due, run_now
from socle.kernel.sealing import seal
from socle.kernel.settings import Settings, settings
from socle.kernel.work import emit, record
from tests.app.running import running
from tests.support.command_line import socle
from tests.support.databases import PostgresqlTemplate

NUMBERS = count(1)
HEARD = event_kind("test.roles-heard.1", "Essai", "Test", what="nothing that matters")
SEALED = {
    (table, f"{whose}_sealed") for table in ("audit_inbox", "audit_entry") for whose in ("actor", "subject")
}
TRAIL = ("audit_unit", "audit_inbox", "audit_entry", "audit_tile", "audit_head", "audit_key")


@dataclass(frozen=True, slots=True)
class Served:
    """A database whose roles begin with `prefix`; `administrator` is its superuser's address."""

    administrator: str
    prefix: str

    def url(self, role: str) -> str:
        return self.administrator.replace("socle@", f"{self.prefix}_{role}@", 1)


@pytest.fixture
def served(postgresql_template: PostgresqlTemplate, tmp_path: Path) -> Iterator[Served]:
    with postgresql_template.fresh(tmp_path) as url:
        found = Served(url, f"roles{next(NUMBERS)}")
        done = socle("database-roles", "--apply", "--prefix", found.prefix, home=tmp_path, SOCLE_DATABASE=url)
        assert done.returncode == 0, done.stderr
        yield found


def refused(url: str, statement: str) -> bool:
    """Whether the role lacks the right: what stops a reader first, that its transactions only read, is put aside."""
    writing = "-c default_transaction_read_only=off"
    with psycopg.connect(url, autocommit=True, options=writing) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return True
        return False


@pytest.mark.usefixtures("pages")
def test_every_table_has_its_rule_and_no_rule_is_idle() -> None:
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {
        "django_migrations"
    }
    assert roles.tables().keys() == ours


def test_a_table_has_one_rule() -> None:
    named = [table for rule in roles.RULES for table in rule.tables]
    assert len(named) == len(set(named))


@pytest.mark.postgresql
def test_no_process_that_serves_changes_or_removes_what_is_in_the_trail(served: Served) -> None:
    with psycopg.connect(served.administrator) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_name = ANY(%s)",
            (list(TRAIL),),
        ).fetchall()
    assert {table for table, _ in columns} == set(TRAIL)
    for role in ("app", "worker", "reader"):
        url = served.url(role)
        for table in TRAIL:
            for verb in ("DELETE FROM", "TRUNCATE", "DROP TABLE"):
                assert refused(url, f"{verb} {table}"), (role, verb, table)
        changeable = {
            (table, column)
            for table, column in columns
            if not refused(url, f"UPDATE {table} SET {column} = {column}")
        }
        assert changeable == (SEALED if role == "worker" else set()), role


@pytest.mark.postgresql
def test_the_sequencer_adds_to_the_log_and_changes_nothing_in_it(served: Served) -> None:
    url = served.url("sequencer")
    for statement in (
        "UPDATE audit_entry SET facts = facts",
        "DELETE FROM audit_entry",
        "UPDATE audit_head SET root = root",
        "DELETE FROM audit_head",
        "UPDATE audit_inbox SET facts = facts",
        "SELECT 1 FROM accounts_credential",
    ):
        assert refused(url, statement), statement
    assert not refused(url, "DELETE FROM audit_inbox")


@pytest.mark.postgresql
def test_each_process_may_start_in_production_under_its_own_role(served: Served, tmp_path: Path) -> None:
    for role in ("app", "sequencer", "worker"):
        check_server(Settings(profile="production", database=served.url(role), home=tmp_path))
    for role in ("owner", ""):
        url = served.url(role) if role else served.administrator
        with pytest.raises(SocleError, match="serve as socle_app"):
            check_server(Settings(profile="production", database=url, home=tmp_path))


@contextmanager
def opened(url: str) -> Iterator[Database]:
    db = Database(url)
    try:
        yield db
    finally:
        db.close()


@pytest.mark.postgresql
def test_each_process_does_its_part_of_an_act_under_its_own_role(served: Served) -> None:
    """The act under the role that serves, its entry into the log, its event into the outbox, its person erased."""
    with opened(served.url("app")) as db, db.unit() as unit:
        by = Acting(Actor(ActorKind.AGENT, "a1"), client="203.0.113.9")
        record(unit, Entry(UPGRADED, by, data={"version": "1"}, actor_details={"address": by.client}))
        emit(unit, Event(HEARD, "agent:a1", {"what": "nothing"}))
    with opened(served.url("sequencer")) as db:
        assert sequence(db) == 1
        # The key that signs was made now, which is an entry of its own.
        assert sequence(db) == 1
    with opened(served.url("worker")) as db:
        with db.unit() as unit:
            assert dispatch(unit, [])[0] == 1
        with db.unit() as unit:
            erase_subject(unit, "agent:a1", Reason.REQUEST)
    with opened(served.url("reader")) as db, db.reading() as session:
        assert session.fetch("SELECT count(*), count(actor_sealed) FROM audit_entry") == [(2, 0)]
        assert session.fetch("SELECT count(*) FROM outbox_event") == [(1,)]


@pytest.mark.postgresql
def test_the_worker_ends_the_keys_of_who_may_keep_none(served: Served) -> None:
    publishes = Actor(ActorKind.AGENT, "p1", Assurance.SUBSTANTIAL, roles=frozenset({PUBLISHER.code}))
    with opened(served.url("app")) as db, db.unit() as unit:
        issue(unit, Acting(publishes), service="directory", label="Logiciel d’essai")
    with opened(served.url("worker")) as db:
        assert end_orphaned(db) == {"keys-ended": 1}
        assert end_orphaned(db) == {"keys-ended": 0}


@pytest.mark.postgresql
@pytest.mark.usefixtures("pages")
def test_the_worker_erases_and_the_owner_clears_what_it_may_not(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before PostgreSQL 17 the server answers the worker's VACUUM by a warning: it is not taken for done."""
    monkeypatch.setenv("SOCLE_BACKUP_FOLDER", str(tmp_path / "backups"))
    keyring_settings.cache_clear()
    with opened(served.url("app")) as db, db.unit() as unit:
        seal(unit, "record:1", "here", "said")
    with opened(served.url("worker")) as db:
        back_up(db, tmp_path / "backups")
        erase(db, "record:1", Reason.REQUEST)
        with db.reading() as session:
            assert key_to_read(session, "record:1") is None
            at_once = clears_at_once(session)
        assert scrub(db) is at_once
    keyring_settings.cache_clear()
    with key_file(tmp_path / "backups") as keys:
        assert [stone.subject for stone in keys.tombstones()] == ["record:1"]
    with psycopg.connect(served.administrator) as connection:
        version = connection.info.server_version
    assert at_once is (version >= roles._MAINTAINABLE_SINCE)
    with opened(served.url("owner")) as db:
        assert scrub_daily(db) == {"cleared": 1}
        with db.reading() as session:
            assert clears_at_once(session)


@pytest.mark.postgresql
def test_the_doctor_says_whether_the_owner_clears_what_the_worker_may_not(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(served.administrator) as connection:
        if connection.info.server_version >= roles._MAINTAINABLE_SINCE:
            connection.execute(f"REVOKE MAINTAIN ON keyring_envelope FROM {served.prefix}_worker")

    def found(role: str) -> list[str]:
        monkeypatch.setenv("SOCLE_DATABASE", served.url(role))
        settings.cache_clear()
        return [one.level for one in clearing()]

    try:
        assert found("owner") == []
        assert found("worker") == ["warning"]
        with opened(served.url("owner")) as db:
            scrubbing = named_job(jobs(), "privacy.scrub")
            assert run_now(db, scrubbing, BY_SYSTEM).counts == {"cleared": 1}
        assert found("worker") == ["ok"]
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.postgresql
def test_the_house_serves_and_loads_under_its_role(served: Served, tmp_path: Path) -> None:
    url = served.url("app")
    told = socle("demo", tmp_path / "files", "--size", "village", home=tmp_path)
    assert told.returncode == 0, told.stderr
    files = sorted(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    loaded = socle("load", "directory", *files, home=tmp_path, SOCLE_DATABASE=url)
    assert loaded.returncode == 0, loaded.stderr
    with pytest.raises(SocleError, match="fictional people"):
        check_server(Settings(profile="production", database=url, home=tmp_path))
    with running(tmp_path, SOCLE_DATABASE=url) as base, httpx.Client(base_url=base, timeout=60) as client:
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get("/annuaire", headers={"Accept": "text/html"}).status_code == 200
        measured = client.get("/metrics").text
        assert "socle_figures_missing 0.0" in measured
        assert 'socle_database_pool{pool="readers",state="size"}' in measured


@pytest.mark.postgresql
def test_the_owner_upgrades_and_gives_the_rights_again(served: Served, tmp_path: Path) -> None:
    owner = Database(served.url("owner"))
    try:
        with owner.unit() as unit:
            unit.execute("REVOKE ALL ON TABLE directory_load FROM " + f"{served.prefix}_app")
        assert refused(served.url("app"), "SELECT 1 FROM directory_load")
        assert roles.grant_again(owner) > 0
        assert not refused(served.url("app"), "SELECT 1 FROM directory_load")
    finally:
        owner.close()
    assert refused(served.url("app"), "CREATE TABLE mine (id integer)")


@pytest.mark.postgresql
def test_the_sql_is_printed_and_can_be_run_again(served: Served, tmp_path: Path) -> None:
    printed = socle(
        "database-roles", "--prefix", served.prefix, home=tmp_path, SOCLE_DATABASE=served.administrator
    )
    assert f"GRANT SELECT, INSERT ON TABLE audit_unit TO {served.prefix}_app;" in printed.stdout
    with psycopg.connect(served.administrator, autocommit=True) as connection:
        for line in printed.stdout.splitlines():
            connection.execute(line.encode())
    assert refused(served.url("app"), "DELETE FROM audit_entry")


def test_sqlite_has_no_roles(tmp_path: Path) -> None:
    told = socle("database-roles", home=tmp_path)
    assert told.returncode == 2
    assert "roles-need-postgresql" in told.stderr


@pytest.mark.parametrize("prefix", ["", "Socle", "a b", "a;drop table x", '"', "1a", "é"])
def test_a_prefix_that_would_need_quotes_is_refused(prefix: str) -> None:
    with pytest.raises(SocleError) as wrong:
        list(roles.statements(prefix, [], schema="public", database="d", version=150000))
    assert wrong.value.kind is ROLE_PREFIX


@pytest.mark.postgresql
def test_who_answers_requests_does_not_see_the_key_that_signs_heads(served: Served) -> None:
    """Each role sees the signing keys of its own purpose; the worker, which backs them up, all of them."""
    db = Database(served.administrator)
    with db.unit() as unit:
        for purpose in ("audit-head", "token"):
            signing_key(unit, purpose)
    db.close()
    seen = {}
    for role in ("app", "worker", "sequencer"):
        with psycopg.connect(served.url(role)) as connection:
            rows = connection.execute("SELECT purpose FROM keyring_signing ORDER BY purpose").fetchall()
        seen[role] = [purpose for (purpose,) in rows]
    assert seen == {"app": ["token"], "worker": ["audit-head", "token"], "sequencer": ["audit-head"]}
    with (
        psycopg.connect(served.url("app")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(
            "INSERT INTO keyring_signing (kid, purpose, algorithm, state, public, master, announced) "
            "VALUES ('mine', 'audit-head', 'Ed25519', 'retired', '', '', 0)"
        )
    assert refused(served.url("app"), "ALTER TABLE keyring_signing DISABLE ROW LEVEL SECURITY")


@pytest.mark.postgresql
@pytest.mark.usefixtures("pages")
def test_the_worker_may_do_every_job_that_is_not_the_owners(served: Served) -> None:
    db = Database(served.url("worker"))
    mine = [job for job in jobs() if not job.owner]
    runs = run_due(db, mine)
    db.close()
    assert [(run.job, run.error) for run in runs if run.error] == []
    assert len(runs) == len(mine)
