"""Roles: who may give them, what delegation adds, what ends with a departure or an unconfirmed review."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from socle.kernel.access import (
    ACCESS_MANAGER,
    AUDITOR,
    DIRECTORY_MANAGER,
    OPERATOR,
    ROLES,
    Refused,
    Role,
    allows,
)
from socle.kernel.accounts import grants, people, sessions
from socle.kernel.accounts.acts.grants import act_for, delegate, grant, leave, revoke
from socle.kernel.accounts.acts.review import close_due, confirm, current, open_review
from socle.kernel.accounts.faults import (
    DELEGATION_TOO_LONG,
    GRANT_GONE,
    NO_ACCOUNT,
    OWN_ACCOUNT,
    REVIEW_OPEN,
    STRUCTURE_ASKED,
    STRUCTURE_REFUSED,
)
from socle.kernel.accounts.roles import MANAGE_PEOPLE, given_role
from socle.kernel.accounts.settings import accounts_settings
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.clock import business_date, business_shift, end_of_day, from_micros, legal_zone
from socle.kernel.db import Database
from socle.kernel.errors import ErrorKind, SocleError
from tests.kernel.accounts.conftest import STRUCTURE, Somebody, invited, somebody
from tests.kernel.accounts.trail import entries

Clock = time_machine.Traveller
OTHER = "750000001"
TOMORROW = date(2026, 11, 23)


def done(database: Database, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    with database.unit() as unit:
        return act(unit, *arguments, **named)


def expect_refused(
    database: Database, kind: ErrorKind, act: Callable[..., Any], by: Acting, **named: Any
) -> None:
    with pytest.raises(SocleError) as told:
        done(database, act, by, **named)
    assert told.value.kind is kind


def roles_of(database: Database, who: Somebody) -> set[tuple[str, str]]:
    with database.reading() as session:
        return {(one.role, one.structure) for one in grants.of_account(session, who.account)}


@pytest.fixture
def colleague(database: Database, clock: Clock) -> Somebody:
    """The directory manager of STRUCTURE."""
    return somebody(database, "collegue@exemple.test", DIRECTORY_MANAGER, STRUCTURE)


def test_a_role_given_counts_from_the_next_request(
    database: Database, operator: Somebody, colleague: Somebody
) -> None:
    assert not allows(colleague.by, MANAGE_PEOPLE)
    given = done(database, grant, operator.by, account=colleague.account, role=OPERATOR)
    assert allows(colleague.by, MANAGE_PEOPLE)
    done(database, revoke, operator.by, grant=given.id)
    assert not allows(colleague.by, MANAGE_PEOPLE)


def test_the_same_role_is_given_once(database: Database, operator: Somebody, colleague: Somebody) -> None:
    first = done(database, grant, operator.by, account=colleague.account, role=AUDITOR)
    assert done(database, grant, operator.by, account=colleague.account, role=AUDITOR) == first
    assert len(entries(database, "role.granted")) == 3


@pytest.mark.parametrize(
    ("role", "structure"),
    [(OPERATOR, ""), (AUDITOR, ""), (ACCESS_MANAGER, OTHER), (DIRECTORY_MANAGER, OTHER)],
)
def test_a_manager_gives_nothing_beyond_their_structure(
    database: Database, manager: Somebody, colleague: Somebody, role: Role, structure: str
) -> None:
    with pytest.raises(Refused):
        done(database, grant, manager.by, account=colleague.account, role=role, structure=structure)
    with pytest.raises(Refused):
        invited(database, "autre@exemple.test", role, structure, manager.by)


def test_a_manager_gives_the_roles_of_their_structure(
    database: Database, manager: Somebody, colleague: Somebody
) -> None:
    done(database, grant, manager.by, account=colleague.account, role=ACCESS_MANAGER, structure=STRUCTURE)
    assert ("access-manager", STRUCTURE) in roles_of(database, colleague)


def test_nobody_gives_themselves_a_role(database: Database, operator: Somebody) -> None:
    expect_refused(database, OWN_ACCOUNT, grant, operator.by, account=operator.account, role=AUDITOR)
    with pytest.raises(SocleError) as told:
        invited(database, operator.email, AUDITOR, "", operator.by)
    assert told.value.kind is OWN_ACCOUNT


def test_who_is_elsewhere_is_as_unknown_as_who_does_not_exist(
    database: Database, operator: Somebody, manager: Somebody
) -> None:
    told = {"role": DIRECTORY_MANAGER, "structure": STRUCTURE}
    expect_refused(database, NO_ACCOUNT, grant, manager.by, account=operator.account, **told)
    expect_refused(database, NO_ACCOUNT, grant, manager.by, account="0" * 16, **told)
    expect_refused(database, NO_ACCOUNT, leave, manager.by, account=operator.account)


@pytest.mark.parametrize("structure", ["", "   ", "../x", "a" * 65, "6909 0006"])
def test_a_structure_is_read_or_asked_for(
    database: Database, operator: Somebody, colleague: Somebody, structure: str
) -> None:
    told = {"account": colleague.account, "role": ACCESS_MANAGER, "structure": structure}
    expect_refused(database, STRUCTURE_ASKED, grant, operator.by, **told)


def test_a_role_of_the_installation_takes_no_structure(
    database: Database, operator: Somebody, colleague: Somebody
) -> None:
    told = {"account": colleague.account, "role": AUDITOR, "structure": STRUCTURE}
    expect_refused(database, STRUCTURE_REFUSED, grant, operator.by, **told)


@pytest.mark.parametrize("code", ["agent", "entering", "root", ""])
def test_what_is_no_role_to_give_is_refused(code: str) -> None:
    with pytest.raises(SocleError, match="role-unknown"):
        given_role(code)


def test_a_delegation_lasts_until_its_day_is_over(
    database: Database, manager: Somebody, colleague: Somebody, clock: Clock
) -> None:
    own = _grant(database, manager)
    lent = done(database, delegate, manager.by, grant=own, email=colleague.email, until=TOMORROW)
    assert from_micros(lent.expires).astimezone(legal_zone()).isoformat() == "2026-11-24T00:00:00+01:00"
    colleague.enter(clock)
    assert allows(colleague.by, MANAGE_PEOPLE, STRUCTURE)
    clock.move_to(from_micros(end_of_day(TOMORROW)) - timedelta(minutes=20))
    colleague.enter(clock)
    assert allows(colleague.by, MANAGE_PEOPLE, STRUCTURE)
    clock.shift(timedelta(minutes=20))
    assert not allows(colleague.by, MANAGE_PEOPLE, STRUCTURE)


def _grant(database: Database, who: Somebody) -> str:
    with database.reading() as session:
        return grants.of_account(session, who.account)[0].id


def test_one_delegates_only_what_one_holds_and_not_what_was_lent(
    database: Database, manager: Somebody, colleague: Somebody
) -> None:
    own = _grant(database, manager)
    with pytest.raises(Refused):
        done(database, delegate, colleague.by, grant=own, email=manager.email, until=TOMORROW)
    lent = done(database, delegate, manager.by, grant=own, email=colleague.email, until=TOMORROW)
    with pytest.raises(Refused):
        done(database, delegate, colleague.by, grant=lent.id, email=manager.email, until=TOMORROW)


@pytest.mark.parametrize(
    ("email", "until", "kind"),
    [
        ("collegue@exemple.test", date(2026, 11, 21), DELEGATION_TOO_LONG),
        ("gestionnaire@exemple.test", TOMORROW, OWN_ACCOUNT),
        ("personne@exemple.test", TOMORROW, NO_ACCOUNT),
    ],
)
def test_what_a_delegation_refuses(
    database: Database, manager: Somebody, colleague: Somebody, email: str, until: date, kind: ErrorKind
) -> None:
    own = _grant(database, manager)
    expect_refused(database, kind, delegate, manager.by, grant=own, email=email, until=until)


def test_a_delegation_ends_with_the_role_it_comes_from(
    database: Database, operator: Somebody, manager: Somebody, colleague: Somebody
) -> None:
    own = _grant(database, manager)
    done(database, delegate, manager.by, grant=own, email=colleague.email, until=TOMORROW)
    ended = done(database, revoke, operator.by, grant=own)
    assert [one.account for one in ended] == [manager.account, colleague.account]
    assert roles_of(database, colleague) == {("directory-manager", STRUCTURE)}
    reasons = [entry["data"]["reason"] for entry in entries(database, "role.ended")]
    assert reasons == ["revoked", "delegation-ended"]
    expect_refused(database, GRANT_GONE, revoke, operator.by, grant=own)


def test_who_lent_a_role_takes_it_back(database: Database, manager: Somebody, colleague: Somebody) -> None:
    lent = done(
        database, delegate, manager.by, grant=_grant(database, manager), email=colleague.email, until=TOMORROW
    )
    done(database, revoke, manager.by, grant=lent.id)
    assert roles_of(database, colleague) == {("directory-manager", STRUCTURE)}


def test_with_a_departure_everything_ends(
    database: Database, operator: Somebody, manager: Somebody, colleague: Somebody
) -> None:
    own = _grant(database, manager)
    done(database, delegate, manager.by, grant=own, email=colleague.email, until=TOMORROW)
    assert done(database, leave, operator.by, account=manager.account)
    with database.reading() as session:
        assert sessions.held_by(session, manager.token) is None
        assert {one.person.account for one in people.members(session, operator.by)} == {
            operator.account,
            colleague.account,
        }
    assert roles_of(database, manager) == set()
    assert roles_of(database, colleague) == {("directory-manager", STRUCTURE)}
    assert entries(database, "account.left")[0]["subject"] == f"agent:{manager.account}"


def test_who_leaves_one_structure_keeps_what_they_hold_in_another(
    database: Database, manager: Somebody, colleague: Somebody
) -> None:
    elsewhere = {"account": colleague.account, "role": DIRECTORY_MANAGER, "structure": OTHER}
    done(database, grant, BY_SYSTEM, **elsewhere)
    assert not done(database, leave, manager.by, account=colleague.account)
    assert roles_of(database, colleague) == {("directory-manager", OTHER)}


def test_nobody_closes_their_own_account(database: Database, operator: Somebody) -> None:
    expect_refused(database, OWN_ACCOUNT, leave, operator.by, account=operator.account)


def test_a_role_of_one_structure_is_worth_nothing_in_another(
    database: Database, manager: Somebody, colleague: Somebody
) -> None:
    assert allows(manager.by, MANAGE_PEOPLE, STRUCTURE)
    assert not allows(manager.by, MANAGE_PEOPLE, OTHER)
    with pytest.raises(Refused):
        done(database, act_for, manager.by, manager.held, OTHER)


def test_acting_for_another_structure_changes_the_roles_held(database: Database, manager: Somebody) -> None:
    done(database, grant, BY_SYSTEM, account=manager.account, role=DIRECTORY_MANAGER, structure=OTHER)
    assert manager.held.actor.roles == {"access-manager"}
    done(database, act_for, manager.by, manager.held, OTHER)
    assert manager.held.actor.roles == {"directory-manager"}
    assert not allows(manager.by, MANAGE_PEOPLE)


def test_what_nobody_confirms_ends_after_the_last_day(
    database: Database, operator: Somebody, manager: Somebody, colleague: Somebody, clock: Clock
) -> None:
    clock.shift(60)
    review = done(database, open_review, manager.by, structure=STRUCTURE)
    expect_refused(database, REVIEW_OPEN, open_review, manager.by, structure=STRUCTURE)
    done(database, confirm, operator.by, grant=_grant(database, manager))
    assert review.due == business_date() + timedelta(days=accounts_settings().review_days)
    with business_shift(accounts_settings().review_days):
        assert done(database, close_due, BY_SYSTEM) == 0
    with business_shift(accounts_settings().review_days + 1):
        assert done(database, close_due, BY_SYSTEM) == 1
        assert done(database, close_due, BY_SYSTEM) == 0
    assert roles_of(database, manager) == {("access-manager", STRUCTURE)}
    assert roles_of(database, colleague) == set()
    with database.reading() as session:
        assert current(session, STRUCTURE) is None


def test_one_does_not_confirm_one_s_own_role(database: Database, manager: Somebody, clock: Clock) -> None:
    clock.shift(60)
    done(database, open_review, manager.by, structure=STRUCTURE)
    expect_refused(database, OWN_ACCOUNT, confirm, manager.by, grant=_grant(database, manager))


def test_a_role_given_during_the_review_waits_for_the_next(
    database: Database, manager: Somebody, clock: Clock
) -> None:
    clock.shift(60)
    review = done(database, open_review, manager.by, structure=STRUCTURE)
    clock.shift(60)
    late = somebody(database, "tardif@exemple.test", DIRECTORY_MANAGER, STRUCTURE)
    with database.reading() as session:
        assert not review.waits_for(grants.of_account(session, late.account)[0])


def test_a_review_leaves_an_operator(database: Database, operator: Somebody, clock: Clock) -> None:
    clock.shift(60)
    done(database, open_review, operator.by, structure="")
    with business_shift(accounts_settings().review_days + 1):
        done(database, close_due, BY_SYSTEM)
    assert roles_of(database, operator) == {("operator", "")}


def test_every_act_needs_its_permission(database: Database, manager: Somebody, colleague: Somebody) -> None:
    own = _grant(database, manager)
    asked: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (grant, {"account": manager.account, "role": DIRECTORY_MANAGER, "structure": STRUCTURE}),
        (revoke, {"grant": own}),
        (leave, {"account": manager.account}),
        (open_review, {"structure": STRUCTURE}),
        (confirm, {"grant": own}),
    ]
    for act, named in asked:
        with pytest.raises(Refused):
            done(database, act, colleague.by, **named)
    assert set(ROLES) >= {one[0] for one in roles_of(database, manager)}
