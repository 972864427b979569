"""The small code tables (TRE) that the directory needs, read once from `tables/` and never changed.

`tables/index.csv` names each table: its number in the NOS, its system, the column group it answers for, the
shape of its codes, whether our copy is complete, and where the copy comes from. A table is complete when
every code in force is in it; only then is an unknown code impossible. Several tables share one column of the
public files (a profession is in G15, R94, R95 or R291): that is a `Group`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from socle.standards.annuaire import systems
from socle.standards.package_data import csv_rows

Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One code system. `labels` gives (French, English) for each code; English may be empty."""

    id: str
    url: str
    oid: str
    title_fr: str
    title_en: str
    complete: bool
    source: str
    pattern: re.Pattern[str]
    labels: Mapping[str, tuple[str, str]]

    def __contains__(self, code: str) -> bool:
        return code in self.labels

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def display(self, code: str, lang: Language = "fr") -> str | None:
        """The label of a code, in French when it has no English one; None for a code we do not know."""
        label = self.labels.get(code)
        if label is None:
            return None
        return (label[1] or label[0]) if lang == "en" else label[0]

    def title(self, lang: Language = "fr") -> str:
        return self.title_en if lang == "en" else self.title_fr

    def impossible(self, code: str) -> bool:
        """Whether no such code can exist: never true of an incomplete table."""
        return self.complete and code not in self.labels


@dataclass(frozen=True, slots=True)
class Group:
    """The tables that share one column, in the order in which a code is looked for."""

    name: str
    tables: tuple[CodeTable, ...]

    def find(self, code: str) -> CodeTable | None:
        """The table that holds this code."""
        return next((table for table in self.tables if code in table), None)

    def display(self, code: str, lang: Language = "fr") -> str | None:
        found = self.find(code)
        return found.display(code, lang) if found else None

    def impossible(self, code: str) -> bool:
        """Whether no table of the column can hold this code.

        A code of the shape of one table is judged by that table; a code of no known shape is impossible only
        when all the tables are complete.
        """
        if self.find(code):
            return False
        alike = [table for table in self.tables if table.pattern.fullmatch(code)]
        return all(table.complete for table in alike or self.tables)


@cache
def table(id: str) -> CodeTable:
    """The table of this NOS number ("G15", "R85"). KeyError when we hold no such table."""
    return _load(_index()[id])


@cache
def group(name: str) -> Group:
    """The tables of one column: the names are those of `socle.standards.annuaire.files`. KeyError when
    unknown.
    """
    members = tuple(table(id) for id, row in _index().items() if row["group"] == name)
    if not members:
        raise KeyError(name)
    return Group(name, members)


def by_url(url: str) -> CodeTable | None:
    """The table of a code system URL, older names and OIDs included; None when we hold none."""
    id = _ids_by_url().get(systems.canonical_system(url))
    return table(id) if id else None


def display(url: str, code: str, lang: Language = "fr") -> str | None:
    """The label of a code in a code system; None when the system or the code is unknown."""
    found = by_url(url)
    return found.display(code, lang) if found else None


def table_ids() -> tuple[str, ...]:
    """The numbers of all the tables held."""
    return tuple(_index())


@cache
def _index() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({row["id"]: row for row in _rows("index")})


@cache
def _ids_by_url() -> Mapping[str, str]:
    return MappingProxyType({getattr(systems, row["system"]): id for id, row in _index().items()})


def _load(row: Mapping[str, str]) -> CodeTable:
    url = getattr(systems, row["system"])
    return CodeTable(
        id=row["id"],
        url=url,
        oid=systems.OIDS[url],
        title_fr=row["title_fr"],
        title_en=row["title_en"],
        complete=row["complete"] == "yes",
        source=row["source"],
        pattern=re.compile(row["pattern"]),
        labels=MappingProxyType({r["code"]: (r["display_fr"], r["display_en"]) for r in _rows(row["id"])}),
    )


def _rows(name: str) -> list[dict[str, str]]:
    return csv_rows(__package__, "tables", f"{name}.csv")
