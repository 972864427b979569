"""Roles as they are held: who, which, for which structure, from when to when, given by whom."""

import re
from dataclasses import dataclass

from socle.kernel.access import ROLES, Role
from socle.kernel.accounts.faults import STRUCTURE_ASKED, STRUCTURE_REFUSED
from socle.kernel.accounts.tokens import new_id
from socle.kernel.clock import micros
from socle.kernel.db import Session, Unit
from socle.kernel.db.session import Row
from socle.kernel.errors import SocleError

_STRUCTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")
_COLUMNS = "id, account, role, structure, begins, expires, granted_by, delegated, confirmed"
_NOW = "ended IS NULL AND (expires IS NULL OR expires > ?1)"


@dataclass(frozen=True, slots=True)
class Grant:
    """`structure` is empty for a role of the installation, `delegated` the grant it is delegated from, or empty."""

    id: str
    account: str
    role: str
    structure: str
    begins: int
    expires: int | None
    granted_by: str
    delegated: str
    confirmed: int | None

    @property
    def held(self) -> Role:
        return ROLES[self.role]


def check_structure(role: Role, structure: str) -> str:
    """The structure as it is kept. Raises SocleError when the role asks for one and none is read, or the reverse."""
    structure = structure.strip()
    if not role.per_structure and structure:
        raise SocleError(STRUCTURE_REFUSED, role=role.code)
    if role.per_structure and not _STRUCTURE.fullmatch(structure):
        raise SocleError(STRUCTURE_ASKED, role=role.code)
    return structure


def of_account(session: Session, account: str) -> list[Grant]:
    """What an account holds now, oldest first."""
    sql = f"SELECT {_COLUMNS} FROM accounts_grant WHERE {_NOW} AND account = ?2 ORDER BY begins, id"
    return [_grant(row) for row in session.fetch(sql, micros(), account)]


def of_structure(session: Session, structure: str) -> list[Grant]:
    """What is held now in a structure; for the empty structure, in the installation."""
    sql = f"SELECT {_COLUMNS} FROM accounts_grant WHERE {_NOW} AND structure = ?2 ORDER BY begins, id"
    return [_grant(row) for row in session.fetch(sql, micros(), structure)]


def one(session: Session, id: str) -> Grant | None:
    """A grant held now; None when it has ended, or never was."""
    row = session.fetch_one(f"SELECT {_COLUMNS} FROM accounts_grant WHERE {_NOW} AND id = ?2", micros(), id)
    return _grant(row) if row else None


def delegations_of(session: Session, grant: Grant) -> list[Grant]:
    sql = f"SELECT {_COLUMNS} FROM accounts_grant WHERE {_NOW} AND delegated = ?2"
    return [_grant(row) for row in session.fetch(sql, micros(), grant.id)]


def same(session: Session, account: str, role: Role, structure: str) -> Grant | None:
    """The same role in the same place, held already."""
    found = of_account(session, account)
    return next((grant for grant in found if (grant.role, grant.structure) == (role.code, structure)), None)


def add(
    unit: Unit,
    account: str,
    role: Role,
    structure: str,
    granted_by: str,
    *,
    expires: int | None = None,
    delegated: str = "",
) -> Grant:
    grant = Grant(new_id(), account, role.code, structure, micros(), expires, granted_by, delegated, None)
    unit.execute(
        "INSERT INTO accounts_grant (id, account, role, structure, begins, expires, granted_by, delegated, ended_by, "
        "end_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', '')",
        *(grant.id, account, role.code, structure, grant.begins, expires, granted_by, delegated),
    )
    return grant


def end(unit: Unit, grant: Grant, ended_by: str, reason: str) -> list[Grant]:
    """End a grant and the delegations made from it; those that ended now."""
    sql = (
        "UPDATE accounts_grant SET ended = ?1, ended_by = ?2, end_reason = ?3 WHERE id = ?4 AND ended IS NULL"
    )
    below = delegations_of(unit, grant)
    ended = [grant] if unit.execute(sql, micros(), ended_by, reason, grant.id) else []
    for delegation in below:
        ended += end(unit, delegation, ended_by, "delegation-ended")
    return ended


def confirm(unit: Unit, grant: Grant) -> None:
    unit.execute("UPDATE accounts_grant SET confirmed = ?1 WHERE id = ?2", micros(), grant.id)


def _grant(row: Row) -> Grant:
    return Grant(*row)
