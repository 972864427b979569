"""Reading one resource by its id, as of the last published transaction, in one statement."""

from dataclasses import dataclass

from socle.engines.fhirstore.faults import GONE, UNKNOWN_RESOURCE
from socle.engines.fhirstore.steps import Ask, Steps
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.errors import SocleError
from socle.standards.fhir.types import TYPE_NUMBER

_READ = (
    "SELECT v.number, v.last_updated, v.deleted, v.body FROM fhirstore_store s "
    "CROSS JOIN fhirstore_identity i CROSS JOIN fhirstore_version v "
    "WHERE s.name = ?1 AND i.store = s.id AND i.type = ?2 AND i.fid = ?3 AND v.store = s.id AND v.rid = i.rid "
    "AND v.valid_from <= s.published AND v.valid_to > s.published"
)


@dataclass(frozen=True, slots=True)
class Version:
    """`number` is the versionId, `updated` the lastUpdated in microseconds UTC."""

    number: int
    updated: int
    body: bytes


def read(store: StoreDefinition, type_name: str, fid: str) -> Steps[Version]:
    """Raises SocleError: UNKNOWN_RESOURCE, or GONE when it was deleted."""
    rows = yield Ask(_READ, (store.name, TYPE_NUMBER[type_name], fid))
    if not rows:
        raise SocleError(UNKNOWN_RESOURCE, type=type_name, id=fid)
    number, updated, deleted, body = rows[0]
    if deleted:
        raise SocleError(GONE, type=type_name, id=fid)
    return Version(number, updated, body)
