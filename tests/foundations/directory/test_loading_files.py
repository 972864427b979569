"""How the official files may come: encodings, line ends, vintages, column orders; and those that are refused whole."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.foundations.directory.loading import faults
from socle.foundations.directory.loading.ledger import Mode
from socle.foundations.directory.loading.load import Report, load_files
from socle.foundations.directory.loading.reading import read_header
from socle.foundations.directory.settings import directory_settings
from socle.kernel.db import Database
from socle.kernel.errors import ErrorKind, SocleError
from socle.standards.annuaire.files import ACTIVITY, FORMATS, MAILBOX, SKILL, FileFormat, Kind
from tests.foundations.directory.strategies import identified, line, structure_columns, text_of
from tests.support.directory import active, changed, load_texts, rejects_in, resources, try_texts, write_files
from tests.support.fhir_store import Key, Resource


def person(number: int, **columns: str) -> str:
    return line(
        ACTIVITY, **{**identified(f"81{number:010d}"), "family_name": "GÉROU", "mode": "L", **columns}
    )


def people(count: int, first: int = 0) -> list[str]:
    """Two in three work somewhere."""
    places = ("R10109000000036", "690000001", "")
    return [person(first + n, **structure_columns(places[n % 3], n % 2)) for n in range(count)]


def activities(lines: list[str]) -> dict[Kind, str | bytes]:
    return {Kind.ACTIVITY: text_of(ACTIVITY, lines)}


def refusal(
    db: Database,
    folder: Path,
    texts: dict[Kind, str | bytes],
    mode: Mode = Mode.FULL,
    accept: int | None = None,
) -> SocleError:
    with pytest.raises(SocleError) as refused:
        load_texts(db, folder, texts, mode, accept)
    return refused.value


def check_told(error: SocleError, kind: ErrorKind, *shown: str) -> None:
    """The right refusal, in both languages, with what is needed to act on it."""
    assert error.kind is kind
    for lang in ("fr", "en"):
        for part in shown:
            assert part in error.sentence(lang), error.sentence(lang)


# -- The same content in another dress

LINES = people(6)
TEXT = text_of(ACTIVITY, LINES)
HEADER = ACTIVITY.header


def shuffled(text: str) -> str:
    """The same columns in another order."""
    order = list(range(len(ACTIVITY.columns)))
    Random(1).shuffle(order)
    rows = [row.split("|") for row in text.splitlines()]
    return "\n".join("|".join(row[rank] for rank in order) for row in rows) + "\n"


DRESSES = {
    "bom": b"\xef\xbb\xbf" + TEXT.encode(),
    "cp1252": TEXT.encode("cp1252"),
    "crlf": TEXT.replace("\n", "\r\n").encode(),
    "no-final-newline": TEXT.rstrip("\n").encode(),
    "crlf-no-final-newline": TEXT.replace("\n", "\r\n").rstrip().encode(),
    "trailing-bars": TEXT.replace("\n", "|\n").encode(),
    "trailing-bars-on-lines-only": (HEADER + "\n" + "".join(f"{row}|\n" for row in LINES)).encode(),
    "blank-lines": TEXT.replace("\n", "\n\n").encode(),
    "end-of-file-mark": TEXT.encode() + b"\0",
    "shuffled-columns": shuffled(TEXT).encode(),
    "shuffled-lines": text_of(ACTIVITY, LINES[::-1]).encode(),
    "spaces-around-fields": TEXT.replace("|", " | ").encode(),
    "decomposed-header": TEXT.replace("é", "e\u0301", 1).encode(),
    "notice-names": TEXT.replace(HEADER, "|".join(ACTIVITY.vintages[2].headers)).encode(),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_same_content_in_another_dress_changes_nothing(
    database: Database, tmp_path: Path, dress: str
) -> None:
    load_texts(database, tmp_path, {Kind.ACTIVITY: TEXT})
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: DRESSES[dress]})
    assert (changed(report), report.files[0].rejected, report.files[0].lines) == (0, {}, len(LINES))
    assert report.files[0].encoding == ("cp1252" if dress == "cp1252" else "utf-8")


def test_a_vintage_without_role_and_kind_is_read(database: Database, tmp_path: Path) -> None:
    load_texts(database, tmp_path, {Kind.ACTIVITY: TEXT})
    rows = [row.split("|")[:52] for row in TEXT.splitlines()]
    report = load_texts(database, tmp_path, {Kind.ACTIVITY: "\n".join("|".join(row) for row in rows) + "\n"})
    assert (changed(report), report.files[0].vintage) == (0, "2021")


def test_a_quotation_mark_is_an_ordinary_character(database: Database, tmp_path: Path) -> None:
    lines = [person(1, family_name='"GÉROU'), person(2, family_name='l\'"ami"')]
    load_texts(database, tmp_path, activities(lines))
    names = {one["name"][0]["family"] for one in resources(database).values() if "name" in one}
    assert names == {'"GÉROU', 'l\'"ami"'}


# -- Files refused whole


@pytest.mark.parametrize("content", [b"", b"\n", b"  \r\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("held", [False, True])
def test_an_empty_file_is_refused(database: Database, tmp_path: Path, content: bytes, held: bool) -> None:
    before: dict[Key, Resource] = {}
    if held:
        load_texts(database, tmp_path, {Kind.ACTIVITY: TEXT})
        before = resources(database)
    error = refusal(database, tmp_path, {Kind.ACTIVITY: content})
    check_told(error, faults.EMPTY_FILE, ACTIVITY.stem)
    assert (resources(database) if held else {}) == before


def test_bytes_of_no_known_encoding_are_refused(database: Database, tmp_path: Path) -> None:
    content = TEXT.encode("cp1252").replace("É".encode("cp1252"), b"\x81", 1)
    check_told(
        refusal(database, tmp_path, {Kind.ACTIVITY: content}), faults.UNDECODABLE, "0x81", ACTIVITY.stem
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_encodings_are_refused(database: Database, tmp_path: Path, encoding: str) -> None:
    error = refusal(database, tmp_path, {Kind.ACTIVITY: TEXT.encode(encoding)})
    assert error.kind in (faults.UNKNOWN_HEADER, faults.UNDECODABLE)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (HEADER.replace("Code profession", "Code métier"), ("Code métier", "Code profession", " 10")),
        (HEADER.rpartition("|")[0], ("Libellé genre activité", " 56")),
        (f"{HEADER}|Date", ("Date", " 57")),
        (HEADER.replace("|", ";"), (HEADER.replace("|", ";")[:40],)),
        ("Nom|Prénom", ("Nom",)),
        ("<html>", ("<html>",)),
    ],
)
def test_a_header_that_nobody_knows_is_refused(
    database: Database, tmp_path: Path, header: str, shown: tuple[str, ...]
) -> None:
    error = refusal(database, tmp_path, {Kind.ACTIVITY: TEXT.replace(HEADER, header)})
    check_told(error, faults.UNKNOWN_HEADER, ACTIVITY.stem, *shown)


def test_a_file_without_its_header_is_refused(database: Database, tmp_path: Path) -> None:
    error = refusal(database, tmp_path, {Kind.ACTIVITY: TEXT.partition("\n")[2]})
    assert error.kind is faults.UNKNOWN_HEADER


def test_line_ends_that_only_returns_make_lose_nothing(database: Database, tmp_path: Path) -> None:
    """A header that is recognised and lines that are not would pass for a file that withdraws everybody."""
    load_texts(database, tmp_path, {Kind.ACTIVITY: TEXT})
    before = active(resources(database))
    found = try_texts(database, tmp_path, {Kind.ACTIVITY: TEXT.replace("\n", "\r")})
    assert isinstance(found, Report) or found.kind in (faults.UNKNOWN_HEADER, faults.TOO_MANY_REJECTS)
    assert active(resources(database)) == before


def test_two_files_of_one_kind_are_refused(database: Database, tmp_path: Path) -> None:
    paths = write_files(tmp_path, activities(LINES)) + write_files(tmp_path, activities(LINES[1:]))
    with pytest.raises(SocleError) as refused:
        load_files(database, paths, rejects=tmp_path)
    check_told(refused.value, faults.SAME_KIND_TWICE, paths[0].name)


# -- More than one line in a hundred rejected

SHORT = person(9_999).rpartition("|")[0]


@pytest.mark.parametrize(
    ("good", "bad", "passes"), [(99, 1, True), (98, 1, False), (198, 2, True), (197, 2, False)]
)
def test_one_line_in_a_hundred_may_be_wrong(
    database: Database, tmp_path: Path, good: int, bad: int, passes: bool
) -> None:
    lines = people(good) + [f"{SHORT[:-1]}{n}" for n in range(bad)]
    if passes:
        report = load_texts(database, tmp_path, activities(lines))
        assert report.files[0].rejected == {"truncated": bad}
        assert len(rejects_in(tmp_path)) == 1
        return
    error = refusal(database, tmp_path, activities(lines))
    check_told(error, faults.TOO_MANY_REJECTS, str(bad), str(good + bad), str(rejects_in(tmp_path)[0]))
    with database.reading() as session:
        assert session.fetch("SELECT COUNT(*) FROM directory_statement") == [(0,)]


# -- More than five in a hundred withdrawn


@pytest.mark.parametrize(("held", "left", "passes"), [(200, 190, True), (200, 189, False), (199, 0, True)])
def test_five_in_a_hundred_may_be_withdrawn(
    database: Database, tmp_path: Path, held: int, left: int, passes: bool
) -> None:
    """Under 200 persons nothing is counted: a small territory may change altogether."""
    load_texts(database, tmp_path, activities(people(held)))
    before = resources(database)
    if passes:
        load_texts(database, tmp_path, activities(people(left)))
        assert sum(key[0] == "Practitioner" for key in active(resources(database))) == left
        return
    gone = held - left
    error = refusal(database, tmp_path, activities(people(left)))
    check_told(error, faults.TOO_MANY_DEACTIVATIONS, f"--accept-deactivations {gone}", str(held))
    assert resources(database) == before


@pytest.mark.parametrize("accepted", [19, 21, 200, 0])
def test_only_the_exact_number_is_accepted(database: Database, tmp_path: Path, accepted: int) -> None:
    load_texts(database, tmp_path, activities(people(200)))
    fewer = activities(people(180))
    error = refusal(database, tmp_path, fewer, accept=accepted)
    check_told(error, faults.TOO_MANY_DEACTIVATIONS, "--accept-deactivations 20")
    load_texts(database, tmp_path, fewer, accept=20)
    assert sum(key[0] == "Practitioner" for key in active(resources(database))) == 180


def test_the_number_shown_is_enough_for_all_the_files_of_a_load(database: Database, tmp_path: Path) -> None:
    """Whoever leaves is in several files; the operator must not be asked for one number, then for another."""

    def both(persons: int, skilled: int) -> dict[Kind, str | bytes]:
        skills = [
            line(SKILL, **identified(f"81{n:010d}"), skill_type="S", skill="SM26") for n in range(skilled)
        ]
        return {**activities(people(persons)), Kind.SKILL: text_of(SKILL, skills)}

    load_texts(database, tmp_path, both(300, 250))
    error = refusal(database, tmp_path, both(250, 230))
    shown = int(error.data["gone"])
    load_texts(database, tmp_path, both(250, 230), accept=shown)
    assert sum(key[0] == "Practitioner" for key in active(resources(database))) == 250


def test_a_delta_withdraws_whom_it_names(database: Database, tmp_path: Path) -> None:
    load_texts(database, tmp_path, activities(people(200)))
    gone = ["|".join([*row.split("|")[:3], *[""] * 53]) for row in people(50)]
    refused = refusal(database, tmp_path, activities(gone), Mode.DELTA)
    check_told(refused, faults.TOO_MANY_DEACTIVATIONS, "--accept-deactivations 50", "200")
    report = load_texts(database, tmp_path, activities(gone), Mode.DELTA, accept=50)
    assert report.files[0].rejected == {}
    assert sum(key[0] == "Practitioner" for key in active(resources(database))) == 150


def test_mailboxes_are_counted_by_address(database: Database, tmp_path: Path) -> None:
    boxes = [
        line(MAILBOX, address=f"{n}@x", mailbox_type="ORG", structure_id_type="1", structure_id="690000001")
        for n in range(220)
    ]
    load_texts(database, tmp_path, {Kind.MAILBOX: text_of(MAILBOX, boxes)})
    error = refusal(database, tmp_path, {Kind.MAILBOX: text_of(MAILBOX, boxes[:200])})
    check_told(error, faults.TOO_MANY_DEACTIVATIONS, "--accept-deactivations 20", "220")


def test_the_limits_are_settings(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_DIRECTORY_REJECTS_PERCENT", "50")
    monkeypatch.setenv("SOCLE_DIRECTORY_DEACTIVATIONS_PERCENT", "100")
    directory_settings.cache_clear()
    try:
        load_texts(database, tmp_path, activities([*people(200), SHORT]))
        report = load_texts(database, tmp_path, activities([person(0), SHORT]))
    finally:
        directory_settings.cache_clear()
    assert report.files[0].rejected == {"truncated": 1}


# -- Headers of any kind


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from(list(FORMATS.values())),
    dropped=st.integers(0, 60),
    extra=st.text("a|é\t ;\"'", max_size=4),
)
def test_a_changed_header_is_refused_or_means_the_same(
    tmp_path: Path, form: FileFormat, dropped: int, extra: str
) -> None:
    names = list(form.vintages[0].headers)
    if dropped < len(names):
        names[dropped] += extra
    path = write_files(tmp_path, {form.kind: "|".join(names) + "\n"})[0]
    assert format_of(path) in (form, faults.UNKNOWN_HEADER)


def format_of(path: Path) -> FileFormat | ErrorKind:
    try:
        return read_header(path, "utf-8")[1].format
    except SocleError as refused:
        return refused.kind
