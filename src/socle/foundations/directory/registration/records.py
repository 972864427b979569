"""Registrations as they are kept: coded facts in clear, the person sealed under the registration's own key."""

import hmac
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final, NamedTuple

from socle.foundations.directory.registration.contract import Contract, ContractKind
from socle.foundations.directory.registration.person import Person, person_of
from socle.foundations.directory.registration.states import State
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.envelopes import key_to_read, key_to_seal
from socle.kernel.keyring.faults import ERASED
from socle.kernel.sealing import seal, unseal

TABLE: Final = "directory_registration"
# A key of its own in the key ring: unlike one derived from the master, it outlives a change of the master.
_INDEX_SUBJECT: Final = "index:directory.registration"
_COLUMNS: Final = (
    "id, state, structure, role, contract, starts, ends, due, declared, entered, traits_key, email_key, sealed, "
    "evidence, national_id, reason, matched, apart"
)
_SELECT: Final = f"SELECT {_COLUMNS} FROM {TABLE} "

NOT_RESTRICTED: Final = (
    f"NOT EXISTS (SELECT 1 FROM privacy_restriction r WHERE r.subject = 'registration:' || {TABLE}.id)"
)
"""In SQL: those whose person did not have their data frozen (GDPR art. 18)."""


@dataclass(frozen=True, slots=True)
class Registration:
    """`due` is the last day of what is waited for; `entered` when its state began, `declared` when it was made
    (microseconds UTC). `evidence` says how the identity was verified. `national_id` is empty until the validation;
    `matched` is that of a person of the national files who may be the same, `apart` those whom the employer said to be
    others. `reason` is why it is closed or abandoned. `person` is None once erased."""

    id: str
    state: State
    structure: str
    contract: Contract
    due: date | None
    declared: int
    entered: int
    traits_key: bytes
    email_key: bytes
    person: Person | None
    evidence: str = ""
    national_id: str = ""
    reason: str = ""
    matched: str = ""
    apart: frozenset[str] = frozenset()

    @property
    def subject(self) -> str:
        return subject_of(self.id)

    @property
    def target(self) -> str:
        return f"Registration/{self.id}"

    @property
    def place(self) -> str:
        """Where it stands in a list, for `page_of_structure`."""
        return f"{self.entered}-{self.id}"


def subject_of(registration: str) -> str:
    """The name under which the person's details are sealed: a registration is all that is known of somebody before
    their identity is verified."""
    return f"registration:{registration}"


def place_of(registration: str, column: str = "sealed") -> str:
    return f"{TABLE}.{column}:{registration}"


def by_id(session: Session, id: str) -> Registration | None:
    row = session.fetch_one(f"{_SELECT} WHERE id = ?1", id)
    return _read(session, row) if row else None


def by_follow(session: Session, digest: bytes) -> Registration | None:
    row = session.fetch_one(f"{_SELECT} WHERE follow = ?1", digest)
    return _read(session, row) if row else None


def of_structure(session: Session, structure: str, states: frozenset[State]) -> list[Registration]:
    """The registrations of a structure in some states, what has waited longest first."""
    condition = f"structure = ?1 AND {_in_states(states, matched=False)}"
    rows = session.fetch(f"{_SELECT} WHERE {condition} ORDER BY entered, id", structure)
    return [_read(session, row) for row in rows]


def page_of_structure(
    session: Session,
    structure: str,
    states: frozenset[State],
    limit: int,
    after: str = "",
    *,
    matched: bool = False,
) -> list[Registration]:
    """The same, `limit` at most, from behind a place on (`Registration.place`; what is none is the beginning);
    `matched`: only those whom the national files may name."""
    entered, _, id = after.partition("-")
    known = entered.isascii() and entered.isdigit() and len(entered) < 18
    rows = session.fetch(
        f"{_SELECT} WHERE structure = ?1 AND {_in_states(states, matched)} "
        "AND (entered > ?2 OR (entered = ?2 AND id > ?3)) ORDER BY entered, id LIMIT ?4",
        *(structure, int(entered) if known else -1, id if known else "", limit),
    )
    return [_read(session, row) for row in rows]


def count_of_structure(
    session: Session, structure: str, states: frozenset[State], *, matched: bool = False
) -> int:
    sql = f"SELECT count(*) FROM {TABLE} WHERE structure = ?1 AND {_in_states(states, matched)}"
    return int(session.fetch(sql, structure)[0][0])


def _in_states(states: frozenset[State], matched: bool) -> str:
    listed = ", ".join(f"'{state.value}'" for state in sorted(states))
    return f"state IN ({listed})" + (" AND matched <> ''" if matched else "")


