"""What the webhooks refuse."""

from socle.kernel.errors import kind

UNKNOWN = kind(
    "webhook-unknown",
    404,
    fr="Aucun webhook « {id} ». Voyez : socle webhooks list",
    en="No webhook “{id}”. See: socle webhooks list",
    rule="identifiers are given at creation",
    fhir="not-found",
)
URL_REFUSED = kind(
    "webhook-url-refused",
    422,
    fr=(
        "L’adresse « {url} » n’est pas celle d’un webhook : {reason_fr}. Attendu : https://hôte/chemin, en ASCII, sans "
        "identifiants ni fragment."
    ),
    en=(
        "The address “{url}” is not that of a webhook: {reason_en}. Expected: https://host/path, in ASCII, without "
        "credentials or fragment."
    ),
    rule="webhooks leave by https, to public addresses unless SOCLE_WEBHOOKS_ALLOW_PRIVATE",
)
KIND_UNKNOWN = kind(
    "webhook-kind-unknown",
    422,
    fr="Aucun évènement « {code} » n’est annoncé ici ; annoncés : {known}.",
    en="No event “{code}” is announced here; announced: {known}.",
    rule="docs/events.md",
    fhir="code-invalid",
)
NOT_IN_STATE = kind(
    "webhook-not-in-state",
    409,
    fr="Le webhook {id} est déjà dans l’état « {state} ».",
    en="Webhook {id} is already in the state “{state}”.",
    rule="active can be suspended, suspended can be resumed",
    fhir="conflict",
)
CURSOR_OUT_OF_LOG = kind(
    "webhook-cursor-out-of-log",
    422,
    fr="Le journal tient les évènements {first} à {last} ; on ne peut rejouer après {cursor}.",
    en="The log holds events {first} to {last}; it cannot be replayed after {cursor}.",
    rule="SOCLE_OUTBOX_KEEP_DAYS says how long events are kept",
    fhir="value",
)
