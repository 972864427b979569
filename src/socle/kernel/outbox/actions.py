"""What operators and the outbox itself do that leaves a trace."""

from socle.kernel.audit.actions import Kind, action
from socle.kernel.outbox.events import event_kind

RETRIED = action("outbox.retried", Kind.EXECUTE, "Livraison relancée", "Delivery tried again")
SET_ASIDE = action("outbox.set-aside", Kind.UPDATE, "Livraison écartée", "Delivery set aside")
TAKEN_BACK = action(
    "outbox.taken-back", Kind.UPDATE, "Livraison écartée, reprise", "Delivery set aside, taken back"
)
PURGED = action(
    "outbox.purged", Kind.DELETE, "Évènements livrés, retirés du journal", "Delivered events removed"
)

PARKED = event_kind(
    "outbox.parked.1",
    "Une livraison est bloquée et attend l’exploitant",
    "A delivery is parked and waits for the operator",
    listener="name of the listener that failed too often",
    sequence="number of the event that it does not hear",
    event="kind of that event",
)
