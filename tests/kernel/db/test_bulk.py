"""Many rows at once say the same as rows one by one, on both engines and through both paths."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.db import BulkTable, Column, Database, encode

INTEGERS = BulkTable("numbers", (Column("small", "int2"), Column("middle", "int4"), Column("large", "int8")))
MIXED = BulkTable(
    "mixed",
    (Column("number", "int4"), Column("name", "text"), Column("body", "bytes"), Column("moment", "int8")),
)
SMALL = st.integers(-(2**15), 2**15 - 1)
MIDDLE = st.integers(-(2**31), 2**31 - 1)
LARGE = st.integers(-(2**63), 2**63 - 1)
# PostgreSQL holds no NUL in a text; FHIR JSON and the extraction files are refused with one.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
BOUNDED = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def tables(database: Database) -> Database:
    blob = "blob" if database.engine == "sqlite" else "bytea"
    with database.unit() as unit:
        unit.execute("CREATE TABLE numbers (small smallint, middle integer, large bigint)")
        unit.execute(f"CREATE TABLE mixed (number integer, name text, body {blob}, moment bigint)")
    return database


@BOUNDED
@given(rows=st.lists(st.tuples(SMALL, MIDDLE, LARGE), max_size=70), encoded=st.booleans())
def test_integers_come_back(tables: Database, rows: list[tuple[int, int, int]], encoded: bool) -> None:
    with tables.unit() as unit:
        unit.execute("DELETE FROM numbers")
        if encoded:
            unit.bulk_encoded(INTEGERS, encode(INTEGERS, rows, tables.engine))
        else:
            unit.bulk(INTEGERS, rows)
        assert sorted(unit.fetch("SELECT small, middle, large FROM numbers")) == sorted(rows)


@BOUNDED
@given(middle=MIDDLE, rows=st.lists(st.tuples(SMALL, LARGE), max_size=70), encoded=st.booleans())
def test_fixed_columns_come_back_on_every_row(
    tables: Database, middle: int, rows: list[tuple[int, int]], encoded: bool
) -> None:
    table = INTEGERS.fixing(middle=middle)
    with tables.unit() as unit:
        unit.execute("DELETE FROM numbers")
        if encoded:
            unit.bulk_encoded(table, encode(table, rows, tables.engine))
        else:
            unit.bulk(table, rows)
        found = unit.fetch("SELECT small, middle, large FROM numbers")
    assert sorted(found) == sorted((small, middle, large) for small, large in rows)


@BOUNDED
@given(
    rows=st.lists(
        st.tuples(MIDDLE, TEXTS, st.binary(), st.none() | LARGE),
        max_size=50,
    ),
    encoded=st.booleans(),
)
def test_texts_bytes_and_nothing_come_back(
    tables: Database, rows: list[tuple[int, str, bytes, int | None]], encoded: bool
) -> None:
    with tables.unit() as unit:
        unit.execute("DELETE FROM mixed")
        if encoded:
            unit.bulk_encoded(MIXED, encode(MIXED, rows, tables.engine))
        else:
            unit.bulk(MIXED, rows)
        found = [
            (number, name, bytes(body), moment)
            for number, name, body, moment in unit.fetch("SELECT number, name, body, moment FROM mixed")
        ]
    assert sorted(found, key=repr) == sorted(rows, key=repr)
