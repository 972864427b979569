"""The directory's FHIR API, version 2 (ANS "Annuaire Santé en libre accès", /fhir/v2)."""

from socle.engines.fhirstore.door import FhirDoor
from socle.foundations.directory.stores import PUBLIC

PREFIX = "/fhir/v2"
door = FhirDoor(PUBLIC, PREFIX)
