"""The directory's FHIR API, version 2 (ANS "Annuaire Santé en libre accès", /fhir/v2), behind the portal that asks for
a key (header `ESANTE-API-KEY`)."""

from socle.engines.fhirstore.door import FhirDoor
from socle.foundations.directory.settings import directory_settings
from socle.foundations.directory.stores import PUBLIC, PUBLIC_PREFIX
from socle.kernel.apikeys.door import KeyedDoor, Rules
from socle.kernel.apikeys.incidents import read_shares

KEY_HEADER = "ESANTE-API-KEY"


def rules() -> Rules:
    chosen = directory_settings()
    return Rules(
        header=KEY_HEADER.lower(),
        a_second=chosen.calls_a_second,
        incidents=read_shares(chosen.incidents),
        slow_seconds=chosen.slow_seconds,
    )


door = KeyedDoor(FhirDoor(PUBLIC, PUBLIC_PREFIX, key_header=KEY_HEADER), "directory", rules)
