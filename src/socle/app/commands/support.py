"""What groups of commands share: the terminal, tables, and the installation's database."""

from collections.abc import Iterator
from contextlib import contextmanager

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
