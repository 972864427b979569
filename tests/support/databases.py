"""Fresh migrated databases, cheaply: migrations run once per session and engine, each test gets a copy."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from tests.support import postgres

SOURCES = Path(__file__).resolve().parents[2] / "src"


def django_command(*arguments: str, database: str, home: Path) -> str:
    """What a Django command prints. It runs in a process of its own, because Django is set up once per
    process and for one database. Raises RuntimeError with all that it said when it fails.
    """
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "socle.app.django_settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(SOURCES), os.environ.get("PYTHONPATH")])),
        "SOCLE_DATABASE": database,
        "SOCLE_HOME": str(home),
    }
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"django {' '.join(arguments)} fails on {database}\n{done.stdout}{done.stderr}")
    return done.stdout


def migrate(url: str, home: Path) -> None:
    """Bring the database at `url` to the current schema."""
    django_command("migrate", "--no-input", "--skip-checks", "--verbosity", "0", database=url, home=home)


def _leave_empty(url: str) -> None:
    """Nothing is put into a database that was migrated."""


class SqliteTemplate:
    """Copies of one migrated file, into which `fill` has put something."""

    def __init__(self, folder: Path, fill: Callable[[str], None] = _leave_empty) -> None:
        self.file = folder / "template.sqlite3"
        migrate(f"sqlite:///{self.file}", folder)
        fill(f"sqlite:///{self.file}")
        with closing(sqlite3.connect(self.file)) as whole:
            # A reader that was the last to leave has left what was written in a file beside.
            whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        copy = folder / "socle.sqlite3"
        shutil.copyfile(self.file, copy)
        copy.chmod(0o600)
        yield f"sqlite:///{copy}"


class PostgresqlTemplate:
    """Databases made from one migrated template, into which `fill` has put something, on one throw-away server."""

    def __init__(
        self,
        server: postgres.Server,
        folder: Path,
        name: str = "socle",
        fill: Callable[[str], None] = _leave_empty,
    ) -> None:
        self.server = server
        self.name = name
        self._numbers = count(1)
        url = server.create(f"{name}_template")
        migrate(url, folder)
        fill(url)

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        name = f"{self.name}_{next(self._numbers)}"
        yield self.server.create(name, f"{self.name}_template")
        self.server.drop(name)
