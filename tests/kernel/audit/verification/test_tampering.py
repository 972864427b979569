"""Every single change of the trail's tables is found; what was not changed is well."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.kernel.audit.heads import last_head
from socle.kernel.audit.verification import Report, verify
from socle.kernel.db import Database
from socle.standards.signed_note import NoteKey, parse, sign
from tests.support.databases import PostgresqlTemplate, SqliteTemplate
from tests.support.trail import act, drain, lived_in

Row = tuple[Any, ...]
TABLES = {
    "audit_unit": ("id", "at", "entries", "events", "events_hash", "combined"),
    "audit_inbox": ("seq", "unit", "number", "facts", "subject_sealed", "actor_sealed"),
    "audit_entry": (
        "position",
        "at",
        "unit",
        "action",
        "actor",
        "subject",
        "facts",
        "subject_sealed",
        "actor_sealed",
    ),
    "audit_tile": ("level", "number", "hashes"),
    "audit_head": ("size", "at", "root", "signer", "checkpoint"),
    "audit_key": ("public", "position"),
}
# The order in which waiting entries came is the sequencer's business: no promise hangs on the number itself.
FREE = {("audit_inbox", "seq")}
CHANGED = [
    (table, column) for table, columns in TABLES.items() for column in columns if (table, column) not in FREE
]


@dataclass
class Trail:
    """A trail whose tables can be put back as they were."""

    db: Database
    kept: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        columns = TABLES[table]
        with self.db.reading() as session:
            return sorted(
                session.fetch(f"SELECT {', '.join(columns)} FROM {table}"),
                key=lambda row: (str(row[0]), str(row[1])),
            )

    def write(self, table: str, rows: Sequence[Row]) -> None:
        columns = TABLES[table]
        marks = ", ".join(f"?{number}" for number in range(1, len(columns) + 1))
        with self.db.unit(durable=False) as unit:
            unit.execute(f"DELETE FROM {table}")
            unit.execute_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def with_rows(self, table: str, rows: Sequence[Row]) -> Report:
        """What verification says while the table holds these rows."""
        before = self.rows(table)
        self.write(table, rows)
        try:
            return verify(self.db)
        finally:
            self.write(table, before)


@pytest.fixture(scope="module")
def kept() -> Iterator[tuple[dict[str, Trail], ExitStack]]:
    """One trail an engine for all these tests: each puts back what it changed."""
    with ExitStack() as stack:
        yield {}, stack


@pytest.fixture
def trail(
    engine: str,
    kept: tuple[dict[str, Trail], ExitStack],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Trail]:
    trails, stack = kept
    if engine not in trails:
        template: SqliteTemplate | PostgresqlTemplate = request.getfixturevalue(f"{engine}_template")
        db = Database(stack.enter_context(template.fresh(tmp_path_factory.mktemp("trail"))))
        stack.callback(db.close)
        lived_in(db)
        trails[engine] = Trail(db)
        assert [finding.as_json() for finding in verify(db).findings] == []
    yield trails[engine]
    assert verify(trails[engine].db).findings == []


def other(value: Any, data: st.DataObject) -> Any:
    """A value of the same type with one bit, one character or its absence changed."""
    if value is None:
        return b"\x01"
    if isinstance(value, int):
        return value ^ 1 << data.draw(st.integers(0, 14))
    if isinstance(value, str):
        at = data.draw(st.integers(0, max(0, len(value) - 1)))
        return f"{value[:at]}{'y' if value[at : at + 1] == 'x' else 'x'}{value[at + 1 :]}"
    held = bytes(value)
    at, bit = data.draw(st.integers(0, len(held) - 1)), data.draw(st.integers(0, 7))
    return held[:at] + bytes([held[at] ^ 1 << bit]) + held[at + 1 :]


def is_possible(table: str, rows: Sequence[Row]) -> bool:
    """Whether the table's key lets these rows be."""
    width = 2 if table == "audit_tile" else 1
    return len({row[:width] for row in rows}) == len(rows)


@pytest.mark.parametrize(("table", "column"), CHANGED)
def test_a_changed_value_is_found(trail: Trail, table: str, column: str) -> None:
    place, rows = TABLES[table].index(column), trail.rows(table)

    @settings(max_examples=12)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(rows) - 1))
        row = list(rows[number])
        row[place] = other(row[place], data)
        changed = [*rows[:number], tuple(row), *rows[number + 1 :]]
        if not is_possible(table, changed):
            return
        assert trail.with_rows(table, changed).findings, f"{column} of {rows[number]} became {row[place]!r}"

    check()


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("table", "column"), CHANGED)
def test_a_value_of_another_kind_is_found(trail: Trail, table: str, column: str) -> None:
    """SQLite keeps what one gives it, but for the numbers of its rows."""
    place, rows = TABLES[table].index(column), trail.rows(table)
    for value in ("a text", 1.5, b"bytes"):
        if type(value) is type(rows[0][place]):
            continue
        changed = [(*rows[0][:place], value, *rows[0][place + 1 :]), *rows[1:]]
        try:
            found = trail.with_rows(table, changed).findings
        except sqlite3.IntegrityError:
            assert isinstance(rows[0][place], int), "only a row's own number refuses"
        else:
            assert found, f"{value!r} in {column}"


