"""What the pages of notifications ask for."""

from socle.kernel.access import AGENT, declare

OWN_NOTICES = declare(
    "notifications.own",
    "Lire ses notifications et choisir comment elles arrivent",
    "Read one's notifications and choose how they come",
    roles=(AGENT,),
)
