"""What proves an agent's identity: a password, codes, passkeys, recovery codes; sealed under the agent's key."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from socle.kernel.accounts.personal import subject_of
from socle.kernel.accounts.tokens import new_id, new_recovery_codes, recovery_digest
from socle.kernel.clock import micros
from socle.kernel.db import Session, Unit
from socle.kernel.db.session import Row
from socle.kernel.sealing import seal, unseal


class FactorKind(StrEnum):
    PASSWORD = "password"
    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY = "recovery"


SECOND_FACTORS = (FactorKind.TOTP, FactorKind.PASSKEY)
_COLUMNS = "id, account, kind, sealed, counter, created, used"
_INSERT = (
    "INSERT INTO accounts_credential (id, account, kind, sealed, digest, counter, created) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
)


@dataclass(frozen=True, slots=True)
class Credential:
    """`document` is what was sealed: `hash` of a password, `secret` of codes (hexadecimal), `handle`, `public` and
    `label` of a passkey."""

    id: str
    account: str
    kind: FactorKind
    document: Mapping[str, Any]
    counter: int
    created: int
    used: int | None


def credentials(session: Session, account: str, *kinds: FactorKind) -> list[Credential]:
    """Those in use, oldest first; recovery codes are told by `recovery_left`."""
    rows = session.fetch(
        f"SELECT {_COLUMNS} FROM accounts_credential WHERE account = ?1 AND ended IS NULL ORDER BY created, id",
        account,
    )
    return [
        _opened(session, row) for row in rows if row[2] in (kinds or (FactorKind.PASSWORD, *SECOND_FACTORS))
    ]


def _opened(session: Session, row: Row) -> Credential:
    id, account, kind, sealed, counter, created, used = row
    document = unseal(session, subject_of(account), _place(id), sealed)
    return Credential(id, account, FactorKind(kind), document, counter, created, used)


def add(unit: Unit, account: str, kind: FactorKind, document: Mapping[str, Any], counter: int = 0) -> str:
    """Its identifier."""
    id = new_id()
    sealed = seal(unit, subject_of(account), _place(id), dict(document))
    unit.execute(_INSERT, id, account, kind.value, sealed, None, counter, micros())
    return id


def end(unit: Unit, account: str, *kinds: FactorKind) -> int:
    """End all of these kinds; how many there were."""
    sql = "UPDATE accounts_credential SET ended = ?1 WHERE account = ?2 AND kind = ?3 AND ended IS NULL"
    return sum(unit.execute(sql, micros(), account, kind.value) for kind in kinds)


def end_one(unit: Unit, account: str, id: str) -> int:
    sql = "UPDATE accounts_credential SET ended = ?1 WHERE account = ?2 AND id = ?3 AND ended IS NULL"
    return unit.execute(sql, micros(), account, id)


def advance(unit: Unit, id: str, counter: int) -> bool:
    """Move the counter forward; False when another attempt has moved it as far, so that one code opens one session."""
    sql = "UPDATE accounts_credential SET counter = ?1, used = ?2 WHERE id = ?3 AND counter < ?1 AND ended IS NULL"
    return bool(unit.execute(sql, counter, micros(), id))


def hold(unit: Unit, id: str) -> bool:
    """Note that it was used, and keep others from ending it before the unit ends; False when it has ended."""
    sql = "UPDATE accounts_credential SET used = ?1 WHERE id = ?2 AND ended IS NULL"
    return bool(unit.execute(sql, micros(), id))


def touch(unit: Unit, id: str, counter: int) -> None:
    unit.execute(
        "UPDATE accounts_credential SET counter = ?1, used = ?2 WHERE id = ?3", counter, micros(), id
    )


def renew_recovery(unit: Unit, account: str) -> list[str]:
    """New recovery codes in place of those left; they are shown once."""
    end(unit, account, FactorKind.RECOVERY)
    codes = new_recovery_codes()
    for code in codes:
        row = (new_id(), account, FactorKind.RECOVERY.value, None, recovery_digest(code), 0, micros())
        unit.execute(_INSERT, *row)
    return codes


def use_recovery(unit: Unit, account: str, typed: str) -> bool:
    """Spend a recovery code; False when it is none of those left."""
    sql = (
        "UPDATE accounts_credential SET ended = ?1, used = ?1 "
        "WHERE account = ?2 AND kind = ?3 AND digest = ?4 AND ended IS NULL"
    )
    return bool(unit.execute(sql, micros(), account, FactorKind.RECOVERY.value, recovery_digest(typed)))


def recovery_left(session: Session, account: str) -> int:
    sql = "SELECT count(*) FROM accounts_credential WHERE account = ?1 AND kind = ?2 AND ended IS NULL"
    row = session.fetch_one(sql, account, FactorKind.RECOVERY.value)
    return int(row[0]) if row else 0


def _place(id: str) -> str:
    return f"accounts_credential:{id}"
