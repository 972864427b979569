"""What pages read from the directory's own tables, as of a published transaction; the FHIR store has its own search."""

from socle.foundations.directory.vocabulary import Town
from socle.kernel.db import Session

_HELD = "valid_from <= ?1 AND valid_to > ?1"


def towns(session: Session, transaction: int) -> list[Town]:
    """The towns where a structure is, once a postal code."""
    rows = session.fetch(
        f"SELECT folded, postal_code, name, department FROM directory_place WHERE {_HELD}", transaction
    )
    return [Town(*row) for row in rows]


def labels(session: Session) -> dict[tuple[str, str], str]:
    """The labels that the files gave to codes which no table of ours holds, by column and code."""
    return {
        (column, code): label
        for column, code, label in session.fetch("SELECT column_name, code, label FROM directory_label")
    }


def persons_by_department(session: Session, transaction: int, profession: str) -> dict[str, int]:
    """Professionals in activity with this profession, by department."""
    rows = session.fetch(
        f"SELECT department, persons FROM directory_density WHERE {_HELD} AND profession = ?2",
        transaction,
        profession,
    )
    return dict(rows)


def persons_by_profession(session: Session, transaction: int, department: str = "") -> dict[str, int]:
    """Professionals in activity by profession, in one department or (counted once a department) in all of them."""
    rows = session.fetch(
        f"SELECT profession, SUM(persons) FROM directory_density WHERE {_HELD} AND (?2 = '' OR department = ?2) "
        "GROUP BY profession",
        transaction,
        department,
    )
    return {profession: int(persons) for profession, persons in rows}


def covered_departments(session: Session, transaction: int) -> set[str]:
    """Departments where at least one professional is in activity."""
    rows = session.fetch(f"SELECT DISTINCT department FROM directory_density WHERE {_HELD}", transaction)
    return {department for (department,) in rows}


def last_load(session: Session) -> int | None:
    """When the last load ended, in microseconds UTC; None before the first."""
    row = session.fetch_one("SELECT MAX(ended) FROM directory_load")
    return None if row is None or row[0] is None else int(row[0])
