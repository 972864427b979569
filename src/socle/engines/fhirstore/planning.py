"""How a search is made: which condition drives it, and which are asked of each candidate.

The condition that finds the fewest resources drives. When even that one finds many, and chains are among the
conditions (a common name in a big town), the sets that they find are read once a published state, kept and compared
here: asking every holder of a common name for the town would cost more as the country grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from socle.engines.fhirstore.conditions import AmongCondition, ChainCondition, Condition, Sql, TokenCondition
from socle.engines.fhirstore.kept import SET_LIMIT, TOO_MANY, Kept, Numbers
from socle.engines.fhirstore.query import Query
from socle.engines.fhirstore.steps import Ask, Steps
from socle.kernel.db import Dialect
from socle.standards.fhir.types import TYPE_NUMBER

PROBE = 1_000
FEW: Final = 16
"""A driver that finds fewer is taken without counting what the others find."""
MANY: Final = 64
"""From so many candidates on, comparing sets costs less than asking each."""
CHAIN_COST: Final = 4
"""What asking a candidate for a chain costs, in rows of a set that is read."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state a search sees: a store's number and a published transaction. `moment` (microseconds UTC) is the
    `lastUpdated` of what that transaction changed: all that is published later has a later one. `kept` is what the
    process remembers of the database, where it does."""

    store: int
    transaction: int
    dialect: Dialect
    moment: int = 0
    kept: Kept | None = field(default=None, compare=False, repr=False)

    @property
    def state(self) -> tuple[int, int]:
        return self.store, self.transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """`driver` is None when no condition can drive: all resources of the type are then asked."""

    snapshot: Snapshot
    type: str
    driver: Condition | None
    others: tuple[Condition, ...]
    narrow: bool = False

    @property
    def rid(self) -> str:
        """The number by which pages go. The sign keeps a planner from walking the whole store in that order when the
        driver finds few, which are cheaper found and then sorted."""
        return "+d.rid" if self.narrow else "d.rid"

    def candidates(self, sql: Sql, extra: str) -> str:
        """`FROM … WHERE …` over alias `d`: the resources that satisfy every condition."""
        others = "".join(f" AND {condition.holds(sql, 'd.rid')}" for condition in self.others)
        return f"{self._source(sql)}{extra}{others}"

    def _source(self, sql: Sql) -> str:
        if self.driver is not None:
            return self.driver.rows(sql)
        number = TYPE_NUMBER[self.type]
        return f"FROM fhirstore_version d WHERE {sql.scope('d')} AND d.type = {number} AND d.deleted = 0"


def planned(query: Query, snapshot: Snapshot) -> Steps[Plan]:
    """Choose the driver: measured, up to PROBE rows each, when there is a choice or when it matters how many it
    finds (the rows of one token stand in page order already)."""
    able = [condition for condition in query.conditions if condition.positive]
    if not able:
        return Plan(snapshot, query.type, None, tuple(query.conditions))
    if len(able) == 1 and isinstance(able[0], TokenCondition):
        return Plan(snapshot, query.type, able[0], _without(query.conditions, able))
    counts = yield from _counted(able, snapshot)
    least, driver = min(((count.rows, count.condition) for count in counts), key=itemgetter(0))
    chains = [
        count.condition for count in counts if count.condition is not driver and count.is_comparable(least)
    ]
    if snapshot.kept and least >= MANY and chains:
        compared = yield from _compared((driver, *chains), snapshot)
        if len(compared) > 1:
            common = _common(snapshot, [numbers for _, numbers in compared])
            others = _without(query.conditions, [condition for condition, _ in compared])
            return Plan(snapshot, query.type, common, others, narrow=True)
    others = _without(query.conditions, [driver])
    return Plan(snapshot, query.type, driver, others, narrow=least < PROBE)


def _without(conditions: Sequence[Condition], taken: Sequence[Condition]) -> tuple[Condition, ...]:
    return tuple(one for one in conditions if not any(one is other for other in taken))


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many rows a condition would drive with; `met` says that an earlier search had counted them."""

    condition: Condition
    rows: int
    met: bool

    def is_comparable(self, least: int) -> bool:
        """Whether reading the whole set may cost less than asking each of `least` candidates: it is a chain, and is
        either small enough or asked for again and again."""
        small = self.rows < min(PROBE, CHAIN_COST * least)
        return isinstance(self.condition, ChainCondition) and (small or self.met)


def _counted(able: Sequence[Condition], snapshot: Snapshot) -> Steps[list[_Counted]]:
    """The conditions counted, up to the first that finds few."""
    found: list[_Counted] = []
    for condition in able:
        rows = snapshot.kept.count(snapshot.state, condition) if snapshot.kept else None
        met = rows is not None
        if rows is None:
            rows = yield from _count(condition, snapshot)
        found.append(_Counted(condition, rows, met))
        if rows < FEW:
            break
    return found


def _count(condition: Condition, snapshot: Snapshot) -> Steps[int]:
    """How many rows the condition would drive with, up to PROBE."""
    sql = Sql(snapshot.store, snapshot.transaction)
    text = f"SELECT COUNT(*) FROM (SELECT 1 {condition.rows(sql)} LIMIT {PROBE}) probe"
    rows = yield Ask(text, tuple(sql.parameters))
    count = int(rows[0][0])
    if snapshot.kept:
        snapshot.kept.keep_count(snapshot.state, condition, count)
    return count


def _compared(conditions: Sequence[Condition], snapshot: Snapshot) -> Steps[list[tuple[Condition, Numbers]]]:
    """Those of the conditions whose sets are small enough to be kept, with their sets; the first one's must be."""
    found: list[tuple[Condition, Numbers]] = []
    for condition in conditions:
        numbers = yield from _numbers(condition, snapshot)
        if numbers is not TOO_MANY:
            found.append((condition, numbers))
        elif not found:
            break
    return found


def _numbers(condition: Condition, snapshot: Snapshot) -> Steps[Numbers]:
    """The numbers of what the condition finds, or TOO_MANY."""
    kept = snapshot.kept
    assert kept is not None
    known = kept.numbers(snapshot.state, condition)
    if known is not None:
        return known
    sql = Sql(snapshot.store, snapshot.transaction)
    text = f"SELECT DISTINCT d.rid {condition.rows(sql)} LIMIT {SET_LIMIT + 1}"
    rows = yield Ask(text, tuple(sql.parameters))
    return kept.keep_numbers(snapshot.state, condition, (rid for (rid,) in rows))


def _common(snapshot: Snapshot, sets: Sequence[Numbers]) -> AmongCondition:
    """The condition that finds what is in every set."""
    smallest, *others = sorted(sets, key=len)
    return AmongCondition(snapshot.dialect, tuple(sorted(set(smallest).intersection(*others))))
