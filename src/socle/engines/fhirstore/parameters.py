"""Search parameters, as declared and as compiled.

A parameter is declared with the expression of its SearchParameter resource (FHIRPath subset: unions of element paths
with `extension(url)`, `as(Type)`, `ofType(Type)` and `where(resolve() is Type)`), and compiled once into a function
from a resource to its index entries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, Literal

from socle.engines.fhirstore.hashing import number_of, seed_of, system_hash
from socle.engines.fhirstore.paths import Path, Selector, compile_path
from socle.engines.fhirstore.references import nowhere

ParameterType = Literal["token", "string", "date", "reference", "uri"]

Canonical = Callable[[str], str]
_SYSTEMS_LIMIT = 1_000
_marks = count(1)


def same(system: str) -> str:
    """The canonical name where systems have one name only."""
    return system


MODIFIERS: dict[str, frozenset[str]] = {
    "token": frozenset({"not", "missing"}),
    "string": frozenset({"exact", "contains", "text", "missing"}),
    "date": frozenset({"missing"}),
    "reference": frozenset({"missing"}),
    "uri": frozenset({"missing"}),
}


@dataclass(frozen=True)
class SearchParameter:
    """One search parameter on one type. `targets` are the types a reference may point to; `unbounded` says that the
    codes of a token are numbers without end (identifiers), not the codes of a code system."""

    type: str
    code: str
    kind: ParameterType
    expression: str
    definition: str = ""
    targets: tuple[str, ...] = ()
    unbounded: bool = False

    @cached_property
    def name(self) -> str:
        return f"{self.type}.{self.code}"

    @cached_property
    def seed(self) -> int:
        return seed_of(self.name)

    @cached_property
    def system_seed(self) -> int:
        """Seed of the rows that answer `system|`: any code of one system."""
        return seed_of(f"{self.name}|")

    @cached_property
    def number(self) -> int:
        return number_of(self.name)

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        return compile_path(self.expression)


@dataclass(frozen=True)
class TypeParameters:
    """What can be asked of one resource type. The common parameters `_id` and `_lastUpdated` are columns of the
    version, not index rows, and are known to the planner by name.

    `canonical` gives the name in force of a system URI: older names are indexed, and searched, as the one in force.
    `base` is the address under which an absolute reference means a resource of the same store.
    `memo` keeps the index keys of the tokens that come back all the time, `flags` those of boolean elements, `codes`
    the (parameter, system, hash) met; `mark` names what is kept with elements that resources share, which serve several
    stores.
    """

    type: str
    parameters: tuple[SearchParameter, ...]
    canonical: Canonical = same
    base: Callable[[], str] = nowhere
    by_code: dict[str, SearchParameter] = field(init=False)
    memo: dict[tuple[int, str | None, str], tuple[tuple[int, int], ...]] = field(
        init=False, default_factory=dict
    )
    flags: dict[tuple[str, bool], Any] = field(init=False, default_factory=dict)
    codes: dict[tuple[int, int, int], None] = field(init=False, default_factory=dict)
    mark: str = field(init=False)
    _systems: dict[str, tuple[str, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mark", f"{self.type}/{next(_marks)}")
        object.__setattr__(self, "by_code", {parameter.code: parameter for parameter in self.parameters})
        if len(self.parameters) > 63:
            raise ValueError(f"{self.type}: more than 63 search parameters do not fit the presence mask")

    def bit(self, code: str) -> int:
        return 1 << self.parameters.index(self.by_code[code])

    def system(self, uri: str) -> tuple[str, int]:
        """The name in force of a system, and its hash."""
        known = self._systems.get(uri)
        if known is None:
            name = self.canonical(uri)
            known = (name, system_hash(name))
            if len(self._systems) < _SYSTEMS_LIMIT:
                self._systems[uri] = known
        return known

    @cached_property
    def plan(self) -> dict[str, list[tuple[int, SearchParameter, Selector]]]:
        """What to look for in each top-level element: (bit of the parameter, parameter, selector)."""
        plan: dict[str, list[tuple[int, SearchParameter, Selector]]] = {}
        for position, parameter in enumerate(self.parameters):
            for element, select in parameter.paths:
                plan.setdefault(element, []).append((1 << position, parameter, select))
        return plan


def by_type(
    parameters: Iterable[SearchParameter], canonical: Canonical, base: Callable[[], str]
) -> dict[str, TypeParameters]:
    """Group declared parameters by type; two parameters whose stored numbers collide are refused at start."""
    grouped: dict[str, list[SearchParameter]] = {}
    numbers: dict[int, str] = {}
    for parameter in parameters:
        grouped.setdefault(parameter.type, []).append(parameter)
        if numbers.setdefault(parameter.number, parameter.name) != parameter.name:
            raise ValueError(
                f"{parameter.name} and {numbers[parameter.number]} share the number {parameter.number}"
            )
    return {name: TypeParameters(name, tuple(found), canonical, base) for name, found in grouped.items()}
