"""Errors with a stable code, data, a sentence in French and in English, and the rule they apply.

A door renders them in its own form (OperationOutcome, problem+json, a page, a terminal line); a client switches on
`code`, a person reads the sentence. The sentence says what was received, why it is refused and what would pass.
"""

from dataclasses import dataclass
from typing import Any

Lang = str


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One entry of the error catalogue.

    `fr` and `en` are `str.format` templates over the error's data. `fhir` is the code of the FHIR value set
    issue-type (R4 §2.36.5) used when the error is told as an OperationOutcome.
    """

    code: str
    status: int
    fr: str
    en: str
    rule: str
    fhir: str = "invalid"


CATALOGUE: dict[str, ErrorKind] = {}


def kind(code: str, status: int, *, fr: str, en: str, rule: str, fhir: str = "invalid") -> ErrorKind:
    """Declare an error once; the catalogue is printed in `docs/errors.md`."""
    if code in CATALOGUE:
        raise ValueError(f"error code declared twice: {code}")
    CATALOGUE[code] = entry = ErrorKind(code, status, fr, en, rule, fhir)
    return entry


class SocleError(Exception):
    """An expected refusal. Raise `SocleError(KIND, name=value, …)` with the data its sentences need."""

    def __init__(self, error: ErrorKind, **data: Any) -> None:
        self.kind = error
        self.data = data
        super().__init__(f"{error.code}: {self.sentence('en')}")

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def status(self) -> int:
        return self.kind.status

    def sentence(self, lang: Lang = "fr") -> str:
        return (self.kind.fr if lang == "fr" else self.kind.en).format(**self.data)

    def as_json(self) -> dict[str, Any]:
        """Problem details (RFC 9457) with both sentences."""
        return {
            "type": f"urn:socle:error:{self.code}",
            "title": self.code,
            "status": self.status,
            "detail": self.sentence("en"),
            "detail_fr": self.sentence("fr"),
            "rule": self.kind.rule,
        }


NOT_FOUND = kind(
    "not-found",
    404,
    fr="Aucune page ni aucun service à l’adresse « {path} ».",
    en="No page and no service at the address “{path}”.",
    rule="RFC 9110 §15.5.5",
    fhir="not-found",
)
METHOD_NOT_ALLOWED = kind(
    "method-not-allowed",
    405,
    fr="La méthode {method} n’est pas admise ici ; admises : {allowed}.",
    en="The method {method} is not allowed here; allowed: {allowed}.",
    rule="RFC 9110 §15.5.6",
    fhir="not-supported",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    413,
    fr="Le corps de la requête dépasse {limit} octets.",
    en="The request body is larger than {limit} bytes.",
    rule="RFC 9110 §15.5.14",
    fhir="too-long",
)
TARGET_TOO_LONG = kind(
    "target-too-long",
    414,
    fr="L’adresse demandée dépasse {limit} octets ; passez les critères par POST.",
    en="The request target is longer than {limit} bytes; send the criteria by POST.",
    rule="RFC 9110 §15.5.15",
    fhir="too-long",
)
TOO_SLOW = kind(
    "too-slow",
    503,
    fr="La réponse demandait plus de {seconds} secondes ; précisez la recherche.",
    en="The answer needed more than {seconds} seconds; narrow the search.",
    rule="SOCLE_REQUEST_SECONDS",
    fhir="too-costly",
)
DISK_FULL = kind(
    "disk-full",
    507,
    fr="Le disque du serveur est plein : ce que vous demandiez n’a pas été enregistré. L’exploitant doit libérer de "
    "la place.",
    en="The disk of the server is full: what you asked for was not kept. The operator must free some space.",
    rule="RFC 4918 §11.5",
    fhir="no-store",
)
WORK_BUSY = kind(
    "work-busy",
    409,
    fr="Le travail « {name} » est déjà en cours (processus {holder}). Attendez sa fin, ou interrompez-le.",
    en="The work “{name}” is already under way (process {holder}). Wait for its end, or interrupt it.",
    rule="one writer a store",
    fhir="lock-error",
)
UNEXPECTED = kind(
    "unexpected",
    500,
    fr="Une erreur inattendue s’est produite ; référence {reference}.",
    en="An unexpected error happened; reference {reference}.",
    rule="-",
    fhir="exception",
)