@pytest.mark.parametrize("table", TABLES)
def test_a_removed_row_is_found(trail: Trail, table: str) -> None:
    rows = trail.rows(table)

    @settings(max_examples=12)
    @given(st.integers(0, len(rows) - 1))
    def check(number: int) -> None:
        assert trail.with_rows(table, rows[:number] + rows[number + 1 :]).findings, f"without {rows[number]}"

    check()


@pytest.mark.parametrize("table", TABLES)
def test_an_inserted_copy_is_found(trail: Trail, table: str) -> None:
    rows = trail.rows(table)

    @settings(max_examples=8)
    @given(st.integers(0, len(rows) - 1), st.integers(1, 2_000), st.binary(min_size=16, max_size=16))
    def check(number: int, further: int, name: bytes) -> None:
        first, *rest = rows[number]
        copy = (name if isinstance(first, bytes) else first + further, *rest)
        if table == "audit_tile":
            copy = (first, rest[0] + further, rest[1])
        if is_possible(table, [*rows, copy]):
            assert trail.with_rows(table, [*rows, copy]).findings, f"with {copy}"

    check()


@pytest.mark.parametrize(("table", "column"), CHANGED)
def test_two_values_that_were_swapped_are_found(trail: Trail, table: str, column: str) -> None:
    place, rows = TABLES[table].index(column), trail.rows(table)
    if len({row[place] for row in rows}) < 2:
        return

    @settings(max_examples=8)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        one = data.draw(st.integers(0, len(rows) - 1))
        differing = [number for number, row in enumerate(rows) if row[place] != rows[one][place]]
        two = data.draw(st.sampled_from(differing))
        changed = [list(row) for row in rows]
        changed[one][place], changed[two][place] = rows[two][place], rows[one][place]
        swapped = [tuple(row) for row in changed]
        if is_possible(table, swapped) and set(swapped) != set(rows):
            assert trail.with_rows(table, swapped).findings

    check()


def test_a_head_signed_again_with_another_key_is_found(trail: Trail) -> None:
    rows = trail.rows("audit_head")
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    for number, (size, at, root, _, checkpoint) in enumerate(rows):
        note = sign(parse(checkpoint).text, NoteKey("socle.localhost/audit", public), private.sign)
        forged = [*rows[:number], (size, at, root, public, note), *rows[number + 1 :]]
        found = {finding.kind.code for finding in trail.with_rows("audit_head", forged).findings}
        assert found == {"head-key"}


def test_a_tail_cut_with_everything_that_tells_of_it_needs_a_foreign_head(database: Database) -> None:
    act(database, 1, entries=3)
    drain(database)
    trail = Trail(database)
    kept = {table: trail.rows(table) for table in TABLES}
    act(database, 2, entries=3)
    drain(database)
    with database.reading() as session:
        head = last_head(session)
    assert head is not None
    foreign = head.checkpoint
    assert verify(database, foreign=foreign).findings == []
    for table, rows in kept.items():
        trail.write(table, rows)
    assert verify(database).findings == []
    assert [one.kind.code for one in verify(database, foreign=foreign).findings] == ["foreign-cut"]


def test_two_heads_that_disagree_are_found(database: Database) -> None:
    act(database, 1, entries=3)
    drain(database)
    trail = Trail(database)
    kept = {table: trail.rows(table) for table in TABLES}
    act(database, 2, entries=2)
    drain(database)
    with database.reading() as session:
        head = last_head(session)
    assert head is not None
    for table, rows in kept.items():
        trail.write(table, rows)
    act(database, 3, entries=2)
    drain(database)
    report = verify(database, foreign=head.checkpoint)
    assert [one.kind.code for one in report.findings] == ["foreign-root"]
    assert report.vouched_to == head.size


def test_a_head_of_another_trail_is_named(database: Database) -> None:
    act(database, 1)
    drain(database)
    with database.reading() as session:
        head = last_head(session)
    assert head is not None
    private = Ed25519PrivateKey.generate()
    key = NoteKey("socle.localhost/audit", private.public_key().public_bytes_raw())
    forged = sign(parse(head.checkpoint).text, key, private.sign)
    assert [one.kind.code for one in verify(database, foreign=forged).findings] == ["foreign-key"]
