"""What verification of the audit trail looks for in the stores: each published transaction was published by an act."""

from collections.abc import Iterator

from socle.engines.fhirstore.write import PUBLISHED
from socle.kernel.audit.verification import Effects
from socle.kernel.db import Session

# A store filled by a version that did not write units down yet begins with transactions that have none.
_PUBLISHED = (
    "SELECT t.unit, s.name, t.number FROM fhirstore_transaction t JOIN fhirstore_store s ON s.id = t.store "
    "WHERE t.state = 'published' AND (t.unit IS NOT NULL OR t.number > (SELECT MIN(f.number) "
    "FROM fhirstore_transaction f WHERE f.store = t.store AND f.unit IS NOT NULL)) ORDER BY s.name, t.number"
)


def published(session: Session) -> Iterator[tuple[bytes, str]]:
    """Each published transaction: the unit that published it, and `store/number`."""
    for unit, store, number in session.fetch(_PUBLISHED):
        yield bytes(unit or b""), f"{store}/{number}"


EFFECTS = Effects(PUBLISHED.code, published)
