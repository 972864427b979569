"""What is known of a person behind an account: name and mail address, sealed under the account's own key."""

import re
from dataclasses import dataclass

from socle.kernel.accounts.faults import EMAIL_NOT_READ, NO_ACCOUNT
from socle.kernel.actors import ActorKind
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.faults import ERASED
from socle.kernel.keyring.rewrap import Rekeyed
from socle.kernel.keys import authenticated, masters
from socle.kernel.sealing import seal, unseal

_PURPOSE = "accounts.email"
_PIECE = 1_000
_MAILBOX = re.compile(
    r"[^\s@\"<>,;:()\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{2,63}"
)
NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Person:
    """`account` is the internal identifier; name and address are empty once erased."""

    account: str
    name: str
    email: str
    state: str = "active"

    @property
    def shown(self) -> str:
        return self.name or self.email or self.account


def subject_of(account: str) -> str:
    """The name under which the account's personal details are sealed, that of `Actor.subject`."""
    return f"{ActorKind.AGENT.value}:{account}"


def read_email(received: str) -> str:
    """The address in lower case. Raises SocleError(EMAIL_NOT_READ)."""
    email = received.strip().casefold()
    if len(email) > 254 or not _MAILBOX.fullmatch(email):
        raise SocleError(EMAIL_NOT_READ, received=received.strip()[:80])
    return email


def email_keys(email: str) -> list[bytes]:
    """What the address is looked up by: under the present master key, then under the one before."""
    return [authenticated(_PURPOSE, email.casefold().encode(), master) for master in masters()]


def find_account(session: Session, email: str) -> str | None:
    """The account of an address; None when there is none."""
    for key in email_keys(email):
        if row := session.fetch_one("SELECT id FROM accounts_account WHERE email_key = ?1", key):
            return str(row[0])
    return None


def rekey(unit: Unit, after: str) -> Rekeyed:
    """Compute anew, under the present master key, what a thousand accounts are found by; those that were erased are
    found by nothing."""
    rows = unit.fetch(
        "SELECT id, sealed, state, email_key FROM accounts_account WHERE id > ?1 ORDER BY id LIMIT ?2",
        *(after, _PIECE),
    )
    changed = 0
    for account, sealed, state, key in rows:
        email = opened(unit, account, sealed, state).email
        if email and (present := email_keys(email)[0]) != bytes(key):
            changed += unit.execute(
                "UPDATE accounts_account SET email_key = ?2 WHERE id = ?1 AND email_key = ?3",
                account,
                present,
                key,
            )
    return Rekeyed(rows[-1][0] if len(rows) == _PIECE else "", len(rows), changed)


def sealed_person(unit: Unit, account: str, name: str, email: str) -> bytes:
    return seal(unit, subject_of(account), _place(account), {"name": name, "email": email})


def person(session: Session, account: str) -> Person:
    """Raises SocleError(NO_ACCOUNT)."""
    row = session.fetch_one("SELECT sealed, state FROM accounts_account WHERE id = ?1", account)
    if row is None:
        raise SocleError(NO_ACCOUNT, account=account[:40])
    return opened(session, account, row[0], row[1])


def opened(session: Session, account: str, sealed: bytes, state: str) -> Person:
    """The person of a row already read; one whose key was destroyed has no name any more."""
    try:
        known = unseal(session, subject_of(account), _place(account), sealed)
    except SocleError as refusal:
        if refusal.kind is not ERASED:
            raise
        known = {"name": "", "email": ""}
    return Person(account, known["name"], known["email"], state)


def _place(account: str) -> str:
    return f"accounts_account:{account}"
