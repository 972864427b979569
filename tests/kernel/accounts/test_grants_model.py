"""Any story of roles given, lent, taken back, reviewed and left, against a model that keeps them in a dictionary."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.access import ACCESS_MANAGER, DIRECTORY_MANAGER, Refused, Role
from socle.kernel.accounts import grants
from socle.kernel.accounts.acts.grants import delegate, grant, leave, revoke
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.clock import business_date
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from tests.kernel.accounts.conftest import MORNING

PEOPLE = ("a", "b", "c")
STRUCTURES = ("690900006", "750000001")
ROLES = {"access": ACCESS_MANAGER, "directory": DIRECTORY_MANAGER}
people, structures, roles = st.sampled_from(PEOPLE), st.sampled_from(STRUCTURES), st.sampled_from([*ROLES])
picked, days = st.integers(0, 20), st.integers(0, 4)
stories = st.lists(
    st.one_of(
        st.tuples(st.just("give"), people, roles, structures),
        st.tuples(st.just("lend"), picked, people, days),
        st.tuples(st.just("take back"), picked),
        st.tuples(st.just("leave"), people),
        st.tuples(st.just("days pass"), days),
    ),
    max_size=25,
)


@dataclass
class Model:
    """`held`: (person, role, structure, source, last day) by grant; a grant that was never lent has no last day."""

    held: dict[str, tuple[str, str, str, str, date | None]] = field(default_factory=dict)

    def now(self) -> dict[str, tuple[str, str, str, str, date | None]]:
        today = business_date()
        return {id: one for id, one in self.held.items() if one[4] is None or today <= one[4]}

    def end(self, id: str) -> None:
        """With all that was lent from it."""
        self.held.pop(id, None)
        for below in [other for other, one in self.held.items() if one[3] == id]:
            self.end(below)


@dataclass
class Story:
    """The same acts on the database and on the model."""

    db: Database
    accounts: dict[str, str]
    model: Model = field(default_factory=Model)

    def done(self, act: Callable[..., Any], by: Acting, **named: Any) -> Any:
        """What the act gives back; None when it was refused."""
        try:
            with self.db.unit() as unit:
                return act(unit, by, **named)
        except (Refused, SocleError):
            return None

    def pick(self, number: int) -> str:
        """One of the grants ever made that the model still holds, or one that never was."""
        known = sorted(self.model.held)
        return known[number % len(known)] if known else "0" * 16

    def acting(self, person: str, role: str, structure: str) -> Acting:
        actor = Actor(
            ActorKind.AGENT, self.accounts[person], Assurance.SUBSTANTIAL, structure, frozenset({role})
        )
        return Acting(actor)

    def give(self, person: str, role: str, structure: str) -> None:
        made = self.done(
            grant, BY_SYSTEM, account=self.accounts[person], role=ROLES[role], structure=structure
        )
        assert (made is not None) == self.opened(person)
        if made is not None and made.id not in self.model.held:
            self.model.held[made.id] = (person, ROLES[role].code, structure, "", None)

    def lend(self, number: int, to: str, length: int) -> None:
        id = self.pick(number)
        holder, role, structure, source, _ = self.model.held.get(id, ("a", "access-manager", "", "", None))
        until = business_date() + timedelta(days=length)
        made = self.done(
            delegate,
            self.acting(holder, role, structure),
            grant=id,
            email=f"{to}@exemple.test",
            until=until,
        )
        due = id in self.model.now() and not source and to != holder and self.opened(to)
        assert (made is not None) == due
        if made is not None:
            self.model.held[made.id] = (to, role, structure, id, until)

    def opened(self, person: str) -> bool:
        with self.db.reading() as session:
            account = self.accounts[person]
            row = session.fetch_one("SELECT state FROM accounts_account WHERE id = ?1", account)
        return row == ("active",)

    def take_back(self, number: int) -> None:
        id = self.pick(number)
        ended = self.done(revoke, BY_SYSTEM, grant=id)
        assert (ended is not None) == (id in self.model.now())
        self.model.end(id)

    def leave(self, person: str) -> None:
        self.done(leave, BY_SYSTEM, account=self.accounts[person])
        for id in [id for id, one in self.model.now().items() if one[0] == person]:
            self.model.end(id)

    def check_agreement(self) -> None:
        """What is held is what the model holds, and nothing lent outlives where it comes from."""
        with self.db.reading() as session:
            found = {
                one.id: (person, one.role, one.structure, one.delegated)
                for person, account in self.accounts.items()
                for one in grants.of_account(session, account)
            }
        assert found == {id: one[:4] for id, one in self.model.now().items()}
        assert all(not source or source in found for *_, source in found.values())


def begun(unit: Unit) -> dict[str, str]:
    """Three people with open accounts and no role."""
    for table in ("account", "grant", "invitation"):
        unit.execute(f"DELETE FROM accounts_{table}")
    accounts = {}
    for person in PEOPLE:
        role: Role = DIRECTORY_MANAGER
        made = invite(unit, BY_SYSTEM, email=f"{person}@exemple.test", role=role, structure=STRUCTURES[0])
        accounts[person] = made.account
    unit.execute("UPDATE accounts_account SET state = 'active'")
    unit.execute("DELETE FROM accounts_grant")
    return accounts


@given(stories)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_story_ends_as_the_model_says(database: Database, story: list[tuple[Any, ...]]) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        with database.unit() as unit:
            told = Story(database, begun(unit))
        for step, *arguments in story:
            # Two grants made at the same moment have no order of their own.
            clock.shift(1)
            if step == "days pass":
                clock.shift(timedelta(days=arguments[0]))
            else:
                getattr(told, step.replace(" ", "_"))(*arguments)
            told.check_agreement()
