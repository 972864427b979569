"""Deny by default: nothing is declared without a permission of the catalogue, and nothing is allowed without a role."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.access import (
    CATALOGUE,
    GIVEN,
    OPERATOR,
    PUBLIC,
    ROLES,
    Permission,
    PermissionMissing,
    Refused,
    allows,
    declare,
    held,
    require,
    require_declared,
    role,
)
from socle.kernel.actors import ANONYMOUS, BY_SYSTEM, Acting, Actor, ActorKind, Assurance

structures = st.sampled_from(["", "690900006", "750000001"])
actings = st.builds(
    Acting,
    st.builds(
        Actor,
        st.sampled_from([kind for kind in ActorKind if kind is not ActorKind.SYSTEM]),
        st.just("x"),
        st.sampled_from(Assurance),
        structures,
        st.frozensets(st.sampled_from([*ROLES, "unknown"])),
    ),
)
permissions = st.sampled_from([*CATALOGUE.values()])


def test_a_permission_of_the_catalogue_is_enough() -> None:
    require_declared("/fhir/v2", PUBLIC)
    assert CATALOGUE["public"] is PUBLIC


@pytest.mark.parametrize(
    "given", [None, "public", Permission("public", "Ouvert", "Open"), Permission("x", "x", "x")]
)
def test_anything_else_stops_the_program(given: object) -> None:
    with pytest.raises(PermissionMissing, match="/fhir/v2"):
        require_declared("/fhir/v2", given)


def test_a_permission_and_a_role_are_declared_once() -> None:
    with pytest.raises(ValueError, match="public"):
        declare("public", "Autre", "Other")
    with pytest.raises(ValueError, match="operator"):
        role("operator", "Autre", "Other")


def test_permissions_and_roles_speak_both_languages() -> None:
    assert all(one.fr and one.en for one in CATALOGUE.values())
    assert all(one.fr and one.en for one in ROLES.values())


@pytest.fixture
def unheld() -> Iterator[Permission]:
    """A permission that no role holds."""
    yield declare("test.unheld", "Personne", "Nobody")
    del CATALOGUE["test.unheld"]


def test_what_no_role_holds_is_for_the_system_alone(unheld: Permission) -> None:
    everything = Actor(ActorKind.AGENT, "x", Assurance.HIGH, "690900006", frozenset(ROLES))
    assert not allows(Acting(everything), unheld)
    assert allows(BY_SYSTEM, unheld)


@given(actings, permissions, st.none() | structures)
def test_nothing_is_allowed_without_a_role_that_holds_it(
    by: Acting, permission: Permission, structure: str | None
) -> None:
    if permission is PUBLIC:
        assert allows(by, permission, structure)
        return
    due = [
        one
        for one in permission.roles
        if one in held(by.actor)
        and by.actor.assurance >= one.assurance
        and (not one.per_structure or (by.actor.organisation and structure in (None, by.actor.organisation)))
    ]
    assert allows(by, permission, structure) is bool(due)


@given(actings, permissions, structures)
def test_less_assurance_or_fewer_roles_never_allow_more(
    by: Acting, permission: Permission, structure: str
) -> None:
    if allows(by, permission, structure) or permission is PUBLIC:
        return
    actor = by.actor
    for code in actor.roles:
        fewer = Actor(actor.kind, actor.id, actor.assurance, actor.organisation, actor.roles - {code})
        assert not allows(Acting(fewer), permission, structure)
    weaker = Actor(actor.kind, actor.id, Assurance.NONE, actor.organisation, actor.roles)
    assert not allows(Acting(weaker), permission, structure)


def test_every_role_that_is_given_asks_for_two_factors() -> None:
    assert all(one.assurance >= Assurance.SUBSTANTIAL for one in GIVEN)


def test_a_refusal_says_who_and_what_to_the_trail_only() -> None:
    asked = next(one for one in CATALOGUE.values() if OPERATOR in one.roles)
    with pytest.raises(Refused) as refused:
        require(Acting(ANONYMOUS), asked)
    assert (refused.value.permission, refused.value.by.actor) == (asked, ANONYMOUS)
