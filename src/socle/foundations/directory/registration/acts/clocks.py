"""What time does: registrations that nobody attended to are abandoned, contracts begin and end. Days are those of the
business clock."""

from collections.abc import Callable
from typing import Final

from socle.engines.fhirstore.transactions import abandon_interrupted
from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.acts.matching import compare_some
from socle.foundations.directory.registration.acts.moving import announce, move
from socle.foundations.directory.registration.announced import CLOSED, STARTED
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import HELD, OPEN, Reason, Step, is_late, why_late
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.clock import business_date
from socle.kernel.db import Database, Unit
from socle.kernel.errors import WORK_BUSY, SocleError

_AT_ONCE: Final = 200


def daily(db: Database) -> dict[str, int]:
    """Everything that a day asks for, by units of some registrations each; figures by name."""
    _free_store(db)
    counts = {"closed": close_all_ended(db), "abandoned": _repeated(db, abandon_late)}
    with db.unit() as unit:
        counts |= {"published": publish_due(unit), "withdrawn": withdraw_again(unit)}
    compared, counts["matched"] = _AT_ONCE, 0
    while compared:
        with db.unit() as unit:
            compared, found = compare_some(unit)
        counts["matched"] += found
    return counts


def close_all_ended(db: Database, by: Acting = BY_SYSTEM) -> int:
    """`close_ended` until no contract that is over is left."""
    return _repeated(db, lambda unit: close_ended(unit, by))


def _repeated(db: Database, act: Callable[[Unit], int]) -> int:
    total, done = 0, _AT_ONCE
    while done:
        with db.unit() as unit:
            done = act(unit)
        total += done
    return total


def close_ended(unit: Unit, by: Acting = BY_SYSTEM) -> int:
    """Close some of the roles whose contract ended before today; how many."""
    over = "state IN ('validated', 'published') AND ends <> '' AND ends < ?1"
    ended = [
        one
        for one in _some(unit, over, _today())
        if one.state in HELD and one.contract.is_over(business_date())
    ]
    for one in ended:
        move(unit, by, one, Step.END, reason=Reason.CONTRACT_ENDED.value)
    return len(ended)


def abandon_late(unit: Unit, by: Acting = BY_SYSTEM) -> int:
    """Give up some of the registrations that waited too long; how many."""
    waiting = ", ".join(f"'{state.value}'" for state in sorted(OPEN))
    late = [
        one
        for one in _some(unit, f"state IN ({waiting}) AND due < ?1", _today())
        if is_late(one.state, one.due, business_date())
    ]
    for one in late:
        move(unit, by, one, Step.EXPIRE, reason=why_late(one.state).value)
    return len(late)


def publish_due(unit: Unit) -> int:
    """Ask once more for validated roles whose contract has begun to be shown: those that begin today, and those whose
    delivery was parked."""
    begun = _some(unit, "state = 'validated' AND starts <= ?1", _today())
    for one in begun:
        announce(unit, STARTED, one)
    return len(begun)


def withdraw_again(unit: Unit) -> int:
    """Ask once more for closed roles to be taken away that the directory still shows."""
    left = (
        "state = 'closed' AND EXISTS (SELECT 1 FROM directory_statement s "
        "WHERE s.source = 8 AND s.part = directory_registration.id)"
    )
    shown = _some(unit, left)
    for one in shown:
        announce(unit, CLOSED, one)
    return len(shown)


def _some(unit: Unit, condition: str, *parameters: str) -> list[Registration]:
    found = (
        records.by_id(unit, id)
        for id in records.ids(unit, f"{condition} AND {records.NOT_RESTRICTED}", *parameters, limit=_AT_ONCE)
    )
    return [one for one in found if one is not None]


def _today() -> str:
    return business_date().isoformat()


def _free_store(db: Database) -> None:
    """Undo what a load left half done that died: until then nothing could be shown."""
    try:
        with db.exclusive("directory"):
            abandon_interrupted(db, PUBLIC)
    except SocleError as refusal:
        if refusal.kind is not WORK_BUSY:
            raise
