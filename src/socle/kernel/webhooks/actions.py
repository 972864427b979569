"""What is done with webhooks that leaves a trace."""

from socle.kernel.audit.actions import Kind, action
from socle.kernel.outbox.events import event_kind

CREATED = action("webhook.created", Kind.CREATE, "Webhook créé", "Webhook created")
ROTATED = action("webhook.secret-rotated", Kind.UPDATE, "Secret de webhook changé", "Webhook secret changed")
SUSPENDED = action("webhook.suspended", Kind.UPDATE, "Webhook suspendu", "Webhook suspended")
RESUMED = action("webhook.resumed", Kind.UPDATE, "Webhook repris", "Webhook resumed")
REPLAYED = action("webhook.replayed", Kind.EXECUTE, "Webhook rejoué", "Webhook replayed")
TRIED = action(
    "webhook.tried", Kind.EXECUTE, "Message d’essai envoyé à un webhook", "Test message sent to a webhook"
)
DELETED = action("webhook.deleted", Kind.DELETE, "Webhook supprimé", "Webhook deleted")

STOPPED = event_kind(
    "webhook.stopped.1",
    "Un webhook est suspendu : son abonné ne répond plus",
    "A webhook is suspended: its subscriber no longer answers",
    webhook="identifier of the webhook",
    reason="what its last failure was: timeout, tls, status-500…",
)
HAS_GONE = event_kind(
    "webhook.deleted.1",
    "Un webhook est supprimé",
    "A webhook is deleted",
    webhook="identifier of the webhook",
)
