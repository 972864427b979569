"""Damaged files: never a crash, never a loss in silence, and a rejects file that can be mended and loaded again."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.foundations.directory.demo import VILLAGE, Written, write_territory
from socle.foundations.directory.loading.faults import RULES
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.loading.load import Report, load_files
from socle.foundations.directory.settings import directory_settings
from socle.foundations.directory.statements import practitioner_id
from socle.kernel.db import Database
from socle.kernel.errors import CATALOGUE, SocleError
from socle.kernel.web.spreadsheet import cell
from socle.standards.annuaire.files import ACTIVITY, DIPLOMA, FORMATS, MAILBOX, SEPARATOR, SKILL, Kind
from socle.standards.fhir.structure import check
from tests.foundations.directory.strategies import (
    Territory,
    identified,
    line,
    structure_columns,
    territories,
    text_of,
)
from tests.support.directory import (
    active,
    changed,
    empty,
    everything,
    load_texts,
    reasons_in,
    rejects_in,
    resources,
    try_texts,
)

ANNE, BENOIT = "810000000001", "810000000019"
PLACE = "R10109000000036"


@pytest.fixture(autouse=True)
def any_number_of_rejects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files would be refused whole at their first rejected line."""
    monkeypatch.setenv("SOCLE_DIRECTORY_REJECTS_PERCENT", "100")
    directory_settings.cache_clear()


@pytest.fixture(autouse=True, scope="module")
def usual_settings_afterwards() -> object:
    yield
    directory_settings.cache_clear()


# -- Bytes cut, flipped, repeated, put in

Damage = Callable[[bytes], bytes]


def _at(position: int, content: bytes) -> int:
    return position % (len(content) + 1)


def cut(start: int, length: int) -> Damage:
    return lambda content: content[: _at(start, content)] + content[_at(start, content) + length :]


def flip(position: int, mask: int) -> Damage:
    def damage(content: bytes) -> bytes:
        changed_bytes = bytearray(content)
        if changed_bytes:
            changed_bytes[position % len(changed_bytes)] ^= mask
        return bytes(changed_bytes)

    return damage


def repeat(start: int, length: int) -> Damage:
    return lambda content: content[: _at(start, content) + length] + content[_at(start, content) :]


def put_in(position: int, put: bytes) -> Damage:
    return lambda content: content[: _at(position, content)] + put + content[_at(position, content) :]


places = st.integers(0, 1 << 16)
damages = st.lists(
    st.builds(cut, places, st.integers(1, 400))
    | st.builds(flip, places, st.integers(1, 255))
    | st.builds(repeat, places, st.integers(1, 400))
    | st.builds(
        put_in, places, st.binary(min_size=1, max_size=4) | st.sampled_from([b"\0", b"\n", b"|", b"\r\n"])
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(territory=territories, kind=st.sampled_from(list(FORMATS)), done=damages)
def test_a_damaged_file_is_refused_or_loaded_with_its_rejects_told(
    database: Database, tmp_path: Path, territory: Territory, kind: Kind, done: list[Damage]
) -> None:
    empty(database)
    texts: dict[Kind, str | bytes] = dict(territory.texts())
    load_texts(database, tmp_path, texts)
    before = everything(database)
    content = territory.texts()[kind].encode()
    for damage in done:
        content = damage(content)
    for reasons in (tmp_path / "rejects").glob("*"):
        reasons.unlink()
    found = try_texts(database, tmp_path, {kind: content})
    if isinstance(found, SocleError):
        assert found.code in CATALOGUE
        assert found.sentence("fr") != found.sentence("en")
        assert everything(database) == before
        return
    check_rejects(found, tmp_path, content)
    for resource in resources(database).values():
        assert list(check(resource)) == []


def check_rejects(report: Report, folder: Path, content: bytes) -> None:
    """Every rejected line is told, with a place in the file and a known rule."""
    (told,) = report.files
    reasons_told = reasons_in(folder)
    assert sum(told.rejected.values()) == len(reasons_told)
    for _, number, _, _, rule, french, english, _ in reasons_told:
        assert 2 <= int(number) <= content.count(b"\n") + 1
        assert (rule, french, english) in {(one.code, one.fr, one.en) for one in RULES}


# -- Lines rejected, with file, line, column and rule


def activity(national_id: str, **columns: str) -> str:
    return line(ACTIVITY, **{**identified(national_id), "family_name": "DUPONT", "mode": "L", **columns})


GOOD = activity(ANNE, profession="60")
OTHER = activity(BENOIT, profession="60")


@pytest.mark.parametrize(
    ("bad", "column", "received", "rule"),
    [
        (OTHER.rpartition("|")[0], "Libellé genre activité", "55 / 56", "truncated"),
        (f"{OTHER}|more|", "-", "58 / 56", "truncated"),
        ("8|12", "Identification nationale PP", "2 / 56", "truncated"),
        (activity(BENOIT, mode="X"), "Code mode exercice", "X", "impossible-code"),
        (activity(BENOIT, role="399"), "Code rôle", "399", "impossible-code"),
        (activity(BENOIT, profession="6  0"), "Code profession", "6  0", "malformed-code"),
        (activity(BENOIT, commune="69  1"), "Code commune (coord. structure)", "69  1", "malformed-code"),
        (activity(BENOIT, authority="ARS  1"), "Autorité d'enregistrement", "ARS  1", "malformed-code"),
        (activity(BENOIT, email="a\x01b"), "Adresse e-mail (coord. structure)", "a\x01b", "impossible-text"),
        (activity("8"), "Identification nationale PP", "", "no-key"),
    ],
)
def test_a_rejected_line_is_told_with_its_place_and_its_rule(
    database: Database, tmp_path: Path, bad: str, column: str, received: str, rule: str
) -> None:
    bad = bad if rule != "no-key" else bad.replace("8||8", "||")
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [GOOD, bad])})
    assert report.files[0].rejected == {rule: 1}
    (told,) = reasons_in(tmp_path)
    assert told[:5] == [f"{ACTIVITY.stem}_202501060600.txt", "3", column, received, rule]
    assert told[7] == cell(bad)
    # A line that says of nobody would, as part of a delta, replace all that is known of somebody.
    mendable = [] if rule == "no-key" or bad == "8|12" else [bad]
    assert rejects_in(tmp_path)[0].read_text(encoding="utf-8").splitlines() == [ACTIVITY.header, *mendable]
    assert ("Practitioner", practitioner_id(ANNE)) in resources(database)


