"""Judging the lines of a file that was read: rejected, or accepted with a warning.

Rejected: a line that does not fit the header, that repeats another, that holds an impossible code or a text that no
resource may hold, that says of nobody. Accepted and counted: an identifier that is malformed or whose key is wrong, a
code that our incomplete table does not hold. Each distinct value is judged once. The four files hold no date.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from socle.foundations.directory.loading.faults import (
    DUPLICATE,
    IMPOSSIBLE_CODE,
    IMPOSSIBLE_TEXT,
    MALFORMED_CODE,
    NO_KEY,
    LineFault,
    Rule,
)
from socle.foundations.directory.loading.reading import Extraction
from socle.foundations.terminology.tables import group
from socle.standards.annuaire.files import Kind
from socle.standards.annuaire.identifiers import Check, check_finess, check_rpps, check_siren, check_siret

CODED = (
    "profession",
    "category",
    "skill_type",
    "skill",
    "mode",
    "pharmacist_section",
    "role",
    "activity_kind",
    "sector",
    "civility",
    "exercise_civility",
    "diploma_type",
    "authorization_type",
    "authorization_field",
    "mailbox_type",
)
# Codes too, of which our tables hold so little that what they lack is not worth a warning.
_FREE_CODES = ("commune", "authority", "diploma")
_CHECKS: dict[str, Callable[[str], Check]] = {
    "finess": check_finess,
    "finess_ej": check_finess,
    "siren": check_siren,
    "siret": check_siret,
}
_RPPS_TYPE = "8"
_LONGEST_FIELD = 500
# In the mailbox file the holder's codes are a reminder, not what the file is about.
_NOT_JUDGED: dict[Kind, frozenset[str]] = {
    Kind.MAILBOX: frozenset({"profession", "category", "skill", "exercise_civility"})
}


@dataclass(slots=True)
class Judged:
    """`frame` holds the accepted lines; `held` the keys of which a line was rejected: what the store holds of them
    stays as it is. `warnings` counts by (rule, column as the header names it)."""

    extraction: Extraction
    frame: pl.DataFrame
    faults: list[LineFault]
    held: set[str]
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)


def judge(extraction: Extraction) -> Judged:
    frame = with_key(extraction)
    faults = list(extraction.misfits)
    for rule, column, wrong in _wrong_lines(extraction, frame):
        faults += _faults(extraction, rule, column, wrong)
    rejected = pl.Series("row", sorted({fault.row for fault in faults}), dtype=frame.schema["row"])
    accepted = frame.filter(~pl.col("row").is_in(rejected.implode()))
    judged = Judged(extraction, accepted, _first_of_each_line(faults), {f.key for f in faults if f.key})
    _warn(judged)
    return judged


def with_key(extraction: Extraction) -> pl.DataFrame:
    """The national identification, put together from type and number where the file leaves it out."""
    frame = extraction.frame
    if extraction.recognised.format.kind is Kind.MAILBOX:
        return frame
    known = pl.col("national_id") != ""
    made = pl.when(pl.col("id") != "").then(pl.col("id_type") + pl.col("id")).otherwise(pl.lit(""))
    return frame.with_columns(national_id=pl.when(known).then(pl.col("national_id")).otherwise(made))


def _wrong_lines(extraction: Extraction, frame: pl.DataFrame) -> Iterator[tuple[Rule, str, pl.DataFrame]]:
    key = extraction.recognised.format.key
    yield NO_KEY, key, frame.filter(pl.col(key) == "")
    bare = (
        pl.col("line").str.strip_suffix("|") if extraction.recognised.trailing_separator else pl.col("line")
    )
    yield DUPLICATE, "-", frame.filter(~bare.is_first_distinct())
    columns = list(extraction.recognised.columns)
    odd = frame.filter(pl.any_horizontal(_is_odd("line"), *(_is_long(column) for column in columns)))
    for column in columns:
        yield IMPOSSIBLE_TEXT, column, odd.filter(_is_odd(column) | _is_long(column))
    for column in _coded(extraction, frame):
        codes = group(column)
        impossible = [code for code in _distinct(frame, column) if codes.impossible(code)]
        if impossible:
            yield IMPOSSIBLE_CODE, column, frame.filter(pl.col(column).is_in(impossible))
    free = [column for column in _FREE_CODES if column in frame.columns]
    for column in (*_coded(extraction, frame), *free):
        yield MALFORMED_CODE, column, frame.filter(_is_spaced(column))


def _is_odd(column: str) -> pl.Expr:
    """Characters that no FHIR string may hold (R4 datatypes.html#string)."""
    return pl.col(column).str.contains("[\\x00-\\x08\\x0a-\\x1f]")


def _is_spaced(column: str) -> pl.Expr:
    """Two spaces in a row, which no FHIR code may hold (R4 datatypes.html#code)."""
    return pl.col(column).str.contains("  ", literal=True)


def _is_long(column: str) -> pl.Expr:
    """Longer than any field of an official file: several of them make keys, which have to stay short."""
    return pl.col(column).str.len_bytes() > _LONGEST_FIELD


def _coded(extraction: Extraction, frame: pl.DataFrame) -> list[str]:
    left_out = _NOT_JUDGED.get(extraction.recognised.format.kind, frozenset())
    return [column for column in CODED if column in frame.columns and column not in left_out]


def _distinct(frame: pl.DataFrame, column: str) -> list[str]:
    values = frame[column].unique()
    return values.filter(values != "").to_list()


def _faults(extraction: Extraction, rule: Rule, column: str, wrong: pl.DataFrame) -> Iterator[LineFault]:
    recognised = extraction.recognised
    key = recognised.format.key
    shown, named = (key, "-") if column == "-" else (column, recognised.header(column))
    for row, line, received, held in wrong.select(
        "row", "line", pl.col(shown).alias("shown"), key
    ).iter_rows():
        # A repeated line takes nothing from its person: the first one says it all.
        yield LineFault(
            extraction.path.name, row, named, received, rule, line, "" if rule is DUPLICATE else held
        )


def _first_of_each_line(faults: list[LineFault]) -> list[LineFault]:
    by_row: dict[int, LineFault] = {}
    for fault in faults:
        by_row.setdefault(fault.row, fault)
    return [by_row[row] for row in sorted(by_row)]


def _warn(judged: Judged) -> None:
    frame = judged.frame
    for column in _coded(judged.extraction, frame):
        codes = group(column)
        unknown = [code for code in _distinct(frame, column) if codes.find(code) is None]
        _count(judged, "unknown-code", column, unknown)
    for column, check in _CHECKS.items():
        if column in frame.columns:
            _check_identifiers(judged, column, check, frame)
    if "id_type" in frame.columns:
        _check_identifiers(judged, "id", check_rpps, frame.filter(pl.col("id_type") == _RPPS_TYPE))


def _check_identifiers(
    judged: Judged, column: str, check: Callable[[str], Check], frame: pl.DataFrame
) -> None:
    results = [(value, check(value)) for value in _distinct(frame, column)]
    for fault in (Check.MALFORMED, Check.WRONG_KEY):
        _count(
            judged, f"identifier-{fault.value}", column, [value for value, found in results if found is fault]
        )


def _count(judged: Judged, rule: str, column: str, values: list[str]) -> None:
    if values:
        named = judged.extraction.recognised.header(column)
        judged.warnings[rule, named] += judged.frame.filter(pl.col(column).is_in(values)).height
