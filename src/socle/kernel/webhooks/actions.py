"""What is done with webhooks that leaves a trace."""

from socle.kernel.audit.actions import Kind, action

CREATED = action("webhook.created", Kind.CREATE, "Webhook créé", "Webhook created")
ROTATED = action("webhook.secret-rotated", Kind.UPDATE, "Secret de webhook changé", "Webhook secret changed")
SUSPENDED = action("webhook.suspended", Kind.UPDATE, "Webhook suspendu", "Webhook suspended")
RESUMED = action("webhook.resumed", Kind.UPDATE, "Webhook repris", "Webhook resumed")
REPLAYED = action("webhook.replayed", Kind.EXECUTE, "Webhook rejoué", "Webhook replayed")
DELETED = action("webhook.deleted", Kind.DELETE, "Webhook supprimé", "Webhook deleted")
