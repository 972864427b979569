"""What groups of commands share: the terminal, tables, and the installation's database."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from socle.kernel.actors import SYSTEM, Acting
from socle.kernel.clock import from_micros
from socle.kernel.db import Database
from socle.kernel.settings import settings

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
# Whoever is at the terminal of the installation acts as the system does.
AT_TERMINAL = Acting(SYSTEM, door="command-line")


def table(*headers: str) -> Table:
    """A table that folds what is too long for the terminal: an address or a file name is never cut."""
    return Table(*(Column(header, overflow="fold") for header in headers), box=None, pad_edge=False)


@contextmanager
def opened() -> Iterator[Database]:
    """The installation's database, closed at the end. Raises SocleError(UNSAFE_START) in an unsafe production."""
    from socle.app.profile import check_profile

    check_profile(settings())
    db = Database(settings().database_url)
    try:
        yield db
    finally:
        db.close()


def moment(micros: int) -> str:
    """A moment for a person at a terminal, in UTC, to the second."""
    return from_micros(micros).strftime("%Y-%m-%d %H:%M:%S UTC")


def write_new(file: Path, content: bytes) -> None:
    """Nobody else reads it from the first byte on, and no file or link that was there is followed. Raises
    SocleError(FILE_THERE)."""
    from socle.kernel.errors import SocleError
    from socle.kernel.privacy.faults import FILE_THERE

    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SocleError(FILE_THERE, file=str(file)) from None
    with open(descriptor, "wb") as opened_file:
        opened_file.write(content)


def check_new(files: Iterable[Path]) -> None:
    """Raises SocleError(FILE_THERE) for the first that is there, before what would be written is made."""
    from socle.kernel.errors import SocleError
    from socle.kernel.privacy.faults import FILE_THERE

    for file in files:
        if file.exists():
            raise SocleError(FILE_THERE, file=str(file))
