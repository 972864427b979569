"""The rejects of a load: a file in the official format that can be mended and loaded again, and why for each line."""

import csv
from pathlib import Path

import polars as pl

from socle.foundations.directory.loading.faults import DUPLICATE, LineFault
from socle.foundations.directory.loading.judging import Judged, with_key
from socle.kernel.web.spreadsheet import cell


def write_rejects(judged: Judged, folder: Path, stamp: str) -> Path | None:
    """Write `<stamp>-<name>` with every line of each key that has a rejected line, in the order of the file, so that
    the mended file, loaded as a delta, says all there is to say of these keys; and `<stamp>-<name>.csv` with the
    reasons and every rejected line, those that say of nobody included: mend these in the file they come from. None
    when nothing was rejected."""
    if not judged.faults:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{stamp}-{judged.extraction.path.name}"
    lines = _lines(judged)
    content = [judged.extraction.header, *(line for _, line in sorted(lines))]
    target.write_text("\n".join(content) + "\n", encoding="utf-8")
    _write_reasons(judged.faults, target.with_name(target.name + ".csv"))
    return target


def _lines(judged: Judged) -> set[tuple[int, str]]:
    frame, key = with_key(judged.extraction), judged.extraction.recognised.format.key
    rows = pl.Series("row", [fault.row for fault in judged.faults], dtype=frame.schema["row"])
    named = frame.filter(pl.col("row").is_in(rows.implode()))[key].to_list()
    keys = pl.Series("key", sorted({*named, *judged.held} - {""}), dtype=pl.String)
    theirs = frame.filter(pl.col(key).is_in(keys.implode())).select("row", "line")
    # A line that says of nobody cannot be part of a delta, which replaces all that is known of somebody.
    return {
        *theirs.rows(),
        *((fault.row, fault.line) for fault in judged.faults if fault.key or fault.rule is DUPLICATE),
    }


def _write_reasons(faults: list[LineFault], target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("file", "line", "column", "received", "rule", "fr", "en", "text"))
        for fault in faults:
            row = (
                fault.file,
                fault.row,
                fault.column,
                fault.received,
                fault.rule.code,
                fault.rule.fr,
                fault.rule.en,
                fault.line,
            )
            writer.writerow([cell(value) for value in row])
