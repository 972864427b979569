"""What SQLite and PostgreSQL say differently."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Engine = Literal["sqlite", "postgresql"]
_NUMBERED = re.compile(r"\?(\d+)")


@dataclass(frozen=True, slots=True)
class Dialect:
    engine: Engine

    @property
    def has_table(self) -> str:
        """SQL that gives a row when there is a table of the name passed as its only parameter."""
        if self.engine == "sqlite":
            return "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1"
        return "SELECT 1 FROM pg_class WHERE oid = to_regclass(?1) AND relkind IN ('r', 'p')"

    def among_ints(self, expression: str, number: int) -> str:
        """SQL that is true when an integer expression is one of the list passed as parameter `number`."""
        if self.engine == "sqlite":
            return f"{expression} IN (SELECT value FROM json_each(?{number}))"
        return f"{expression} = ANY(?{number}::bigint[])"

    def among_texts(self, expression: str, number: int) -> str:
        if self.engine == "sqlite":
            return f"{expression} IN (SELECT value FROM json_each(?{number}))"
        return f"{expression} = ANY(?{number}::text[])"

    def holds_bytes(self, column: str, number: int) -> str:
        """SQL that is true when a column of bytes holds those passed as parameter `number` somewhere."""
        if self.engine == "sqlite":
            return f"instr({column}, ?{number}) > 0"
        return f"position(?{number}::bytea IN {column}) > 0"

    def listed(self, values: Sequence[int] | Sequence[str]) -> Any:
        """The parameter for `among_*`."""
        return json.dumps(list(values)) if self.engine == "sqlite" else list(values)

    def native(self, sql: str) -> str:
        return sql if self.engine == "sqlite" else _to_postgresql(sql)


@lru_cache(maxsize=4096)
def _to_postgresql(sql: str) -> str:
    return _NUMBERED.sub(r"$\1", sql)


DIALECTS: dict[Engine, Dialect] = {"sqlite": Dialect("sqlite"), "postgresql": Dialect("postgresql")}
