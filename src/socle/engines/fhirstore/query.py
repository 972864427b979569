"""A search request, read into conditions and result parameters; what is not understood is refused with what would be.

Unknown parameters are refused by default (R4 §3.1.1.3 leaves it open, and a search that silently ignores one answers
with what was not asked for); `Prefer: handling=lenient` has them ignored, and said.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from socle.engines.fhirstore.conditions import (
    ChainCondition,
    Condition,
    DateCondition,
    EitherCondition,
    IdCondition,
    MissingCondition,
    ReferenceCondition,
    StringCondition,
    SystemCondition,
    TokenCondition,
    UpdatedCondition,
)
from socle.engines.fhirstore.extract import STRING_LIMIT
from socle.engines.fhirstore.faults import (
    BAD_CHAIN,
    BAD_INCLUDE,
    TOO_MANY_CRITERIA,
    UNKNOWN_MODIFIER,
    UNKNOWN_PARAMETER,
)
from socle.engines.fhirstore.hashing import hash64
from socle.engines.fhirstore.parameters import MODIFIERS, SearchParameter, TypeParameters
from socle.engines.fhirstore.references import foreign_target, reference_key
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.clock import now_micros
from socle.kernel.errors import SocleError
from socle.kernel.fhir.faults import BAD_VALUE
from socle.kernel.fhir.request import Pairs
from socle.standards.fhir.dates import DateFault, SearchDate, parse_search_date
from socle.standards.fhir.text import fold
from socle.standards.fhir.types import TYPE_NUMBER
from socle.standards.fhir.values import alternatives, token_parts, unescape

PAGE_DEFAULT: Final = 50
PAGE_CAP: Final = 2_500
CRITERIA_LIMIT: Final = 400
CONTAINS_COST: Final = 20
_DAY: Final = 86_400_000_000
_UPPER_BOUNDS: Final = frozenset({"lt", "le", "eb"})
TOTALS: Final = ("none", "estimate", "accurate")
COMMON: Final = ("_id", "_lastUpdated")
IGNORED: Final = frozenset({"_format", "_pretty"})
_LENIENT: Final = frozenset({UNKNOWN_PARAMETER, BAD_INCLUDE})


@dataclass(frozen=True, slots=True)
class Include:
    """One include, either way: a reference parameter, and the only type of target asked for, if one is."""

    parameter: SearchParameter
    target: str = ""


@dataclass(slots=True)
class Query:
    """A search on one type, ready to be planned. `used` are the pairs that were understood, for the self link."""

    type: str
    conditions: list[Condition] = field(default_factory=list)
    count: int = PAGE_DEFAULT
    total: str | None = None
    elements: tuple[str, ...] = ()
    includes: tuple[Include, ...] = ()
    reverse_includes: tuple[Include, ...] = ()
    used: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[SocleError] = field(default_factory=list)


def read_query(
    store: StoreDefinition,
    type_name: str,
    pairs: Pairs,
    *,
    lenient: bool = False,
    base: str = "",
    resumed: bool = False,
) -> Query:
    """Read `pairs` (name, value), in order. Raises SocleError naming the pair, the rule and what would pass.

    `base` is the address that the request was sent to, whose URLs mean resources of ours as those under the store's
    own do. `resumed` says that a page link brings the query back: how far it goes back was judged when it began.
    """
    return _Reader(store, type_name, lenient, (lambda: base, store.base), resumed).read(pairs)


class _Reader:
    def __init__(
        self,
        store: StoreDefinition,
        type_name: str,
        lenient: bool,
        bases: tuple[Callable[[], str], ...],
        resumed: bool,
    ) -> None:
        self.store, self.lenient, self.bases, self.resumed = store, lenient, bases, resumed
        self.known = store.parameters[type_name]
        self.profile = store.profiles[type_name]
        self.query = Query(type_name)
        self.criteria = 0

    def read(self, pairs: Pairs) -> Query:
        for name, value in pairs:
            if name in IGNORED:
                continue
            try:
                self._one(name, value)
            except SocleError as refusal:
                if not (self.lenient and refusal.kind in _LENIENT):
                    raise
                self.query.ignored.append(refusal)
                continue
            self.query.used.append((name, value))
        return self.query

    def _one(self, name: str, value: str) -> None:
        if result := _RESULT_PARAMETERS.get(name.split(":")[0]):
            result(self, name, value)
        else:
            self.query.conditions.append(self._condition(name, value))

    def _condition(self, name: str, value: str) -> Condition:
        slow = name.endswith((":contains", ":text"))
        self._spend((1 + value.count(",")) * (CONTAINS_COST if slow else 1))
        name = self.store.aliases.get((self.query.type, name), name)
        if "." in name:
            return self._chain(name, value)
        return self._simple(self.known, name, value)

    def _spend(self, count: int) -> None:
        """Bound the work a single request may ask for; `:contains` reads a whole parameter's texts."""
        self.criteria += count
        if self.criteria > CRITERIA_LIMIT:
            raise SocleError(TOO_MANY_CRITERIA, count=self.criteria, limit=CRITERIA_LIMIT)

    def _simple(self, known: TypeParameters, name: str, value: str) -> Condition:
        code, _, modifier = name.partition(":")
        if code == "_id" and not modifier:
            return IdCondition(
                TYPE_NUMBER[known.type], _some(name, value, [unescape(v) for v in alternatives(value)])
            )
        if code == "_lastUpdated" and not modifier:
            return UpdatedCondition(TYPE_NUMBER[known.type], self._recent(name, value))
        parameter = known.by_code.get(code)
        if parameter is None:
            raise SocleError(UNKNOWN_PARAMETER, parameter=name, type=known.type, known=_known(known))
        if modifier == "missing":
            return MissingCondition(known.bit(code), _boolean(name, value))
        if modifier and not self._modifier_fits(parameter, modifier):
            takes = ", ".join(f":{known_modifier}" for known_modifier in sorted(MODIFIERS[parameter.kind]))
            raise SocleError(
                UNKNOWN_MODIFIER, parameter=code, kind=parameter.kind, modifier=modifier, known=takes
            )
        if parameter.kind == "reference":
            return self._reference(parameter, modifier, name, value)
        return _BUILDERS[parameter.kind](known, parameter, modifier, name, value)

    def _reference(self, parameter: SearchParameter, modifier: str, name: str, value: str) -> Condition:
        targets, foreign = [], []
        for part in _some(name, value, alternatives(value)):
            literal = unescape(part)
            if "/" not in literal:
                types = (modifier,) if modifier else parameter.targets
                targets += [(TYPE_NUMBER[target], literal) for target in types]
            elif (key := reference_key(literal, *self.bases)) is None:
                continue
            elif (number := foreign_target(key)) is not None:
                foreign.append(number)
            elif (target := key.partition("/"))[0] in TYPE_NUMBER:
                targets.append((TYPE_NUMBER[target[0]], target[2]))
        if not targets and not foreign:
            raise _bad(name, value, "attendu : Type/id ou un identifiant.", "expected: Type/id or an id.")
        return ReferenceCondition(parameter, tuple(targets), tuple(foreign))

    def _recent(self, name: str, value: str) -> tuple[SearchDate, ...]:
        """The dates of `_lastUpdated`, refused when they go further back than the store's limit, if it has one."""
        dates, days = _dates(name, value), self.store.delta_days()
        oldest = now_micros() - days * _DAY
        if (
            days
            and not self.resumed
            and any(date.low < oldest for date in dates if date.prefix not in _UPPER_BOUNDS)
        ):
            raise _bad(name, value, f"au plus {days} jours en arrière.", f"at most {days} days back.")
        return dates

    @staticmethod
    def _modifier_fits(parameter: SearchParameter, modifier: str) -> bool:
        return modifier in MODIFIERS[parameter.kind] or (
            parameter.kind == "reference" and modifier in parameter.targets
        )

    def _chain(self, name: str, value: str) -> Condition:
        head, _, inner = name.partition(".")
        code, _, only = head.partition(":")
        reference = self.known.by_code.get(code)
        targets = (only,) if only else reference.targets if reference else ()
        known = [self.store.parameters[target] for target in targets if target in self.store.parameters]
        if reference is None or reference.kind != "reference" or not set(targets) <= set(reference.targets):
            raise self._bad_chain(name, head, targets, inner)
        fitting = [one for one in known if inner.partition(":")[0] in (*one.by_code, *COMMON)]
        if not fitting:
            raise self._bad_chain(name, head, targets, inner)
        return ChainCondition(reference, tuple(self._simple(one, inner, value) for one in fitting))

    def _bad_chain(self, name: str, head: str, targets: Iterable[str], inner: str) -> SocleError:
        shown = ", ".join(targets) or "-"
        return SocleError(
            BAD_CHAIN, parameter=name, reference=head, type=self.query.type, targets=shown, inner=inner
        )

    def count(self, name: str, value: str) -> None:
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise _bad(
                name,
                value,
                "un nombre entier de 0 à 2500 est attendu.",
                "a whole number from 0 to 2500 is expected.",
            )
        self.query.count = min(int(value), PAGE_CAP)

    def total(self, name: str, value: str) -> None:
        if value not in TOTALS:
            raise _bad(
                name, value, "attendu : none, estimate ou accurate.", "expected: none, estimate or accurate."
            )
        self.query.total = value

    def elements(self, name: str, value: str) -> None:
        self.query.elements = tuple(part.strip() for part in value.split(",") if part.strip())

    def include(self, name: str, value: str) -> None:
        found = self._includes(name, value, self.profile.includes)
        self.query.includes = tuple(dict.fromkeys((*self.query.includes, *found)))

    def reverse_include(self, name: str, value: str) -> None:
        found = self._includes(name, value, self.profile.reverse_includes)
        self.query.reverse_includes = tuple(dict.fromkeys((*self.query.reverse_includes, *found)))

    def _includes(self, name: str, value: str, allowed: tuple[str, ...]) -> list[Include]:
        """What one include names; an empty value asks for nothing, and is accepted."""
        if not value:
            return []
        paths = [path for path in allowed if path != "*"] if value == "*" and "*" in allowed else [value]
        found = [one for path in paths if (one := self._one_include(path, allowed))]
        if ":" in name or len(found) < len(paths):
            known = ", ".join(allowed) or "-"
            raise SocleError(BAD_INCLUDE, parameter=name, value=value, type=self.query.type, known=known)
        return found

    def _one_include(self, path: str, allowed: tuple[str, ...]) -> Include | None:
        """`Type:param` or `Type:param:TargetType`; None when the store does not promise the one, or the parameter
        cannot have the other."""
        type_name, _, rest = path.partition(":")
        code, restricted, target = rest.partition(":")
        parameter = self.store.reference(f"{type_name}:{code}")
        if parameter is None or f"{type_name}:{code}" not in allowed:
            return None
        return Include(parameter, target) if not restricted or target in parameter.targets else None