def test_a_reject_names_the_column_as_its_own_file_does(database: Database, tmp_path: Path) -> None:
    notice = next(vintage for vintage in ACTIVITY.vintages if vintage.label == "notice")
    text = "\n".join(("|".join(notice.headers), GOOD, activity(BENOIT, role="399"))) + "\n"
    load_texts(database, tmp_path, {Kind.ACTIVITY: text})
    assert [told[2] for told in reasons_in(tmp_path)] == ["Code fonction"]


def test_a_diploma_whose_code_no_resource_may_hold_is_rejected(database: Database, tmp_path: Path) -> None:
    spaced = line(DIPLOMA, **{**identified(ANNE), "diploma_type": "DE", "diploma": "D  E"})
    load_texts(database, tmp_path, {Kind.DIPLOMA: text_of(DIPLOMA, [spaced])})
    assert [told[2:5] for told in reasons_in(tmp_path)] == [["Code diplôme obtenu", "D  E", "malformed-code"]]


def test_a_repeated_line_is_rejected_and_takes_nothing_from_its_person(
    database: Database, tmp_path: Path
) -> None:
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [GOOD])})
    other = activity(ANNE, profession="60", role="318")
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [GOOD, GOOD, other])})
    assert report.files[0].rejected == {"duplicate": 1}
    assert reasons_in(tmp_path)[0][1] == "3"
    assert sum(key[0] == "PractitionerRole" for key in active(resources(database))) == 2


@pytest.mark.parametrize(
    ("columns", "warned"),
    [
        ({"profession": "97x"}, "unknown-code:Code profession"),
        ({"finess": "12"}, "identifier-malformed:Numéro FINESS site"),
        ({"finess": "690000002"}, "identifier-wrong-key:Numéro FINESS site"),
        ({"siret": "99000006900016"}, "identifier-wrong-key:Numéro SIRET site"),
    ],
)
def test_what_only_looks_wrong_is_loaded_and_counted(
    database: Database, tmp_path: Path, columns: dict[str, str], warned: str
) -> None:
    report = load_texts(
        database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [activity("0691234562", **columns)])}
    )
    assert (report.files[0].rejected, report.files[0].warnings) == ({}, {warned: 1})
    assert any(key[0] == "Practitioner" for key in resources(database))


@pytest.mark.parametrize("mode", list(Mode))
def test_a_person_with_a_rejected_line_stays_as_they_were(
    database: Database, tmp_path: Path, mode: Mode
) -> None:
    lines = [activity(ANNE, profession="60"), activity(ANNE, profession="60", **structure_columns(PLACE, 0))]
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [*lines, activity(BENOIT)])})
    before = everything(database)
    broken = [lines[0].replace("DUPONT", "CHANGED"), lines[1].replace("|L|", "|?|"), activity(BENOIT)]
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, broken)}, mode)
    assert report.files[0].rejected == {"impossible-code": 1}
    assert changed(report) == 0
    assert everything(database) == before


