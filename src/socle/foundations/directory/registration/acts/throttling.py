"""How much is heard from one address of the network: what a person does is counted for their registration, and whoever
makes many registrations is counted here."""

from socle.foundations.directory.registration.faults import FROM_HERE
from socle.foundations.directory.settings import directory_settings
from socle.kernel.accounts import attempts
from socle.kernel.actors import Acting
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError


def check_address(unit: Unit, by: Acting, what: str) -> None:
    """Count one attempt at `what` from the address, before it is heard. Whoever comes without one, from the command
    line, is not counted. Raises SocleError(FROM_HERE)."""
    factor = directory_settings().registration_machine_factor
    if by.client and (wait := attempts.begin(unit, f"{what}:{by.client}", factor=factor).wait):
        raise SocleError(FROM_HERE, seconds=wait)
