"""What raises an identity's level: documents of high confidence, and the channel through which traits came.

Sources: RNIV 1 v2.0 §3.3.2, Guide INS EXI ID 19; codes of FR Core 2.2 (`fr-core-cs-mode-validation-identity`,
`fr-core-cs-identity-method-collection`). A place may accept fewer documents: rules take the list as an argument, and no
document is ever proposed first (RNIV EXI SI 23).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from socle.standards.ins.faults import DOCUMENT, refuse


class Document(NamedTuple):
    code: str
    fr: str
    en: str


_CHILD_BOOK: Final = "Livret de famille et carte Vitale avec photo"
DOCUMENTS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        document.code: document
        for document in (
            Document("CN", "Carte nationale d’identité", "National identity card"),
            Document("PA", "Passeport", "Passport"),
            Document("CS", "Titre de séjour", "Residence permit"),
            Document("eCN", "Carte d’identité électronique", "Electronic identity card"),
            Document("IN", "L’Identité Numérique La Poste", "La Poste digital identity"),
            Document("AV", "Application carte Vitale", "Carte Vitale application"),
            Document("LECV", _CHILD_BOOK, "Family book and carte Vitale with photo"),
            Document("AN", "Extrait d’acte de naissance", "Birth certificate extract"),
            Document("LEP", "Livret de famille des parents", "Parents’ family book"),
            Document(
                "CC",
                "Document de circulation pour étranger mineur",
                "Circulation document for a foreign minor",
            ),
            Document(
                "ANCV",
                "Acte de naissance et carte Vitale avec photo",
                "Birth certificate and carte Vitale with photo",
            ),
        )
    }
)
APPLICATION: Final = "AV"


class Channel(StrEnum):
    """How traits or a number were collected. It tells nothing of the confidence that results."""

    MANUAL = "SM"
    CARD = "CV"
    INSI = "INSI"
    BARCODE = "CB"
    RFID = "RFID"
    APPLICATION = "AV"


def document_of(code: str, accepted: Mapping[str, Document] = DOCUMENTS) -> Document:
    """Raises Refused (DOCUMENT) when the place does not accept it; a driving licence is never of high confidence."""
    if code not in accepted:
        raise refuse(DOCUMENT, code, accepted=", ".join(accepted))
    return accepted[code]
