"""What the directory shows of registered roles: like any other, as long as the contract runs, whatever files are
loaded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from socle.app.manifests import house
from socle.engines.fhirstore.write import writing
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.registration.acts import clocks, employer, matching
from socle.foundations.directory.registration.faults import OTHER_PERSON, RESTRICTED
from socle.foundations.directory.registration.lookup import namesakes
from socle.foundations.directory.registration.privacy import forget_registrations
from socle.foundations.directory.registration.states import State
from socle.foundations.directory.statements import organization_id
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.access import OPERATOR
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.personal import person, sealed_person
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.clock import business_date
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.holdings import Holdings
from socle.kernel.privacy.restriction import lift, restrict
from socle.standards.annuaire import systems
from socle.standards.annuaire.files import ACTIVITY, Kind
from socle.standards.annuaire.identifiers import Check, check_person
from tests.foundations.directory.registration.house import (
    CAMILLE,
    NURSE,
    OTHER,
    STRUCTURE,
    confirmed,
    decided,
    fill,
    now,
    nurse,
    published,
    roles,
    shown,
    validated,
    work,
)
from tests.foundations.directory.strategies import text_of
from tests.support.directory import everything, load_texts
from tests.support.outbox import Stopped, states


def test_a_registered_person_is_shown_like_any_other(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    before = everything(database)
    made = published(database)
    one = now(database, made.registration)
    assert check_person(one.national_id) is Check.OK
    assert one.national_id.startswith("88999")
    person, (role,) = shown(database, one.national_id), roles(database, one.national_id)
    assert person["name"] == [{"use": "usual", "family": "MODÈLE", "given": ["CAMILLE"], "prefix": ["MME"]}]
    assert [number["value"] for number in person["identifier"]] == [one.national_id, one.national_id[1:]]
    assert role["organization"]["reference"] == f"Organization/{organization_id(STRUCTURE)}"
    codes = {coding["code"] for concept in role["code"] for coding in concept["coding"]}
    assert codes == {"S", "318"}
    decided(database, employer.change_end, made.registration, ends=business_date() - timedelta(days=1))
    work(database)
    assert now(database, made.registration).state is State.CLOSED
    assert roles(database, one.national_id) == []
    gone = shown(database, one.national_id)
    assert (gone["active"], gone.get("name")) == (False, None)
    after = everything(database)
    assert after["statements"] == before["statements"]
    assert {key for key in after["resources"] if key not in before["resources"]} == {
        ("Practitioner", person["id"]),
        ("PractitionerRole", role["id"]),
    }


def test_no_load_takes_a_registered_role_away(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    one = now(database, published(database).registration)
    for mode in Mode:
        lines = [nurse(), nurse(OTHER, family_name="DURAND")]
        load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, lines)}, mode)
        assert len(roles(database, one.national_id)) == 1
        assert shown(database, one.national_id)["active"]


def test_a_publication_waits_for_a_load_and_comes_after_it(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    made = validated(database)
    clock = Stopped()
    with writing(database, PUBLIC, "a long load"):
        work(database, clock=clock)
        assert now(database, made.registration).state is State.VALIDATED
        assert [(name, state) for name, _, state, _ in states(database)] == [
            ("registration-publishing", "waiting")
        ]
    clock.pass_by(10)
    work(database, clock=clock)
    assert now(database, made.registration).state is State.PUBLISHED
    assert states(database) == []


def test_a_publication_that_was_parked_is_asked_for_again(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    made = validated(database)
    with writing(database, PUBLIC, "a long load"):
        work(database, tries=1)
    assert now(database, made.registration).state is State.VALIDATED
    with database.unit() as unit:
        unit.execute("UPDATE outbox_delivery SET state = 'set-aside'")
    assert clocks.daily(database)["published"] == 1
    work(database)
    assert now(database, made.registration).state is State.PUBLISHED


def test_a_store_left_by_a_load_that_died_is_freed_by_the_daily_pass(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    made = validated(database)
    left = writing(database, PUBLIC, "a load that dies")
    left.__enter__()
    clocks.daily(database)
    work(database)
    assert now(database, made.registration).state is State.PUBLISHED


def test_one_person_keeps_one_number(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    first = now(database, published(database).registration)
    second = now(database, published(database, structure=OTHER).registration)
    assert second.national_id == first.national_id
    assert len(roles(database, first.national_id)) == 2
    decided(database, employer.change_end, first.id, ends=business_date() - timedelta(days=1))
    work(database)
    (left,) = roles(database, first.national_id)
    assert left["organization"]["reference"].endswith(organization_id(OTHER))
    assert shown(database, first.national_id)["active"]


def test_a_role_is_shown_from_the_first_day_of_its_contract_to_the_last(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    tomorrow = business_date() + timedelta(days=1)
    made = validated(database, starts=tomorrow, ends=tomorrow + timedelta(days=1))
    work(database)
    seen = []
    for days in range(5):
        with time_machine.travel(timedelta(days=days), tick=True):
            clocks.daily(database)
            work(database)
            one = now(database, made.registration)
            seen.append((one.state, len(roles(database, one.national_id))))
    assert seen == [
        (State.VALIDATED, 0),
        *[(State.PUBLISHED, 1)] * 2,
        *[(State.CLOSED, 0)] * 2,
    ]


# -- Persons whom the national files come to name


def test_a_namesake_of_the_same_structure_is_told_and_joined_when_the_employer_says_so(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    made = published(database)
    own = now(database, made.registration).national_id
    twin = nurse(national_id="810000000019", family_name="MODELE", given_name="CAMILLE")
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [nurse(), twin])})
    work(database)
    assert now(database, made.registration).matched == "810000000019"
    decided(database, matching.reconcile, made.registration)
    work(database)
    assert now(database, made.registration).national_id == "810000000019"
    assert roles(database, own) == []
    assert shown(database, own)["active"] is False
    assert len(roles(database, "810000000019")) == 2
    assert systems.RPPS in {number["system"] for number in shown(database, "810000000019")["identifier"]}
    clocks.daily(database)
    assert now(database, made.registration).matched == ""


def test_a_namesake_who_is_somebody_else_is_told_once(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    made = published(database)
    twin = nurse(national_id="810000000019", family_name="MODELE", given_name="CAMILLE")
    for role in ("", "331"):
        lines = [nurse(), twin if not role else twin.replace("|60|", "|10|")]
        load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, lines)})
        work(database)
        one = now(database, made.registration)
        if role:
            assert one.matched == ""
        else:
            assert one.matched == "810000000019"
            decided(database, matching.keep_apart, made.registration)
    assert len(roles(database, one.national_id)) == 1


def test_somebody_else_who_comes_with_the_same_number_takes_it(database: Database, tmp_path: Path) -> None:
    """A range of fictional numbers turns out to be given: the file is right, and nobody is taken for another."""
    fill(database, tmp_path)
    made = published(database)
    own = now(database, made.registration).national_id
    lines = [nurse(), nurse(OTHER, national_id=own)]
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, lines)})
    work(database)
    assert now(database, made.registration).matched == own
    assert shown(database, own)["name"][0]["family"] == "DUPONT"
    with pytest.raises(SocleError) as refused:
        decided(database, matching.reconcile, made.registration)
    assert refused.value.kind is OTHER_PERSON
    decided(database, matching.keep_apart, made.registration)
    work(database)
    other = now(database, made.registration).national_id
    assert other != own
    assert shown(database, other)["name"][0]["family"] == CAMILLE.practice_name
    assert [len(roles(database, number)) for number in (own, other)] == [1, 1]


def test_the_employer_may_recognise_somebody_of_the_directory(database: Database, tmp_path: Path) -> None:
    known = nurse(OTHER, national_id="810000000019", family_name="MODÈLE", given_name="CAMILLE")
    fill(database, tmp_path, known)
    made = confirmed(database)
    decided(database, employer.verify_identity, made.registration, evidence="passport")
    with database.reading() as session:
        found = namesakes(session, CAMILLE)
    assert [one.national_id for one in found] == ["810000000019"]
    with pytest.raises(SocleError) as refused:
        decided(database, employer.validate, made.registration, national_id=NURSE)
    assert refused.value.kind is OTHER_PERSON
    decided(database, employer.validate, made.registration, national_id="810000000019")
    work(database)
    places = {role["organization"]["reference"] for role in roles(database, "810000000019")}
    assert places == {f"Organization/{organization_id(key)}" for key in (STRUCTURE, OTHER)}
    assert now(database, made.registration).matched == ""


@pytest.mark.parametrize(("change", "same"), [("birth_date", False), ("sex", False), ("birth_place", True)])
def test_a_namesake_born_otherwise_does_not_get_the_number(
    database: Database, tmp_path: Path, change: str, same: bool
) -> None:
    """Who holds the number here is told from a namesake by their birth, as far as it is a strict trait."""
    fill(database, tmp_path)
    first = published(database)
    own = now(database, first.registration).national_id
    otherwise: dict[str, Any] = {"birth_date": date(1971, 2, 28), "sex": "M", "birth_place": "Villeurbanne"}
    twin = replace(CAMILLE, email="autre@exemple.test", **{change: otherwise[change]})
    made = confirmed(database, twin, OTHER)
    decided(database, employer.verify_identity, made.registration, evidence="passport")
    if same:
        decided(database, employer.validate, made.registration, national_id=own)
    else:
        with pytest.raises(SocleError) as refused:
            decided(database, employer.validate, made.registration, national_id=own)
        assert refused.value.kind is OTHER_PERSON
        decided(database, employer.validate, made.registration)
    assert (now(database, made.registration).national_id == own) is same
    assert now(database, first.registration).national_id == own


def test_a_restricted_registration_is_neither_shown_nor_changed_nor_forgotten(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    made = published(database)
    one = now(database, made.registration)
    with database.unit() as unit:
        restrict(unit, BY_SYSTEM, one.subject)
    work(database)
    assert roles(database, one.national_id) == []
    with pytest.raises(SocleError, match=RESTRICTED.code):
        decided(database, employer.change_end, made.registration, ends=business_date())
    with time_machine.travel(datetime.now(UTC) + timedelta(days=4000)), database.unit() as unit:
        assert clocks.close_ended(unit) == 0
        unit.execute("UPDATE directory_registration SET state = 'closed'")
        assert forget_registrations(unit) == 0
        unit.execute("UPDATE directory_registration SET state = 'published'")
    with database.unit() as unit:
        lift(unit, BY_SYSTEM, one.subject)
    work(database)
    assert len(roles(database, one.national_id)) == 1


def test_all_that_is_held_of_somebody_is_found_and_gathered(database: Database, tmp_path: Path) -> None:
    """By address, number or RPPS: the account, the registration of its address and name, the card of its number; a
    professional of the files by their RPPS."""
    fill(database, tmp_path)
    made = published(database)
    one = now(database, made.registration)
    with database.unit() as unit:
        mine = invite(unit, BY_SYSTEM, email=CAMILLE.email, role=OPERATOR).account
        other = invite(unit, BY_SYSTEM, email="lea@exemple.test", role=OPERATOR).account
        for account, name in ((mine, CAMILLE.shown), (other, "Léa Exemple")):
            known = person(unit, account)
            unit.execute(
                "UPDATE accounts_account SET sealed = ?2 WHERE id = ?1",
                account,
                sealed_person(unit, account, name, known.email),
            )
    every = {f"agent:{mine}", one.subject, f"practitioner:{one.national_id}"}
    house_of = Holdings(house())
    with database.snapshot() as session:

        def found(words: str) -> set[str]:
            return {held.subject for held in house_of.find(session, words)}

        assert found(CAMILLE.email) == found(f"agent:{mine}") == every
        assert found(one.national_id[1:]) == found(one.id) == every - {f"agent:{mine}"}
        assert found(f"agent:{other}") == {f"agent:{other}"}
        document = house_of.gathered(session, f"agent:{mine}")
        card = house_of.exported(session, f"practitioner:{NURSE}")["directory"]
        assert found(NURSE) == found(NURSE[1:]) == {f"practitioner:{NURSE}"}
    assert document["accounts"]["email"] == CAMILLE.email
    assert document["also"][one.subject]["directory"]["national_id"] == one.national_id
    assert "Practitioner" in document["also"][f"practitioner:{one.national_id}"]["directory"]
    assert card["Practitioner"]["resourceType"] == "Practitioner"
    assert card["PractitionerRole"]
