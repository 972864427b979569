"""What the accounts refuse. Sentences about signing in never say whether an account exists."""

from socle.kernel.errors import kind

INVITATION_UNUSABLE = kind(
    "invitation-unusable",
    410,
    fr="Ce lien d’invitation ne sert plus : il a déjà servi, il a expiré, ou il n’a pas été créé ici. "
    "Demandez une nouvelle invitation à qui vous a invité.",
    en="This invitation link no longer works: it was used, it has expired, or it was not made here. "
    "Ask whoever invited you for a new invitation.",
    rule="an invitation is used once, before it expires",
    fhir="expired",
)
SIGN_IN_REFUSED = kind(
    "sign-in-refused",
    403,
    fr="L’adresse ou le mot de passe n’est pas le bon.",
    en="The address or the password is not right.",
    rule="OWASP ASVS 5.0, 6.3.8: the same answer whether the account exists",
    fhir="login",
)
CODE_REFUSED = kind(
    "code-refused",
    403,
    fr="Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et recopiez-le.",
    en="This code is not right, or was used already. Wait for the next one and copy it.",
    rule="RFC 6238 §5.2: a code is accepted once",
    fhir="login",
)
PASSKEY_REFUSED = kind(
    "passkey-refused",
    403,
    fr="La clé d’accès n’a pas été reconnue. Réessayez, ou utilisez un code.",
    en="The passkey was not recognised. Try again, or use a code.",
    rule="W3C Web Authentication Level 3 §7",
    fhir="login",
)
TRY_LATER = kind(
    "try-later",
    429,
    fr="Trop d’essais de suite. Réessayez dans {seconds} secondes.",
    en="Too many attempts in a row. Try again in {seconds} seconds.",
    rule="OWASP ASVS 5.0, 6.3.1; PGSSI-S 5.2.3.3",
    fhir="throttled",
)
PASSWORD_TOO_SHORT = kind(
    "password-too-short",
    400,
    fr="Le mot de passe a {length} caractères ; il en faut au moins {least}. Une suite de mots convient.",
    en="The password has {length} characters; it needs at least {least}. A few words in a row will do.",
    rule="OWASP ASVS 5.0, 6.2.1",
)
PASSWORD_TOO_LONG = kind(
    "password-too-long",
    400,
    fr="Le mot de passe a plus de {most} caractères.",
    en="The password has more than {most} characters.",
    rule="a bound on the work of checking it; OWASP ASVS 5.0, 6.2.9 asks for at least 64",
)
PASSWORD_KNOWN = kind(
    "password-known",
    400,
    fr="Ce mot de passe est l’un des premiers que l’on essaie. Choisissez-en un autre.",
    en="This password is among the first that are tried. Choose another.",
    rule="OWASP ASVS 5.0, 6.2.4 and 6.2.11",
)
PASSWORD_UNCHANGED = kind(
    "password-refused",
    400,
    fr="Le mot de passe actuel n’est pas le bon.",
    en="The current password is not right.",
    rule="OWASP ASVS 5.0, 6.2.3",
)
EMAIL_NOT_READ = kind(
    "email-not-read",
    400,
    fr="« {received} » n’est pas une adresse de messagerie ; attendu : nom@domaine.",
    en="“{received}” is not a mail address; expected: name@domain.",
    rule="RFC 5321 §4.1.2, without quotes",
)
NO_ACCOUNT = kind(
    "account-unknown",
    404,
    fr="Aucun compte « {account} » ici.",
    en="No account “{account}” here.",
    rule="accounts are seen by those who manage them",
    fhir="not-found",
)
ROLE_UNKNOWN = kind(
    "role-unknown",
    400,
    fr="« {received} » n’est pas un rôle que l’on donne ; attendu : {known}.",
    en="“{received}” is not a role that is given; expected: {known}.",
    rule="the matrix of roles, page /acces",
)
STRUCTURE_ASKED = kind(
    "structure-asked",
    400,
    fr="Le rôle {role} se donne pour une structure : indiquez son numéro, lettres, chiffres et tirets.",
    en="The role {role} is given for a structure: give its number, letters, digits and hyphens.",
    rule="the matrix of roles, page /acces",
)
STRUCTURE_REFUSED = kind(
    "structure-not-asked",
    400,
    fr="Le rôle {role} vaut pour toute l’installation : n’indiquez pas de structure.",
    en="The role {role} is for the whole installation: give no structure.",
    rule="the matrix of roles, page /acces",
)
GRANT_GONE = kind(
    "grant-gone",
    409,
    fr="Ce rôle n’est plus tenu ; rien n’a changé.",
    en="This role is no longer held; nothing has changed.",
    rule="a role ends once",
    fhir="conflict",
)
DELEGATION_TOO_LONG = kind(
    "delegation-end",
    400,
    fr="Une délégation prend fin un jour à venir, au plus tard quand prend fin le rôle délégué ; reçu : {received}.",
    en="A delegation ends on a day to come, at the latest when the delegated role ends; got: {received}.",
    rule="one delegates only what one holds, and until a date",
)
OWN_ACCOUNT = kind(
    "own-account",
    409,
    fr="On ne ferme pas son propre compte, et l’on ne s’attribue pas de rôle : demandez à un autre gestionnaire.",
    en="Nobody closes their own account or gives themselves a role: ask another manager.",
    rule="separation of duties",
    fhir="conflict",
)
REVIEW_OPEN = kind(
    "review-open",
    409,
    fr="Une revue est déjà ouverte pour cette structure.",
    en="A review is already open for this structure.",
    rule="one review at a time",
    fhir="conflict",
)
FACTOR_NEEDED = kind(
    "factor-needed",
    409,
    fr="Gardez au moins un second facteur : ajoutez-en un autre avant de retirer celui-ci.",
    en="Keep at least one second factor: add another before removing this one.",
    rule="PGSSI-S, référentiel d’identification électronique: two factors",
    fhir="conflict",
)
PROVE_AGAIN = kind(
    "prove-again",
    403,
    fr="Ce changement touche à la sécurité de votre compte : donnez de nouveau votre second facteur.",
    en="This change concerns the security of your account: give your second factor again.",
    rule="OWASP ASVS 5.0, 7.5.1 and 7.5.2",
    fhir="login",
)
FORGED = kind(
    "forged-request",
    403,
    fr="Ce formulaire ne vient pas de cette session : il a été ouvert avant votre connexion, ou ailleurs. "
    "Rechargez la page et recommencez.",
    en="This form does not come from this session: it was opened before you signed in, or elsewhere. "
    "Reload the page and start again.",
    rule="OWASP ASVS 5.0, 3.5.1",
    fhir="forbidden",
)
