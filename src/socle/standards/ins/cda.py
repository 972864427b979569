"""An identity as the header of a CDA document: `recordTarget` (CI-SIS, structuration minimale de documents de santé).

The header tells no status: a number says that the identity is qualified, and then all the traits are mandatory, as the
published schematron has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from socle.standards.ins.authorities import REAL, Authority
from socle.standards.ins.births import UNKNOWN_PLACE, complete
from socle.standards.ins.faults import CARRIED_MISSING, CARRIED_SHAPE, refuse
from socle.standards.ins.identity import Carried, LocalId, Received, read_number, settled
from socle.standards.ins.matricule import Ins, KeyRule
from socle.standards.ins.traits import Sex, Traits

NAMESPACE: Final = "urn:hl7-org:v3"
GENDERS: Final = "2.16.840.1.113883.5.1"
_GENDER_CODES: Final = {Sex.MALE: "M", Sex.FEMALE: "F", Sex.INDETERMINATE: "UN"}
_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE}
_SHORTEST_DATE: Final = 4


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


# -- Write -----------------------------------------------------------------------------------------------------------


def write(identity: Carried, contacts: Sequence[Element] = ()) -> Element:
    """The `recordTarget` element. `contacts` are the `addr` and `telecom` elements to put at their place."""
    target = Element(_tag("recordTarget"))
    role = SubElement(target, _tag("patientRole"))
    if identity.ins is not None:
        _empty(role, "id", extension=identity.ins.number, root=identity.ins.oid)
    for local in identity.local_ids:
        if not local.is_old:
            _empty(role, "id", extension=local.value, root=local.authority)
    role.extend(contacts)
    patient = SubElement(role, _tag("patient"), {"classCode": "PSN"})
    _write_traits(patient, identity.traits)
    return target


def document_part(element: Element) -> bytes:
    """The bytes of an element, in UTF-8, CDA being the default namespace."""
    # ElementTree gives no default namespace to elements whose attributes have none.
    whole = deepcopy(element)
    for one in whole.iter():
        one.tag = one.tag.removeprefix(_tag(""))
    whole.set("xmlns", NAMESPACE)
    written: bytes = tostring(whole, encoding="utf-8", xml_declaration=False)
    return written


def _empty(parent: Element, name: str, **attributes: str) -> None:
    SubElement(parent, _tag(name), attributes)


def _write_traits(patient: Element, traits: Traits) -> None:
    name = SubElement(patient, _tag("name"))
    parts = (
        ("family", "BR", traits.birth_name),
        ("given", "BR", traits.first_given_name),
        ("family", "CL", traits.used_name),
        ("given", "CL", traits.used_given_name),
        ("given", "", traits.given_names),
    )
    for part, qualifier, text in parts:
        if text:
            SubElement(name, _tag(part), {"qualifier": qualifier} if qualifier else {}).text = text
    _empty(patient, "administrativeGenderCode", code=_GENDER_CODES[traits.sex], codeSystem=GENDERS)
    _empty(patient, "birthTime", value=traits.birth_date.isoformat().replace("-", ""))
    address = SubElement(patient, _tag("birthplace"))
    for step in ("place", "addr", "county"):
        address = SubElement(address, _tag(step))
    address.text = traits.birth_place


# -- Read ------------------------------------------------------------------------------------------------------------


def read(
    root: Element,
    *,
    accepted: Collection[Authority] = REAL,
    key_rule: KeyRule = KeyRule.BY_AUTHORITY,
) -> Received:
    """The identity of the patient of a document, from the document or from its `recordTarget`; a guardian's is left.

    `accepted` and `key_rule` are those of `matricule.parse`. Raises Refused.
    """
    role = _role(root)
    pairs = [(one.get("extension", ""), one.get("root", "")) for one in role.findall(_tag("id"))]
    number, doubts = read_number(pairs, accepted, key_rule)
    patient = role.find(_tag("patient"))
    if patient is None:
        raise refuse(CARRIED_MISSING, "patientRole/patient")
    traits = _traits(patient, number)
    local = tuple(_local_ids(pairs, number))
    identity = Carried(traits, local_ids=local, is_date_uncertain=traits.has_uncertain_date)
    received, broken = settled(identity, number)
    return Received(received, (*doubts, *broken))


def _role(root: Element) -> Element:
    targets = [root] if root.tag == _tag("recordTarget") else root.findall(_tag("recordTarget"))
    roles = [role for target in targets for role in target.findall(_tag("patientRole"))]
    if len(roles) != 1:
        raise refuse(
            CARRIED_SHAPE, f"{len(roles)} recordTarget/patientRole", expected="recordTarget/patientRole 1..1"
        )
    return roles[0]


def _local_ids(pairs: list[tuple[str, str]], number: Ins | None) -> Iterator[LocalId]:
    known = None if number is None else (number.number, number.oid)
    yield from (LocalId(value, oid) for value, oid in pairs if value and oid and (value, oid) != known)


def _traits(patient: Element, number: Ins | None) -> Traits:
    texts = _texts(patient)
    birth, first = texts.get(("family", "BR")) or texts.get(("family", "")), texts.get(("given", "BR"))
    listed, place = texts.get(("given", ""), ""), _text(patient, "birthplace/place/addr/county")
    code = _attribute(patient, "administrativeGenderCode", "code")
    born = _attribute(patient, "birthTime", "value")
    always = {"name/family[@qualifier='BR']": birth, "name/given": first or listed, "birthTime/@value": born}
    with_number = {
        "name/given[@qualifier='BR']": first,
        "name/given": listed,
        "birthplace/place/addr/county": place,
        "administrativeGenderCode/@code": code,
    }
    required = always if number is None else {**always, **with_number}
    missing = [path for path, value in required.items() if not value]
    if not birth or not born or missing:
        raise refuse(CARRIED_MISSING, ", ".join(missing))
    day = complete(_dashed(born))
    return Traits(
        birth,
        first or listed.split()[0],
        day.value,
        _SEXES.get(code, Sex.INDETERMINATE),
        place or UNKNOWN_PLACE,
        listed,
        texts.get(("family", "CL")) or texts.get(("family", "SP"), ""),
        texts.get(("given", "CL"), ""),
        day.lunar,
    )


def _texts(patient: Element) -> dict[tuple[str, str], str]:
    """Parts of the name by element and qualifier; several of one kind are joined by a space."""
    texts: dict[tuple[str, str], str] = {}
    for part in ("family", "given"):
        for element in patient.findall(f"{_tag('name')}/{_tag(part)}"):
            key = part, element.get("qualifier", "")
            texts[key] = " ".join(f"{texts.get(key, '')} {element.text or ''}".split())
    return texts


def _text(patient: Element, path: str) -> str:
    return (patient.findtext("/".join(map(_tag, path.split("/")))) or "").strip()


def _attribute(patient: Element, name: str, attribute: str) -> str:
    found = patient.find(_tag(name))
    return "" if found is None else found.get(attribute, "")


def _dashed(value: str) -> str:
    """`19790328`, `197903` or `1979`, and what follows of the hour left out, as AAAA-MM-JJ."""
    day = value[:8]
    if not (day.isascii() and day.isdigit() and len(day) >= _SHORTEST_DATE):
        raise refuse(CARRIED_SHAPE, value, expected="birthTime AAAAMMJJ")
    return "-".join(filter(None, (day[:4], day[4:6], day[6:8])))
