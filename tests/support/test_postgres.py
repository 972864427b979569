"""The throw-away PostgreSQL server, from each place it can come from."""

import os
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres

pytestmark = pytest.mark.postgresql


def ask(url: str, sql: bytes) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
    return row and row[0]


def test_it_depends_on_no_collation(postgresql_server: postgres.Server) -> None:
    assert ask(postgresql_server.url(), b"SHOW server_encoding") == "UTF8"
    assert (
        ask(postgresql_server.url(), b"SELECT datcollate FROM pg_database WHERE datname = 'postgres'") == "C"
    )
    assert ask(postgresql_server.url(), "SELECT 'Z' < 'é'".encode()) is True


def test_databases_of_two_tests_do_not_meet(postgresql_server: postgres.Server) -> None:
    first, second = (postgresql_server.create(name) for name in ("one", "two"))
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE here (id int)")
    assert ask(first, b"SELECT to_regclass('here')::text") == "here"
    assert ask(second, b"SELECT to_regclass('here')::text") is None
    for name in ("one", "two"):
        postgresql_server.drop(name)


def test_a_forgotten_connection_does_not_prevent_the_drop(postgresql_server: postgres.Server) -> None:
    url = postgresql_server.create("left_open")
    with psycopg.connect(url) as forgotten:
        postgresql_server.drop("left_open")
        with pytest.raises(psycopg.OperationalError):
            forgotten.execute("SELECT 1")


def test_the_wheel_serves_where_no_package_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip(postgres.WHEEL, reason=f"the wheel {postgres.WHEEL} has no build for this platform")
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    with postgres.running() as server:
        folder = server.folder
        assert postgres.WHEEL in str(server.binaries) or server.binaries.is_relative_to(folder)
        assert ask(server.url(), b"SELECT current_setting('fsync')") == "off"
    assert not folder.exists()


def test_a_durable_server_keeps_its_guarantees() -> None:
    with postgres.running(durable=True, settings=("max_connections=7",)) as server:
        assert ask(server.url(), b"SHOW fsync") == "on"
        assert ask(server.url(), b"SHOW max_connections") == "7"


def test_without_any_binaries_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    monkeypatch.setattr(postgres, "WHEEL", "no_such_wheel")
    with pytest.raises(postgres.PostgresqlUnavailable, match=r"neither the Debian package .* nor the wheel"):
        postgres.binaries()


def test_newest_version_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for version in ("9.6", "15", "17"):
        initdb = tmp_path / version / "bin" / "initdb"
        initdb.parent.mkdir(parents=True)
        initdb.touch()
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    assert postgres.binaries() == tmp_path / "17" / "bin"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server to another account")
def test_root_lends_the_server(postgresql_server: postgres.Server) -> None:
    assert (postgresql_server.folder / "data").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server to another account")
def test_binaries_behind_a_closed_folder_are_copied_beside_the_cluster(tmp_path: Path) -> None:
    closed, folder = tmp_path / "closed", tmp_path / "cluster"
    initdb = closed / "pginstall" / "bin" / "initdb"
    initdb.parent.mkdir(parents=True)
    initdb.write_text("#!/bin/sh\n")
    initdb.chmod(0o755)
    closed.chmod(0o700)
    folder.mkdir()
    found = postgres.reachable(initdb.parent, folder, postgres.unprivileged_account())
    assert found.is_relative_to(folder)
    assert (found / "initdb").read_text() == initdb.read_text()
