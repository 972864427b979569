"""How an identity was verified. Today the employer's directory manager sees a document; an electronic identification
adds its own kind beside.

What is kept is the kind of the evidence: neither its number nor a copy (GDPR art. 5(1)(c)).
"""

from dataclasses import dataclass
from typing import Final

from socle.foundations.directory.registration.faults import EVIDENCE_UNKNOWN
from socle.kernel.errors import SocleError


@dataclass(frozen=True, slots=True)
class Evidence:
    code: str
    fr: str
    en: str


KINDS: Final = {
    kind.code: kind
    for kind in (
        Evidence("identity-card", "Carte nationale d’identité", "National identity card"),
        Evidence("passport", "Passeport", "Passport"),
        Evidence("residence-permit", "Titre de séjour", "Residence permit"),
    )
}
"""What the manager may have seen: the documents that the RNIV admits for a high level of confidence."""


def evidence_of(code: str) -> Evidence:
    """Raises SocleError(EVIDENCE_UNKNOWN)."""
    if code not in KINDS:
        raise SocleError(EVIDENCE_UNKNOWN, received=code[:40])
    return KINDS[code]
