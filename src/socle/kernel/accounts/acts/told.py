"""How the acts of the accounts are said in the audit trail."""

from socle.kernel.accounts.grants import Grant
from socle.kernel.accounts.personal import subject_of
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Action, Outcome
from socle.kernel.audit.entry import Entry
from socle.kernel.db import Unit
from socle.kernel.outbox.events import Event, EventKind
from socle.kernel.work import emit, record


def tell(
    unit: Unit,
    action: Action,
    by: Acting,
    account: str = "",
    *,
    outcome: Outcome = Outcome.SUCCESS,
    target: str = "",
    **data: str | int | bool,
) -> None:
    """One entry about an account. The address of the machine is personal: it is sealed under the actor's key."""
    record(
        unit,
        Entry(
            action,
            by,
            outcome,
            subject=subject_of(account) if account else "",
            target=target or (f"Account/{account}" if account else ""),
            data=data,
            actor_details={"client": by.client} if by.client else None,
        ),
    )


def announce(unit: Unit, kind: EventKind, account: str, **data: str) -> None:
    """One event about an account, in the lane of its holder."""
    emit(unit, Event(kind, subject_of(account), {"account": account, **data}))


def announce_grant(unit: Unit, kind: EventKind, given: Grant, **data: str) -> None:
    """The same about a role that an account holds, or held."""
    held = {"grant": given.id, "role": given.role, "structure": given.structure}
    announce(unit, kind, given.account, **held, **data)
