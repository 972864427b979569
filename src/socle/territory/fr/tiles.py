"""A map of the departments in tiles: each one square, about where it lies, so that a small one is as visible as a
large one. Drawn for Socle; the overseas departments stand below."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from socle.standards.package_data import csv_rows


class Tile(NamedTuple):
    """Column and row, from the top left corner."""

    column: int
    row: int


@cache
def tiles() -> Mapping[str, Tile]:
    """The tile of each department, by its code."""
    rows = csv_rows(__package__, "tiles.csv")
    return MappingProxyType({row["department"]: Tile(int(row["column"]), int(row["row"])) for row in rows})
