"""The conditions of a search, each able to say itself in SQL in two ways.

`rows` is the set of resource numbers that satisfy it, from its index; `holds` asks whether one given resource does.
The planner drives a search by the rows of the most selective condition and asks the others of each candidate, so that
the work follows what is found and not what is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from socle.engines.fhirstore.parameters import SearchParameter
from socle.kernel.db import Dialect
from socle.standards.fhir.dates import Prefix

TOP = "\U0010ffff"


class Sql:
    """Parameters of one statement, numbered in the order they are asked for; ?1 is the store, ?2 the transaction."""

    def __init__(self, store: int, transaction: int) -> None:
        self.parameters: list[Any] = [store, transaction]

    def add(self, value: Any) -> str:
        self.parameters.append(value)
        return f"?{len(self.parameters)}"

    @staticmethod
    def scope(alias: str) -> str:
        """The store, and the rows that hold at the search's transaction."""
        return f"{alias}.store = ?1 AND {alias}.valid_from <= ?2 AND {alias}.valid_to > ?2"


FENCE = "LIMIT 9223372036854775807 OFFSET 0"
"""Keeps a planner from merging a subquery into the one around it: what is asked of a candidate stays asked of one
candidate at a time, whatever the statistics say or do not say yet."""


def asked(body: str, *, negated: bool = False) -> str:
    """Whether `FROM … WHERE …` finds anything, asked of one candidate."""
    return f"{'NOT EXISTS' if negated else 'EXISTS'} (SELECT 1 {body} {FENCE})"


class Condition(Protocol):
    @property
    def positive(self) -> bool:
        """Whether `rows` may drive a search (a negation may not)."""
        ...

    def rows(self, sql: Sql) -> str:
        """`FROM … WHERE …` of the index, with alias `d`, whose `d.rid` are the resources found."""
        ...

    def holds(self, sql: Sql, rid: str) -> str:
        """A boolean expression about the resource numbered by the expression `rid`."""
        ...


@dataclass(frozen=True, slots=True)
class TokenCondition:
    """(hash, system) alternatives; a system of None matches any, and is 0 for "no system"."""

    choices: tuple[tuple[int, int | None], ...]
    negated: bool = False

    @property
    def positive(self) -> bool:
        return not self.negated

    def rows(self, sql: Sql) -> str:
        return f"FROM fhirstore_token d WHERE {sql.scope('d')} AND {self._match(sql, 'd')}"

    def holds(self, sql: Sql, rid: str) -> str:
        body = f"FROM fhirstore_token t WHERE {sql.scope('t')} AND t.rid = {rid} AND {self._match(sql, 't')}"
        return asked(body, negated=self.negated)

    def _match(self, sql: Sql, alias: str) -> str:
        if len(self.choices) == 1:
            return self._one(sql, alias, *self.choices[0])
        listed = ", ".join(sql.add(key) for key in dict.fromkeys(key for key, _ in self.choices))
        if all(system is None for _, system in self.choices):
            return f"{alias}.hash IN ({listed})"
        each = " OR ".join(f"({self._one(sql, alias, key, system)})" for key, system in self.choices)
        return f"{alias}.hash IN ({listed}) AND ({each})"

    @staticmethod
    def _one(sql: Sql, alias: str, key: int, system: int | None) -> str:
        base = f"{alias}.hash = {sql.add(key)}"
        return base if system is None else f"{base} AND {alias}.system = {sql.add(system)}"


@dataclass(frozen=True, slots=True)
class SystemCondition:
    """Any code of one of these systems, by the list of the codes met under the parameter."""

    parameter: SearchParameter
    systems: tuple[int, ...]
    negated: bool = False

    @property
    def positive(self) -> bool:
        return not self.negated

    def rows(self, sql: Sql) -> str:
        return f"FROM fhirstore_token d WHERE {sql.scope('d')} AND {self._match(sql, 'd')}"

    def holds(self, sql: Sql, rid: str) -> str:
        body = f"FROM fhirstore_token y WHERE {sql.scope('y')} AND y.rid = {rid} AND {self._match(sql, 'y')}"
        return asked(body, negated=self.negated)

    def _match(self, sql: Sql, alias: str) -> str:
        systems = ", ".join(sql.add(system) for system in self.systems)
        return (
            f"{alias}.system IN ({systems}) AND {alias}.hash IN (SELECT k.hash FROM fhirstore_code k "
            f"WHERE k.store = ?1 AND k.param = {sql.add(self.parameter.number)} AND k.system IN ({systems}))"
        )


@dataclass(frozen=True, slots=True)
class EitherCondition:
    """Alternatives of different kinds under one parameter."""

    choices: tuple[Condition, ...]

    @property
    def positive(self) -> bool:
        return all(choice.positive for choice in self.choices)

    def rows(self, sql: Sql) -> str:
        found = " UNION ALL ".join(f"SELECT d.rid {choice.rows(sql)}" for choice in self.choices)
        return f"FROM ({found}) d WHERE 1 = 1"

    def holds(self, sql: Sql, rid: str) -> str:
        # Alternatives that are all negated (`:not=a,b`) must all hold.
        word = " OR " if self.positive else " AND "
        return "(" + word.join(choice.holds(sql, rid) for choice in self.choices) + ")"


