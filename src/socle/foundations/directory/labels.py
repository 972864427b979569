"""Codes as people read them: the label of our tables, else the one that the files gave, else the code itself."""

from collections.abc import Iterable, Mapping
from functools import cache

from socle.foundations.directory.resources import Json
from socle.foundations.terminology.tables import by_url, group
from socle.standards.annuaire.systems import canonical_system

_KEPT = 10_000
_COLUMNS = (
    "profession",
    "category",
    "skill",
    "skill_type",
    "diploma",
    "diploma_type",
    "mode",
    "activity_kind",
    "role",
    "pharmacist_section",
    "sector",
    "structure_category",
    "legal_status",
    "civility",
    "exercise_civility",
    "authorization_type",
    "authorization_field",
    "mailbox_type",
    "street_type",
)


@cache
def _column_of_table() -> Mapping[str, str]:
    return {table.url: column for column in _COLUMNS for table in group(column).tables}


@cache
def column_of(system: str) -> str:
    """The column of the public files that carries codes of this system; empty for a system that none carries."""
    return _column_of_table().get(canonical_system(system), "")


class Labels:
    """Labels in one language. `learnt` are those of the files, by column and code."""

    def __init__(self, lang: str, learnt: Mapping[tuple[str, str], str]) -> None:
        self.lang = lang
        self._learnt = learnt
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def of(self, coding: Json) -> str:
        return self._read(coding)[1]

    def by_column(self, concepts: Iterable[Json]) -> dict[str, list[str]]:
        """The labels of the codings of some CodeableConcepts, by column of the files, in order, each once."""
        found: dict[str, list[str]] = {}
        for concept in concepts:
            for coding in concept.get("coding", ()):
                column, label = self._read(coding)
                labels = found.setdefault(column, [])
                if label not in labels:
                    labels.append(label)
        return found

    def _read(self, coding: Json) -> tuple[str, str]:
        """(column, label) of a coding."""
        key = (coding.get("system") or "", coding.get("code") or "")
        known = self._known.get(key)
        if known is None:
            label = self._find(*key) or coding.get("display") or key[1]
            known = column_of(key[0]), label
            if len(self._known) < _KEPT:
                self._known[key] = known
        return known

    def _find(self, system: str, code: str) -> str:
        table = by_url(system)
        label = table.display(code, "en" if self.lang == "en" else "fr") if table else None
        return label or self._learnt.get((column_of(system), code), "")

    def column(self, column: str, code: str) -> str:
        """The label of a code of a column of the files."""
        return group(column).display(code, "en" if self.lang == "en" else "fr") or self._learnt.get(
            (column, code), code
        )


def codings(concepts: Iterable[Json], column: str) -> list[Json]:
    """The codings, of a list of CodeableConcept, whose system stands in this column of the files."""
    return [
        coding
        for concept in concepts
        for coding in concept.get("coding", ())
        if column_of(coding.get("system") or "") == column
    ]
