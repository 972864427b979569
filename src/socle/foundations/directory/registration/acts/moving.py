"""How an act moves a registration: by a step that its state allows, once, with its line in the story, its entry in the
trail and its news."""

from dataclasses import replace
from typing import Any, Final

from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.announced import CODE_WANTED, LISTED, NEWS_OF, READ, STEPS
from socle.foundations.directory.registration.faults import MOVED, RESTRICTED
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import Delays, State, Step, leads
from socle.foundations.directory.registration.steps import tell_step
from socle.foundations.directory.settings import directory_settings
from socle.kernel.actors import Acting, ActorKind
from socle.kernel.audit.actions import Action, Outcome
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.outbox.events import Event, EventKind
from socle.kernel.privacy.restriction import restricted_since
from socle.kernel.work import emit, record

_WHO: Final = {ActorKind.ANONYMOUS: "person", ActorKind.SYSTEM: "house"}


def delays() -> Delays:
    chosen = directory_settings()
    return Delays(
        chosen.registration_confirm_days, chosen.registration_decide_days, chosen.registration_correct_days
    )


def who(by: Acting) -> str:
    return _WHO.get(by.actor.kind, "employer")


def check_not_restricted(unit: Unit, by: Acting, one: Registration) -> None:
    """Who had their data frozen may still change them. Raises SocleError(RESTRICTED) for everybody else."""
    if who(by) != "person" and restricted_since(unit, one.subject):
        raise SocleError(RESTRICTED)


def move(
    unit: Unit,
    by: Acting,
    before: Registration,
    step: Step,
    *,
    to: State | None = None,
    note: str = "",
    **changes: Any,
) -> Registration:
    """Take a step, with `changes` of other members. `to` is for a correction, and what
    follows it, which lead where they allow. Raises
    SocleError: MOVED when the state does not allow it, or is not what it was any more; RESTRICTED when the person had
    their data frozen, for everybody but them."""
    state = leads(before.state, step)
    if state is None:
        raise SocleError(MOVED, state=before.state.value)
    check_not_restricted(unit, by, before)
    state = to or state
    due = delays().due(state, business_date())
    after = replace(before, state=state, due=due, entered=micros(), **changes)
    if not records.replace_in(unit, before, after):
        raise SocleError(MOVED, state=before.state.value)
    tell_step(unit, after.id, step.value, who(by), note)
    tell(
        unit,
        by,
        STEPS[step],
        after,
        note=note,
        state=state.value,
        structure=after.structure,
        reason=after.reason,
    )
    news = CODE_WANTED if state is State.DECLARED else NEWS_OF.get(step)
    if news is not None:
        announce(unit, news, after)
    return after


def tell(
    unit: Unit,
    by: Acting,
    action: Action,
    one: Registration,
    *,
    outcome: Outcome = Outcome.SUCCESS,
    note: str = "",
    **data: str | int | bool,
) -> None:
    """One entry about a registration. What was written to the person is sealed under its key, the address of the
    machine under the actor's; a visitor has no key of their own."""
    details = {"client": by.client} if by.client and by.actor.kind is ActorKind.AGENT else None
    record(
        unit,
        Entry(
            action,
            by,
            outcome,
            subject=one.subject,
            target=one.target,
            data=data,
            subject_details={"note": note} if note else None,
            actor_details=details,
        ),
    )


def tell_read(unit: Unit, by: Acting, one: Registration) -> None:
    """An employer looked at the person's details."""
    tell(unit, by, READ, one)


def tell_listed(unit: Unit, by: Acting, structure: str, people: int) -> None:
    """The people of a structure were taken out as a file."""
    details = {"client": by.client} if by.client else None
    record(
        unit,
        Entry(LISTED, by, data={"structure": structure, "people": people}, actor_details=details),
    )


def announce(unit: Unit, news: EventKind, one: Registration) -> None:
    emit(unit, Event(news, one.subject, {"registration": one.id, "structure": one.structure}))
