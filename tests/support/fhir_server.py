"""A whole Socle over HTTP that holds the village, and a few resources that the village's files do not state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from socle.engines.fhirstore.write import writing
from socle.foundations.directory.demo import VILLAGE, write_territory
from socle.foundations.directory.loading.load import load_files
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database
from socle.standards.annuaire import systems
from tests.app.running import running
from tests.support.databases import PostgresqlTemplate, SqliteTemplate
from tests.support.fhir_client import PREFIX
from tests.support.fhir_store import Resource
from tests.support.served import KEYED

SECRET = "a secret that only this test's server and its test know"
DELETED = "003-deleted"
HOSPITAL = "001-hospital"


def others() -> list[Resource]:
    """A hospital with an activity and a heavy equipment."""
    site = {"reference": f"Organization/{HOSPITAL}"}
    arhgos = [{"system": systems.ARHGOS, "value": "69-69-00001"}]
    return [
        {
            "resourceType": "Organization",
            "id": HOSPITAL,
            "active": True,
            "name": "HÔPITAL DES FABLES",
            "identifier": [{"use": "official", "system": systems.FINESS, "value": "690900105"}],
            "address": [{"city": "LYON", "line": ["1 RUE D'EN HAUT"], "postalCode": "69001"}],
        },
        {
            "resourceType": "HealthcareService",
            "id": "004-1",
            "active": True,
            "identifier": arhgos,
            "providedBy": site,
        },
        {"resourceType": "Device", "id": "002-1", "status": "active", "identifier": arhgos, "owner": site},
        {
            "resourceType": "PractitionerRole",
            "id": "005-1",
            "active": True,
            "organization": site,
            "practitioner": {"reference": f"Practitioner/{DELETED}"},
        },
        {"resourceType": "Practitioner", "id": DELETED, "active": True},
    ]


def fill(url: str, folder: Path) -> None:
    db = Database(url)
    try:
        written = write_territory(folder / "files", VILLAGE)
        load_files(db, written.files, rejects=folder)
        with writing(db, PUBLIC, "others") as writer:
            for resource in others():
                writer.put(resource)
        with writing(db, PUBLIC, "deletion") as writer:
            writer.delete("Practitioner", DELETED)
    finally:
        db.close()


@dataclass(frozen=True, slots=True)
class Served:
    """`base` is the FHIR base address, `client` asks relatively to it, `url` is the database that is served."""

    base: str
    client: httpx.Client
    url: str

    def get(self, target: str, **headers: str) -> httpx.Response:
        return self.client.get(target, headers=headers)


@contextmanager
def serving(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Served]:
    """The village on this engine; the fixtures of both engines' templates are asked of `request`."""
    template: SqliteTemplate | PostgresqlTemplate = request.getfixturevalue(f"{engine}_template")
    with template.fresh(folder) as url:
        fill(url, folder)
        with (
            running(folder, SOCLE_DATABASE=url, SOCLE_SECRET=SECRET) as address,
            httpx.Client(base_url=f"{address}{PREFIX}/", headers=KEYED, timeout=60) as client,
        ):
            yield Served(f"{address}{PREFIX}", client, url)
