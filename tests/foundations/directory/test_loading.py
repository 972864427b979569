"""What one load of official files leaves: resources, statements, counts; and what changes nothing."""

from pathlib import Path

import pytest

from socle.foundations.directory.demo import VILLAGE, Written, write_territory
from socle.foundations.directory.loading import first
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.loading.load import load_files
from socle.foundations.directory.statements import organization_id, practitioner_id
from socle.kernel.db import Database
from socle.standards.annuaire import systems
from socle.standards.annuaire.files import ACTIVITY, FORMATS, MAILBOX, SKILL, Kind
from tests.foundations.directory.strategies import identified, line, structure_columns, text_of
from tests.support.directory import (
    active,
    changed,
    derived_rows,
    everything,
    load_texts,
    of_type,
    resources,
    write_files,
)
from tests.support.fhir_store import Key, Resource

ANNE, BENOIT = "810000000001", "810000000019"
CABINET = "R10109000000036"


def activity(national_id: str, **columns: str) -> str:
    return line(
        ACTIVITY, **{**identified(national_id), "family_name": "DUPONT", "profession": "60", **columns}
    )


def mailbox(address: str, person: str = "", structure: tuple[str, str] = ("", "")) -> str:
    return line(
        MAILBOX,
        mailbox_type="PER" if person else "ORG",
        address=address,
        **(identified(person) if person else {}),
        structure_id_type=structure[0],
        structure_id=structure[1],
        structure_name="CABINET" if structure[0] else "",
    )


def activities(*lines: str) -> dict[Kind, str | bytes]:
    return {Kind.ACTIVITY: text_of(ACTIVITY, lines)}


def texts(lines: list[str], boxes: list[str]) -> dict[Kind, str | bytes]:
    return {Kind.ACTIVITY: text_of(ACTIVITY, lines), Kind.MAILBOX: text_of(MAILBOX, boxes)}


def person(db: Database, national_id: str) -> Resource:
    return resources(db)["Practitioner", practitioner_id(national_id)]


def structure(db: Database, key: str) -> Resource:
    return resources(db)["Organization", organization_id(key)]


def roles(db: Database, national_id: str) -> list[Resource]:
    reference = {"reference": f"Practitioner/{practitioner_id(national_id)}"}
    return [role for role in of_type(resources(db), "PractitionerRole") if role["practitioner"] == reference]


def addresses(resource: Resource) -> list[str]:
    return [telecom["value"] for telecom in resource.get("telecom", []) if "@" in telecom["value"]]


def identifiers(resource: Resource) -> dict[str, str]:
    return {one["system"]: one["value"] for one in resource["identifier"] if one["use"] == "official"}


# -- The same thing said twice, or otherwise


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("village"), VILLAGE)


def test_the_same_files_twice_change_nothing(database: Database, village: Written, tmp_path: Path) -> None:
    assert changed(load_files(database, village.files, rejects=tmp_path)) > VILLAGE.persons
    before = everything(database)
    again = load_files(database, village.files, rejects=tmp_path)
    assert changed(again) == 0
    assert everything(database) == before


def test_the_order_of_lines_and_columns_means_nothing(
    database: Database, village: Written, tmp_path: Path
) -> None:
    load_files(database, village.files, rejects=tmp_path)
    turned: dict[Kind, str | bytes] = {}
    for kind, path in zip(FORMATS, village.files, strict=True):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        rows = [header, *reversed(lines)]
        turned[kind] = "\n".join("|".join(reversed(row.split("|"))) for row in rows) + "\n"
    assert changed(load_texts(database, tmp_path, turned)) == 0


def test_a_first_load_by_several_processes_leaves_what_one_leaves(
    database: Database, village: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "WORTH_PROCESSES", 0)
    by_many = load_files(database, village.files, rejects=tmp_path)
    found = everything(database)
    monkeypatch.undo()
    assert changed(load_files(database, village.files, rejects=tmp_path)) == 0
    with database.unit() as unit:
        unit.execute("DELETE FROM directory_statement")
    again = load_files(database, village.files, rejects=tmp_path)
    assert (again.counts.updated, again.counts.created, again.counts.deleted) == (0, 0, 0)
    assert again.counts.unchanged == by_many.counts.created
    assert everything(database) == found


