"""What the directory announces."""

from socle.kernel.outbox.events import event_kind

LOADED = event_kind(
    "directory.loaded.1",
    "L’annuaire a changé",
    "The directory has changed",
    transaction="number of the public store's transaction",
    mode="full or delta",
    lines="lines read",
    created="resources created",
    updated="resources updated",
    deleted="resources deleted",
    unchanged="resources left as they were",
)
