"""How the acts of the accounts are said in the audit trail."""

from socle.kernel.accounts.personal import subject_of
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Action, Outcome
from socle.kernel.audit.entry import Entry
from socle.kernel.db import Unit
from socle.kernel.work import record


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
