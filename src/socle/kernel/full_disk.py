"""A disk that is full, whoever says so: SQLite, PostgreSQL or the system."""

import shutil
import sqlite3
from errno import EDQUOT, ENOSPC
from pathlib import Path

from socle.kernel.clock import micros

# Below this SQLite cannot grow what readers and writers share.
LEAST_FREE = 4 * 2**20
_REMEMBERED = 60 * 1_000_000
# PostgreSQL, appendix A: disk_full.
_SQLSTATE = "53100"
# The second: no room for the index of the log that all connections share.
_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
_met: list[int] = []


def says_full(failure: BaseException | None) -> bool:
    """Whether a full disk is what failed, or what that failure came from."""
    while failure is not None:
        if (
            getattr(failure, "sqlstate", None) == _SQLSTATE
            or getattr(failure, "sqlite_errorcode", None) in _SQLITE
            or (isinstance(failure, OSError) and failure.errno in (ENOSPC, EDQUOT))
        ):
            return True
        failure = failure.__cause__ or failure.__context__
    return False


def met() -> None:
    """Remember, for a minute, that this process could not write."""
    _met[:] = [micros()]


def is_full(place: Path) -> bool:
    """Whether this process met a full disk in the last minute, or has no room left where `place` is or will be. The
    disk of a database server is not seen from here: of it only the first is known."""
    if _met and 0 <= micros() - _met[0] < _REMEMBERED:
        return True
    there = next(parent for parent in (place, *place.parents) if parent.exists())
    return shutil.disk_usage(there).free < LEAST_FREE
