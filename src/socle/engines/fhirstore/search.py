"""Planning and running a search, on one state of the store.

The condition whose index holds the fewest rows drives; the others are asked of each of its candidates, in the order of
the resources' numbers, until the page is full. A page goes on from the last number of the one before (keyset), so a
hundredth page costs what the first does.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from socle.engines.fhirstore.conditions import Sql, asked
from socle.engines.fhirstore.kept import Kept
from socle.engines.fhirstore.links import Direction
from socle.engines.fhirstore.planning import Plan, planned
from socle.engines.fhirstore.planning import Snapshot as Snapshot
from socle.engines.fhirstore.query import Include, Query
from socle.engines.fhirstore.steps import Ask, Steps
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.db import Dialect
from socle.standards.fhir.types import TYPE_NUMBER

COUNT_LIMIT = 10_000
INCLUDED_LIMIT = 10_000

Found = tuple[int, bytes]
_CURRENT = (
    "SELECT s.id, s.published, t.started FROM fhirstore_store s "
    "LEFT JOIN fhirstore_transaction t ON t.store = s.id AND t.number = s.published WHERE s.name = ?1"
)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page goes on from. `began` (microseconds UTC) is when the search was first asked: its links live from
    then on; 0 where no link is made."""

    key: int = 0
    direction: Direction = "next"
    total: int | None = None
    counted: bool = False
    began: int = 0


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


def current(store: StoreDefinition, dialect: Dialect, kept: Kept | None = None) -> Steps[Snapshot]:
    """The last published state; store 0, which holds nothing, when the store was never written. `kept` is what the
    process remembers of the database, for searches that come back."""
    rows = yield Ask(_CURRENT, (store.name,))
    if not rows:
        return Snapshot(0, 0, dialect)
    number, published, started = rows[0]
    return Snapshot(number, published, dialect, started or 0, kept)


def search(store: StoreDefinition, query: Query, snapshot: Snapshot, start: Start) -> Steps[Page]:
    """The page of `query` that begins at `start`."""
    plan = yield from planned(query, snapshot)
    page = Page(snapshot, total=start.total)
    if query.count:
        yield from _fill(page, query, plan, start)
    if not start.counted:
        page.total = yield from _total(query, plan, page, start)
    if page.matches and (query.includes or query.reverse_includes):
        yield from _include(query, page)
    return page


def _ask(sql: Sql, text: str) -> Ask:
    return Ask(text, tuple(sql.parameters))


def _fill(page: Page, query: Query, plan: Plan, start: Start) -> Steps[None]:
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


def _total(query: Query, plan: Plan, page: Page, start: Start) -> Steps[int | None]:
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


def _count_of_type(plan: Plan) -> Steps[int]:
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
        rows = yield _included(page.snapshot, "r.target", "r.rid", matched, query.includes)
        found.update(rows)
    if query.reverse_includes:
        rows = yield _included(page.snapshot, "r.rid", "r.target", matched, query.reverse_includes)
        found.update(rows)
    page.included_cut = len(found) > INCLUDED_LIMIT
    page.included = [(rid, found[rid]) for rid in sorted(found.keys() - matched)][:INCLUDED_LIMIT]


def _included(
    snapshot: Snapshot, wanted: str, given: str, rids: Iterable[int], includes: Sequence[Include]
) -> Ask:
    sql, dialect = Sql(snapshot.store, snapshot.transaction), snapshot.dialect
    sql.add(dialect.listed(list(rids)))
    listed = ", ".join(sql.add(include.parameter.number) for include in includes)
    restricted = _targets_asked(sql, includes)
    numbers = (
        f"SELECT DISTINCT {wanted} AS rid FROM fhirstore_reference r WHERE {sql.scope('r')} "
        f"AND {dialect.among_ints(given, 3)} AND r.param IN ({listed}){restricted} "
        f"ORDER BY rid LIMIT {INCLUDED_LIMIT + 1}"
    )
    return _ask(
        sql,
        _bodies(sql, numbers),
    )


def _targets_asked(sql: Sql, includes: Sequence[Include]) -> str:
    """` AND …`: the targets of reference rows `r` are of the types that includes ask for; empty when none does."""
    if not any(include.target for include in includes):
        return ""
    return f" AND ({' OR '.join(_target_asked(sql, include) for include in includes)})"


def _target_asked(sql: Sql, include: Include) -> str:
    by = f"r.param = {sql.add(include.parameter.number)}"
    if not include.target:
        return by
    number = sql.add(TYPE_NUMBER[include.target])
    target = f"FROM fhirstore_version x WHERE {sql.scope('x')} AND x.rid = r.target AND x.type = {number}"
    return f"({by} AND {asked(target)})"
