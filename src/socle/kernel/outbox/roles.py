"""What the pages and the acts of deliveries ask for."""

from socle.kernel.access import OPERATOR, declare

OPERATE = declare(
    "outbox.operate",
    "Suivre les livraisons, relancer ou écarter celles qui sont bloquées",
    "Watch deliveries, try again or set aside those that are parked",
    roles=(OPERATOR,),
)
