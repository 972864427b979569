"""Loading official files into a database under test, and all that can be seen of what they left there."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from socle.foundations.directory.demo.files import difference
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.loading.load import Report, load_files
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.standards.annuaire.files import FORMATS, Kind
from tests.support.fhir_store import Key, Resource, current_resources, store_number

TABLES = (
    *(
        "fhirstore_store",
        "fhirstore_transaction",
        "fhirstore_identity",
        "fhirstore_code",
        "fhirstore_version",
    ),
    *("fhirstore_token", "fhirstore_string", "fhirstore_reference", "fhirstore_date"),
    *("directory_statement", "directory_density", "directory_place", "directory_label", "directory_load"),
)
Grouped = Mapping[str, list[str]]
_folders = count(1)


def empty(db: Database) -> None:
    """Forget everything: several stories are told in one database, which costs less than making one each."""
    with db.unit() as unit:
        for table in TABLES:
            unit.execute(f"DELETE FROM {table}")


def write_files(folder: Path, texts: Mapping[Kind, str | bytes]) -> list[Path]:
    """The files under their official names, in a new folder inside `folder`."""
    place = folder / f"files-{next(_folders)}"
    place.mkdir(parents=True)
    made = []
    for kind, text in texts.items():
        path = place / f"{FORMATS[kind].stem}_202501060600.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        made.append(path)
    return made


def load_texts(
    db: Database,
    folder: Path,
    texts: Mapping[Kind, str | bytes],
    mode: Mode = Mode.FULL,
    accept: int | None = None,
) -> Report:
    paths = write_files(folder, texts)
    return load_files(db, paths, mode=mode, accept_deactivations=accept, rejects=folder / "rejects")


def try_texts(
    db: Database, folder: Path, texts: Mapping[Kind, str | bytes], mode: Mode = Mode.FULL
) -> Report | SocleError:
    """What a load that may be refused comes to."""
    try:
        return load_texts(db, folder, texts, mode)
    except SocleError as refused:
        return refused


def delta_texts(before: Mapping[Kind, Grouped], now: Mapping[Kind, Grouped]) -> dict[Kind, str]:
    return {
        kind: "\n".join((form.header, *difference(form, before[kind], now[kind]))) + "\n"
        for kind, form in FORMATS.items()
    }


def changed(report: Report) -> int:
    return report.counts.created + report.counts.updated + report.counts.deleted


def resources(db: Database) -> dict[Key, Resource]:
    return current_resources(db, PUBLIC)


def active(found: Mapping[Key, Resource]) -> dict[Key, Resource]:
    return {key: resource for key, resource in found.items() if resource["active"]}


def derived_rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What readers see beside the resources: statements, densities, places, without the transactions they came in."""
    asked = {
        "statements": "SELECT source, key, part, mentions, lines FROM directory_statement",
        "densities": "SELECT department, profession, persons FROM directory_density",
        "places": "SELECT folded, postal_code, name, department, structures FROM directory_place",
    }
    held = " WHERE valid_from <= ?1 AND valid_to > ?1"
    _, published = store_number(db, PUBLIC)
    with db.reading() as session:
        return {name: sorted(session.fetch(sql + held, published)) for name, sql in asked.items()}


def everything(db: Database) -> dict[str, Any]:
    return {"resources": resources(db), **derived_rows(db)}


def everything_at(url: str) -> dict[str, Any]:
    """The same of the database at this URL, which is closed again at once."""
    db = Database(url)
    try:
        return everything(db)
    finally:
        db.close()


def rejects_in(folder: Path) -> list[Path]:
    """The files of rejected lines, without the reasons beside them."""
    return sorted(path for path in (folder / "rejects").glob("*") if path.suffix != ".csv")


def reasons_in(folder: Path) -> list[list[str]]:
    """(file, line, column, received, rule, French, English, text) of each rejected line."""
    found = sorted((folder / "rejects").glob("*.csv"))
    texts = (path.read_text(encoding="utf-8") for path in found)
    return [row for text in texts for row in list(csv.reader(StringIO(text, newline=""), delimiter=";"))[1:]]


def of_type(found: Mapping[Key, Resource], type_name: str) -> Iterable[Resource]:
    return [resource for (kind, _), resource in found.items() if kind == type_name]
