"""Self-registered roles of the demonstration: people of the hospital of the personas, each at another point of the way,
brought there by the acts themselves."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from socle.foundations.directory.registration.acts import employer
from socle.foundations.directory.registration.acts import person as acts
from socle.foundations.directory.registration.contract import Contract, ContractKind
from socle.foundations.directory.registration.person import Person
from socle.kernel.actors import ANONYMOUS, BY_SYSTEM, Acting
from socle.kernel.clock import business_date
from socle.kernel.db import Database
from socle.standards.fhir.text import fold

HOSPITAL: Final = "690900006"
_BY_PERSON: Final = Acting(ANONYMOUS, door="demonstration")


class Someone(NamedTuple):
    """`reaches` is how far they are: the acts of the employer, in order. `days` is when the contract ends, from today,
    0 for never."""

    birth_name: str
    given_name: str
    sex: str
    born: str
    role: str
    days: int
    confirms: bool
    reaches: tuple[str, ...] = ()


PEOPLE: Final = (
    Someone("Fable", "Lina", "F", "1991-04-12", "350", 180, True, ("identify", "validate")),
    Someone("Conte", "Hugo", "M", "1984-09-30", "326", 0, True, ("identify", "validate")),
    Someone("Légende", "Maya", "F", "1998-01-05", "331", 60, True, ("identify",)),
    Someone("Récit", "Paul", "M", "1975-06-21", "330", 0, True),
    Someone("Proverbe", "Inès", "F", "2000-11-02", "332", 30, True, ("correct",)),
    Someone("Rime", "Tom", "M", "1995-03-17", "360", 15, False),
    Someone("Strophe", "Anna", "F", "1969-12-08", "367", 90, True, ("refuse",)),
    Someone("Couplet", "Léo", "M", "1993-08-25", "318", 7, True, ("identify", "validate", "end")),
)


def register_people(db: Database) -> int:
    """How many registered; those who are validated are published by the outbox."""
    for someone in PEOPLE:
        _register(db, someone)
    return len(PEOPLE)


def _register(db: Database, someone: Someone) -> None:
    today = business_date()
    kind = ContractKind.FIXED_TERM if someone.days else ContractKind.PERMANENT
    ends = today + timedelta(days=someone.days) if someone.days else None
    born = date.fromisoformat(someone.born)
    email = f"{fold(someone.given_name)}.{fold(someone.birth_name)}@exemple.test"
    person = Person(someone.birth_name, someone.given_name, someone.sex, born, "Lyon", email)
    contract = Contract(someone.role, kind, today - timedelta(days=30), ends)
    with db.unit() as unit:
        made = acts.declare(unit, _BY_PERSON, person=person, contract=contract, structure=HOSPITAL)
        code = acts.read_code(unit, BY_SYSTEM, registration=made.registration)
    if someone.confirms:
        acts.confirm_address(db, _BY_PERSON, token=made.token, code=code)
    for step in someone.reaches:
        with db.unit() as unit:
            _steps()[step](unit, made.registration)


def _steps() -> dict[str, Callable[[Any, str], Any]]:
    yesterday = business_date() - timedelta(days=1)
    said = "Le contrat que nous avons signé porte une autre date : regardez-le de nouveau."
    elsewhere = "Vous travaillez pour une autre structure : déclarez-la."
    return {
        "identify": lambda unit, id: employer.verify_identity(
            unit, BY_SYSTEM, registration=id, evidence="identity-card"
        ),
        "validate": lambda unit, id: employer.validate(unit, BY_SYSTEM, registration=id),
        "correct": lambda unit, id: employer.ask_correction(unit, BY_SYSTEM, registration=id, why=said),
        "refuse": lambda unit, id: employer.refuse(unit, BY_SYSTEM, registration=id, why=elsewhere),
        "end": lambda unit, id: employer.change_end(unit, BY_SYSTEM, registration=id, ends=yesterday),
    }
