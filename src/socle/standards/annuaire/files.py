"""The four public extraction files of the directory: columns, vintages, and how a header line is recognised.

Text, one header line, `|` between fields, an empty field for an absent value, `\\n` at line ends; some
vintages end every line with one more `|`. Columns are addressed by name: a file whose columns stand in
another order is still understood. Source: ANS, "Annuaire Santé, extractions des données en libre accès"
(data.gouv.fr); the header names of 2026 and of the older vintages agree in several unrelated public parsers.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SEPARATOR = "|"
_BOM = "\ufeff"


class Kind(StrEnum):
    """The extraction files."""

    ACTIVITY = "personne_activite"
    SKILL = "savoir_faire"
    DIPLOMA = "dipl_autexerc"
    MAILBOX = "mailboxes"


@dataclass(frozen=True, slots=True)
class Vintage:
    """One known spelling of a header: names in their published order."""

    label: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One extraction file.

    `columns` are our short names, in the order of the newest vintage (`vintages[0]`); the header at rank n of
    any vintage names the column at rank n, an older vintage has fewer. `key` is the column that groups the
    lines that a delta replaces together. `stem` begins the official file name.
    """

    kind: Kind
    stem: str
    key: str
    columns: tuple[str, ...]
    vintages: tuple[Vintage, ...]

    @property
    def header(self) -> str:
        return SEPARATOR.join(self.vintages[0].headers)

    def index(self, column: str) -> int:
        return self.columns.index(column)

    def file_name(self, moment: datetime) -> str:
        """Official name: stem, then local date and time to the minute (AAAAMMJJHHMM)."""
        return f"{self.stem}_{moment:%Y%m%d%H%M}.txt"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A known header. `columns`: our short name of each field of a line, in the order of the file."""

    format: FileFormat
    vintage: Vintage
    columns: tuple[str, ...]
    trailing_separator: bool

    def header(self, column: str) -> str:
        """The name that the file itself gives a column; KeyError when it has none of that name."""
        return dict(zip(self.format.columns, self.vintage.headers, strict=False))[column]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A header that no known vintage explains, and where it leaves the nearest one.

    `position` counts columns from 1; `expected` is None when the file has more columns, `received` when it
    has fewer.
    """

    nearest: FileFormat
    vintage: Vintage
    position: int
    expected: str | None
    received: str | None


_ACTIVITY_COLUMNS = (
    ("id_type", "Type d'identifiant PP"),
    ("id", "Identifiant PP"),
    ("national_id", "Identification nationale PP"),
    ("exercise_civility", "Code civilité d'exercice"),
    ("exercise_civility_label", "Libellé civilité d'exercice"),
    ("civility", "Code civilité"),
    ("civility_label", "Libellé civilité"),
    ("family_name", "Nom d'exercice"),
    ("given_name", "Prénom d'exercice"),
    ("profession", "Code profession"),
    ("profession_label", "Libellé profession"),
    ("category", "Code catégorie professionnelle"),
    ("category_label", "Libellé catégorie professionnelle"),
    ("skill_type", "Code type savoir-faire"),
    ("skill_type_label", "Libellé type savoir-faire"),
    ("skill", "Code savoir-faire"),
    ("skill_label", "Libellé savoir-faire"),
    ("mode", "Code mode exercice"),
    ("mode_label", "Libellé mode exercice"),
    ("siret", "Numéro SIRET site"),
    ("siren", "Numéro SIREN site"),
    ("finess", "Numéro FINESS site"),
    ("finess_ej", "Numéro FINESS établissement juridique"),
    ("structure_id", "Identifiant technique de la structure"),
    ("structure_name", "Raison sociale site"),
    ("trade_name", "Enseigne commerciale site"),
    ("address_recipient", "Complément destinataire (coord. structure)"),
    ("address_point", "Complément point géographique (coord. structure)"),
    ("street_number", "Numéro Voie (coord. structure)"),
    ("street_suffix", "Indice répétition voie (coord. structure)"),
    ("street_type", "Code type de voie (coord. structure)"),
    ("street_type_label", "Libellé type de voie (coord. structure)"),
    ("street_name", "Libellé Voie (coord. structure)"),
    ("distribution", "Mention distribution (coord. structure)"),
    ("post_office", "Bureau cedex (coord. structure)"),
    ("postal_code", "Code postal (coord. structure)"),
    ("commune", "Code commune (coord. structure)"),
    ("commune_label", "Libellé commune (coord. structure)"),
    ("country", "Code pays (coord. structure)"),
    ("country_label", "Libellé pays (coord. structure)"),
    ("phone", "Téléphone (coord. structure)"),
    ("phone_2", "Téléphone 2 (coord. structure)"),
    ("fax", "Télécopie (coord. structure)"),
    ("email", "Adresse e-mail (coord. structure)"),
    ("department", "Code Département (structure)"),
    ("department_label", "Libellé Département (structure)"),
    ("former_structure_id", "Ancien identifiant de la structure"),
    ("authority", "Autorité d'enregistrement"),
    ("sector", "Code secteur d'activité"),
    ("sector_label", "Libellé secteur d'activité"),
    ("pharmacist_section", "Code section tableau pharmaciens"),
    ("pharmacist_section_label", "Libellé section tableau pharmaciens"),
    ("role", "Code rôle"),
    ("role_label", "Libellé rôle"),
    ("activity_kind", "Code genre activité"),
    ("activity_kind_label", "Libellé genre activité"),
)

