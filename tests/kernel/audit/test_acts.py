"""What readers of the trail do: sealed details open for auditors only, with a reason, and the trail says so."""

import orjson
import pytest

from socle.kernel.access import AUDITOR, OPERATOR, Refused, Role
from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.audit import acts
from socle.kernel.audit.faults import DETAILS_REASON, NO_ENTRY
from socle.kernel.audit.queries import find
from socle.kernel.audit.verification import verify
from socle.kernel.audit.wanted import Wanted
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.erasure import Reason, erase_subject
from socle.kernel.sealing import unseal
from socle.kernel.work import record
from tests.support.trail import READ, drain, entry


def somebody(role: Role, assurance: Assurance = Assurance.SUBSTANTIAL) -> Acting:
    actor = Actor(ActorKind.AGENT, "reader", assurance, roles=frozenset({role.code}))
    return Acting(actor, door="page", client="192.0.2.9")


READER = somebody(AUDITOR)


@pytest.fixture
def position(database: Database) -> int:
    """Of an entry with details of both kinds."""
    with database.unit() as unit:
        record(unit, entry(7, subject_details={"reason": "urgence"}))
    drain(database)
    with database.reading() as session:
        return find(session, Wanted(actions=frozenset({READ.code})), 1).entries[0].position


def opened(database: Database, position: int, reason: str = "plainte 12", by: Acting = READER) -> acts.Opened:
    with database.unit() as unit:
        return acts.open_details(unit, by, position=position, reason=reason)


def test_details_open_with_a_reason_that_stays(database: Database, position: int) -> None:
    found = opened(database, position)
    assert found == acts.Opened({"subject": {"reason": "urgence"}, "actor": {"client": "192.0.2.7"}}, (), ())
    drain(database)
    with database.reading() as session:
        (told,) = find(session, Wanted(actions=frozenset({acts.OPENED.code})), 9).entries
        assert (told.document["subject"], told.document["data"]) == (
            "record:7",
            {"subject": True, "actor": True},
        )
        sealed = told.sealed[1]
        assert sealed is not None
        assert unseal(session, "agent:reader", told.place, sealed) == {
            "reason": "plainte 12",
            "client": "192.0.2.9",
        }
    assert b"plainte" not in told.facts
    assert verify(database).findings == []


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_opens(database: Database, position: int, reason: str) -> None:
    with pytest.raises(SocleError) as refused:
        opened(database, position, reason)
    assert refused.value.kind is DETAILS_REASON


@pytest.mark.parametrize("by", [somebody(OPERATOR), somebody(AUDITOR, Assurance.LOW)])
def test_they_open_for_auditors_with_both_factors_only(database: Database, position: int, by: Acting) -> None:
    with pytest.raises(Refused):
        opened(database, position, by=by)
    with pytest.raises(Refused), database.unit() as unit:
        acts.note(unit, acts.searched(by, "", 0))


def test_what_is_not_there_is_not_opened(database: Database, position: int) -> None:
    with pytest.raises(SocleError) as refused:
        opened(database, position + 10)
    assert refused.value.kind is NO_ENTRY


def test_what_was_erased_stays_closed(database: Database, position: int) -> None:
    with database.unit() as unit:
        erase_subject(unit, "record:7", Reason.REQUEST)
    found = opened(database, position)
    assert (found.details, found.gone) == ({"actor": {"client": "192.0.2.7"}}, ("subject",))


def test_what_was_changed_does_not_open(database: Database, position: int) -> None:
    with database.unit() as unit:
        unit.execute(
            "UPDATE audit_entry SET actor_sealed = ?1 WHERE position = ?2", b"\x01" + bytes(40), position
        )
    found = opened(database, position)
    assert (found.details, found.damaged) == ({"subject": {"reason": "urgence"}}, ("actor",))


def test_reading_an_entry_is_about_whom_it_is_about(database: Database, position: int) -> None:
    with database.reading() as session:
        (one,) = [one for one in find(session, Wanted(), 9).entries if one.position == position]
    with database.unit() as unit:
        acts.note(unit, acts.read(READER, one, "proof"))
    with database.reading() as session:
        ((facts,),) = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq DESC LIMIT 1")
    told = orjson.loads(bytes(facts))
    assert (told["subject"], told["target"], told["data"]) == (
        "record:7",
        f"AuditEvent/{one.fhir_id}",
        {"as": "proof"},
    )