def test_every_mailbox_of_the_village_is_shown_by_whom_it_belongs_to(
    database: Database, village: Written, tmp_path: Path
) -> None:
    load_files(database, village.files, rejects=tmp_path)
    _, *lines = village.files[3].read_text(encoding="utf-8").splitlines()
    stated = {row.split("|")[MAILBOX.index("address")] for row in lines}
    found = active(resources(database))
    assert (
        stated
        == {
            address
            for resource in found.values()
            for address in addresses(resource)
            if address.endswith(".example")
        }
        & stated
    )
    assert len(list(of_type(found, "Organization"))) == _structures_named(village)


def _structures_named(village: Written) -> int:
    """Sites and legal entities that the activity file names; its mailboxes name no other."""
    rows = [row.split("|") for row in village.files[0].read_text(encoding="utf-8").splitlines()[1:]]
    column = {name: ACTIVITY.index(name) for name in ("finess", "structure_id", "finess_ej")}
    named = {row[column["finess"]] or row[column["structure_id"]] for row in rows}
    return len((named | {row[column["finess_ej"]] for row in rows}) - {""})


# -- Persons and their activities


def test_a_person_and_a_place_make_a_role(database: Database, tmp_path: Path) -> None:
    load_texts(database, tmp_path, activities(activity(ANNE, mode="L", **structure_columns(CABINET, 0))))
    (role,) = roles(database, ANNE)
    assert role["organization"] == {"reference": f"Organization/{organization_id(CABINET)}"}
    assert role["active"] is True
    assert person(database, ANNE)["qualification"][0]["code"]["coding"][0] == {
        "system": systems.PROFESSION,
        "code": "60",
    }


@pytest.mark.parametrize(
    ("columns", "count"),
    [
        ({}, 0),
        ({"mode": "S"}, 1),
        ({"role": "318"}, 1),
        ({"activity_kind": "GENR01"}, 1),
        ({"pharmacist_section": "A"}, 1),
        ({"sector": "SA01"}, 0),
    ],
)
def test_a_role_without_a_place_needs_a_mode_a_role_a_kind_or_a_section(
    database: Database, tmp_path: Path, columns: dict[str, str], count: int
) -> None:
    load_texts(database, tmp_path, activities(activity(ANNE, **columns)))
    found = roles(database, ANNE)
    assert len(found) == count
    assert all("organization" not in role for role in found)
    assert person(database, ANNE)["active"] is True


def test_lines_that_differ_by_a_skill_are_one_activity(database: Database, tmp_path: Path) -> None:
    skills = ("SM26", "SM04")
    lines = [activity(ANNE, mode="L", skill_type="S", skill=skill) for skill in skills]
    load_texts(database, tmp_path, activities(*lines))
    assert len(roles(database, ANNE)) == 1
    codes = [one["code"]["coding"][0]["code"] for one in person(database, ANNE)["qualification"]]
    assert codes == ["60", "SM04", "SM26"]


def test_skills_of_somebody_who_has_no_activity_wait(database: Database, tmp_path: Path) -> None:
    skill = line(SKILL, **identified(ANNE), skill_type="S", skill="SM26")
    load_texts(database, tmp_path, {Kind.SKILL: text_of(SKILL, [skill])})
    assert resources(database) == {}
    load_texts(database, tmp_path, activities(activity(ANNE)))
    assert [one["code"]["coding"][0]["code"] for one in person(database, ANNE)["qualification"]] == [
        "60",
        "SM26",
    ]


def test_a_person_is_known_by_type_and_number_when_the_identification_is_left_out(
    database: Database, tmp_path: Path
) -> None:
    load_texts(database, tmp_path, activities(activity(ANNE)))
    bare = activity(ANNE).replace(f"|{ANNE}|", "||")
    assert changed(load_texts(database, tmp_path, activities(bare))) == 0


@pytest.mark.parametrize(
    ("national_id", "systems_named"),
    [
        (ANNE, {systems.PERSON, systems.RPPS}),
        ("0691234562", {systems.PERSON, "urn:socle:directory:person"}),
    ],
)
def test_an_identifier_that_the_source_lacks_is_ours(
    database: Database, tmp_path: Path, national_id: str, systems_named: set[str]
) -> None:
    load_texts(database, tmp_path, activities(activity(national_id)))
    found = identifiers(person(database, national_id))
    assert found.keys() == systems_named
    assert found[systems.PERSON] == national_id


