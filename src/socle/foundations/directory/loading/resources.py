"""FHIR resources loaded as they are (`socle load fhir FILE`): read strictly, checked against R4, stored by exposure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from socle.engines.fhirstore.stores import StoreDefinition
from socle.engines.fhirstore.transactions import abandon_interrupted
from socle.engines.fhirstore.write import Counts, writing
from socle.foundations.directory.stores import PUBLIC, RESTRICTED
from socle.kernel.db import Database
from socle.standards.fhir.bundle import Unwrapped, unwrap
from socle.standards.fhir.faults import Bilingual, Fault, Refused
from socle.standards.fhir.json import parse
from socle.standards.fhir.structure import check

STORES = {definition.name: definition for definition in (PUBLIC, RESTRICTED)}
_PUBLIC_MARK, _RESTRICTED_MARK = "/as-dp-", "/as-dr-"
_NOT_PUBLIC: dict[str, tuple[str, ...]] = {
    "Practitioner": ("gender", "birthDate", "photo", "address", "communication"),
    "PractitionerRole": ("period", "specialty", "healthcareService", "availableTime", "notAvailable"),
}
_NOT_PUBLIC_MAILBOX = ("responsible", "listeRouge")
_ID_RULE = "R4 resource.html#id"


@dataclass(slots=True)
class Verdict:
    """What became of one file: the resources taken, as (store, type, id), or the faults that refused it whole."""

    file: str
    taken: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def load_resources(db: Database, paths: list[Path], store: str | None = None) -> tuple[list[Verdict], Counts]:
    """Load each file whole or not at all. `store` is a store's name; without it a resource that declares a public
    profile (as-dp-*) is published, and any other goes to the restricted store: what does not say that it is public is
    not published."""
    verdicts: list[Verdict] = []
    accepted = Accepted()
    for path in paths:
        verdict, resources = _judge(path, store, accepted)
        verdicts.append(verdict)
        accepted.update(resources)
    counts = Counts()
    with db.exclusive("directory"):
        for definition in STORES.values():
            ours = [resource for (name, _, _), resource in accepted.items() if name == definition.name]
            if ours:
                _write(db, definition, ", ".join(path.name for path in paths), ours, counts)
    return verdicts, counts


def _write(
    db: Database, definition: StoreDefinition, source: str, resources: list[dict[str, Any]], counts: Counts
) -> None:
    abandon_interrupted(db, definition)
    with writing(db, definition, source) as writer:
        for resource in resources:
            writer.put(resource)
    for name in Counts.__slots__:
        setattr(counts, name, getattr(counts, name) + getattr(writer.counts, name))


Accepted = dict[tuple[str, str, str], dict[str, Any]]


def _judge(path: Path, store: str | None, before: Accepted) -> tuple[Verdict, Accepted]:
    verdict, found = Verdict(path.name), Accepted()
    try:
        for unwrapped in unwrap(parse(path.read_bytes())):
            verdict.faults += check(unwrapped.resource, where=unwrapped.pointer)
            verdict.faults += _own_faults(unwrapped, store, before | found)
            if not verdict.faults:
                found[_place(unwrapped.resource, store)] = unwrapped.resource
    except Refused as refused:
        verdict.faults.append(refused.fault)
    if verdict.faults:
        return verdict, {}
    verdict.taken = list(found)
    return verdict, found


def _place(resource: dict[str, Any], store: str | None) -> tuple[str, str, str]:
    return _store_of(resource, store).name, resource["resourceType"], resource["id"]


def _store_of(resource: dict[str, Any], store: str | None) -> StoreDefinition:
    if store:
        return STORES[store]
    profiles = resource.get("meta", {}).get("profile", [])
    restricted = any(_RESTRICTED_MARK in profile for profile in profiles)
    public = any(_PUBLIC_MARK in profile for profile in profiles)
    return PUBLIC if public and not restricted else RESTRICTED


def _own_faults(unwrapped: Unwrapped, store: str | None, before: Accepted) -> Iterator[Fault]:
    """What our stores ask beyond R4: an id, a type that the store holds, each resource once."""
    resource = unwrapped.resource
    type_name = str(resource.get("resourceType", ""))
    if not isinstance(resource.get("id"), str):
        said = Bilingual("Donnez un `id` à la ressource.", "Give the resource an `id`.")
        yield Fault("required", f"{unwrapped.pointer}{type_name}.id", "-", _ID_RULE, said)
        return
    definition = _store_of(resource, store)
    if definition is PUBLIC:
        yield from _restricted_content(unwrapped.pointer, resource)
    if type_name not in definition.profiles:
        held = ", ".join(definition.profiles)
        said = Bilingual(
            f"L’entrepôt {definition.name} tient : {held}.", f"The store {definition.name} holds: {held}."
        )
        yield Fault("not-supported", type_name, type_name, "CapabilityStatement.rest.resource", said)
    elif _place(resource, store) in before:
        said = Bilingual("Donnez chaque ressource une fois.", "Give each resource once.")
        yield Fault("duplicate", f"{type_name}/{resource['id']}", str(resource["id"]), _ID_RULE, said)


def _restricted_content(pointer: str, resource: dict[str, Any]) -> Iterator[Fault]:
    """What the public profiles (as-dp-*) forbid, because only restricted data carry it."""
    type_name = resource["resourceType"]
    found = [name for name in _NOT_PUBLIC.get(type_name, ()) if name in resource]
    people = type_name in _NOT_PUBLIC
    for contact in resource.get("telecom", ()):
        details = [part for one in contact.get("extension", ()) for part in one.get("extension", ())]
        found += [f"telecom.{part['url']}" for part in details if part.get("url") in _NOT_PUBLIC_MAILBOX]
        if people and contact.get("system") != "email":
            found.append(f"telecom.{contact.get('system')}")
    for name in found:
        said = Bilingual(
            "Donnée restreinte : retirez-la, ou déclarez un profil as-dr-*.",
            "Restricted data: leave it out, or declare an as-dr-* profile.",
        )
        yield Fault("business-rule", f"{pointer}{type_name}.{name}", name, "as-dp-* profiles: 0..0", said)
