"""From facts to FHIR: the resources of the directory as the published profiles want them (as-dp-*, IG 1.2).

Pure functions from facts to resources as plain dictionaries. `meta.versionId` and `meta.lastUpdated` are the store's.
"""

from socle.foundations.directory.compose.organization import legal_entity, organization
from socle.foundations.directory.compose.practitioner import practitioner
from socle.foundations.directory.compose.role import practitioner_roles
from socle.foundations.directory.compose.tombstone import tombstone

__all__ = ["legal_entity", "organization", "practitioner", "practitioner_roles", "tombstone"]
