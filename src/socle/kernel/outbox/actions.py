"""What operators and the outbox itself do that leaves a trace."""

from socle.kernel.audit.actions import Kind, action

RETRIED = action("outbox.retried", Kind.EXECUTE, "Livraison relancée", "Delivery tried again")
SET_ASIDE = action("outbox.set-aside", Kind.UPDATE, "Livraison écartée", "Delivery set aside")
PURGED = action(
    "outbox.purged", Kind.DELETE, "Évènements livrés, retirés du journal", "Delivered events removed"
)
