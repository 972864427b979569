"""FHIR search done the plain way: look at every resource, with every value in sight.

Written from the specification (R4 search.html) and from the SearchParameter resources of the guide "Annuaire Santé",
over resources as plain dictionaries. It shares nothing with the engine but `fold`, `interval` and the reading of a
date with its prefix. Slow, and short enough to be checked by reading.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from socle.standards.annuaire import systems
from socle.standards.fhir.dates import interval, parse_search_date
from socle.standards.fhir.text import fold
from tests.support.fhir_resources import OLD_SYSTEMS
from tests.support.fhir_store import PUBLIC_BASE, Key, Resource

Token = tuple[str | None, str]
Values = list[Any]
_EVER = (-(10**18), 10**18)


@dataclass(frozen=True, slots=True)
class Held:
    """A live resource: its version number and the instant of its last change, in microseconds UTC."""

    resource: Resource
    number: int
    updated: int


World = Mapping[Key, Held]


def system_in_force(system: str | None) -> str | None:
    return OLD_SYSTEMS.get(system, system) if system else None


def items(value: Any) -> Values:
    return value if isinstance(value, list) else [] if value is None else [value]


def children(values: Iterable[Any], *path: str) -> Values:
    found = list(values)
    for name in path:
        found = [child for value in found for child in items(value.get(name))]
    return found


def extensions(values: Iterable[Any], url: str) -> Values:
    return [one for one in children(values, "extension") if one["url"] == url]


def extension_values(values: Iterable[Any], *urls: str) -> Values:
    found = list(values)
    for url in urls:
        found = extensions(found, url)
    return [child for one in found for name, child in one.items() if name.startswith("value")]


# -- What each parameter looks at


def codings(concepts: Iterable[Any]) -> list[Token]:
    return [token_of_coding(one) for one in children(concepts, "coding")]


def token_of_coding(one: Any) -> Token:
    return system_in_force(one.get("system")), one["code"]


def identifiers(resource: Resource) -> list[Token]:
    return [(system_in_force(one.get("system")), one["value"]) for one in items(resource.get("identifier"))]


def booleans(element: str) -> Callable[[Resource], list[Token]]:
    return lambda resource: [(None, str(one).lower()) for one in children([resource], element)]


def concepts(*path: str) -> Callable[[Resource], list[Token]]:
    return lambda resource: codings(children([resource], *path))


def plain(*paths: str) -> Callable[[Resource], Values]:
    return lambda resource: [one for path in paths for one in children([resource], *path.split("."))]


def names(resource: Resource) -> list[str]:
    parts = ("family", "given", "prefix", "suffix", "text")
    return [text for name in children([resource], "name") for part in parts for text in items(name.get(part))]


def lines(resource: Resource) -> list[str]:
    found: list[str] = []
    for address in children([resource], "address"):
        found += items(address.get("line"))
        parts = [children([one], "extension") for one in items(address.get("_line"))]
        found += [" ".join(part["valueString"] for part in line) for line in parts]
    return found


def whole_address(resource: Resource) -> list[str]:
    parts = ("text", "city", "district", "state", "postalCode", "country")
    where = children([resource], "address")
    return lines(resource) + [address[part] for address in where for part in parts if part in address]


def traced(part: str) -> Callable[[Resource], Values]:
    return lambda resource: extension_values(
        [resource, *children([resource], "meta")], systems.DATA_TRACE, part
    )


def smart_card(part: str) -> Callable[[Resource], Values]:
    return lambda resource: extension_values([resource], systems.SMART_CARD, part)


def mailbox_types(resource: Resource) -> list[Token]:
    return codings(extension_values(children([resource], "telecom"), systems.MAILBOX_METADATA, "type"))


def insee(resource: Resource) -> list[str]:
    return [one["code"] for one in extension_values(children([resource], "address"), systems.INSEE_CODE)]


def periods(resource: Resource) -> list[tuple[int, int]]:
    found = extension_values([resource], systems.ORGANIZATION_PERIOD)
    return [
        (
            interval(one["start"]).low if "start" in one else _EVER[0],
            interval(one["end"]).high if "end" in one else _EVER[1],
        )
        for one in found
    ]


def referred(element: str) -> Callable[[Resource], list[str]]:
    def keys(resource: Resource) -> list[str]:
        literals = [one["reference"] for one in children([resource], element)]
        return [key for literal in literals if (key := local_key(literal))]

    return keys


def local_key(literal: str) -> str | None:
    """`Type/id` of a reference to this server, whatever its form; the URL of what another has; None for what is
    contained or a URN."""
    literal = literal.removeprefix(f"{PUBLIC_BASE}/")
    if literal[0] == "#" or literal.startswith("urn:"):
        return None
    if "://" in literal:
        return literal
    return "/".join(literal.partition("/_history/")[0].split("/")[-2:])


Look = Callable[[Resource], Values]
COMMON: dict[str, tuple[str, Look]] = {
    "identifier": ("token", identifiers),
    "data-information-system": ("token", lambda r: [(None, one) for one in traced("systeme-information")(r)]),
    "data-registration-authority": ("token", lambda r: codings(traced("autorite-enregistrement")(r))),
}
MAILBOXES: dict[str, tuple[str, Look]] = {
    "mailbox-mss": ("string", plain("telecom.value")),
    "mailbox-mss-type": ("token", mailbox_types),
}
PARAMETERS: dict[str, dict[str, tuple[str, Look]]] = {
    "Practitioner": COMMON
    | MAILBOXES
    | {
        "active": ("token", booleans("active")),
        "family": ("string", plain("name.family")),
        "given": ("string", plain("name.given")),
        "name": ("string", names),
        "identifier-type": ("token", concepts("identifier", "type")),
        "number-smartcard": ("string", smart_card("number")),
        "type-smartcard": ("token", lambda r: codings(smart_card("type")(r))),
        "qualification-code": ("token", concepts("qualification", "code")),
    },
    "PractitionerRole": COMMON
    | MAILBOXES
    | {
        "active": ("token", booleans("active")),
        "role": ("token", concepts("code")),
        "practitioner": ("reference", referred("practitioner")),
        "organization": ("reference", referred("organization")),
    },
    "Organization": COMMON
    | MAILBOXES
    | {
        "active": ("token", booleans("active")),
        "name": ("string", plain("name", "alias")),
        "address": ("string", whole_address),
        "address-city": ("string", plain("address.city")),
        "address-line": ("string", lines),
        "address-postalcode": ("string", plain("address.postalCode")),
        "address-insee": ("string", insee),
        "identifier-type": ("token", concepts("identifier", "type")),
        "type": ("token", concepts("type")),
        "pharmacy-licence": ("string", lambda r: extension_values([r], systems.PHARMACY_LICENCE)),
        "period": ("date", periods),
        "partof": ("reference", referred("partOf")),
    },
    "HealthcareService": COMMON
    | {
        "_profile": ("uri", plain("meta.profile")),
        "active": ("token", booleans("active")),
        "characteristic": ("token", concepts("characteristic")),
        "service-category": ("token", concepts("category")),
        "service-type": ("token", concepts("type")),
        "organization": ("reference", referred("providedBy")),
    },
    "Device": COMMON
    | {
        "manufacturer": ("string", plain("manufacturer")),
        "model": ("string", plain("deviceName.name", "modelNumber")),
        "status": ("token", lambda r: [(None, one) for one in children([r], "status")]),
        "type": ("token", concepts("type")),
        "organization": ("reference", referred("owner")),
    },
}
TARGETS = {
    ("PractitionerRole", "practitioner"): "Practitioner",
    ("PractitionerRole", "organization"): "Organization",
    ("Organization", "partof"): "Organization",
    ("HealthcareService", "organization"): "Organization",
    ("Device", "organization"): "Organization",
}
RENAMED = {
    ("Practitioner", "name:family"): "family",
    ("Practitioner", "name:given"): "given",
    ("Organization", "address-postal-code"): "address-postalcode",
}

# -- What a value asks for


def split(text: str, mark: str) -> Iterator[str]:
    """The parts between marks that no backslash protects, still escaped."""
    part, protected = "", False
    for character in text:
        if character == mark and not protected:
            yield part
            part = ""
            continue
        part += character
        protected = character == "\\" and not protected
    yield part


def bare(text: str) -> str:
    """The text without its escapes: a backslash counts only before `,` `|` `$` and itself."""
    plain_text, position = "", 0
    while position < len(text):
        if text[position] == "\\" and text[position + 1 : position + 2] in ("\\", ",", "|", "$"):
            position += 1
        plain_text += text[position]
        position += 1
    return plain_text


def token_matches(values: Values, asked: str) -> bool:
    system, *code = [bare(part) for part in split(asked, "|")]
    if not code:
        return any(known == system for _, known in values)
    wanted = system_in_force(system) if system else None
    return any(named == wanted and code[0] in ("", known) for named, known in values)


def string_matches(values: Values, asked: str, modifier: str) -> bool:
    text = bare(asked)
    if modifier == "exact":
        return text in values
    if modifier in ("contains", "text"):
        return any(fold(text) in fold(value) for value in values)
    return any(fold(value).startswith(fold(text)) for value in values)


def reference_matches(values: Values, asked: str, target: str) -> bool:
    text = bare(asked)
    return (local_key(text) if "/" in text else f"{target}/{text}") in values


def interval_matches(values: Values, asked: str) -> bool:
    return any(compares(low, high, *parse_search_date(asked)) for low, high in values)


def compares(low: int, high: int, prefix: str, first: int, after: int) -> bool:
    """R4 search.html#prefix: the value's range [low, high) against the one asked for, [first, after)."""
    within = first <= low and high <= after
    verdicts = {
        "eq": within,
        "ne": not within,
        "gt": high > after,
        "lt": low < first,
        "ge": high > after or within,
        "le": low < first or within,
        "sa": low >= after,
        "eb": high <= first,
        "ap": low < after and high > first,
    }
    return verdicts[prefix]


