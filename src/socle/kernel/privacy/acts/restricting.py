"""Restricting the processing of a person's data, and lifting that, from a request."""

from socle.kernel.access import require
from socle.kernel.actors import Acting
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.privacy.actions import INSTRUCT
from socle.kernel.privacy.acts.requests import still_open
from socle.kernel.privacy.faults import PERSON_NEEDED
from socle.kernel.privacy.restriction import lift, restrict


def restrict_for(unit: Unit, by: Acting, id: str) -> None:
    """Raises SocleError: PERSON_NEEDED, REQUEST_CLOSED."""
    restrict(unit, by, _person(unit, by, id), f"Request/{id}")


def lift_for(unit: Unit, by: Acting, id: str) -> None:
    """The person was told before (art. 18(3)). Raises SocleError: PERSON_NEEDED, REQUEST_CLOSED."""
    lift(unit, by, _person(unit, by, id), f"Request/{id}")


def _person(unit: Unit, by: Acting, id: str) -> str:
    require(by, INSTRUCT)
    request = still_open(unit, id)
    if not request.person:
        raise SocleError(PERSON_NEEDED)
    return request.person
