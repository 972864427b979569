"""The assigning authorities of the INS: what an OID says of a number (ANS, OID de l'INS; FR Core 2.2 patient-ins).

The OID tells a NIR from a NIA, and that the number was obtained from INSi: a number never travels without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from socle.standards.ins.faults import AUTHORITY_UNKNOWN, refuse

IDENTIFIER_TYPES: Final = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"


class NumberKind(StrEnum):
    """`NIA` is a waiting number, which a NIR may replace; `COMPUTED` is the INS-C of the first DMP, obsolete."""

    NIR = "nir"
    NIA = "nia"
    TEST = "test"
    DEMO = "demo"
    COMPUTED = "ins-c"


@dataclass(frozen=True, slots=True)
class Authority:
    """`code` and `use` are those of the identifier in FR Core; `namespace` is the first component of CX-4 in HL7 v2."""

    kind: NumberKind
    oid: str
    code: str
    use: str
    namespace: str

    @property
    def uri(self) -> str:
        return f"urn:oid:{self.oid}"


_NIR_NAMESPACE: Final = "ASIP-SANTE-INS-NIR"

NIR: Final = Authority(NumberKind.NIR, "1.2.250.1.213.1.4.8", "INS-NIR", "official", _NIR_NAMESPACE)
NIA: Final = Authority(NumberKind.NIA, "1.2.250.1.213.1.4.9", "INS-NIA", "temp", "ASIP-SANTE-INS-NIA")
# HL7 v2 has no namespace of its own for the fictive patients: the published messages write the one of the NIR.
TEST: Final = Authority(NumberKind.TEST, "1.2.250.1.213.1.4.10", "INS-NIR-TEST", "official", _NIR_NAMESPACE)
DEMO: Final = Authority(NumberKind.DEMO, "1.2.250.1.213.1.4.11", "INS-NIR-DEMO", "official", _NIR_NAMESPACE)
COMPUTED: Final = Authority(
    NumberKind.COMPUTED, "1.2.250.1.213.1.4.2", "INS-C", "secondary", "ASIP-SANTE-INS-C"
)

AUTHORITIES: Final[Mapping[str, Authority]] = MappingProxyType(
    {authority.oid: authority for authority in (NIR, NIA, TEST, DEMO, COMPUTED)}
)
REAL: Final = frozenset((NIR, NIA))
"""What production accepts."""
FICTIVE: Final = frozenset((TEST, DEMO))
"""What no production may take for a person."""
NUMBERS: Final = REAL | FICTIVE


def authority_of(oid: str) -> Authority:
    """By OID, written alone or as `urn:oid:…`. Raises Refused (AUTHORITY_UNKNOWN)."""
    found = AUTHORITIES.get(oid.removeprefix("urn:oid:"))
    if found is None:
        raise refuse(AUTHORITY_UNKNOWN, oid, known=", ".join(AUTHORITIES))
    return found