# -- Structures


def named(key: str, name: str, **columns: str) -> dict[str, str]:
    number = {"finess": key} if key[0].isdigit() else {"structure_id": key}
    return {**number, "structure_name": name, "commune_label": "LYON", "department": "69", **columns}


def test_a_structure_is_what_most_lines_say(database: Database, tmp_path: Path) -> None:
    told = ["B", "B", "A"]
    lines = [activity(f"8{number}", **named(CABINET, name)) for number, name in enumerate(told)]
    load_texts(database, tmp_path, activities(*lines))
    assert structure(database, CABINET)["name"] == "B"
    mentions = {row[1:4:2] for row in derived_rows(database)["statements"] if row[0] == 5}
    assert mentions == {(CABINET, 2), (CABINET, 1)}
    load_texts(database, tmp_path, activities(*lines[1:]))
    assert structure(database, CABINET)["name"] == "A"


def test_mentions_follow_differences(database: Database, tmp_path: Path) -> None:
    names = {"81": "A", "82": "A", "83": "B"}
    load_texts(
        database,
        tmp_path,
        activities(*(activity(key, **named(CABINET, name)) for key, name in names.items())),
    )
    assert structure(database, CABINET)["name"] == "A"
    moved = activities(*(activity(key, **named(CABINET, "B")) for key in ("81", "82")))
    load_texts(database, tmp_path, moved, Mode.DELTA)
    assert structure(database, CABINET)["name"] == "B"
    assert [row[3] for row in derived_rows(database)["statements"] if row[0] == 5] == [3]


def test_a_structure_is_keyed_by_finess_else_by_its_technical_number(
    database: Database, tmp_path: Path
) -> None:
    both = {**named("690000001", "A"), "structure_id": "F690000001"}
    other = {**named("R1", "B"), "siret": "99000006900015"}
    only_siret = {"siret": "99000006900015", "structure_name": "C"}
    lines = [activity(f"8{n}", **columns) for n, columns in enumerate((both, other, only_siret))]
    load_texts(database, tmp_path, activities(*lines))
    names = {one["id"]: one["name"] for one in of_type(resources(database), "Organization")}
    assert names == {
        organization_id("690000001"): "A",
        organization_id("R1"): "B",
        organization_id("C99000006900015"): "C",
    }


def test_a_legal_entity_known_by_its_number_only_is_there(database: Database, tmp_path: Path) -> None:
    site = named("690000001", "SITE", finess_ej="690780101")
    load_texts(database, tmp_path, activities(activity(ANNE, **site)))
    entity = structure(database, "690780101")
    assert structure(database, "690000001")["partOf"] == {"reference": f"Organization/{entity['id']}"}
    assert entity["type"][0]["coding"][0]["code"] == "LEGAL-ENTITY"
    assert (entity["active"], identifiers(entity)[systems.FINESS]) == (True, "690780101")
    load_texts(database, tmp_path, activities(activity(ANNE, **named("690000001", "SITE"))))
    assert structure(database, "690780101")["active"] is False
    assert "partOf" not in structure(database, "690000001")


def test_a_legal_entity_that_somebody_works_in_is_described_once(database: Database, tmp_path: Path) -> None:
    lines = [
        activity(ANNE, **named("690000001", "SITE", finess_ej="690780101")),
        activity(BENOIT, **named("690780101", "ENTITY")),
    ]
    load_texts(database, tmp_path, activities(*lines))
    entity = structure(database, "690780101")
    assert entity["name"] == "ENTITY"
    assert [
        one["type"]["coding"][0]["code"] for one in entity["identifier"] if one["system"] == systems.FINESS
    ] == [systems.TYPE_FINESS_LEGAL]


# -- Mailboxes


def test_a_mailbox_belongs_to_a_person_a_role_or_a_structure(database: Database, tmp_path: Path) -> None:
    place = ("4", CABINET[1:])
    lines = [activity(ANNE, mode="L", **named(CABINET, "A"))]
    boxes = [
        mailbox("p@x", ANNE),
        mailbox("r@x", ANNE, place),
        mailbox("s@x", "", place),
        mailbox("nobody@x"),
    ]
    load_texts(database, tmp_path, texts(lines, boxes))
    assert addresses(person(database, ANNE)) == ["p@x"]
    assert [addresses(role) for role in roles(database, ANNE)] == [["r@x"]]
    assert addresses(structure(database, CABINET)) == ["s@x"]
    assert len(resources(database)) == 3


