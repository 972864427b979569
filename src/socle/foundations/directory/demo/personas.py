"""People of the demonstration whom every size has, with the same RPPS numbers and the same workplaces.

They live in Lyon 3e: a cardiologist who also works at the hospital, a self-employed nurse, a pharmacy owner.
"""

from __future__ import annotations

from socle.foundations.directory.demo.kinds import KINDS, OFFICE
from socle.foundations.directory.demo.people import Activity, Person
from socle.foundations.directory.demo.places import Address, places
from socle.foundations.directory.demo.professions import PROFILES, Skill
from socle.foundations.directory.demo.structures import Builder, Structure, Structures
from socle.standards.annuaire.identifiers import luhn_key
from socle.territory.fr.names import Gender

DEPARTMENT = "69"
HOSPITAL = "CENTRE HOSPITALIER FICTIF DE LYON"
CARDIOLOGIST = "8997001001" + str(luhn_key("8997001001"))
NURSE = "8997001002" + str(luhn_key("8997001002"))
PHARMACIST = "8997001003" + str(luhn_key("8997001003"))
COUNT = 3

_LYON_3 = "69383"
# Kind, name, address.
_WORKPLACES = (
    ("hospital", HOSPITAL, "1 AV DES FABLES"),
    ("hospital", f"{HOSPITAL} - SITE DES FABLES", "5 AV DES FABLES"),
    ("pharmacy", "PHARMACIE DE LA FABLE", "12 R DE LA CIGALE"),
    (OFFICE, "CABINET DU DR NORA EXEMPLE", "3 CRS LAFAYETTE"),
    (OFFICE, "CABINET MME JEANNE DUPONT", "8 R DE LA FOURMI"),
)
STRUCTURES = len(_WORKPLACES)


def settle(builder: Builder, structures: Structures) -> list[Person]:
    """Make the personas and their structures, before any other of the department.

    Their FINESS numbers are then the first of the fictional series, in every size.
    """
    lyon = next(place for place in places(DEPARTMENT) if place.insee == _LYON_3)
    made = [builder.one(KINDS[kind], lyon) for kind, _, _ in _WORKPLACES]
    for rank, (structure, (_, name, street)) in enumerate(zip(made, _WORKPLACES, strict=True), 1):
        _furnish(structure, rank, name, street)
    hospital, annex, _, cardiology, nursing = made
    cardiology.id, nursing.id = "R10109999999901", "R10109999999902"
    annex.finess_ej = hospital.finess_ej
    annex.mailbox = hospital.mailbox = "secretariat@ch-fictif-lyon.mssante.example"
    ranks = [_add(structures, structure) for structure in made]
    return _people(*ranks)


def _furnish(structure: Structure, rank: int, name: str, street: str) -> None:
    number, street_type, street_name = street.split(" ", 2)
    structure.address = Address(number, "", street_type, street_name, "", "")
    structure.name = structure.recipient = name
    structure.phone = f"04657100{rank:02d}"
    structure.trade_name = structure.phone_2 = structure.fax = structure.email = ""


def _people(hospital: int, _annex: int, pharmacy: int, cardiology: int, nursing: int) -> list[Person]:
    doctor = _person(CARDIOLOGIST, "F", "EXEMPLE", "NORA", "10")
    doctor.skills = (Skill("S", "SM04"),)
    doctor.activities = [
        Activity(cardiology, "L", "FON-01", "", "GENR01"),
        Activity(hospital, "S", "FON-33", "", "GENR01"),
    ]
    nurse = _person(NURSE, "F", "DUPONT", "JEANNE", "60")
    nurse.activities = [Activity(nursing, "L", "FON-01", "", "GENR01")]
    pharmacist = _person(PHARMACIST, "M", "MODÈLE", "KARIM", "21")
    pharmacist.activities = [Activity(pharmacy, "L", "FON-03", "A", "GENR01")]
    for person, name in ((doctor, "nora.exemple"), (nurse, "jeanne.dupont"), (pharmacist, "karim.modele")):
        person.mailbox = f"{name}@lyon.mssante.example"
    return [doctor, nurse, pharmacist]


def _add(structures: Structures, structure: Structure) -> int:
    """Other people may work at the hospital and the pharmacy; the practices stay the personas' own."""
    if structure.kind.id == OFFICE:
        structures.all.append(structure)
        return len(structures.all) - 1
    return structures.add(structure)


def _person(number: str, gender: Gender, family: str, given: str, code: str) -> Person:
    profile = next(profile for profile in PROFILES if profile.code == code)
    title = "DR" if profile.doctor else ""
    authority = profile.authority
    return Person(
        number, gender, family, given, profile, code, "C", title, authority, diploma=profile.diploma
    )
