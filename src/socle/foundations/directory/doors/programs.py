"""How a program asks what a page shows."""

from socle.foundations.directory.stores import PUBLIC_PREFIX
from socle.kernel.manifest import command
from socle.kernel.settings import settings

KEY_HEADER = '-H "ESANTE-API-KEY: {key}"'


def command_for(target: str) -> str:
    """The command that asks this installation's API for a target, relative to its base address."""
    chosen = settings()
    return command(
        f"{KEY_HEADER} '{{base}}{PUBLIC_PREFIX}/{target}'", chosen.public_url, demo=not chosen.production
    )
