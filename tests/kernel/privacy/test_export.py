"""What a person is given of the trail: who acted on their data, with what is sealed under their own key."""

from socle.kernel.audit.sequencer import sequence
from socle.kernel.db import Database
from socle.kernel.privacy.erasure import Reason, erase
from socle.kernel.privacy.export import export_person
from tests.support.keeping import WORD, look


def looked(db: Database) -> None:
    look(db, "1", agent="ada")
    look(db, "2", agent="ada")
    while sequence(db):
        pass


def test_entries_about_a_person_come_with_their_own_details(database: Database) -> None:
    looked(database)
    with database.reading() as session:
        trail = export_person(session, "record:1")["trail"]
    assert [entry["facts"]["subject"] for entry in trail["about"]] == ["record:1"]
    assert [entry["details"] for entry in trail["about"]] == [{"said": f"1 {WORD}"}]
    assert trail["by"] == []


def test_an_actor_is_given_what_they_did_without_others_details(database: Database) -> None:
    looked(database)
    with database.reading() as session:
        trail = export_person(session, "agent:ada")["trail"]
    assert [entry["details"] for entry in trail["by"]] == [{"client": f"ada {WORD}"}] * 2
    assert "said" not in str(trail)


def test_details_that_do_not_open_do_not_keep_the_others(database: Database) -> None:
    looked(database)
    look(database, "1", agent="ada")
    while sequence(database):
        pass
    with database.unit() as unit:
        unit.execute("UPDATE audit_entry SET subject_sealed = actor_sealed WHERE position = 0")
    with database.reading() as session:
        about = export_person(session, "record:1")["trail"]["about"]
    assert [entry["details"] for entry in about] == [{"said": f"1 {WORD}"}, {"unreadable": "sealed-damaged"}]


def test_an_erased_person_has_entries_and_no_details(database: Database) -> None:
    looked(database)
    erase(database, "record:1", Reason.REQUEST)
    with database.reading() as session:
        about = export_person(session, "record:1")["trail"]["about"]
    assert [entry["details"] for entry in about] == [None]
