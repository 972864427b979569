"""What notifications leave in the audit trail, and the news that they send."""

from socle.kernel.audit.actions import Kind, action
from socle.kernel.outbox.events import event_kind

NOTIFIED = action("notification.made", Kind.CREATE, "Notification créée", "Notification created")
READ = action("notification.read", Kind.UPDATE, "Notifications lues", "Notifications read")
UNREAD = action(
    "notification.unread",
    Kind.UPDATE,
    "Notifications marquées comme non lues",
    "Notifications marked as unread",
)
CHOSEN = action(
    "notification.preferences", Kind.UPDATE, "Préférences de notification", "Notification preferences"
)
UNSUBSCRIBED = action(
    "notification.unsubscribed",
    Kind.UPDATE,
    "Courriels arrêtés ou repris par leur lien",
    "Mails stopped or taken up again by their link",
)
SENT = action("mail.sent", Kind.EXECUTE, "Courriel remis au relais", "Mail handed to the relay")
REFUSED = action("mail.refused", Kind.EXECUTE, "Courriel refusé par le relais", "Mail refused by the relay")
TRIED = action("mail.tried", Kind.EXECUTE, "Courriel d’essai", "Trial mail")

MAIL_ASKED = event_kind(
    "mail.asked.1", "Un courriel est à envoyer", "A mail is to be sent", mail="identifier of the mail"
)
