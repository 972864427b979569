"""What a load leaves of the lines that it rejected."""

import csv
from pathlib import Path

from socle.foundations.directory.loading.faults import DUPLICATE, LineFault
from socle.foundations.directory.loading.rejects import _write_reasons


def test_the_reasons_run_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    target = tmp_path / "reasons.csv"
    hostile = '=HYPERLINK("https://exemple.test")'
    _write_reasons([LineFault("file.txt", 3, "nom", hostile, DUPLICATE, line=hostile)], target)
    with target.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert (row["received"], row["text"], row["line"]) == (f"'{hostile}", f"'{hostile}", "3")
