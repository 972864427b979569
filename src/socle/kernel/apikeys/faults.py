"""What API keys refuse."""

from socle.kernel.errors import kind

UNKNOWN_KEY = kind(
    "api-key-unknown",
    404,
    fr="Aucune clé {id} en service ; voyez : socle admin api-keys.",
    en="No key {id} in use; see: socle admin api-keys.",
    rule="identifiers of keys are those listed",
    fhir="not-found",
)
BAD_LABEL = kind(
    "api-key-label",
    400,
    fr="Le nom d’une application a 1 à {limit} caractères, sans caractère de commande ; reçu : {received}.",
    en="The name of an application has 1 to {limit} characters, none of them a control character; got: {received}.",
    rule="a key says which application it is for",
)
BAD_QUOTA = kind(
    "api-key-quota",
    400,
    fr="Un quota est un nombre d’appels par seconde, de 0 (sans limite) à {limit} ; reçu : {received}.",
    en="A quota is a number of calls a second, from 0 (no limit) to {limit}; got: {received}.",
    rule="calls a second and key",
    fhir="value",
)
EXPIRED_BEFORE = kind(
    "api-key-expired-before",
    400,
    fr="La date de fin est passée : la clé n’ouvrirait rien.",
    en="The end date is past: the key would open nothing.",
    rule="a key is made for a time to come",
    fhir="value",
)
TOO_MANY_KEYS = kind(
    "api-keys-too-many",
    409,
    fr="Vous avez déjà {limit} clés en service ; fermez celles qui ne servent plus.",
    en="You already have {limit} keys in use; end those that no longer serve.",
    rule="one key an application",
    fhir="too-costly",
)
NO_INCIDENTS = kind(
    "api-key-no-incidents",
    409,
    fr="Cette installation est en production : elle ne simule pas d’incident.",
    en="This installation is in production: it simulates no incident.",
    rule="incidents are for demonstrations",
    fhir="forbidden",
)
BAD_INCIDENTS = kind(
    "api-key-incidents",
    400,
    fr="Les incidents ne se lisent pas ({reason}). Exemple : 502:5 slow:10.",
    en="The incidents cannot be read ({reason}). Example: 502:5 slow:10.",
    rule="incident:percent, each incident once, 100 % in all at most",
    fhir="value",
)
KEY_MISSING = kind(
    "api-key-missing",
    401,
    fr="L’en-tête {header} est absent. En démonstration, la clé est « {demo} » ; sinon demandez-en une à qui "
    "tient ce service (socle admin api-key).",
    en="The header {header} is missing. In a demonstration the key is “{demo}”; otherwise ask whoever runs this "
    "service for one (socle admin api-key).",
    rule="ANS, Annuaire Santé, API v2: one key an application",
    fhir="login",
)
KEY_REFUSED = kind(
    "api-key-refused",
    401,
    fr="La clé de l’en-tête {header} n’est pas en service ici.",
    en="The key in the header {header} is not in use here.",
    rule="ANS, Annuaire Santé, API v2: one key an application",
    fhir="login",
)
QUOTA = kind(
    "api-quota",
    429,
    fr="Plus de {limit} appels par seconde avec cette clé ; attendez une seconde, puis espacez vos appels.",
    en="More than {limit} calls a second with this key; wait one second, then space your calls.",
    rule="ANS, Annuaire Santé, API v2: calls a second and application",
    fhir="throttled",
)
BAD_GATEWAY = kind(
    "portal-bad-gateway",
    502,
    fr="Incident simulé : le portail n’a pas joint le service. Réessayez, en espaçant.",
    en="Simulated incident: the portal did not reach the service. Try again, further apart.",
    rule="incident asked for by a setting or by the header X-Socle-Incident",
    fhir="transient",
)
GATEWAY_TIMEOUT = kind(
    "portal-timeout",
    504,
    fr="Incident simulé : le service n’a pas répondu au portail à temps. Réessayez, en espaçant.",
    en="Simulated incident: the service did not answer the portal in time. Try again, further apart.",
    rule="incident asked for by a setting or by the header X-Socle-Incident",
    fhir="timeout",
)
