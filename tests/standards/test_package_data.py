"""Data files of packages."""

import pytest

from socle.standards.package_data import csv_rows


def test_each_line_is_read_by_the_names_of_the_header() -> None:
    first = csv_rows("socle.territory.fr", "communes.csv")[0]
    assert first == {"insee": "01053", "name": "Bourg-en-Bresse", "postal_code": "01000", "department": "01"}


def test_every_line_has_the_fields_of_the_header() -> None:
    titles = {
        row["id"]: row["source"] for row in csv_rows("socle.foundations.terminology", "tables", "index.csv")
    }
    assert titles["R22"] == "NOS (2023), JDV_J65 (2025)"
    assert not [row for row in csv_rows("socle.foundations.terminology", "tables", "R66.csv") if None in row]


def test_a_file_that_is_not_shipped_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        csv_rows("socle.territory.fr", "nowhere.csv")