def test_a_mailbox_in_a_place_where_the_person_does_nothing_stays_with_the_person(
    database: Database, tmp_path: Path
) -> None:
    boxes = [mailbox("elsewhere@x", ANNE, ("1", "690000019"))]
    load_texts(database, tmp_path, texts([activity(ANNE, mode="L", **named(CABINET, "A"))], boxes))
    assert addresses(person(database, ANNE)) == ["elsewhere@x"]


def test_a_mailbox_makes_known_a_structure_that_no_other_file_names(
    database: Database, tmp_path: Path
) -> None:
    boxes = [mailbox("s@x", "", ("1", "690000019")), mailbox("t@x", "", ("3", "99000006900015"))]
    load_texts(database, tmp_path, texts([], boxes))
    found = structure(database, "690000019")
    assert (found["name"], addresses(found), identifiers(found)[systems.FINESS]) == (
        "CABINET",
        ["s@x"],
        "690000019",
    )
    assert identifiers(structure(database, "C99000006900015"))[systems.SIRENE] == "99000006900015"
    load_texts(database, tmp_path, texts([], []))
    assert structure(database, "690000019")["active"] is False


def test_one_address_may_have_several_holders(database: Database, tmp_path: Path) -> None:
    lines = [activity(ANNE), activity(BENOIT)]
    load_texts(database, tmp_path, texts(lines, [mailbox("a@x", ANNE), mailbox("a@x", BENOIT)]))
    assert addresses(person(database, ANNE)) == addresses(person(database, BENOIT)) == ["a@x"]
    load_texts(database, tmp_path, {Kind.MAILBOX: text_of(MAILBOX, [mailbox("a@x", BENOIT)])}, Mode.DELTA)
    assert (addresses(person(database, ANNE)), addresses(person(database, BENOIT))) == ([], ["a@x"])


def test_a_mailbox_of_somebody_unknown_waits(database: Database, tmp_path: Path) -> None:
    load_texts(database, tmp_path, texts([], [mailbox("a@x", ANNE)]))
    assert resources(database) == {}
    load_texts(database, tmp_path, activities(activity(ANNE)))
    assert addresses(person(database, ANNE)) == ["a@x"]


# -- What is counted beside the resources


def test_a_person_counts_once_a_profession_and_department(database: Database, tmp_path: Path) -> None:
    lyon, bourg = named(CABINET, "A"), named("R2", "B", department="01", commune_label="Bourg")
    lines = [
        activity(ANNE, mode="L", **lyon),
        activity(ANNE, mode="S", **lyon),
        activity(ANNE, mode="L", **bourg),
        activity(BENOIT, mode="L", **lyon),
        activity(BENOIT, profession="10", mode="L", **lyon),
        activity("810000000027", mode="L"),
        activity("810000000035", mode="L", **named("R3", "C", department="")),
    ]
    load_texts(database, tmp_path, activities(*lines))
    assert derived_rows(database)["densities"] == [("01", "60", 1), ("69", "10", 1), ("69", "60", 2)]


def test_a_place_is_a_town_with_its_structures(database: Database, tmp_path: Path) -> None:
    lyon = {"postal_code": "69003", "department": "69"}
    places = [
        named("R1", "A", **{**lyon, "commune_label": "Lyon 3e"}),
        named("R2", "B", **{**lyon, "commune_label": "LYON 3E"}),
        named("R3", "C", **{**lyon, "commune_label": "Lyon 3e"}),
        named("R4", "D", commune_label="L'Étang", postal_code="01000", department="01"),
        named("R5", "E", commune_label=""),
    ]
    load_texts(
        database, tmp_path, activities(*(activity(f"8{n}", **place) for n, place in enumerate(places)))
    )
    towns = [row[:4] for row in derived_rows(database)["places"]]
    assert towns == [("l etang", "01000", "L'Étang", "01"), ("lyon 3e", "69003", "Lyon 3e", "69")]


