"""What a professional practises, as the directory says it at the moment of a login."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from socle.engines.fhirstore.write import writing
from socle.foundations.directory.demo import VILLAGE, personas, write_territory
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.loading.load import load_files
from socle.foundations.directory.practice import find_professional
from socle.foundations.directory.registration.numbers import national_id
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database
from socle.standards.annuaire.files import ACTIVITY, Kind
from socle.standards.psc.claims import ACTIVITY_KEYS, Professional, userinfo_claims
from tests.foundations.directory.registration.house import (
    NURSE,
    OTHER,
    STRUCTURE,
    fill,
    now,
    nurse,
    published,
)
from tests.foundations.directory.strategies import text_of
from tests.support.directory import load_texts


def found(database: Database, number: str) -> Professional:
    with database.reading() as session:
        person = find_professional(session, number)
    assert person is not None
    return person


def rows_of(path: Path, number: str) -> list[dict[str, str]]:
    """The lines of the activity file that are of this person."""
    _, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(ACTIVITY.columns, line.split("|"), strict=False)) for line in lines]
    return [row for row in rows if row["national_id"] == number]


def test_the_people_of_the_demonstration(database: Database, tmp_path: Path) -> None:
    written = write_territory(tmp_path / "village", VILLAGE)
    load_files(database, written.files, mode=Mode.FULL, rejects=tmp_path)
    activity_file = next(path for path in written.files if "Personne_activite" in path.name)
    doctor = found(database, national_id(personas.CARDIOLOGIST))
    assert (doctor.family_name, doctor.given_name, doctor.civility) == ("EXEMPLE", "NORA", "MME")
    (exercise,) = doctor.exercises
    assert (exercise.profession, exercise.category, exercise.civility) == ("10", "C", "DR")
    assert (exercise.skill_type, exercise.skill) == ("S", "SM04")
    assert Counter(one.mode for one in exercise.activities) == Counter("LS")
    everyone = (personas.CARDIOLOGIST, personas.NURSE, personas.PHARMACIST)
    for number in map(national_id, everyone):
        person = found(database, number)
        stated = rows_of(activity_file, number)
        assert stated
        # Each line of the file is one activity, in the columns that Pro Santé Connect gives on.
        told = [{name: asdict(one)[name] for name in ACTIVITY_KEYS} for one in person.activities]
        expected = [{name: row[name] for name in ACTIVITY_KEYS} for row in stated]
        assert sorted(map(str, told)) == sorted(map(str, expected))
        assert {exercise.profession for exercise in person.exercises} == {row["profession"] for row in stated}
    claims = userinfo_claims(doctor, subject="f:x:y", scopes=("scope_all",))
    hospital = claims["SubjectRefPro"]["exercices"][0]["activities"]
    assert any(one["numeroFinessetablissementJuridique"] for one in hospital)


def test_an_activity_keeps_its_profession_and_each_line_its_own_address(
    database: Database, tmp_path: Path
) -> None:
    """Two professions in one place, which two lines describe otherwise: the resources of the API cannot tell."""
    lines = [
        nurse(profession="60", skill_type="", mode="S", role="FON-05"),
        nurse(
            profession="70",
            mode="L",
            role="FON-01",
            structure_name="AUTRE NOM",
            post_office="69003 LYON CEDEX",
        ),
        nurse(OTHER, profession="70", mode="S", skill_type="S", skill="SM54"),
    ]
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, lines)})
    person = found(database, NURSE)
    told = {
        (exercise.profession, exercise.skill, one.mode, one.structure_name, one.post_office)
        for exercise in person.exercises
        for one in exercise.activities
    }
    assert told == {
        ("60", "", "S", "EHPAD DES FABLES", "69003 LYON"),
        ("70", "", "L", "AUTRE NOM", "69003 LYON CEDEX"),
        ("70", "SM54", "S", "EHPAD DES FABLES", "69003 LYON"),
    }
    assert len(person.activities) == 3


def test_only_what_is_published_counts(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    with database.reading() as session:
        assert find_professional(session, "899999999999") is None
    with writing(database, PUBLIC, "a load under way"):
        assert len(found(database, NURSE).activities) == 2
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [nurse(OTHER)])})
    assert [one.finess for one in found(database, NURSE).activities] == [OTHER]
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [nurse(OTHER, "810000000019")])})
    with database.reading() as session:
        assert find_professional(session, NURSE) is None


def test_a_registered_role_gives_that_role_in_that_structure_and_nothing_else(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    number = now(database, published(database).registration).national_id
    person = found(database, number)
    (exercise,), (activity,) = person.exercises, person.activities
    assert (person.family_name, person.given_name, person.civility) == ("MODÈLE", "CAMILLE", "MME")
    assert (exercise.profession, exercise.skill) == ("", "")
    assert (activity.role, activity.mode, activity.finess) == ("318", "S", STRUCTURE)
    assert (activity.structure_name, activity.postal_code) == ("EHPAD DES FABLES", "69003")
    claims = userinfo_claims(person, subject="f:x:y", scopes=("scope_all",))
    assert claims["SubjectRole"] == ["318^1.2.250.1.213.1.6.1.107"]
    assert claims["SubjectOrganization"] == "EHPAD DES FABLES"
