"""A small directory with an employer in it, somebody who registers there, and its manager."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from socle.foundations.directory.registration import announced, records
from socle.foundations.directory.registration.acts import employer, matching, publishing
from socle.foundations.directory.registration.acts import person as acts
from socle.foundations.directory.registration.acts.person import Declared
from socle.foundations.directory.registration.announced import ATTACHED, STARTED, VALIDATED
from socle.foundations.directory.registration.contract import Contract, ContractKind
from socle.foundations.directory.registration.person import Person
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import State
from socle.foundations.directory.statements import practitioner_id
from socle.kernel.access import DIRECTORY_MANAGER
from socle.kernel.actors import ANONYMOUS, Acting, Actor, ActorKind, Assurance
from socle.kernel.clock import business_date
from socle.kernel.db import Database
from socle.kernel.outbox.heard import Hearing
from socle.kernel.privacy.restriction import CHANGED_EVENT
from socle.standards.annuaire.files import ACTIVITY, Kind
from tests.foundations.directory.strategies import identified, line, text_of
from tests.support.directory import load_texts, of_type, resources
from tests.support.fhir_store import Resource
from tests.support.outbox import worked

STRUCTURE, OTHER, CLOSED = "690900006", "690900014", "690900022"
NURSE = "810000000001"
VISITOR = Acting(ANONYMOUS, door="page", client="192.0.2.7")
CAMILLE = Person(
    "Modèle", "Camille", "F", date(1990, 2, 28), "Lyon", "camille@exemple.test", phone="04 65 71 00 00"
)
PUBLISHING = Hearing(
    "registration-publishing",
    frozenset(kind.code for kind in (VALIDATED, STARTED, ATTACHED, announced.CLOSED, CHANGED_EVENT)),
    publishing.hear,
)
MATCHING = Hearing("registration-matching", frozenset({"directory.loaded.1"}), matching.hear_load)


def manager(structure: str = STRUCTURE, account: str = "0123456789abcdef") -> Acting:
    """The directory manager of a structure, with both factors."""
    actor = Actor(
        ActorKind.AGENT, account, Assurance.SUBSTANTIAL, structure, frozenset({DIRECTORY_MANAGER.code})
    )
    return Acting(actor, door="page", client="192.0.2.8")


def nurse(structure: str = STRUCTURE, national_id: str = NURSE, **columns: str) -> str:
    told = {"family_name": "DUPONT", "given_name": "JEANNE", "profession": "60", "mode": "S", **columns}
    place = {
        "finess": structure,
        "structure_name": "EHPAD DES FABLES",
        "commune_label": "LYON",
        "postal_code": "69003",
        "post_office": "69003 LYON",
    }
    return line(ACTIVITY, **{**identified(national_id), **place, **told})


def fill(db: Database, folder: Path, *more: str) -> None:
    """Load the employers, each with the nurse who makes it known; `more` are other lines of the file."""
    lines = [nurse(), nurse(OTHER), nurse(CLOSED), *more]
    load_texts(db, folder, {Kind.ACTIVITY: text_of(ACTIVITY, lines)})
    load_texts(db, folder, {Kind.ACTIVITY: text_of(ACTIVITY, [one for one in lines if CLOSED not in one])})


def contract(days: int | None = 30, **changes: Any) -> Contract:
    """A fixed-term contract that began yesterday and ends so many days from now; a permanent one for None."""
    today = business_date()
    kind = ContractKind.PERMANENT if days is None else ContractKind.FIXED_TERM
    ends = None if days is None else today + timedelta(days=days)
    return replace(Contract("318", kind, today - timedelta(days=1), ends), **changes)


def declared(
    db: Database,
    person: Person = CAMILLE,
    structure: str = STRUCTURE,
    by: Acting = VISITOR,
    **changes: Any,
) -> Declared:
    with db.unit() as unit:
        return acts.declare(unit, by, person=person, contract=contract(**changes), structure=structure)


def now(db: Database, registration: str) -> Registration:
    with db.reading() as session:
        found = records.by_id(session, registration)
    assert found is not None
    return found


def code(db: Database, registration: str) -> str:
    with db.reading() as session:
        return acts.secrets_of(session, now(db, registration)).code


def confirmed(db: Database, person: Person = CAMILLE, structure: str = STRUCTURE, **changes: Any) -> Declared:
    made = declared(db, person, structure, **changes)
    acts.confirm_address(db, VISITOR, token=made.token, code=code(db, made.registration))
    return made


def decided(
    db: Database, act: Callable[..., Registration], registration: str, **arguments: Any
) -> Registration:
    """What the manager of the registration's own structure does."""
    by = manager(now(db, registration).structure)
    with db.unit() as unit:
        return act(unit, by, registration=registration, **arguments)


def validated(db: Database, person: Person = CAMILLE, structure: str = STRUCTURE, **changes: Any) -> Declared:
    made = confirmed(db, person, structure, **changes)
    decided(db, employer.verify_identity, made.registration, evidence="passport")
    decided(db, employer.validate, made.registration)
    return made


def published(db: Database, person: Person = CAMILLE, structure: str = STRUCTURE, **changes: Any) -> Declared:
    made = validated(db, person, structure, **changes)
    work(db)
    assert now(db, made.registration).state is State.PUBLISHED
    return made


def work(db: Database, **chosen: Any) -> None:
    """The outbox does what it can."""
    worked(db, [PUBLISHING, MATCHING], **chosen)


def roles(db: Database, national_id: str) -> list[Resource]:
    """The activities that the directory shows of a person."""
    reference = {"reference": f"Practitioner/{practitioner_id(national_id)}"}
    found = of_type(resources(db), "PractitionerRole")
    return [role for role in found if role["practitioner"] == reference and role["active"]]


def shown(db: Database, national_id: str) -> Resource:
    return resources(db)["Practitioner", practitioner_id(national_id)]