# -- The search


def satisfies(world: World, held: Held, name: str, value: str) -> bool:
    """Whether a live resource satisfies one criterion `name=value`."""
    type_name = held.resource["resourceType"]
    name = RENAMED.get((type_name, name), name)
    if "." in name:
        return chain_holds(world, held, name, value)
    code, _, modifier = name.partition(":")
    parts = list(split(value, ","))
    if code == "_id":
        return held.resource["id"] in [bare(part) for part in parts]
    if code == "_lastUpdated":
        return any(interval_matches([(held.updated, held.updated + 1_000)], part) for part in parts)
    kind, look = PARAMETERS[type_name][code]
    values = look(held.resource)
    if modifier == "missing":
        return (not values) is (value == "true")
    if modifier == "not":
        return not any(token_matches(values, part) for part in parts)
    target = TARGETS.get((type_name, code), "")
    return any(one_matches(kind, values, part, modifier, target) for part in parts)


def one_matches(kind: str, values: Values, asked: str, modifier: str, target: str) -> bool:
    if kind == "token":
        return token_matches(values, asked)
    if kind == "string":
        return string_matches(values, asked, modifier)
    if kind == "reference":
        return reference_matches(values, asked, target)
    if kind == "date":
        return interval_matches(values, asked)
    return bare(asked) in values


