"""What pages count and search by, derived by column from the activity statements in the same load as the resources."""

from collections.abc import Sequence

import polars as pl

from socle.engines.fhirstore.stores import OPEN_ENDED
from socle.foundations.directory.statements import SEPARATOR, ActivityLine, Source, StructureLine
from socle.kernel.db import BulkTable, Column, Database, Unit
from socle.standards.fhir.text import fold

_RANGE = (Column("valid_from", "int4"), Column("valid_to", "int4"))
DENSITY = BulkTable(
    "directory_density",
    (Column("department", "text"), Column("profession", "text"), Column("persons", "int4"), *_RANGE),
)
PLACE = BulkTable(
    "directory_place",
    (
        Column("folded", "text"),
        Column("postal_code", "text"),
        Column("name", "text"),
        Column("department", "text"),
        Column("structures", "int4"),
        *_RANGE,
    ),
)


def derive(db: Database, number: int) -> None:
    """Count densities and list places anew under transaction `number`."""
    densities, places = _densities(_lines(db, Source.ACTIVITY)), _places(_lines(db, Source.STRUCTURE))
    with db.unit(durable=False) as unit:
        _replace(unit, DENSITY, densities, number)
        _replace(unit, PLACE, places, number)


def forget(db: Database, number: int) -> None:
    """Remove what transaction `number` replaced, once it is published."""
    with db.unit(durable=False) as unit:
        for table in (DENSITY, PLACE):
            unit.execute(f"DELETE FROM {table.name} WHERE valid_to <= ?1", number)


def _lines(db: Database, source: Source) -> pl.DataFrame:
    with db.reading() as session:
        rows = session.fetch(
            "SELECT key, lines FROM directory_statement WHERE source = ?1 AND valid_to = ?2",
            int(source),
            OPEN_ENDED,
        )
    return pl.DataFrame(rows, schema={"key": pl.String, "lines": pl.String}, orient="row")


def _field(fields: tuple[str, ...], name: str) -> pl.Expr:
    return pl.col("lines").list.get(fields.index(name)).alias(name)


def _densities(lines: pl.DataFrame) -> list[tuple[str, str, int]]:
    told = (
        lines.with_columns(pl.col("lines").str.split("\n"))
        .explode("lines")
        .with_columns(pl.col("lines").str.split(SEPARATOR))
        .select(
            "key", *(_field(ActivityLine._fields, name) for name in ("department", "profession", "structure"))
        )
        .filter((pl.col("structure") != "") & (pl.col("department") != "") & (pl.col("profession") != ""))
    )
    counted = told.group_by("department", "profession").agg(pl.col("key").n_unique().alias("persons"))
    return sorted(counted.iter_rows())


def _places(lines: pl.DataFrame) -> list[tuple[str, str, str, str, int]]:
    told = lines.with_columns(pl.col("lines").str.split(SEPARATOR)).select(
        "key",
        *(_field(StructureLine._fields, name) for name in ("postal_code", "commune_label", "department")),
    )
    counted = (
        told.filter(pl.col("commune_label") != "")
        .group_by("commune_label", "postal_code", "department")
        .agg(pl.col("key").n_unique().alias("structures"))
    )
    best: dict[tuple[str, str], tuple[str, str, str, str, int]] = {}
    for name, postal_code, department, structures in counted.sort("structures", "commune_label").iter_rows():
        folded = fold(name)
        best[folded, postal_code] = (folded, postal_code, name, department, structures)
    return sorted(best.values())


def _replace(unit: Unit, table: BulkTable, rows: Sequence[tuple[object, ...]], number: int) -> None:
    unit.execute(f"UPDATE {table.name} SET valid_to = ?1 WHERE valid_to = ?2", number, OPEN_ENDED)
    unit.bulk(table, [(*row, number, OPEN_ENDED) for row in rows])
