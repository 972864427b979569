"""How PostgreSQL goes about tables that are empty at one moment and hold a hundred thousand rows at the next.

A statement is planned once for a connection. Planned on an empty table it reads the whole of it, and goes on doing so
when the table has grown.
"""

from socle.kernel.db import Unit

_BY_INDEX = "SELECT set_config('enable_seqscan', 'off', true)"


def by_index(unit: Unit) -> None:
    """Until this unit ends, statements that are planned use an index where there is one. SQLite always does."""
    if unit.dialect.engine == "postgresql":
        unit.fetch(_BY_INDEX)
