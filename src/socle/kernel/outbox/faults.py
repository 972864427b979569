"""What the outbox refuses to an operator."""

from socle.kernel.errors import kind

NOT_HELD = kind(
    "outbox-not-held",
    409,
    fr=(
        "La livraison {sequence} de « {listener} » n’est ni en attente ni bloquée : elle est livrée, écartée, ou "
        "inconnue. Voyez : socle outbox parked"
    ),
    en=(
        "Delivery {sequence} of “{listener}” neither waits nor is parked: it was delivered, set aside, or is unknown. "
        "See: socle outbox parked"
    ),
    rule="only what waits or is parked can be tried again or set aside",
    fhir="conflict",
)
REASON_MISSING = kind(
    "outbox-reason-missing",
    422,
    fr="Écarter une livraison demande une raison ; elle est inscrite dans la trace.",
    en="Setting a delivery aside asks for a reason; it is written into the trail.",
    rule="what is set aside is journaled with its reason",
    fhir="required",
)
DELIVERY_UNKNOWN = kind(
    "outbox-delivery-unknown",
    404,
    fr="La livraison {sequence} de « {listener} » n’attend plus : elle a abouti, ou n’a jamais existé.",
    en="Delivery {sequence} of “{listener}” waits no longer: it succeeded, or never existed.",
    rule="what is delivered is deleted",
    fhir="not-found",
)
TOO_LATE = kind(
    "outbox-too-late",
    409,
    fr=(
        "La livraison {sequence} de « {listener} » ne peut plus être reprise : la suite de sa file est déjà partie, ou "
        "elle n’est pas écartée. Livrée maintenant, elle arriverait après ce qui la suit."
    ),
    en=(
        "Delivery {sequence} of “{listener}” can no longer be taken back: what follows it in its lane has already "
        "left, or it is not set aside. Delivered now it would come after what follows it."
    ),
    rule="each listener hears the events of a lane in their order",
    fhir="conflict",
)