def test_a_code_that_our_tables_lack_keeps_the_label_of_the_file(database: Database, tmp_path: Path) -> None:
    lines = [
        activity(
            ANNE, profession="97x", profession_label="Métier rare", sector="SA01", sector_label="Hôpital"
        ),
        activity(BENOIT, profession="97x", profession_label="Autre libellé"),
    ]
    load_texts(database, tmp_path, activities(*lines))
    with database.reading() as session:
        kept = session.fetch("SELECT column_name, code, label FROM directory_label")
    assert kept == [("profession", "97x", "Autre libellé")]


# -- Withdrawals


def tombstone_of(form_line: str) -> str:
    """The same line with only what identifies the person left."""
    fields = form_line.split("|")
    return "|".join([*fields[:3], *[""] * (len(fields) - 3)])


def inactive(found: dict[Key, Resource]) -> list[Resource]:
    return [resource for resource in found.values() if not resource["active"]]


def test_a_withdrawn_person_leaves_what_the_published_api_leaves(database: Database, tmp_path: Path) -> None:
    told = activity(ANNE, mode="L", given_name="Anne", **named(CABINET, "A"))
    load_texts(database, tmp_path, activities(told))
    first_state = everything(database)
    load_texts(database, tmp_path, activities(tombstone_of(told)), Mode.DELTA)
    gone = {one["resourceType"]: one for one in inactive(resources(database))}
    identity = {"resourceType", "id", "meta", "language", "identifier", "active"}
    assert gone["Practitioner"].keys() == identity
    assert gone["PractitionerRole"].keys() == identity | {"practitioner"}
    assert gone["Organization"].keys() == identity | {"name"}
    assert derived_rows(database) == {"statements": [], "densities": [], "places": []}
    load_texts(database, tmp_path, activities(told), Mode.DELTA)
    assert everything(database) == first_state


def test_a_tombstone_of_somebody_unknown_changes_nothing(database: Database, tmp_path: Path) -> None:
    load_texts(database, tmp_path, activities(activity(ANNE)))
    unknown = activities(tombstone_of(activity(BENOIT)))
    assert changed(load_texts(database, tmp_path, unknown, Mode.DELTA)) == 0


def test_an_activity_that_ends_leaves_the_others(database: Database, tmp_path: Path) -> None:
    lines = [activity(ANNE, mode="L", **named(CABINET, "A")), activity(ANNE, mode="S", **named("R2", "B"))]
    load_texts(database, tmp_path, activities(*lines))
    report = load_texts(database, tmp_path, activities(lines[0]), Mode.DELTA)
    assert sorted(role["active"] for role in roles(database, ANNE)) == [False, True]
    assert (person(database, ANNE)["active"], structure(database, "R2")["active"]) == (True, False)
    assert report.counts.updated == 2


# -- What is kept of a load


def test_a_load_says_what_it_did_and_keeps_it(database: Database, tmp_path: Path) -> None:
    report = load_texts(database, tmp_path, texts([activity(ANNE)], [mailbox("a@x", ANNE)]))
    assert (report.mode, report.transaction, report.lines, report.counts.created) == ("full", 1, 2, 1)
    assert [(file.kind, file.lines, file.rejected) for file in report.files] == [
        ("personne_activite", 1, {}),
        ("mailboxes", 1, {}),
    ]
    with database.reading() as session:
        kept = session.fetch("SELECT transaction_number, mode FROM directory_load")
    assert kept == [(1, "full")]


def test_progress_is_told_for_every_stage(database: Database, village: Written, tmp_path: Path) -> None:
    told: dict[str, list[tuple[int, int]]] = {}

    def watch(stage: str, done: int, total: int) -> None:
        told.setdefault(stage, []).append((done, total))

    load_files(database, village.files, rejects=tmp_path, watch=watch)
    assert told.keys() == {*(path.name for path in village.files), "structures", "persons"}
    for stages in told.values():
        assert stages == sorted(stages)
        assert stages[-1][0] == stages[-1][1] > 0


def test_files_of_one_kind_are_loaded_alone(database: Database, tmp_path: Path) -> None:
    load_texts(database, tmp_path, texts([activity(ANNE)], [mailbox("a@x", ANNE)]))
    load_texts(database, tmp_path, {Kind.MAILBOX: text_of(MAILBOX, [])})
    assert (person(database, ANNE)["active"], addresses(person(database, ANNE))) == (True, [])
    assert write_files(tmp_path, {}) == []
