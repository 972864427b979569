"""What the acts on privacy refuse."""

from socle.kernel.errors import kind

REQUEST_UNKNOWN = kind(
    "privacy-request-unknown",
    404,
    fr="Aucune demande ne porte le numéro « {id} ».",
    en="No request has the number “{id}”.",
    rule="socle privacy requests",
    fhir="not-found",
)
REQUEST_CLOSED = kind(
    "privacy-request-closed",
    409,
    fr="La demande « {id} » est close depuis le {closed} ({state}) ; une nouvelle demande ouvre un nouveau délai.",
    en="The request “{id}” was closed on {closed} ({state}); a new request opens a new delay.",
    rule="GDPR art. 12(3)",
    fhir="business-rule",
)
EXTENDED_ALREADY = kind(
    "privacy-request-extended",
    409,
    fr="Le délai de la demande « {id} » a déjà été prolongé, jusqu’au {due} ; il ne peut l’être qu’une fois.",
    en="The delay of the request “{id}” was already extended, to {due}; it may be once only.",
    rule="GDPR art. 12(3)",
    fhir="business-rule",
)
EXTENDED_TOO_LATE = kind(
    "privacy-extension-too-late",
    409,
    fr="Le délai de la demande « {id} » a pris fin le {due} ; le prolonger se décide et se dit avant son terme.",
    en="The delay of the request “{id}” ended on {due}; extending it is decided and told before its end.",
    rule="GDPR art. 12(3)",
    fhir="business-rule",
)
RECEIVED_IN_FUTURE = kind(
    "privacy-received-in-future",
    400,
    fr="La demande serait reçue le {received}, après aujourd’hui ({today}). Donnez le jour de sa réception.",
    en="The request would be received on {received}, after today ({today}). Give the day on which it was received.",
    rule="regulation (EEC, Euratom) 1182/71, art. 3",
)
