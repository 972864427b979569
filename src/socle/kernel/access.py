"""Permissions: deny by default.

A route or a page cannot be declared without one, and the gateway refuses to start on one that is not in the
catalogue. What exists so far is public, and says so; agents, roles and their matrix come with the accounts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """A stable dotted code and what it lets one do, for the matrix that people read."""

    code: str
    fr: str
    en: str


CATALOGUE: dict[str, Permission] = {}


class PermissionMissing(RuntimeError):
    """A route was declared without a permission of the catalogue: the program refuses to start."""


def declare(code: str, fr: str, en: str) -> Permission:
    """Add a permission to the catalogue."""
    if code in CATALOGUE:
        raise ValueError(f"permission declared twice: {code}")
    CATALOGUE[code] = permission = Permission(code, fr, en)
    return permission


def require_declared(where: str, permission: object) -> None:
    """Raise PermissionMissing unless `permission` is one of the catalogue; `where` names the route."""
    if not isinstance(permission, Permission) or CATALOGUE.get(permission.code) is not permission:
        raise PermissionMissing(f"{where}: declares no permission of the catalogue (got {permission!r})")


PUBLIC = declare("public", "Ouvert à tous, sans compte", "Open to all, without an account")