@dataclass(frozen=True, slots=True)
class StringCondition:
    """Folded texts; `mode` is "starts", "contains" or "exact" (then each text comes with its exact hash)."""

    parameter: SearchParameter
    mode: str
    texts: tuple[tuple[str, int], ...]

    positive = True

    def rows(self, sql: Sql) -> str:
        return f"FROM fhirstore_string d WHERE {sql.scope('d')} AND {self._match(sql, 'd')}"

    def holds(self, sql: Sql, rid: str) -> str:
        return asked(
            f"FROM fhirstore_string s WHERE {sql.scope('s')} AND s.rid = {rid} AND {self._match(sql, 's')}"
        )

    def _match(self, sql: Sql, alias: str) -> str:
        each = " OR ".join(self._one(sql, alias, text, exact) for text, exact in self.texts)
        grouped = f"({each})" if len(self.texts) > 1 else each
        return f"{alias}.param = {sql.add(self.parameter.number)} AND {grouped}"

    def _one(self, sql: Sql, alias: str, text: str, exact: int) -> str:
        if self.mode == "starts":
            return f"({alias}.value >= {sql.add(text)} AND {alias}.value < {sql.add(text + TOP)})"
        if self.mode == "exact":
            return f"({alias}.value = {sql.add(text)} AND {alias}.exact = {sql.add(exact)})"
        return f"{alias}.value LIKE {sql.add('%' + _like(text) + '%')} ESCAPE '!'"