def test_a_line_cut_before_its_identification_withdraws_nobody_else_in_silence(
    database: Database, tmp_path: Path
) -> None:
    """Whose line it was cannot be told: the person it belonged to is not in the file, and that must be said."""
    load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [GOOD, activity(BENOIT)])})
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, [GOOD, "8|1000"])})
    assert report.files[0].rejected == {"truncated": 1}
    assert len(reasons_in(tmp_path)) == 1


# -- Mended and loaded again


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("village"), VILLAGE)


def spoilt(row: str, random: Random) -> str:
    """A line that will be rejected, and that still says whom it speaks of."""
    if random.random() < 0.5:
        return row.rpartition(SEPARATOR)[0]
    fields = row.split(SEPARATOR)
    fields[ACTIVITY.index("mode")] = "?"
    return SEPARATOR.join(fields)


@pytest.mark.parametrize("named", ["by-identification", "by-type-and-number"])
@pytest.mark.parametrize("held", [False, True])
def test_rejects_mended_and_loaded_again_make_the_load_whole(
    database: Database, village: Written, tmp_path: Path, named: str, held: bool
) -> None:
    header, *rows = village.files[0].read_text(encoding="utf-8").splitlines()
    if named == "by-type-and-number":
        rows = [SEPARATOR.join([*row.split(SEPARATOR)[:2], "", *row.split(SEPARATOR)[3:]]) for row in rows]
    others: dict[Kind, str | bytes] = {
        kind: path.read_bytes() for kind, path in list(zip(FORMATS, village.files, strict=True))[1:]
    }
    whole = {Kind.ACTIVITY: "\n".join((header, *rows)) + "\n", **others}
    load_texts(database, tmp_path, whole)
    expected = everything(database)
    if not held:
        empty(database)
    random = Random(7)
    mended = {spoilt(row, random): row for row in random.sample(rows, 20)}
    damaged = {row: wrong for wrong, row in mended.items()}
    text = "\n".join((header, *(damaged.get(row, row) for row in rows))) + "\n"
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: text, **others})
    assert sum(report.files[0].rejected.values()) == 20
    (rejects,) = rejects_in(tmp_path)
    again = [mended.get(row, row) for row in rejects.read_text(encoding="utf-8").splitlines()]
    rejects.write_text("\n".join(again) + "\n", encoding="utf-8")
    report = load_files(database, [rejects], mode=Mode.DELTA, rejects=tmp_path / "rejects-again")
    assert report.files[0].rejected == {}
    assert everything(database) == expected


# -- Fields that no real file has

ODD = [
    "\0",
    "a\0b",
    "\x01\x1f",
    "\u2028",
    "\x85",
    "\ufeff",
    "\U0001f600",
    "\r",
    "e\u0301",
    "\u202e",
    '"',
    "\\",
    "{}",
]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_an_odd_character_anywhere_is_loaded_or_rejected(
    database: Database, tmp_path: Path, odd: str
) -> None:
    lines = [
        activity(f"81{rank:010d}", **{name: f"A{odd}B"})
        for rank, name in enumerate(ACTIVITY.columns)
        if name not in ("id_type", "id", "national_id", "family_name", "mode")
    ]
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: text_of(ACTIVITY, lines)})
    kept = sum(key[0] == "Practitioner" for key in resources(database))
    assert kept + sum(report.files[0].rejected.values()) == len(lines)
    for resource in resources(database).values():
        assert list(check(resource)) == []


@pytest.mark.parametrize("length", [401, 3_000, 20_000])
def test_a_field_longer_than_any_real_one_is_loaded_or_rejected(
    database: Database, tmp_path: Path, length: int
) -> None:
    random = Random(length)
    long = "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789é", k=length))
    texts = {
        Kind.ACTIVITY: [
            activity(f"81{n:010d}", **{name: long}) for n, name in enumerate(ACTIVITY.columns[3:])
        ],
        Kind.SKILL: [line(SKILL, **{**identified(ANNE), name: long}) for name in SKILL.columns[3:]],
        Kind.DIPLOMA: [line(DIPLOMA, **{**identified(ANNE), name: long}) for name in DIPLOMA.columns[3:]],
        Kind.MAILBOX: [
            line(MAILBOX, **{"address": "a@x", "structure_id": "1", name: long}) for name in MAILBOX.columns
        ],
    }
    texts[Kind.ACTIVITY].append(activity(long))
    files: dict[Kind, str | bytes] = {kind: text_of(FORMATS[kind], lines) for kind, lines in texts.items()}
    report = load_texts(database, tmp_path, files)
    if length > 500:
        assert [file.rejected for file in report.files] == [
            {"impossible-text": file.lines} for file in report.files
        ]
    else:
        assert changed(report) > 0
    for resource in resources(database).values():
        assert list(check(resource)) == []
