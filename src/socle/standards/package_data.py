"""Facts shipped as data files inside a package: read, never written."""

from __future__ import annotations

import csv
from importlib.resources import files


def csv_rows(package: str, *path: str) -> list[dict[str, str]]:
    """The lines of a `;`-separated UTF-8 file of a package, each by the names of its header line."""
    text = files(package).joinpath(*path).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))