_RESULT_PARAMETERS: dict[str, Callable[[_Reader, str, str], None]] = {
    "_count": _Reader.count,
    "_total": _Reader.total,
    "_elements": _Reader.elements,
    "_include": _Reader.include,
    "_revinclude": _Reader.reverse_include,
}


def _known(known: TypeParameters) -> str:
    return ", ".join(sorted((*COMMON, *known.by_code, *_RESULT_PARAMETERS)))


def _bad(name: str, value: str, why_fr: str, why_en: str) -> SocleError:
    return SocleError(BAD_VALUE, parameter=name, value=value[:200], why_fr=why_fr, why_en=why_en)


def _some(name: str, value: str, parts: list[str]) -> tuple[str, ...]:
    """The parts of a value, none of them empty: an empty criterion would match everything, or nothing."""
    if not all(parts):
        raise _bad(
            name,
            value,
            "une valeur est vide ; retirez le critère.",
            "a value is empty; leave the criterion out.",
        )
    return tuple(parts)


def _boolean(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise _bad(name, value, "attendu : true ou false.", "expected: true or false.")
    return value == "true"


def _dates(name: str, value: str) -> tuple[SearchDate, ...]:
    try:
        return tuple(parse_search_date(part) for part in _some(name, value, alternatives(value)))
    except DateFault as fault:
        raise _bad(name, value, fault.remedy.fr, fault.remedy.en) from None


def _token(
    known: TypeParameters, parameter: SearchParameter, modifier: str, name: str, value: str
) -> Condition:
    negated = modifier == "not"
    codes: list[tuple[int, int | None]] = []
    systems: list[int] = []
    for part in _some(name, value, alternatives(value)):
        system, code = token_parts(part)
        if not system and not code:
            raise _bad(name, part, "ni système ni code.", "neither a system nor a code.")
        canonical, number = known.system(system) if system else ("", None if system is None else 0)
        if code:
            codes.append((hash64(code, parameter.seed), number))
        elif parameter.unbounded:
            codes.append((hash64(canonical, parameter.system_seed), number))
        else:
            systems.append(number or 0)
    of_codes = TokenCondition(tuple(codes), negated) if codes else None
    of_systems = SystemCondition(parameter, tuple(systems), negated) if systems else None
    if of_codes and of_systems:
        return EitherCondition((of_codes, of_systems))
    return of_codes or of_systems or TokenCondition(())


def _uri(
    known: TypeParameters, parameter: SearchParameter, modifier: str, name: str, value: str
) -> Condition:
    parts = _some(name, value, alternatives(value))
    return TokenCondition(tuple((hash64(unescape(part), parameter.seed), None) for part in parts))


_MODES = {"": "starts", "exact": "exact", "contains": "contains", "text": "contains"}


def _string(
    known: TypeParameters, parameter: SearchParameter, modifier: str, name: str, value: str
) -> Condition:
    texts = [unescape(part) for part in _some(name, value, alternatives(value))]
    folded = tuple((fold(text)[:STRING_LIMIT], hash64(text)) for text in texts)
    if not all(text for text, _ in folded):
        raise _bad(
            name,
            value,
            "il ne reste rien à chercher sans la ponctuation.",
            "nothing is left without punctuation.",
        )
    return StringCondition(parameter, _MODES[modifier], folded)


def _date(
    known: TypeParameters, parameter: SearchParameter, modifier: str, name: str, value: str
) -> Condition:
    return DateCondition(parameter, _dates(name, value))


_BUILDERS: dict[str, Callable[[TypeParameters, SearchParameter, str, str, str], Condition]] = {
    "token": _token,
    "uri": _uri,
    "string": _string,
    "date": _date,
}
