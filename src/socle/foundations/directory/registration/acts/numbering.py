"""The RPPS number of a person who is registered: one a person, for life."""

from socle.foundations.directory.loading.registered import is_known
from socle.foundations.directory.registration.faults import NUMBERS_USED_UP, OTHER_PERSON
from socle.foundations.directory.registration.lookup import is_in_activity
from socle.foundations.directory.registration.numbers import national_id, rpps_number
from socle.foundations.directory.registration.records import Registration, of_person
from socle.foundations.directory.settings import directory_settings
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError

_KNOWN = "SELECT national_id FROM directory_registered_person WHERE traits_key = ?1"
_HELD = "SELECT traits_key FROM directory_registered_person WHERE national_id = ?1"
_RELEASE = "DELETE FROM directory_registered_person WHERE traits_key = ?1"
_WRITE = (
    "INSERT INTO directory_registered_person (traits_key, national_id) VALUES (?1, ?2) "
    "ON CONFLICT (traits_key) DO UPDATE SET national_id = excluded.national_id"
)
_RESERVE = (
    "INSERT INTO directory_registered_number (prefix, next_rank) VALUES (?1, 1) "
    "ON CONFLICT (prefix) DO UPDATE SET next_rank = directory_registered_number.next_rank + 1"
)
_RANK = "SELECT next_rank - 1 FROM directory_registered_number WHERE prefix = ?1"


def number_for(unit: Unit, one: Registration, recognised: str = "") -> str:
    """The national identification of the person of a registration: the one that their employer recognised in the
    directory, else the one that they had, else a new one.

    Raises SocleError: OTHER_PERSON, NUMBERS_USED_UP.
    """
    assert one.person is not None
    if recognised:
        if not is_in_activity(unit, recognised, one.person):
            raise SocleError(OTHER_PERSON, received=recognised[:20])
        _keep(unit, one, recognised)
        return recognised
    row = unit.fetch_one(_KNOWN, one.traits_key)
    if row is not None:
        return str(row[0])
    number = _new_number(unit)
    _keep(unit, one, number)
    return number


def _keep(unit: Unit, one: Registration, number: str) -> None:
    """From now on this number is the person's. Raises SocleError: OTHER_PERSON, when somebody born on another day, or
    of the other sex, registered here under it."""
    if held := unit.fetch_one(_HELD, number):
        if any(_is_other(one, registered) for registered in of_person(unit, held[0])):
            raise SocleError(OTHER_PERSON, received=number[:20])
        # The same person under a name that was typed otherwise.
        unit.execute(_RELEASE, held[0])
    unit.execute(_WRITE, one.traits_key, number)


def _is_other(one: Registration, registered: Registration) -> bool:
    """Whether two persons who bear one name are told apart by their birth. Nothing is known of who was erased."""
    left, right = one.person, registered.person
    if left is None or right is None:
        return False
    return (left.sex, left.birth_date) != (right.sex, right.birth_date)


def _new_number(unit: Unit) -> str:
    """A number that nobody has, here or in the files. The row of the range is written before it is read: of two units
    at once, the second waits."""
    prefix = directory_settings().registration_range
    while True:
        unit.execute(_RESERVE, prefix)
        row = unit.fetch_one(_RANK, prefix)
        assert row is not None
        try:
            found = national_id(rpps_number(prefix, int(row[0])))
        except LookupError:
            raise SocleError(NUMBERS_USED_UP, prefix=prefix) from None
        if not is_known(unit, found):
            return found
