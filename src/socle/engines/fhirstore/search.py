"""Planning and running a search, on one state of the store.

The condition whose index holds the fewest rows drives; the others are asked of each of its candidates, in the order of
the resources' numbers, until the page is full. A page goes on from the last number of the one before (keyset), so a
hundredth page costs what the first does.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from socle.engines.fhirstore.conditions import ChainCondition, Condition, Sql, TokenCondition
from socle.engines.fhirstore.links import Direction
from socle.engines.fhirstore.query import Query
from socle.engines.fhirstore.steps import Ask, Steps
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.db import Dialect
from socle.standards.fhir.types import TYPE_NUMBER

PROBE = 1_000
COUNT_LIMIT = 10_000
INCLUDED_LIMIT = 10_000

Found = tuple[int, bytes]
_CURRENT = (
    "SELECT s.id, s.published, t.started FROM fhirstore_store s "
    "LEFT JOIN fhirstore_transaction t ON t.store = s.id AND t.number = s.published WHERE s.name = ?1"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state a search sees: a store's number and a published transaction. `moment` (microseconds UTC) is the
    `lastUpdated` of what that transaction changed: all that is published later has a later one."""

    store: int
    transaction: int
    dialect: Dialect
    moment: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page goes on from."""

    key: int = 0
    direction: Direction = "next"
    total: int | None = None
    counted: bool = False


@dataclass(slots=True)
class Page:
    """One page: (number, bytes) in ascending number. `before`/`after` say whether there is more on each side."""

    snapshot: Snapshot
    matches: list[Found] = field(default_factory=list)
    included: list[Found] = field(default_factory=list)
    total: int | None = None
    before: bool = False
    after: bool = False
    included_cut: bool = False


def current(store: StoreDefinition, dialect: Dialect) -> Steps[Snapshot]:
    """The last published state; store 0, which holds nothing, when the store was never written."""
    rows = yield Ask(_CURRENT, (store.name,))
    if not rows:
        return Snapshot(0, 0, dialect)
    number, published, started = rows[0]
    return Snapshot(number, published, dialect, started or 0)


def search(store: StoreDefinition, query: Query, snapshot: Snapshot, start: Start) -> Steps[Page]:
    """The page of `query` that begins at `start`."""
    plan = yield from _plan(query, snapshot)
    page = Page(snapshot, total=start.total)
    if query.count:
        yield from _fill(page, query, plan, start)
    if not start.counted:
        page.total = yield from _total(query, plan, page, start)
    if page.matches and (query.includes or query.reverse_includes):
        yield from _include(query, page)
    return page


@dataclass(frozen=True, slots=True)
class _Plan:
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
        asked = "".join(f" AND {condition.holds(sql, 'd.rid')}" for condition in self.others)
        return f"{self._source(sql)}{extra}{asked}"

    def _source(self, sql: Sql) -> str:
        if self.driver is not None:
            return self.driver.rows(sql)
        number = TYPE_NUMBER[self.type]
        return f"FROM fhirstore_version d WHERE {sql.scope('d')} AND d.type = {number} AND d.deleted = 0"


def _plan(query: Query, snapshot: Snapshot) -> Steps[_Plan]:
    """Choose the driver: measured, up to PROBE rows each, when there is a choice or when it matters how many it
    finds (the rows of one token stand in page order already)."""
    able = [condition for condition in query.conditions if condition.positive]
    if not able:
        return _Plan(snapshot, query.type, None, tuple(query.conditions))
    if len(able) == 1 and isinstance(able[0], TokenCondition):
        return _Plan(snapshot, query.type, able[0], _without(query, able[0]))
    costs = []
    for condition in able:
        cost = yield from _cost(condition, snapshot)
        costs.append(cost)
    least = min(costs)
    driver = able[costs.index(least)]
    return _Plan(snapshot, query.type, driver, _without(query, driver), narrow=least < PROBE)


def _without(query: Query, driver: Condition) -> tuple[Condition, ...]:
    return tuple(condition for condition in query.conditions if condition is not driver)


def _cost(condition: Condition, snapshot: Snapshot) -> Steps[int]:
    """How many index rows the condition would drive with, counted up to PROBE; chains count what they start from."""
    if isinstance(condition, ChainCondition):
        total = 0
        for inner in condition.inner:
            total += yield from _cost(inner, snapshot)
        return total * 2
    sql = Sql(snapshot.store, snapshot.transaction)
    rows = yield _ask(sql, f"SELECT COUNT(*) FROM (SELECT 1 {condition.rows(sql)} LIMIT {PROBE}) probe")
    return int(rows[0][0])


def _ask(sql: Sql, text: str) -> Ask:
    return Ask(text, tuple(sql.parameters))


def _fill(page: Page, query: Query, plan: _Plan, start: Start) -> Steps[None]:
    backwards = start.direction == "previous"
    sql = Sql(plan.snapshot.store, plan.snapshot.transaction)
    beyond = f" AND {plan.rid} {'<' if backwards else '>'} {sql.add(start.key)}"
    order = "DESC" if backwards else "ASC"
    found = plan.candidates(sql, beyond)
    numbers = f"SELECT DISTINCT {plan.rid} AS rid {found} ORDER BY rid {order} LIMIT {query.count + 1}"
    rows = yield _ask(
        sql,
        f"{_bodies(sql, numbers)} ORDER BY p.rid {order}",
    )
    more, kept = len(rows) > query.count, rows[: query.count]
    page.matches = [(rid, body) for rid, body in (reversed(kept) if backwards else kept)]
    page.before = more if backwards else start.key > 0
    page.after = True if backwards else more


def _bodies(sql: Sql, numbers: str) -> str:
    """(rid, body) of the numbers selected. CROSS JOIN keeps SQLite from turning the join round."""
    return (
        f"SELECT v.rid, v.body FROM ({numbers}) p CROSS JOIN fhirstore_version v "
        f"WHERE {sql.scope('v')} AND v.rid = p.rid AND v.deleted = 0"
    )


def _total(query: Query, plan: _Plan, page: Page, start: Start) -> Steps[int | None]:
    """What `_total` asks for; by default the total, unless counting would cost more than COUNT_LIMIT candidates."""
    if query.total == "none":
        return None
    if not query.conditions:
        return (yield from _count_of_type(plan))
    if query.count and start.key == 0 and not page.after and start.direction == "next":
        return len(page.matches)
    limit = "" if query.total else f" LIMIT {COUNT_LIMIT + 1}"
    sql = Sql(plan.snapshot.store, plan.snapshot.transaction)
    rows = yield _ask(
        sql, f"SELECT COUNT(*) FROM (SELECT DISTINCT d.rid {plan.candidates(sql, '')}{limit}) counted"
    )
    found = int(rows[0][0])
    return None if limit and found > COUNT_LIMIT else found


def _count_of_type(plan: _Plan) -> Steps[int]:
    rows = yield Ask(
        "SELECT counts FROM fhirstore_transaction WHERE store = ?1 AND number = ?2",
        (plan.snapshot.store, plan.snapshot.transaction),
    )
    return int(json.loads(rows[0][0]).get(plan.type, 0)) if rows else 0


def _include(query: Query, page: Page) -> Steps[None]:
    """Resources that the page's matches refer to, and those that refer to them, each once."""
    matched = {rid for rid, _ in page.matches}
    found: dict[int, bytes] = {}
    if query.includes:
        numbers = [parameter.number for parameter in query.includes]
        rows = yield _included(page.snapshot, "r.target", "r.rid", matched, numbers)
        found.update(rows)
    if query.reverse_includes:
        numbers = [parameter.number for parameter in query.reverse_includes]
        rows = yield _included(page.snapshot, "r.rid", "r.target", matched, numbers)
        found.update(rows)
    page.included_cut = len(found) > INCLUDED_LIMIT
    page.included = [(rid, found[rid]) for rid in sorted(found.keys() - matched)][:INCLUDED_LIMIT]


def _included(snapshot: Snapshot, wanted: str, given: str, rids: Iterable[int], params: Sequence[int]) -> Ask:
    sql, dialect = Sql(snapshot.store, snapshot.transaction), snapshot.dialect
    sql.add(dialect.listed(list(rids)))
    listed = ", ".join(sql.add(number) for number in params)
    numbers = (
        f"SELECT DISTINCT {wanted} AS rid FROM fhirstore_reference r WHERE {sql.scope('r')} "
        f"AND {dialect.among_ints(given, 3)} AND r.param IN ({listed}) ORDER BY rid LIMIT {INCLUDED_LIMIT + 1}"
    )
    return _ask(
        sql,
        _bodies(sql, numbers),
    )
