"""What the outbox refuses to an operator."""

from socle.kernel.errors import kind

NOT_HELD = kind(
    "outbox-not-held",
    409,
    fr=(
        "La livraison {sequence} de « {listener} » n’est ni en attente ni garée : elle est livrée, écartée, ou "
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
