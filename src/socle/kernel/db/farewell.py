"""The last statements of a unit and its COMMIT, sent to PostgreSQL in one exchange.

Each exchange costs more than the small rows that it carries: waiting for an answer means giving up the processor and
getting it back. The general pipeline of psycopg spares the waiting and spends as much on its own books, hence the
protocol itself (libpq, "Pipeline Mode"), for statements whose results nobody reads.
"""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import generators
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn, PGresult

_NUMBERS = count()
_NAMES: dict[str, bytes] = {}


class Writer(psycopg.Connection[Any]):
    """A connection that knows which of these statements the server has prepared for it."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._known: set[bytes] = set()

    def commit_with(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Run the statements (`$1`, `$2`… in them), then commit. Raises psycopg.Error, the transaction then being
        failed and nothing of it kept."""
        ready = [(sql, [_sent(value) for value in parameters]) for sql, parameters in statements]
        formats = [
            [Format.BINARY if isinstance(value, bytes) else Format.TEXT for value in parameters]
            for _, parameters in statements
        ]
        prepared: list[bytes] = []
        self.pgconn.enter_pipeline_mode()
        try:
            for (sql, values), said in zip(ready, formats, strict=True):
                prepared.append(self._send(sql, values, said))
            self.pgconn.send_query_params(b"COMMIT", None)
            self.pgconn.pipeline_sync()
            results = self.wait(_answers(self.pgconn))
        finally:
            if not self.closed:
                self.pgconn.exit_pipeline_mode()
        self._conclude(prepared, results)

    def _deallocate(self, name: bytes | None) -> "PQGen[None]":
        """psycopg deallocates everything after a rollback, or after a table has changed: ours with its own."""
        if name is None:
            self._known.clear()
        return super()._deallocate(name)

    def _send(self, sql: str, values: Sequence[bytes | None], formats: Sequence[Format]) -> bytes:
        """The name under which the server is asked to prepare the statement; none when it has it already."""
        name, new = _NAMES.get(sql) or _NAMES.setdefault(sql, f"_farewell_{next(_NUMBERS)}".encode()), b""
        if name not in self._known:
            self.pgconn.send_prepare(name, sql.encode())
            self._known.add(name)
            new = name
        self.pgconn.send_query_prepared(name, values, param_formats=formats)
        return new

    def _conclude(self, prepared: Sequence[bytes], results: Sequence["PGresult"]) -> None:
        """Raise what failed first. What was prepared before it stays prepared; the rest was not even looked at."""
        answers = iter(results)
        for name in prepared:
            if name and next(answers).status != ExecStatus.COMMAND_OK:
                self._known.discard(name)
            next(answers)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result, self.info.encoding)


def _sent(value: Any) -> bytes | None:
    """Bytes go as they are, numbers and texts as PostgreSQL writes them."""
    if value is None or isinstance(value, bytes):
        return value
    sent = str(value).encode()
    if b"\0" in sent:
        # The library would cut the text there.
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return sent


def _answers(connection: "PGconn") -> "PQGen[list[PGresult]]":
    yield from generators.send(connection)
    results: list[PGresult] = []
    while True:
        result = yield from generators.fetch(connection)
        # Between the results of two statements there is an empty one.
        if result is not None:
            results.append(result)
            if result.status == ExecStatus.PIPELINE_SYNC:
                return results
