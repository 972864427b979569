"""Deny by default: nothing is declared without a permission of the catalogue."""

import pytest

from socle.kernel.access import CATALOGUE, PUBLIC, Permission, PermissionMissing, declare, require_declared


def test_a_permission_of_the_catalogue_is_enough() -> None:
    require_declared("/fhir/v2", PUBLIC)
    assert CATALOGUE["public"] is PUBLIC


@pytest.mark.parametrize(
    "given", [None, "public", Permission("public", "Ouvert", "Open"), Permission("x", "x", "x")]
)
def test_anything_else_stops_the_program(given: object) -> None:
    with pytest.raises(PermissionMissing, match="/fhir/v2"):
        require_declared("/fhir/v2", given)


def test_a_permission_is_declared_once() -> None:
    with pytest.raises(ValueError, match="public"):
        declare("public", "Autre", "Other")


def test_permissions_speak_both_languages() -> None:
    assert all(permission.fr and permission.en for permission in CATALOGUE.values())
