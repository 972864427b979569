"""Kinds of structures of the demonstration territory: sector, share, how they are numbered and named
(`data/kinds.csv`).

Shares are of the number of structures in the directory, where practices of one professional are half of
everything; they are rounded from published counts of FINESS and RPPS. `numbered` says whether FINESS or
SIRENE knows the structure; a practice is known by a technical number only. `sites`: how many sites one legal
entity holds on average. Names are templates: {site}, {place}, {city}, {surname}, {owner} (title and name of
the professional).
"""

from __future__ import annotations

from dataclasses import dataclass

from socle.standards.package_data import csv_rows

SITES = (
    *(
        "LES GLYCINES",
        "LES TILLEULS",
        "LE CLOS FLEURI",
        "LA ROSERAIE",
        "LES HIRONDELLES",
        "BEL AIR",
        "L'ORANGERIE",
    ),
    *("LE GRAND CEDRE", "LES MARRONNIERS", "LA FEUILLERAIE", "LES TROIS CONTES", "LA FABLE", "LE VERGER"),
)
PLACES = (
    "DE LA GARE",
    "DU CENTRE",
    "DU MARCHE",
    "DES HALLES",
    "DU PARC",
    "DE LA PLACE",
    "DU PONT",
    "DES ECOLES",
)

OFFICE = "office"
SHARED_ROOMS = ("group", "partners", "house")


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of `kinds.csv`."""

    id: str
    sector: str
    share: float
    numbered: str
    sites: float
    names: tuple[str, ...]


def _kind(row: dict[str, str]) -> Kind:
    names = tuple(row["names"].split(" | "))
    return Kind(row["id"], row["sector"], float(row["share"]), row["numbered"], float(row["sites"]), names)


KINDS = {row["id"]: _kind(row) for row in csv_rows(__package__, "data", "kinds.csv")}


def counts(structures: int) -> dict[str, int]:
    """How many structures of each kind; practices of one professional fill what the others leave."""
    found = {kind.id: int(structures * kind.share + 0.5) for kind in KINDS.values()}
    found[OFFICE] = structures - sum(found.values())
    return found
