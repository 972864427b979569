"""From accepted lines to statements, by column: group by key, sort, join, digest."""

from dataclasses import dataclass

import polars as pl
from xxhash import xxh3_64_hexdigest, xxh3_128_digest

from socle.foundations.directory.loading.judging import Judged
from socle.foundations.directory.statements import (
    LINE_OF,
    SEPARATOR,
    SOURCE_OF,
    MailboxLine,
    Source,
    StructureLine,
)

_SIRET_ID, _RPPS_PRACTICE_ID = "3", "4"
STATEMENT_SCHEMA = {
    "key": pl.String,
    "part": pl.String,
    "lines": pl.String,
    "digest": pl.Binary,
    "mentions": pl.Int64,
}
# The activity file puts a letter before the numbers that the mailbox file tells apart by their type (TRE_G07).
_LETTER_OF_TYPE = {"3": "C", "4": "R"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one file says, by source (frames with STATEMENT_SCHEMA); `structures` are the descriptions of structures
    that an activity file carries."""

    statements: dict[Source, pl.DataFrame]
    structures: pl.DataFrame


def statements_of(judged: Judged) -> Said:
    """Tombstones (lines that hold an identification and nothing else) make no statement."""
    source = SOURCE_OF[judged.extraction.recognised.format.kind]
    frame = _complete(judged.frame, source)
    nothing = pl.DataFrame(schema=STATEMENT_SCHEMA)
    if source is Source.MAILBOX:
        return Said(_mailboxes(frame), nothing)
    structures = nothing
    if source is Source.ACTIVITY:
        frame = _with_variant(_with_structure(frame))
        structures = _structures(frame)
    fields = LINE_OF[source]._fields
    return Said(
        {source: _grouped(frame, "national_id", pl.lit(""), fields, _says_something(source))}, structures
    )


def _complete(frame: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Columns that an older vintage does not have are empty."""
    wanted = {*LINE_OF[source]._fields, *(StructureLine._fields if source is Source.ACTIVITY else ())}
    missing = [name for name in wanted if name not in frame.columns]
    return frame.with_columns([pl.lit("").alias(name) for name in missing])


def _says_something(source: Source) -> pl.Expr:
    """A line that fills more than the identification."""
    told = [name for name in LINE_OF[source]._fields if name not in ("id_type", "id", "variant")]
    return pl.any_horizontal([pl.col(name) != "" for name in told])


def _with_structure(frame: pl.DataFrame) -> pl.DataFrame:
    """The key of a structure: FINESS, else technical id, else SIRET; nothing when the line names no structure."""
    siret = pl.when(pl.col("siret") != "").then("C" + pl.col("siret")).otherwise(pl.lit(""))
    return frame.with_columns(structure=_first_filled(pl.col("finess"), pl.col("structure_id"), siret))


def _first_filled(*choices: pl.Expr) -> pl.Expr:
    chosen: pl.Expr = pl.lit("")
    for choice in reversed(choices):
        chosen = pl.when(choice != "").then(choice).otherwise(chosen)
    return chosen


def _with_variant(frame: pl.DataFrame) -> pl.DataFrame:
    """The structure's own columns as one text, and a mark that tells this text from others on the same key."""
    text = pl.concat_str([pl.col(name) for name in StructureLine._fields], separator=SEPARATOR)
    frame = frame.with_columns(
        structure_text=pl.when(pl.col("structure") != "").then(text).otherwise(pl.lit(""))
    )
    texts = frame["structure_text"].unique()
    marks = [xxh3_64_hexdigest(one.encode()) if one else "" for one in texts.to_list()]
    known = pl.DataFrame({"structure_text": texts, "variant": marks}, schema_overrides={"variant": pl.String})
    return frame.drop("variant").join(known, on="structure_text", how="left", maintain_order="left")


def _structures(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a (structure, description), with the number of lines that carry it."""
    found = (
        frame.filter(pl.col("structure") != "")
        .group_by("structure", "variant")
        .agg(pl.col("structure_text").first().alias("lines"), pl.len().cast(pl.Int64).alias("mentions"))
        .rename({"structure": "key", "variant": "part"})
    )
    return _digested(found)


def _grouped(
    frame: pl.DataFrame, key: str, part: pl.Expr, fields: tuple[str, ...], told: pl.Expr
) -> pl.DataFrame:
    line = pl.concat_str([pl.col(name) for name in fields], separator=SEPARATOR)
    grouped = (
        frame.filter(told)
        .select(pl.col(key).alias("key"), part.alias("part"), line.alias("lines"))
        .unique()
        .sort("key", "part", "lines")
        .group_by("key", "part", maintain_order=True)
        .agg(pl.col("lines").str.join("\n"))
        .with_columns(mentions=pl.lit(1, pl.Int64))
    )
    return _digested(grouped)


def _mailboxes(frame: pl.DataFrame) -> dict[Source, pl.DataFrame]:
    """One statement a (holder, address): the holder is the person when there is one, else the structure."""
    frame = frame.with_columns(person=pl.col("national_id"), structure=_mailbox_structure())
    address, fields = pl.col("address"), MailboxLine._fields
    of_persons = pl.col("person") != ""
    of_structures = ~of_persons & (pl.col("structure") != "")
    return {
        Source.MAILBOX: _grouped(frame, "person", address, fields, of_persons),
        Source.STRUCTURE_MAILBOX: _grouped(frame, "structure", address, fields, of_structures),
    }


def _mailbox_structure() -> pl.Expr:
    """The same key as the activity file gives: the FINESS number, `C` and the SIRET, `R` and the RPPS practice number.

    The file gives the type of the number (TRE_G07) beside the number alone.
    """
    number = pl.col("structure_id")
    marked = (
        pl.when(pl.col("structure_id_type") == _SIRET_ID)
        .then("C" + number)
        .when((pl.col("structure_id_type") == _RPPS_PRACTICE_ID) & ~number.str.starts_with("R"))
        .then("R" + number)
        .otherwise(number)
    )
    return pl.when(number == "").then(pl.lit("")).otherwise(marked)


def _digested(frame: pl.DataFrame) -> pl.DataFrame:
    digests = [xxh3_128_digest(text.encode()) for text in frame["lines"].to_list()]
    return frame.with_columns(digest=pl.Series(digests, dtype=pl.Binary)).select(list(STATEMENT_SCHEMA))