# Some readers of the official notice write these names otherwise.
_ACTIVITY_NOTICE_NAMES = {
    "Libellé civilité d'exercice": "Libellé civilité exercice",
    "Indice répétition voie (coord. structure)": "Indice répétition voie (coord. Structure)",
    "Code Département (structure)": "Code département (coord. structure)",
    "Libellé Département (structure)": "Libellé département (coord. structure)",
    "Code rôle": "Code fonction",
    "Libellé rôle": "Libellé fonction",
    "Code genre activité": "Code genre d'activité",
    "Libellé genre activité": "Libellé genre d'activité",
}

_PERSON_COLUMNS = _ACTIVITY_COLUMNS[:3] + _ACTIVITY_COLUMNS[7:9]

_SKILL_COLUMNS = _PERSON_COLUMNS + _ACTIVITY_COLUMNS[9:17]

_DIPLOMA_COLUMNS = (
    *_PERSON_COLUMNS,
    ("diploma_type", "Code type diplôme obtenu"),
    ("diploma_type_label", "Libellé type diplôme obtenu"),
    ("diploma", "Code diplôme obtenu"),
    ("diploma_label", "Libellé diplôme obtenu"),
    ("authorization_type", "Code type autorisation"),
    ("authorization_type_label", "Libellé type autorisation"),
    ("authorization_field", "Code discipline autorisation"),
    ("authorization_field_label", "Libellé discipline autorisation"),
)

_MAILBOX_COLUMNS = (
    ("mailbox_type", "Type de BAL"),
    ("address", "Adresse BAL"),
    ("id_type", "Type Identifiant PP"),
    ("id", "Identifiant PP"),
    ("national_id", "Identification nationale PP"),
    ("structure_id_type", "Type identifiant structure"),
    ("structure_id", "Identification Structure"),
    ("service", "Service de rattachement"),
    ("exercise_civility", "Civilité d'exercice"),
    ("family_name", "Nom d'exercice"),
    ("given_name", "Prénom d'exercice"),
    ("category", "Catégorie profession"),
    ("category_label", "Libellé de catégorie profession"),
    ("profession", "Code Profession"),
    ("profession_label", "Libellé Profession"),
    ("skill", "Code savoir-faire"),
    ("skill_label", "Libellé savoir-faire"),
    ("dematerialisation", "Dématérialisation"),
    ("structure_name", "Raison Sociale structure BAL"),
    ("trade_name", "Enseigne commerciale structure BAL"),
    ("address_recipient", "L2COMPLEMENTLOCALISATION structure BAL"),
    ("distribution", "L3COMPLEMENTDISTRIBUTION structure BAL"),
    ("street_number", "L4NUMEROVOIE structure BAL"),
    ("street_suffix", "L4COMPLEMENTNUMEROVOIE structure BAL"),
    ("street_type", "NL4TYPEVOIE structure BAL"),
    ("street_name", "L4LIBELLEVOIE structure BAL"),
    ("address_point", "L5LIEUDITMENTION structure BAL"),
    ("post_office", "L6LIGNEACHEMINEMENT structure BAL"),
    ("postal_code", "Code postal structure BAL"),
    ("department_label", "Département structure BAL"),
    ("country_label", "Pays structure BAL"),
)


