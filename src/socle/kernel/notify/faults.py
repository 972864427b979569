"""What notifications refuse, and what a relay answers."""

from socle.kernel.errors import kind

RELAY_UNREACHABLE = kind(
    "mail-relay-unreachable",
    503,
    fr="Le relais de messagerie n’a pas pris le courriel : {reason}. Vérifiez SOCLE_MAIL_RELAY, et que ce relais "
    "répond.",
    en="The mail relay did not take the mail: {reason}. Check SOCLE_MAIL_RELAY, and that this relay answers.",
    rule="RFC 5321 §4.5.4",
    fhir="transient",
)
MAIL_DEFERRED = kind(
    "mail-deferred",
    503,
    fr="Le relais de messagerie a remis le courriel à plus tard : il a répondu {status} à {stage}.",
    en="The mail relay put the mail off: it answered {status} to {stage}.",
    rule="RFC 5321 §4.2.1, 4yz",
    fhir="transient",
)
MAIL_REFUSED = kind(
    "mail-refused",
    502,
    fr="Le relais de messagerie a refusé le courriel : il a répondu {status} à {stage}. Vérifiez l’adresse, et que "
    "SOCLE_MAIL_FROM est une adresse que ce relais accepte.",
    en="The mail relay refused the mail: it answered {status} to {stage}. Check the address, and that SOCLE_MAIL_FROM "
    "is one that this relay accepts.",
    rule="RFC 5321 §4.2.1, 5yz",
    fhir="processing",
)
NO_RELAY = kind(
    "mail-no-relay",
    409,
    fr="Aucun relais de messagerie n’est réglé : rien n’est envoyé. Donnez SOCLE_MAIL_RELAY, par exemple "
    "smtp://compte:secret@relais.example:587.",
    en="No mail relay is set: nothing is sent. Give SOCLE_MAIL_RELAY, for example "
    "smtp://user:secret@relay.example:587.",
    rule="SOCLE_MAIL_RELAY",
)
NOTICE_UNKNOWN = kind(
    "notification-unknown",
    404,
    fr="Cette notification n’existe pas, ou plus, dans votre centre.",
    en="This notification is not, or is no longer, in your centre.",
    rule="a notification belongs to one account",
    fhir="not-found",
)
CHANNEL_REFUSED = kind(
    "notification-channel",
    422,
    fr="« {received} » n’est pas possible pour « {kind} » ; possibles : {allowed}.",
    en="“{received}” is not possible for “{kind}”; possible: {allowed}.",
    rule="what concerns the security of an account is always told",
    fhir="value",
)
LINK_REFUSED = kind(
    "notification-link",
    404,
    fr="Ce lien de désabonnement est incomplet, ou ne vient pas d’ici. Copiez-le en entier depuis le courriel, ou "
    "réglez vos notifications depuis votre compte.",
    en="This unsubscribe link is incomplete, or does not come from here. Copy all of it from the mail, or set your "
    "notifications from your account.",
    rule="RFC 8058 §3",
    fhir="not-found",
)
