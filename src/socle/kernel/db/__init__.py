"""Connections and transactions, on SQLite and PostgreSQL, behind one small contract.

SQL is written once with numbered parameters (`?1`), which SQLite reads as they are and PostgreSQL receives as `$1`.
What the two engines say differently (a set passed as one parameter) is in `Dialect`. Nothing depends on a collation.
"""

from socle.kernel.db.bulk import BulkTable, Column, encode
from socle.kernel.db.catalogue import has_table
from socle.kernel.db.coalesce import Coalescer
from socle.kernel.db.database import Database, close_database, database, open_database
from socle.kernel.db.dialect import DIALECTS, Dialect, Engine
from socle.kernel.db.lock import FileBusy, FileLock
from socle.kernel.db.session import Row, Session, Unit

__all__ = [
    "DIALECTS",
    "BulkTable",
    "Coalescer",
    "Column",
    "Database",
    "Dialect",
    "Engine",
    "FileBusy",
    "FileLock",
    "Row",
    "Session",
    "Unit",
    "close_database",
    "database",
    "encode",
    "has_table",
    "open_database",
]
