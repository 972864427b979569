"""What a load leaves in the audit trail and announces: its decision and the digests of its files, not its lines."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from socle.foundations.directory.demo import VILLAGE, write_territory
from socle.foundations.directory.loading.load import load_files
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from tests.support.inbox import facts_in_inbox


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return write_territory(tmp_path_factory.mktemp("village"), VILLAGE).files


def announced(db: Database) -> list[dict[str, Any]]:
    with db.reading() as session:
        return [
            json.loads(document)
            for (document,) in session.fetch("SELECT document FROM outbox_inbox ORDER BY seq")
        ]


def test_a_load_is_one_entry_and_one_event(
    database: Database, files: tuple[Path, ...], tmp_path: Path
) -> None:
    report = load_files(database, files, rejects=tmp_path)
    (told,) = facts_in_inbox(database)
    assert (told["action"], told["target"]) == ("fhirstore.published", "directory-public/1")
    digests = {
        f"sha256_{place}": sha256(path.read_bytes()).hexdigest() for place, path in enumerate(files, 1)
    }
    assert told["data"] == report.counts.as_json() | digests | {
        "mode": "full",
        "lines": report.lines,
        "rejected": 0,
    }
    (event,) = announced(database)
    assert (event["kind"], event["subject"], event["unit"]) == (
        "directory.loaded.1",
        "directory-public",
        told["unit"],
    )
    assert event["data"]["created"] == report.counts.created > VILLAGE.persons
    with database.reading() as session:
        (unit,) = session.fetch("SELECT unit FROM fhirstore_transaction WHERE state = 'published'")
    assert bytes(unit[0]).hex() == told["unit"]


def test_a_refused_load_is_told_with_its_reason(
    database: Database, files: tuple[Path, ...], tmp_path: Path
) -> None:
    wrong = tmp_path / files[0].name
    wrong.write_text("Nom|Prénom\n", encoding="utf-8")
    with pytest.raises(SocleError) as refused:
        load_files(database, [wrong], rejects=tmp_path)
    (told,) = facts_in_inbox(database)
    assert (told["action"], told["outcome"]) == ("directory.load-refused", "4")
    assert told["data"] == {
        "code": refused.value.code,
        "mode": "full",
        "sha256_1": sha256(wrong.read_bytes()).hexdigest(),
    }
    assert announced(database) == []
