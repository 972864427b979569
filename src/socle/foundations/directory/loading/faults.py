"""What a load refuses: whole files by an error, single lines by a fault that goes to the rejects file."""

from dataclasses import dataclass

from socle.kernel.errors import kind
from socle.standards.annuaire.files import SEPARATOR, Recognised

EMPTY_FILE = kind(
    "directory-empty-file",
    422,
    fr="{file} : fichier vide ; la première ligne doit nommer les colonnes.",
    en="{file}: empty file; the first line must name the columns.",
    rule="Annuaire Santé, extractions en libre accès",
)
UNDECODABLE = kind(
    "directory-undecodable",
    422,
    fr="{file} : ni UTF-8 ni Windows-1252 (octet {byte}). Réenregistrez le fichier en UTF-8.",
    en="{file}: neither UTF-8 nor Windows-1252 (byte {byte}). Save the file again as UTF-8.",
    rule="Annuaire Santé, extractions en libre accès: UTF-8",
)
UNKNOWN_HEADER = kind(
    "directory-unknown-header",
    422,
    fr=(
        "{file} : en-tête inconnu. Le plus proche est {kind} ({vintage}) ; à la colonne "
        "{position}, reçu « {received} », attendu « {expected} »."
    ),
    en=(
        "{file}: unknown header. The nearest is {kind} ({vintage}); in column {position}, "
        "received “{received}”, expected “{expected}”."
    ),
    rule="Annuaire Santé, extractions en libre accès: column names",
)
SAME_KIND_TWICE = kind(
    "directory-same-kind-twice",
    422,
    fr="{file} et {other} sont deux fichiers « {kind} » ; donnez-en un seul par chargement.",
    en="{file} and {other} are two “{kind}” files; give one a load.",
    rule="one file a source and load",
)
TOO_MANY_REJECTS = kind(
    "directory-too-many-rejects",
    422,
    fr=(
        "{file} : {rejected} lignes refusées sur {total}, plus de {limit} %. Rien n’a été chargé ; "
        "les lignes sont dans {rejects}."
    ),
    en=(
        "{file}: {rejected} lines of {total} rejected, more than {limit} %. Nothing was loaded; "
        "the lines are in {rejects}."
    ),
    rule="SOCLE_DIRECTORY_REJECTS_PERCENT",
)
TOO_MANY_DEACTIVATIONS = kind(
    "directory-too-many-deactivations",
    422,
    fr=(
        "{file} : ce chargement désactiverait {gone} entrées sur {scope}, plus de {limit} %. "
        "Vérifiez que le fichier est entier ; pour l’accepter : --accept-deactivations {gone}"
    ),
    en=(
        "{file}: this load would deactivate {gone} entries of {scope}, more than {limit} %. "
        "Check that the file is whole; to accept it: --accept-deactivations {gone}"
    ),
    rule="SOCLE_DIRECTORY_DEACTIVATIONS_PERCENT",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a line is rejected: a stable code and both sentences, with what would pass."""

    code: str
    fr: str
    en: str


TRUNCATED = Rule(
    "truncated",
    "La ligne n’a pas autant de champs que l’en-tête ; complétez-la.",
    "The line does not have as many fields as the header; complete it.",
)
DUPLICATE = Rule(
    "duplicate",
    "La même ligne figure déjà plus haut ; retirez-la, ou corrigez ce qui devait la distinguer.",
    "The same line stands above; remove it, or mend what should tell it apart.",
)
IMPOSSIBLE_CODE = Rule(
    "impossible-code",
    "Ce code n’est pas dans sa nomenclature, que nous avons complète ; corrigez-le.",
    "This code is not in its code system, of which we hold the whole; mend it.",
)
MALFORMED_CODE = Rule(
    "malformed-code",
    "Ce code contient plusieurs espaces de suite, ce qu’aucun code FHIR ne peut ; corrigez-le.",
    "This code holds several spaces in a row, which no FHIR code may; mend it.",
)
NO_KEY = Rule(
    "no-key",
    "Rien ne dit de qui ou de quoi parle la ligne ; donnez l’identification.",
    "Nothing says whom or what the line speaks of; give the identification.",
)
IMPOSSIBLE_TEXT = Rule(
    "impossible-text",
    "Ce champ contient un caractère de commande, ou dépasse 500 octets ; corrigez-le.",
    "This field holds a control character, or is longer than 500 bytes; mend it.",
)
RULES = (TRUNCATED, DUPLICATE, IMPOSSIBLE_CODE, MALFORMED_CODE, NO_KEY, IMPOSSIBLE_TEXT)


@dataclass(frozen=True, slots=True)
class LineFault:
    """One rejected line: file, line number (header = 1), column as the header names it (`-` for none), what was
    received, rule; `line` as written."""

    file: str
    row: int
    column: str
    received: str
    rule: Rule
    line: str
    key: str = ""

    @classmethod
    def misfit(cls, file: str, row: int, line: str, recognised: Recognised) -> "LineFault":
        """A line with too few or too many fields; its key is read where it still can be."""
        fields = line.split(SEPARATOR)
        width = len(recognised.columns)
        column = recognised.header(recognised.columns[len(fields)]) if len(fields) < width else "-"
        known = {name: field.strip() for name, field in zip(recognised.columns, fields[:-1], strict=False)}
        key = known.get(recognised.format.key, "")
        if not key and recognised.format.key == "national_id" and known.get("id"):
            key = known["id_type"] + known["id"]
        return cls(file, row, column, f"{len(fields)} / {width}", TRUNCATED, line, key)