def of_person(session: Session, traits_key: bytes) -> list[Registration]:
    """Every registration of one person, as far as the traits tell."""
    rows = session.fetch(f"{_SELECT} WHERE traits_key = ?1 ORDER BY declared, id", traits_key)
    return [_read(session, row) for row in rows]


def ids(session: Session, condition: str, *parameters: Any, limit: int = 1_000) -> list[str]:
    """Some registrations that meet a condition in SQL, the oldest first."""
    sql = f"SELECT id FROM {TABLE} WHERE {condition} ORDER BY declared, id LIMIT {limit}"
    return [id for (id,) in session.fetch(sql, *parameters)]


class Line(NamedTuple):
    """A registration as an operator sees it: nobody is named."""

    id: str
    state: str
    structure: str
    role: str
    ends: str
    due: str
    entered: int


def overview(session: Session, *, state: str = "", structure: str = "") -> list[Line]:
    """The newest thousand, of one state and one structure or of all."""
    rows = session.fetch(
        f"SELECT id, state, structure, role, ends, due, entered FROM {TABLE} "
        "WHERE (?1 = '' OR state = ?1) AND (?2 = '' OR structure = ?2) ORDER BY entered DESC, id LIMIT 1000",
        state,
        structure,
    )
    return [Line._make(row) for row in rows]


def add(unit: Unit, one: Registration, follow: bytes) -> None:
    values = _values(unit, one)
    columns = ", ".join((*values, "follow", "code_expires", "compared"))
    marks = ", ".join(f"?{n}" for n in range(1, len(values) + 2))
    unit.execute(f"INSERT INTO {TABLE} ({columns}) VALUES ({marks}, 0, 0)", *values.values(), follow)


def replace_in(unit: Unit, before: Registration, after: Registration) -> bool:
    """Write what changed; False when somebody else changed the state meanwhile."""
    values = _values(unit, after)
    if after.person == before.person:
        del values["sealed"]
    changes = ", ".join(f"{name} = ?{n}" for n, name in enumerate(values, 3))
    sql = f"UPDATE {TABLE} SET {changes} WHERE id = ?1 AND state = ?2"
    return unit.execute(sql, before.id, before.state.value, *values.values()) == 1


def _values(unit: Unit, one: Registration) -> dict[str, Any]:
    contract = one.contract
    return {
        "id": one.id,
        "state": one.state.value,
        "structure": one.structure,
        "role": contract.role,
        "contract": contract.kind.value,
        "starts": contract.starts.isoformat(),
        "ends": contract.ends.isoformat() if contract.ends else "",
        "due": one.due.isoformat() if one.due else "",
        "declared": one.declared,
        "entered": one.entered,
        "evidence": one.evidence,
        "national_id": one.national_id,
        "reason": one.reason,
        "matched": one.matched,
        "apart": " ".join(sorted(one.apart)),
        "traits_key": one.traits_key,
        "email_key": one.email_key,
        "sealed": seal(unit, one.subject, place_of(one.id), one.person.as_json()) if one.person else None,
    }


def _read(session: Session, row: tuple[Any, ...]) -> Registration:
    id, state, structure, role, kind, starts, ends, due, declared, entered, *rest = row
    traits_key, email_key, sealed, evidence, national_id, reason, matched, apart = rest
    return Registration(
        id=id,
        state=State(state),
        structure=structure,
        contract=Contract(role, ContractKind(kind), date.fromisoformat(starts), _day(ends)),
        due=_day(due),
        declared=declared,
        entered=entered,
        traits_key=bytes(traits_key),
        email_key=bytes(email_key),
        person=_opened(session, id, sealed),
        evidence=evidence,
        national_id=national_id,
        reason=reason,
        matched=matched,
        apart=frozenset(apart.split()),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _opened(session: Session, id: str, sealed: bytes | None) -> Person | None:
    if sealed is None:
        return None
    try:
        return person_of(unseal(session, subject_of(id), place_of(id), sealed))
    except SocleError as refusal:
        if refusal.kind is not ERASED:
            raise
        return None


def index_key_read(session: Session, what: str, text: str) -> bytes | None:
    """`index_key` where nothing may be written; None as long as nobody has registered."""
    key = key_to_read(session, _INDEX_SUBJECT)
    return hmac.digest(key, f"{what}:{text}".encode(), sha256) if key else None


def index_key(unit: Unit, what: str, text: str) -> bytes:
    """What a text is looked up by, which says nothing of it to whom lacks the key (HMAC-SHA-256)."""
    return hmac.digest(key_to_seal(unit, _INDEX_SUBJECT), f"{what}:{text}".encode(), sha256)
