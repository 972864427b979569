"""What requests of persons leave in the audit trail, the news that they send, and the permission to instruct them."""

from socle.kernel.access import DATA_PROTECTION, declare
from socle.kernel.audit.actions import Kind, action
from socle.kernel.outbox.events import event_kind

INSTRUCT = declare(
    "privacy.instruct",
    "Instruire les demandes des personnes sur leurs données",
    "Process what persons ask about their data",
    roles=(DATA_PROTECTION,),
)

RECEIVED = action(
    "privacy.request-received", Kind.CREATE, "Demande d’une personne reçue", "A person’s request received"
)
EXTENDED = action(
    "privacy.request-extended", Kind.UPDATE, "Délai de réponse prolongé", "Deadline of the answer extended"
)
CLOSED = action(
    "privacy.request-closed", Kind.UPDATE, "Demande d’une personne close", "A person’s request closed"
)
REOPENED = action(
    "privacy.request-reopened", Kind.UPDATE, "Demande d’une personne rouverte", "A person’s request reopened"
)
READ = action("privacy.request-read", Kind.READ, "Dossier d’une demande lu", "Dossier of a request read")
IDENTIFIED = action("privacy.identified", Kind.UPDATE, "Identité vérifiée", "Identity verified")
UNIDENTIFIED = action(
    "privacy.identification-undone",
    Kind.UPDATE,
    "Vérification d’identité annulée",
    "Verification of identity undone",
)
ASKED = action(
    "privacy.more-asked", Kind.UPDATE, "Précisions demandées à la personne", "More asked of the person"
)
REPLIED = action("privacy.replied", Kind.UPDATE, "Précisions données par la personne", "The person replied")
FILE_MADE = action("privacy.file-made", Kind.CREATE, "Fichier des données préparé", "File of the data made")
FILE_TAKEN = action("privacy.file-taken", Kind.READ, "Fichier des données remis", "File of the data taken")
FILE_DISCARDED = action(
    "privacy.file-discarded", Kind.DELETE, "Fichier des données retiré", "File of the data discarded"
)
ERASURE_ORDERED = action("privacy.erasure-ordered", Kind.UPDATE, "Effacement décidé", "Erasure decided")
ERASURE_CALLED_OFF = action(
    "privacy.erasure-called-off",
    Kind.UPDATE,
    "Effacement annulé avant son terme",
    "Erasure called off in time",
)

_OF = {"request": "number of the request", "right": "what is asked: access, rectification, erasure…"}
RECEIVED_EVENT = event_kind(
    "privacy.request-received.1",
    "Une personne a exercé un droit sur ses données",
    "A person exercised a right over their data",
    **_OF,
    due="last day on which the answer is in time",
)
DUE_EVENT = event_kind(
    "privacy.request-due.1",
    "Le délai d’une demande approche, ou est passé",
    "The delay of a request approaches, or is over",
    **_OF,
    due="last day on which the answer is in time",
    stage="week: seven days or less; last: the last day or the one before; late: over",
)
MOVED_EVENT = event_kind(
    "privacy.request-moved.1",
    "Une demande d’une personne avance",
    "A person’s request moves on",
    **_OF,
    what="asked: more is asked of the person; extended: its delay was; file: the file of the data is ready",
)
CLOSED_EVENT = event_kind(
    "privacy.request-closed.1",
    "Une demande d’une personne est close",
    "A person’s request is closed",
    **_OF,
    outcome="answered, refused, withdrawn",
)
