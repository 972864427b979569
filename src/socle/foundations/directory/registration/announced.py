"""What registrations leave in the audit trail, and the news that they send."""

from typing import Final

from socle.foundations.directory.registration.states import Step
from socle.kernel.audit.actions import Action, Kind, action
from socle.kernel.outbox.events import EventKind, event_kind

DECLARED = action("registration.declared", Kind.CREATE, "Rôle RPPS+ déclaré", "RPPS+ role declared")
CODE_MADE = action(
    "registration.code", Kind.EXECUTE, "Nouveau code de confirmation", "New code of confirmation"
)
CODE_READ = action(
    "registration.code-read",
    Kind.READ,
    "Code de confirmation lu par l’exploitant",
    "Code of confirmation read by the operator",
)
CODE_TRIED = action(
    "registration.code-tried", Kind.EXECUTE, "Code de confirmation refusé", "Code of confirmation refused"
)
READ = action("registration.read", Kind.READ, "Enregistrement consulté", "Registration read")
LISTED = action(
    "registration.listed", Kind.READ, "Personnes enregistrées exportées", "Registered people exported"
)
PROLONGED = action(
    "registration.contract", Kind.UPDATE, "Fin de contrat changée", "End of a contract changed"
)
MATCHED = action(
    "registration.matched",
    Kind.UPDATE,
    "Personne enregistrée retrouvée dans les fichiers nationaux",
    "Registered person found in the national files",
)
RECONCILED = action(
    "registration.reconciled",
    Kind.UPDATE,
    "Enregistrement rattaché au numéro national",
    "Registration attached to the national number",
)
KEPT_APART = action(
    "registration.kept-apart",
    Kind.UPDATE,
    "Deux personnes distinctes, de même nom",
    "Two persons of one name",
)
STEPS: Final[dict[Step, Action]] = {
    step: action(f"registration.step-{step.value}", kind, fr, en)
    for step, kind, fr, en in (
        (Step.CONFIRM, Kind.UPDATE, "Adresse confirmée", "Address confirmed"),
        (Step.IDENTIFY, Kind.UPDATE, "Identité vérifiée", "Identity verified"),
        (Step.ASK_CORRECTION, Kind.UPDATE, "Correction demandée", "Correction asked for"),
        (Step.CORRECT, Kind.UPDATE, "Enregistrement corrigé", "Registration corrected"),
        (Step.VALIDATE, Kind.UPDATE, "Rôle validé par l’employeur", "Role validated by the employer"),
        (Step.PUBLISH, Kind.UPDATE, "Rôle publié dans l’annuaire", "Role published in the directory"),
        (Step.REFUSE, Kind.UPDATE, "Rôle refusé par l’employeur", "Role refused by the employer"),
        (Step.REOPEN, Kind.UPDATE, "Refus annulé", "Refusal undone"),
        (
            Step.WITHDRAW,
            Kind.UPDATE,
            "Demande retirée par la personne",
            "Registration withdrawn by the person",
        ),
        (Step.EXPIRE, Kind.UPDATE, "Demande abandonnée, hors délai", "Registration abandoned, out of time"),
        (Step.END, Kind.UPDATE, "Rôle fermé avec le contrat", "Role closed with the contract"),
    )
}
_MEMBERS = {"registration": "number of the registration", "structure": "key of the structure"}


def _news(name: str, fr: str, en: str) -> EventKind:
    return event_kind(f"directory.registration-{name}.1", fr, en, **_MEMBERS)


CODE_WANTED = _news(
    "code-wanted", "Un code de confirmation est à envoyer", "A code of confirmation is to be sent"
)
TO_VALIDATE = _news("to-validate", "Un rôle attend son employeur", "A role waits for its employer")
TO_CORRECT = _news("to-correct", "Une correction est attendue", "A correction is waited for")
VALIDATED = _news("validated", "Un rôle est validé", "A role is validated")
STARTED = _news("started", "Le contrat d’un rôle validé commence", "The contract of a validated role begins")
PUBLISHED = _news("published", "Un rôle est publié dans l’annuaire", "A role is published in the directory")
ATTACHED = _news("attached", "Un rôle change de numéro national", "A role changes its national number")
TWIN_FOUND = _news(
    "twin-found",
    "Une personne enregistrée figure peut-être dans les fichiers nationaux",
    "A registered person may be in the national files",
)
CLOSED = _news("closed", "Un rôle est fermé", "A role is closed")
REFUSED = _news("refused", "Un rôle est refusé", "A role is refused")
ABANDONED = _news("abandoned", "Une demande est abandonnée", "A registration is abandoned")
EVENTS: Final = (
    *(CODE_WANTED, TO_VALIDATE, TO_CORRECT, VALIDATED, STARTED, PUBLISHED),
    *(ATTACHED, TWIN_FOUND, CLOSED, REFUSED, ABANDONED),
)
NEWS_OF: Final[dict[Step, EventKind]] = {
    Step.CONFIRM: TO_VALIDATE,
    Step.ASK_CORRECTION: TO_CORRECT,
    Step.CORRECT: TO_VALIDATE,
    Step.VALIDATE: VALIDATED,
    Step.PUBLISH: PUBLISHED,
    Step.REFUSE: REFUSED,
    Step.REOPEN: TO_VALIDATE,
    Step.WITHDRAW: ABANDONED,
    Step.EXPIRE: ABANDONED,
    Step.END: CLOSED,
}
"""What a step announces; a correction of the address asks for a code instead."""
