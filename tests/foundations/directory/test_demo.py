"""The demonstration territory: true to the official format, fictional, the same everywhere."""

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.foundations.directory.demo import (
    DEPARTMENT,
    NATION,
    SIZES,
    TOWN,
    VILLAGE,
    Size,
    Written,
    personas,
    write_delta,
    write_territory,
)
from socle.foundations.directory.demo.files import difference, tombstone
from socle.foundations.directory.demo.model import build
from socle.foundations.directory.demo.names import NameSampler, plain
from socle.foundations.directory.demo.places import places
from socle.foundations.directory.demo.sizes import share
from socle.foundations.terminology.tables import group
from socle.standards.annuaire.files import FORMATS, MAILBOX, SKILL, FileFormat, Kind, Recognised, recognise
from socle.standards.annuaire.identifiers import (
    Check,
    check_finess,
    check_person,
    check_rpps,
    check_siren,
    check_siret,
    finess_department,
)
from socle.territory.fr.geography import communes, departments

Row = dict[str, str]

CODED = (
    *(
        "civility",
        "exercise_civility",
        "profession",
        "category",
        "skill_type",
        "skill",
        "mode",
        "street_type",
    ),
    *("sector", "pharmacist_section", "role", "activity_kind", "id_type"),
)


def rows(path: Path) -> list[Row]:
    """The lines of a file by our column names; every line must have the width of the header."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    found = recognise(header)
    assert isinstance(found, Recognised)
    return [dict(zip(found.columns, line.split("|"), strict=True)) for line in lines]


def digests(written: Written) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in written.files]


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("village"), VILLAGE)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("town"), TOWN)


@pytest.fixture(scope="module")
def activity(town: Written) -> list[Row]:
    return rows(town.files[0])


def test_the_same_seed_gives_the_same_bytes(village: Written, tmp_path: Path) -> None:
    assert digests(write_territory(tmp_path, VILLAGE)) == digests(village)


def test_another_process_gives_the_same_bytes(village: Written, tmp_path: Path) -> None:
    program = "\n".join(
        (
            "import sys; from pathlib import Path",
            "from socle.foundations.directory.demo import VILLAGE, write_territory",
            "write_territory(Path(sys.argv[1]), VILLAGE)",
        )
    )
    environment = {"PYTHONHASHSEED": "4242", "PYTHONPATH": ":".join(path for path in sys.path if path)}
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True, env=environment)
    names = [path.name for path in village.files]
    assert [(tmp_path / name).read_bytes() for name in names] == [path.read_bytes() for path in village.files]


def test_another_seed_gives_other_people(village: Written, tmp_path: Path) -> None:
    others = write_territory(tmp_path, VILLAGE, seed=2)
    assert digests(others)[0] != digests(village)[0]
    assert (others.persons, others.structures) == (village.persons, village.structures)


def test_files_bear_the_official_names(tmp_path: Path) -> None:
    written = write_territory(tmp_path, VILLAGE, day=date(2026, 3, 1))
    assert [path.name for path in written.files] == [
        "PS_LibreAcces_Personne_activite_202603010600.txt",
        "PS_LibreAcces_SavoirFaire_202603010600.txt",
        "PS_LibreAcces_Dipl_AutExerc_202603010600.txt",
        "Extraction_Correspondance_MSSante_202603010600.txt",
    ]


@pytest.mark.parametrize("name", ["village", "town"])
def test_a_territory_has_the_announced_size(name: str, request: pytest.FixtureRequest) -> None:
    written, size = request.getfixturevalue(name), SIZES[name]
    lines = rows(written.files[0])
    assert (written.persons, written.structures, written.lines) == (size.persons, size.structures, len(lines))
    assert len({row["id"] for row in lines}) == size.persons
    assert len({row["structure_id"] for row in lines} - {""}) == size.structures
    assert 1.4 < len(lines) / size.persons < 1.8


def test_every_file_is_in_the_official_format(town: Written) -> None:
    for path, form in zip(town.files, FORMATS.values(), strict=True):
        header = path.read_text(encoding="utf-8").partition("\n")[0]
        found = recognise(header)
        assert isinstance(found, Recognised)
        assert (found.format, found.columns) == (form, form.columns)
        assert rows(path)
        assert path.read_bytes().endswith(b"\n")


def test_every_number_has_a_valid_key(activity: list[Row]) -> None:
    checks = {"id": check_rpps, "national_id": check_person, "siret": check_siret, "siren": check_siren}
    checks |= {"finess": check_finess, "finess_ej": check_finess}
    for column, check in checks.items():
        values = {row[column] for row in activity} - {""}
        assert values
        assert {check(value) for value in values} == {Check.OK}


def test_every_number_is_in_a_fictional_series(activity: list[Row]) -> None:
    assert {row["id"][:3] for row in activity} == {"899"}
    assert {row["siren"][:2] for row in activity} == {"99", ""}
    for row in activity:
        assert (
            row["structure_id"] in ("", "F" + row["finess"], "C" + row["siret"])
            or row["structure_id"][0] == "R"
        )
        if row["finess"]:
            assert finess_department(row["finess"]) == row["department"]
            assert row["finess"][3] == "9"


def test_nobody_has_a_telephone_but_structures_and_none_is_real(activity: list[Row]) -> None:
    kept_for_fiction = {"019900", "026191", "035301", "046571", "053649", ""}
    for column in ("phone", "phone_2", "fax"):
        assert {row[column][:6] for row in activity} <= kept_for_fiction
        assert not [row for row in activity if row[column] and not row["structure_id"]]


@pytest.mark.parametrize("column", CODED)
def test_every_code_is_in_its_table_with_its_label(column: str, activity: list[Row]) -> None:
    codes = group(column)
    for row in activity:
        if row[column]:
            assert codes.find(row[column]), row[column]
            assert row.get(f"{column}_label", codes.display(row[column])) == codes.display(row[column])


def test_diplomas_and_authorizations_are_in_their_tables(town: Written) -> None:
    for column in ("diploma_type", "diploma", "authorization_type", "authorization_field"):
        codes = {row[column] for row in rows(town.files[2])} - {""}
        assert codes
        assert all(group(column).find(code) for code in codes)


def test_professions_stand_in_their_true_proportions(activity: list[Row]) -> None:
    people = {row["id"]: row["profession"] for row in activity}
    counts = Counter(people.values())
    assert 0.35 < counts["60"] / len(people) < 0.41
    assert 0.12 < counts["10"] / len(people) < 0.165
    assert counts.keys() >= {"21", "40", "50", "70", "93", "71", "41", "99", ""}


def test_the_difficult_cases_are_there(activity: list[Row]) -> None:
    assert [row for row in activity if not row["structure_id"] and not row["role"]], "no place"
    assert [row for row in activity if not row["structure_id"] and row["role"]], "a role without structure"
    assert [row for row in activity if not row["profession"] and row["role"].startswith("3")], "no profession"
    assert {"C", "E", "M"} <= {row["category"] for row in activity}
    assert {"S", "L", "B"} <= {row["mode"] for row in activity}
    assert {"A", "D", "H"} <= {row["pharmacist_section"] for row in activity}
    names = {row["family_name"] for row in activity}
    for mark in ("'", "-", " ", "É"):
        assert [name for name in names if mark in name]


def test_a_structure_says_the_same_on_all_its_lines(activity: list[Row]) -> None:
    columns = [*FORMATS[Kind.ACTIVITY].columns]
    place = columns[columns.index("siret") : columns.index("authority")]
    said = {
        (row["structure_id"], *(row[column] for column in place)) for row in activity if row["structure_id"]
    }
    assert len(said) == TOWN.structures


def test_no_line_stands_twice(town: Written) -> None:
    for path in town.files:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(set(lines)) == len(lines)


def test_mailboxes_are_at_domains_that_cannot_exist(town: Written, activity: list[Row]) -> None:
    boxes = rows(town.files[3])
    people = {row["id"] for row in activity}
    assert {box["mailbox_type"] for box in boxes} == {"PER", "ORG"}
    assert all(box["address"].endswith(".mssante.example") and box["address"].isascii() for box in boxes)
    assert {box["id"] for box in boxes if box["mailbox_type"] == "PER"} <= people
    known = {("1", row["finess"]) for row in activity} | {("3", row["siret"]) for row in activity}
    known |= {("4", row["structure_id"][1:]) for row in activity} | {("", "")}
    assert {(box["structure_id_type"], box["structure_id"]) for box in boxes} <= known
    assert max(Counter(box["address"] for box in boxes).values()) > 1


@pytest.mark.parametrize("size", [VILLAGE, TOWN, VILLAGE.times(3)], ids=lambda size: size.name)
def test_personas_live_in_every_size(size: Size) -> None:
    home = next(part for part in size.parts() if part.department == personas.DEPARTMENT)
    department = build(size, home, seed=1)
    people = {person.rpps: person for person in department.people}
    doctor, nurse = people[personas.CARDIOLOGIST], people[personas.NURSE]
    assert (doctor.given, doctor.family, doctor.title) == ("NORA", "EXEMPLE", "DR")
    assert [skill.code for skill in doctor.skills] == ["SM04"]
    practice, hospital = (department.structures.all[activity.structure] for activity in doctor.activities)
    assert {practice.place.postal_code, hospital.place.postal_code} == {"69003"}
    assert (hospital.name, hospital.finess) == (personas.HOSPITAL, "690900006")
    assert (nurse.given, nurse.family, nurse.activities[0].mode) == ("JEANNE", "DUPONT", "L")
    assert people[personas.PHARMACIST].profession == "21"


def test_a_larger_territory_has_more_communes() -> None:
    one, ten = DEPARTMENT, DEPARTMENT.times(10)
    assert (ten.persons, ten.structures, len(ten.parts())) == (10 * one.persons, 10 * one.structures, 10)
    found = [place for part in ten.parts() for place in places(part.department)]
    assert len({place.insee for place in found}) == len(found) > 9 * len(places("69"))


def test_no_fictional_commune_shares_a_code_or_a_name() -> None:
    real = {commune.insee for commune in communes()}
    made = [place for code in departments() for place in places(code) if place.insee not in real]
    assert len({place.insee for place in made}) == len({place.name for place in made}) == len(made) > 8_000


def test_a_size_is_not_taken_more_times_than_there_are_departments() -> None:
    with pytest.raises(ValueError, match="102 times"):
        DEPARTMENT.times(102)
    with pytest.raises(ValueError, match="nation"):
        NATION.times(2)


@pytest.mark.parametrize("size", SIZES.values(), ids=lambda size: size.name)
def test_departments_add_up_to_the_territory(size: Size) -> None:
    parts = size.parts()
    assert sum(part.persons for part in parts) == size.persons
    assert sum(part.structures for part in parts) == size.structures
    assert [part.first_person for part in parts] == [
        sum(p.persons for p in parts[:n]) for n in range(len(parts))
    ]


@given(st.integers(0, 10_000), st.lists(st.integers(1, 1_000), min_size=1, max_size=30))
def test_shares_add_up_and_stay_near_their_proportion(total: int, weights: list[int]) -> None:
    shares = share(total, weights)
    assert sum(shares) == total
    for some, weight in zip(shares, weights, strict=True):
        assert abs(some - total * weight / sum(weights)) < 1


def test_surnames_have_a_long_tail_and_no_heavy_head() -> None:
    sampler = NameSampler(Random(7))
    draws = Counter(plain(sampler.family()) for _ in range(120_000))
    assert len(draws) > 30_000
    assert draws.most_common(1)[0][1] / draws.total() < 0.004


def test_progress_goes_up_to_the_end(tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []
    write_territory(tmp_path, TOWN, progress=lambda done, total: said.append((done, total)))
    assert [done for done, _ in said] == sorted(done for done, _ in said)
    assert said[-1] == (TOWN.persons, TOWN.persons)
    assert len(said) > 3


def grouped(form: FileFormat, lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.split("|")[form.index(form.key)], []).append(line)
    return found


def applied(form: FileFormat, full: list[str], delta: list[str]) -> Counter[str]:
    """The lines after a difference: each key it names gives way to its new lines, to none for a tombstone."""
    after = grouped(form, full)
    for key, lines in grouped(form, delta).items():
        after[key] = [] if lines == [tombstone(form, key)] else lines
    return Counter(line for lines in after.values() for line in lines)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize(
    ("size", "changes", "seed"), [(VILLAGE, 0, 1), (VILLAGE, 30, 1), (VILLAGE, 400, 5), (TOWN, 60, 2)]
)
def test_a_day_and_its_difference_make_the_next_day(
    size: Size, changes: int, seed: int, tmp_path: Path
) -> None:
    today = write_territory(tmp_path, size, seed=seed)
    result = write_delta(tmp_path, size, seed=seed, changes=changes)
    files = zip(FORMATS.values(), today.files, result.full.files, result.delta, strict=True)
    for form, before, after, delta in files:
        assert applied(form, lines_of(before), lines_of(delta)) == Counter(lines_of(after))
        assert bool(lines_of(delta)) == bool(changes) or form is not FORMATS[Kind.ACTIVITY]


def test_a_difference_says_only_what_changed(tmp_path: Path) -> None:
    today = write_territory(tmp_path, TOWN)
    result = write_delta(tmp_path, TOWN, changes=40)
    for form, before, after, delta in zip(
        FORMATS.values(), today.files, result.full.files, result.delta, strict=True
    ):
        was, now = grouped(form, lines_of(before)), grouped(form, lines_of(after))
        changed = {
            key for key in was.keys() | now.keys() if sorted(was.get(key, [])) != sorted(now.get(key, []))
        }
        assert grouped(form, lines_of(delta)).keys() == changed
    assert result.withdrawn < result.touched < TOWN.persons
    assert result.full.files[0].name.endswith("202501070600.txt")
    assert result.delta[0].name == "PS_LibreAcces_Personne_activite_delta_202501070600.txt"


def test_a_tombstone_bears_the_identification_only() -> None:
    person = tombstone(FORMATS[Kind.ACTIVITY], "889970000017").split("|")
    assert person == ["8", "89970000017", "889970000017", *[""] * 53]
    assert tombstone(MAILBOX, "a@b.example").split("|") == ["", "a@b.example", *[""] * 29]


def skill_lines(draw: st.DrawFn) -> dict[str, list[str]]:
    keys = draw(st.lists(st.sampled_from(["80", "81", "82", "83"]), unique=True))
    codes = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3)
    return {key: [f"8|{key[1:]}|{key}|{code}{'|' * 9}" for code in draw(codes)] for key in keys}


@given(st.data())
@settings(max_examples=200)
def test_any_difference_applied_gives_the_new_lines(data: st.DataObject) -> None:
    before, now = (data.draw(st.composite(skill_lines)()) for _ in range(2))
    delta = list(difference(SKILL, before, now))
    assert applied(SKILL, list(flat(before)), delta) == Counter(flat(now))


def flat(lines: dict[str, list[str]]) -> Iterator[str]:
    return (line for some in lines.values() for line in some)