def _format(
    kind: Kind, stem: str, key: str, pairs: tuple[tuple[str, str], ...], *older: Vintage
) -> FileFormat:
    columns, headers = zip(*pairs, strict=True)
    return FileFormat(kind, stem, key, columns, (Vintage("2026", headers), *older))


_ACTIVITY_HEADERS = tuple(header for _, header in _ACTIVITY_COLUMNS)

ACTIVITY = _format(
    Kind.ACTIVITY,
    "PS_LibreAcces_Personne_activite",
    "national_id",
    _ACTIVITY_COLUMNS,
    # Until 2021 the file ended with the pharmacists' section: neither role nor kind of activity.
    Vintage("2021", _ACTIVITY_HEADERS[:52]),
    Vintage("notice", tuple(_ACTIVITY_NOTICE_NAMES.get(name, name) for name in _ACTIVITY_HEADERS)),
)
SKILL = _format(Kind.SKILL, "PS_LibreAcces_SavoirFaire", "national_id", _SKILL_COLUMNS)
DIPLOMA = _format(Kind.DIPLOMA, "PS_LibreAcces_Dipl_AutExerc", "national_id", _DIPLOMA_COLUMNS)
MAILBOX = _format(Kind.MAILBOX, "Extraction_Correspondance_MSSante", "address", _MAILBOX_COLUMNS)

FORMATS = {form.kind: form for form in (ACTIVITY, SKILL, DIPLOMA, MAILBOX)}


def recognise(header_line: str) -> Recognised | Unknown:
    """Say which file and vintage a header line announces.

    Names match exactly once trimmed and put in Unicode NFC; a byte-order mark, a line end and one trailing
    separator are tolerated. Same names in another order are recognised too.
    """
    names = [unicodedata.normalize("NFC", name).strip() for name in _line(header_line).split(SEPARATOR)]
    trailing = len(names) > 1 and not names[-1]
    if trailing:
        names.pop()
    for form in FORMATS.values():
        for vintage in form.vintages:
            if len(names) == len(vintage.headers) and set(names) == set(vintage.headers):
                by_header = dict(zip(vintage.headers, form.columns, strict=False))
                return Recognised(form, vintage, tuple(by_header[name] for name in names), trailing)
    return _nearest(names)


def _line(text: str) -> str:
    return text.removeprefix(_BOM).rstrip("\r\n")


def _nearest(names: list[str]) -> Unknown:
    candidates = [(form, vintage) for form in FORMATS.values() for vintage in form.vintages]
    form, vintage = max(candidates, key=lambda pair: _likeness(names, pair[1].headers))
    rank = _first_difference(names, vintage.headers)
    return Unknown(form, vintage, rank + 1, _at(vintage.headers, rank), _at(names, rank))


def _likeness(names: list[str], headers: tuple[str, ...]) -> tuple[int, int, int]:
    """Names in common first; then how far both agree; then how close the number of columns is."""
    return len(set(names) & set(headers)), _first_difference(names, headers), -abs(len(names) - len(headers))


def _first_difference(names: list[str], headers: tuple[str, ...]) -> int:
    pairs = zip(names, headers, strict=False)
    differing = (rank for rank, (name, header) in enumerate(pairs) if name != header)
    return next(differing, min(len(names), len(headers)))


def _at(names: list[str] | tuple[str, ...], rank: int) -> str | None:
    return names[rank] if rank < len(names) else None