def chain_holds(world: World, held: Held, name: str, value: str) -> bool:
    """One level: some live resource that this one refers to satisfies the rest of the name."""
    head, _, inner = name.partition(".")
    type_name, code = held.resource["resourceType"], head.partition(":")[0]
    target = TARGETS[type_name, code]
    found = [key.split("/", 1) for key in PARAMETERS[type_name][code][1](held.resource)]
    return any(
        satisfies(world, world[kind, fid], inner, value)
        for kind, fid in found
        if kind == target and (kind, fid) in world
    )


def search(world: World, type_name: str, criteria: Iterable[tuple[str, str]]) -> set[str]:
    """The ids of the live resources of the type that satisfy every criterion."""
    asked = list(criteria)
    return {
        fid
        for (kind, fid), held in world.items()
        if kind == type_name and all(satisfies(world, held, name, value) for name, value in asked)
    }


def included(world: World, matches: Iterable[Key], paths: Iterable[str]) -> set[Key]:
    """The live resources that the matches refer to by `Type:parameter`, the matches themselves apart."""
    found: set[Key] = set()
    chosen = set(matches)
    for path in paths:
        type_name, code = path.split(":")
        for key in chosen:
            if key[0] == type_name:
                found |= _live(world, PARAMETERS[type_name][code][1](world[key].resource))
    return found - chosen


def included_back(world: World, matches: Iterable[Key], paths: Iterable[str]) -> set[Key]:
    """The live resources that refer to one of the matches by `Type:parameter`, the matches themselves apart."""
    chosen = set(matches)
    asked = [path.split(":") for path in paths]
    found = {
        key
        for key, held in world.items()
        for type_name, code in asked
        if key[0] == type_name and chosen & _live(world, PARAMETERS[type_name][code][1](held.resource))
    }
    return found - chosen


def _live(world: World, references: Iterable[str]) -> set[Key]:
    pairs = (reference.split("/") for reference in references)
    return {(pair[0], pair[1]) for pair in pairs if (pair[0], pair[1]) in world}


def worlds(steps: Iterable[tuple[Mapping[Key, Resource | None], int]]) -> list[World]:
    """The state after each transaction of (changes, clock in microseconds): versions count every change, deletions
    too; an unchanged resource keeps version and date; `lastUpdated` never goes back."""
    states: list[World] = []
    live: dict[Key, Held] = {}
    numbers: dict[Key, int] = {}
    last = -(10**18)
    for changes, clock in steps:
        moment = last = max(clock // 1_000 * 1_000, last + 1_000)
        live = dict(live)
        for key, resource in changes.items():
            before = live.get(key)
            if (before.resource if before else None) == resource:
                continue
            numbers[key] = numbers.get(key, 0) + 1
            if resource is None:
                del live[key]
            else:
                live[key] = Held(resource, numbers[key], moment)
        states.append(live)
    return states