def _like(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


@dataclass(frozen=True, slots=True)
class ReferenceCondition:
    """Targets by (type number, id); one that the store has never heard of has no number, and nothing refers to it.
    `foreign` are the numbers of other servers' URLs."""

    parameter: SearchParameter
    targets: tuple[tuple[int, str], ...]
    foreign: tuple[int, ...] = ()

    positive = True

    def rows(self, sql: Sql) -> str:
        return f"FROM fhirstore_reference d WHERE {sql.scope('d')} AND {self._match(sql, 'd')}"

    def holds(self, sql: Sql, rid: str) -> str:
        return asked(
            f"FROM fhirstore_reference r WHERE {sql.scope('r')} AND r.rid = {rid} AND {self._match(sql, 'r')}"
        )

    def _match(self, sql: Sql, alias: str) -> str:
        ours = [
            f"SELECT i.rid FROM fhirstore_identity i WHERE i.store = ?1 AND i.type = {sql.add(number)} "
            f"AND i.fid = {sql.add(fid)}"
            for number, fid in self.targets
        ]
        foreign = [f"SELECT CAST({sql.add(number)} AS bigint)" for number in self.foreign]
        found = " UNION ALL ".join(ours + foreign)
        return f"{alias}.param = {sql.add(self.parameter.number)} AND {alias}.target IN ({found})"


@dataclass(frozen=True, slots=True)
class DateCondition:
    parameter: SearchParameter
    ranges: tuple[tuple[Prefix, int, int], ...]

    positive = True

    def rows(self, sql: Sql) -> str:
        return f"FROM fhirstore_date d WHERE {sql.scope('d')} AND {self._match(sql, 'd')}"

    def holds(self, sql: Sql, rid: str) -> str:
        return asked(
            f"FROM fhirstore_date w WHERE {sql.scope('w')} AND w.rid = {rid} AND {self._match(sql, 'w')}"
        )

    def _match(self, sql: Sql, alias: str) -> str:
        each = " OR ".join(
            date_test(sql, f"{alias}.low", f"{alias}.high", prefix, low, high)
            for prefix, low, high in self.ranges
        )
        return f"{alias}.param = {sql.add(self.parameter.number)} AND ({each})"


def date_test(sql: Sql, low: str, high: str, prefix: Prefix, from_: int, to: int) -> str:
    """Compare the stored interval [low, high) with the searched one [from_, to) (R4 §3.1.1.4.7, prefixes)."""
    a, b = sql.add(from_), sql.add(to)
    inside = f"({low} >= {a} AND {high} <= {b})"
    return {
        "eq": inside,
        "ne": f"NOT {inside}",
        "gt": f"{high} > {b}",
        "lt": f"{low} < {a}",
        "ge": f"({high} > {b} OR {inside})",
        "le": f"({low} < {a} OR {inside})",
        "sa": f"{low} >= {b}",
        "eb": f"{high} <= {a}",
        "ap": f"({low} < {b} AND {high} > {a})",
    }[prefix]


@dataclass(frozen=True, slots=True)
class ChainCondition:
    """The resource refers, by `reference`, to one that satisfies `inner` (any of them, one a target type)."""

    reference: SearchParameter
    inner: tuple[Condition, ...]

    @property
    def positive(self) -> bool:
        return all(condition.positive for condition in self.inner)

    def rows(self, sql: Sql) -> str:
        found = " UNION ".join(f"SELECT d.rid {condition.rows(sql)}" for condition in self.inner)
        return (
            f"FROM (SELECT r.rid FROM ({found} {FENCE}) found CROSS JOIN fhirstore_reference r WHERE {sql.scope('r')} "
            f"AND r.param = {sql.add(self.reference.number)} AND r.target = found.rid) d WHERE 1 = 1"
        )

    def holds(self, sql: Sql, rid: str) -> str:
        inner = " OR ".join(condition.holds(sql, "c.target") for condition in self.inner)
        # A negation also holds of a target that does not exist: a chain asks that it does.
        target = f"FROM fhirstore_version x WHERE {sql.scope('x')} AND x.rid = c.target AND x.deleted = 0"
        live = "" if self.positive else f" AND {asked(target)}"
        return asked(
            f"FROM fhirstore_reference c WHERE {sql.scope('c')} AND c.rid = {rid} "
            f"AND c.param = {sql.add(self.reference.number)} AND ({inner}){live}"
        )


@dataclass(frozen=True, slots=True)
class IdCondition:
    type_number: int
    ids: tuple[str, ...]

    positive = True

    def rows(self, sql: Sql) -> str:
        listed = ", ".join(sql.add(fid) for fid in self.ids)
        return (
            f"FROM fhirstore_identity d CROSS JOIN fhirstore_version l WHERE d.store = ?1 "
            f"AND d.type = {sql.add(self.type_number)} AND d.fid IN ({listed}) "
            f"AND {sql.scope('l')} AND l.rid = d.rid AND l.deleted = 0"
        )

    def holds(self, sql: Sql, rid: str) -> str:
        return f"{rid} IN (SELECT d.rid {self.rows(sql)})"


@dataclass(frozen=True, slots=True)
class AmongCondition:
    """The resources of these numbers, which the planner has found."""

    dialect: Dialect
    numbers: tuple[int, ...]

    positive = True

    def rows(self, sql: Sql) -> str:
        return f"FROM fhirstore_version d WHERE {sql.scope('d')} AND d.deleted = 0 AND {self._match(sql, 'd.rid')}"

    def holds(self, sql: Sql, rid: str) -> str:
        return self._match(sql, rid)

    def _match(self, sql: Sql, rid: str) -> str:
        sql.add(self.dialect.listed(self.numbers))
        return self.dialect.among_ints(rid, len(sql.parameters))


@dataclass(frozen=True, slots=True)
class UpdatedCondition:
    """On `lastUpdated`, an instant to the millisecond."""

    type_number: int
    ranges: tuple[tuple[Prefix, int, int], ...]

    positive = True

    def rows(self, sql: Sql) -> str:
        return (
            f"FROM fhirstore_version d WHERE {sql.scope('d')} AND d.type = {sql.add(self.type_number)} "
            f"AND d.deleted = 0 AND ({self._match(sql, 'd')})"
        )

    def holds(self, sql: Sql, rid: str) -> str:
        return asked(
            f"FROM fhirstore_version u WHERE {sql.scope('u')} AND u.rid = {rid} "
            f"AND u.deleted = 0 AND ({self._match(sql, 'u')})"
        )

    def _match(self, sql: Sql, alias: str) -> str:
        return " OR ".join(
            updated_test(sql, f"{alias}.last_updated", prefix, low, high) for prefix, low, high in self.ranges
        )


def updated_test(sql: Sql, column: str, prefix: Prefix, low: int, high: int) -> str:
    """Plain bounds on the column, so that its index serves them."""
    bounds: dict[str, Sequence[tuple[str, int]]] = {
        "eq": ((">=", low), ("<", high)),
        "ap": ((">=", low), ("<", high)),
        "gt": ((">=", high),),
        "sa": ((">=", high),),
        "ge": ((">=", low),),
        "lt": (("<", low),),
        "eb": (("<", low),),
        "le": (("<", high),),
    }
    if prefix == "ne":
        return f"({column} < {sql.add(low)} OR {column} >= {sql.add(high)})"
    return "(" + " AND ".join(f"{column} {sign} {sql.add(value)}" for sign, value in bounds[prefix]) + ")"


@dataclass(frozen=True, slots=True)
class MissingCondition:
    """`:missing`: read off the version's presence mask."""

    bit: int
    missing: bool

    positive = False

    def rows(self, sql: Sql) -> str:
        raise TypeError("`:missing` is asked of candidates and cannot drive a search")

    def holds(self, sql: Sql, rid: str) -> str:
        sign = "=" if self.missing else "<>"
        return asked(
            f"FROM fhirstore_version m WHERE {sql.scope('m')} AND m.rid = {rid} "
            f"AND m.deleted = 0 AND (m.present & {sql.add(self.bit)}) {sign} 0"
        )
