"""The states that a store has published, straight from its tables, to hold against what pages have shown."""

from dataclasses import dataclass

from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.db import Database
from socle.standards.fhir.types import TYPE_NUMBER
from tests.support.fhir_store import store_number


@dataclass(frozen=True)
class Published:
    """A transaction: when it was written (milliseconds), and what holds since, as `id/versionId` in page order."""

    began: int
    ended: int
    held: list[str]


def published_states(url: str, store: StoreDefinition, type_name: str) -> list[Published]:
    """What each published transaction left of the resources of a type, oldest first."""
    db = Database(url)
    try:
        number, _ = store_number(db, store)
        with db.reading() as session:
            transactions = session.fetch(
                "SELECT number, started, published FROM fhirstore_transaction "
                "WHERE store = ?1 AND state = 'published' ORDER BY number",
                number,
            )
            versions = session.fetch(
                "SELECT i.fid, v.number, v.valid_from, v.valid_to FROM fhirstore_version v "
                "JOIN fhirstore_identity i ON i.store = v.store AND i.rid = v.rid "
                "WHERE v.store = ?1 AND v.type = ?2 AND v.deleted = 0 ORDER BY v.rid",
                number,
                TYPE_NUMBER[type_name],
            )
    finally:
        db.close()
    return [
        Published(
            started // 1000,
            ended // 1000,
            [f"{fid}/{version}" for fid, version, since, until in versions if since <= at < until],
        )
        for at, started, ended in transactions
    ]
