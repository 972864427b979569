"""What is refused of authentication on another device (OpenID CIBA Core 1.0 §11, §13)."""

from socle.standards.oauth.faults import kind

ONE_HINT = kind(
    "ciba-one-hint",
    "invalid_request",
    fr="Un seul indice désigne la personne, login_hint ou id_token_hint ; reçus : {given}.",
    en="One hint names the person, login_hint or id_token_hint; received: {given}.",
    rule="CIBA Core §7.1, §13",
)
HINT_TOKEN_REFUSED = kind(
    "ciba-hint-token-refused",
    "invalid_request",
    fr="login_hint_token n’est pas lu ici ; désignez la personne par login_hint.",
    en="login_hint_token is not read here; name the person by login_hint.",
    rule="CIBA Core §7.1: its form is agreed between the parties",
)
USER_UNKNOWN = kind(
    "ciba-user-unknown",
    "unknown_user_id",
    fr="L’indice ne désigne personne qui puisse être joint ici. Attendu : l’identifiant national, par exemple 8 suivi "
    "des 11 chiffres du numéro RPPS.",
    en="The hint names nobody who can be reached here. Expected: the national identifier, for example 8 followed by "
    "the 11 digits of the RPPS number.",
    rule="CIBA Core §13; Pro Santé Connect, login_hint",
)
BINDING_MESSAGE = kind(
    "ciba-binding-message",
    "invalid_binding_message",
    fr="binding_message est le nombre que le poste affiche : deux chiffres, de 00 à 99.",
    en="binding_message is the number that the workstation shows: two digits, 00 to 99.",
    rule="CIBA Core §13; Pro Santé Connect, CIBA",
)
PENDING = kind(
    "ciba-pending",
    "authorization_pending",
    fr="La demande attend encore : la personne n’a pas répondu sur son téléphone.",
    en="The authorization request is still pending as the end-user hasn’t yet been authenticated.",
    rule="CIBA Core §11",
)
SLOW_DOWN = kind(
    "ciba-slow-down",
    "slow_down",
    fr="Les questions se suivent de trop près : attendez {seconds} secondes entre deux.",
    en="The questions come too fast: wait {seconds} seconds between two.",
    rule="CIBA Core §11: the interval grows by five seconds",
)
TOO_LATE = kind(
    "ciba-expired",
    "expired_token",
    fr="Personne n’a répondu à temps : faites une nouvelle demande.",
    en="Nobody answered in time: make a new request.",
    rule="CIBA Core §11",
)
DENIED = kind(
    "ciba-denied",
    "access_denied",
    fr="La personne a refusé sur son téléphone.",
    en="The person refused on their phone.",
    rule="CIBA Core §11",
)
AUTH_REQ_UNUSABLE = kind(
    "ciba-unusable",
    "invalid_grant",
    fr="Cet auth_req_id n’a pas été donné à ce client, ou a déjà servi.",
    en="This auth_req_id was not given to this client, or was used already.",
    rule="CIBA Core §11; RFC 6749 §5.2",
)
