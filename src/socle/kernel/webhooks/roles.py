"""What the pages and the acts of webhooks ask for."""

from socle.kernel.access import OPERATOR, declare

OPERATE = declare(
    "webhooks.operate",
    "Tenir les webhooks : créer, suspendre, rejouer, supprimer",
    "Keep the webhooks: create, suspend, replay, delete",
    roles=(OPERATOR,),
)
