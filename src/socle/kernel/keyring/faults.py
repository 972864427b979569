"""What the keyring refuses."""

from socle.kernel.errors import kind

ERASED = kind(
    "sealed-erased",
    410,
    fr="Ces détails ont été effacés : la clé de la personne n’existe plus, et rien ne peut plus les lire.",
    en="These details were erased: the key of the person does not exist any more, and nothing can read them again.",
    rule="GDPR art. 17",
    fhir="deleted",
)
DAMAGED = kind(
    "sealed-damaged",
    500,
    fr="Les détails scellés à l’endroit « {place} » ne s’ouvrent pas : ils ont été modifiés, déplacés, ou scellés sous "
    "une clé effacée depuis. Vérifiez le journal : socle audit verify",
    en="The sealed details at “{place}” do not open: they were changed, moved, or sealed under a key erased since. "
    "Check the trail: socle audit verify",
    rule="NIST SP 800-38D",
    fhir="exception",
)
UNKNOWN_PURPOSE = kind(
    "signing-purpose-unknown",
    400,
    fr="Aucune clé ne signe pour « {purpose} » ; usages connus : {known}.",
    en="No key signs for “{purpose}”; known purposes: {known}.",
    rule="socle keys list",
)
NO_SIGNING_KEY = kind(
    "signing-key-missing",
    503,
    fr="Aucune clé n’est en usage pour « {purpose} ». Créez-en une : socle keys rotate {purpose}",
    en="No key is in use for “{purpose}”. Create one: socle keys rotate {purpose}",
    rule="socle keys list",
    fhir="exception",
)
TOO_EARLY = kind(
    "signing-key-too-early",
    409,
    fr="La nouvelle clé de « {purpose} » est annoncée depuis {announced} ; elle servira au plus tôt à {earliest}, pour "
    "que chacun ait pu la lire.",
    en="The new key of “{purpose}” was announced at {announced}; it may be used from {earliest}, once everybody could "
    "read it.",
    rule="socle keys rotate",
    fhir="business-rule",
)
