"""Organization (profile as-dp-organization): a structure composed from what each source says of it."""

from functools import lru_cache

from socle.foundations.directory.compose.address import address, mailbox_address
from socle.foundations.directory.compose.elements import (
    ASSUMED_STRUCTURE,
    Json,
    coding,
    concept,
    identifier,
    mailboxes,
    meta,
)
from socle.foundations.directory.facts import StructureFacts
from socle.foundations.directory.statements import MailboxLine, StructureLine, organization_id
from socle.standards.annuaire import systems
from socle.standards.annuaire.identifiers import Check, check_finess
from socle.standards.fhir.json import Prepared

_LEGAL, _SITE = "LEGAL-ENTITY", "GEOGRAPHICAL-ENTITY"


def organization(facts: StructureFacts) -> Json:
    """The resource of a structure that at least one source states."""
    line = facts.description()
    made = _base(facts.key, "FINESS" if line and line.finess else "RPPS", line.authority if line else "")
    if line is not None:
        _describe(made, facts, line)
    elif facts.mailboxes:
        _describe_by_mailbox(made, facts)
    else:
        return legal_entity(facts.key)
    if boxes := mailboxes(facts.mailboxes):
        made["telecom"] = made.get("telecom", []) + boxes
    return made


def legal_entity(finess: str) -> Json:
    """A legal entity of which nothing is known but the FINESS number that its sites give."""
    made = _base(finess, "FINESS", "")
    made["identifier"] = _finess(systems.TYPE_FINESS_LEGAL, finess)
    made["active"] = True
    made["type"] = [_kind(_LEGAL)]
    return made


def _base(key: str, information_system: str, authority: str) -> Json:
    return {
        "resourceType": "Organization",
        "id": organization_id(key),
        "meta": meta("Organization", information_system, authority),
        "language": "fr",
    }


def _describe(made: Json, facts: StructureFacts, line: StructureLine) -> None:
    made["identifier"] = _identifiers(facts, line)
    made["active"] = True
    made["type"] = [_kind(_LEGAL if facts.is_legal_entity else _SITE)]
    if line.sector:
        made["type"].append(_sector(line.sector))
    if line.structure_name or line.trade_name:
        made["name"] = line.structure_name or line.trade_name
    if line.trade_name and line.structure_name:
        made["alias"] = [line.trade_name]
    if contacts := _contacts(line):
        made["telecom"] = contacts
    if place := address(line):
        made["address"] = [place]
    if line.finess_ej and line.finess_ej != facts.key:
        made["partOf"] = {"reference": f"Organization/{organization_id(line.finess_ej)}"}


def _describe_by_mailbox(made: Json, facts: StructureFacts) -> None:
    """Only the mailbox file knows this structure: its number, its name, its address."""
    line = min(facts.mailboxes)
    made["identifier"] = _by_number(facts, line)
    made["active"] = True
    made["type"] = [_kind(_LEGAL if facts.is_legal_entity else _SITE)]
    if line.structure_name or line.trade_name:
        made["name"] = line.structure_name or line.trade_name
    if place := mailbox_address(line):
        made["address"] = [place]


def _by_number(facts: StructureFacts, line: MailboxLine) -> list[Json]:
    key = facts.key
    if check_finess(key) is not Check.MALFORMED:
        return _finess(_finess_type(facts), key)
    if key.startswith("C") and key[1:].isdigit():
        return _siret(key[1:])
    return [*_technical(key), _assumed(key)]


def _identifiers(facts: StructureFacts, line: StructureLine) -> list[Json]:
    made: list[Json] = []
    if line.finess:
        made += _finess(_finess_type(facts), line.finess)
    if line.structure_id:
        made += _technical(line.structure_id)
    if line.siret:
        made += _siret(line.siret)[0 if not made else 1 :]
    if line.siren:
        made.append(identifier(systems.TYPE_SIREN, systems.SIRENE, line.siren))
    if line.former_structure_id:
        former = identifier(systems.TYPE_STRUCTURE, systems.STRUCTURE, line.former_structure_id)
        made.append({**former, "use": "old"})
    if not any(one["system"] == systems.STRUCTURE and one["use"] == "official" for one in made):
        made.append(_assumed(facts.key))
    return made


def _finess_type(facts: StructureFacts) -> str:
    return systems.TYPE_FINESS_LEGAL if facts.is_legal_entity else systems.TYPE_FINESS_SITE


def _finess(type_code: str, number: str) -> list[Json]:
    return [
        identifier(systems.TYPE_STRUCTURE, systems.STRUCTURE, f"1{number}"),
        identifier(type_code, systems.FINESS, number),
    ]


def _siret(number: str) -> list[Json]:
    return [
        identifier(systems.TYPE_STRUCTURE, systems.STRUCTURE, f"3{number}"),
        identifier(systems.TYPE_SIRET, systems.SIRENE, number),
    ]


def _technical(number: str) -> list[Json]:
    return [identifier(systems.TYPE_RPPS_PRACTICE, systems.RPPS_PRACTICE, number)]


def _assumed(key: str) -> Json:
    """The national identification of a structure is demanded; a source that lacks it leaves us to make one."""
    return {"use": "official", "system": ASSUMED_STRUCTURE, "value": organization_id(key)}


@lru_cache(maxsize=10)
def _kind(code: str) -> Prepared:
    return _typed("organizationType", {"system": systems.ORGANIZATION_TYPE, "code": code})


@lru_cache(maxsize=1_000)
def _sector(code: str) -> Prepared:
    return _typed("secteurActiviteRASS", coding("sector", code))


def _typed(kind: str, code: Json) -> Prepared:
    return Prepared({"extension": [{"url": systems.ORGANIZATION_TYPES, "valueCode": kind}], **concept(code)})


def _contacts(line: StructureLine) -> list[Json]:
    told = (("phone", line.phone), ("phone", line.phone_2), ("fax", line.fax), ("email", line.email))
    return [{"system": system, "value": value} for system, value in told if value]
