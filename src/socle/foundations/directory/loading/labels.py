"""Labels that the official files give to codes, kept for the codes that our tables do not hold."""

import polars as pl

from socle.foundations.directory.loading.judging import Judged
from socle.foundations.terminology.tables import group
from socle.kernel.db import Database

Learnt = dict[tuple[str, str], str]
"""Labels by (column, code)."""


def labels_of(judged: list[Judged]) -> Learnt:
    return {
        (column, code): label
        for one in judged
        for column in (name.removesuffix("_label") for name in one.frame.columns if name.endswith("_label"))
        if column in one.frame.columns
        for code, label in _labels(one.frame, column)
    }


def keep_labels(db: Database, learnt: Learnt) -> None:
    with db.unit() as unit:
        unit.execute_many(
            "INSERT INTO directory_label (column_name, code, label) VALUES (?1, ?2, ?3) "
            "ON CONFLICT (column_name, code) DO UPDATE SET label = excluded.label",
            [(column, code, label) for (column, code), label in sorted(learnt.items())],
        )


def _labels(frame: pl.DataFrame, column: str) -> list[tuple[str, str]]:
    """(code, label) met in the file and in none of our tables; the first label in byte order wins."""
    try:
        known = group(column)
    except KeyError:
        return []
    met = frame.filter((pl.col(column) != "") & (pl.col(f"{column}_label") != ""))
    pairs = (
        met.select(column, f"{column}_label")
        .unique()
        .sort(column, f"{column}_label", descending=[False, True])
    )
    return [(code, label) for code, label in pairs.iter_rows() if known.find(code) is None]
