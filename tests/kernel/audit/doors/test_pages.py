"""The auditor's pages in both languages: well formed, what they say, what they leave in the trail, and to whom."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
import pytest

from socle.kernel.access import AUDITOR, OPERATOR
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit import queries
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.verification.daily import JOB
from socle.kernel.db import Database
from socle.kernel.schedules import acts as schedules
from socle.kernel.work import record
from socle.standards.merkle import leaf_hash, proves_inclusion
from tests.app.conftest import pages
from tests.app.inside import inside
from tests.support.databases import SqliteTemplate
from tests.support.signed_in import SignedIn, check_page, signed_in
from tests.support.trail import drain, entry, lived_in

__all__ = ["pages"]


@dataclass(frozen=True)
class Desk:
    """An auditor of a trail that was lived in, and an operator who once asked for it; `refused` is the position of that
    refusal, `reference` what the operator was told."""

    auditor: SignedIn
    operator: SignedIn
    refused: int
    reference: str

    @property
    def db(self) -> Database:
        return self.auditor.application.db

    def text(self, path: str, lang: str = "fr") -> str:
        answer = self.auditor.get(path, lang)
        check_page(answer)
        return answer.text

    def positions(self, path: str) -> list[int]:
        return [
            int(found) for found in re.findall(r'<th[^>]*><a href="/trace/entrees/(\d+)"', self.text(path))
        ]

    def last(self) -> dict[str, object]:
        """The newest entry, which waits for the sequencer."""
        with self.db.reading() as session:
            ((facts,),) = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq DESC LIMIT 1")
        document: dict[str, object] = orjson.loads(bytes(facts))
        return document


@pytest.fixture(scope="module")
def desk(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    with inside(sqlite_template, tmp_path_factory.mktemp("desk")) as application:
        auditor, operator = signed_in(application, AUDITOR), signed_in(application, OPERATOR)
        lived_in(application.db)
        with application.db.unit() as unit:
            record(unit, entry(12, subject_details={"reason": "urgence vitale"}))
        found = re.search(r"\b[0-9a-f]{32}\b", operator.get("/trace").text)
        assert found
        drain(application.db)
        with application.db.reading() as session:
            ((position,),) = session.fetch("SELECT position FROM audit_entry WHERE action = 'access.refused'")
        yield Desk(auditor, operator, position, found[0])


PATHS = ("/trace", "/trace?issue=4", "/trace?reference=rien", "/trace/entrees/0", "/trace/journal")


@pytest.mark.parametrize("path", PATHS)
def test_each_page_is_well_formed_in_both_languages(desk: Desk, path: str) -> None:
    french, english = desk.text(path), desk.text(path, "en")
    assert 'lang="fr"' in french
    assert 'lang="en"' in english
    assert re.search(r"<h1>(.*?)</h1>", french) != re.search(r"<h1>(.*?)</h1>", english) or "entrees" in path


def test_a_refusals_reference_leads_to_its_entry(desk: Desk) -> None:
    assert desk.positions(f"/trace?reference={desk.reference}") == [desk.refused]
    assert desk.positions(f"/trace?reference={desk.reference.upper()}&issue=4") == [desk.refused]
    card = desk.text(f"/trace/entrees/{desk.refused}")
    assert "Accès refusé" in card
    assert "audit.read" in card
    assert "Nora Exemple" in card


def test_the_filters_find_by_person_act_structure_and_day(desk: Desk) -> None:
    assert desk.refused in desk.positions("/trace?qui=operator@exemple.test")
    assert desk.positions("/trace?qui=operator@exemple.test&acte=access.refused") == [desk.refused]
    assert desk.positions(f"/trace?qui={desk.operator.account}&issue=4") == [desk.refused]
    assert desk.positions("/trace?qui=personne@exemple.test") == []
    assert len(desk.positions("/trace?concerne=record:7")) == 2
    assert len(desk.positions("/trace?structure=o-1")) == 25
    assert desk.positions("/trace?structure=o-2") == []
    assert desk.positions("/trace?au=2001-01-01") == []
    assert len(desk.positions("/trace?du=2001-01-01&au=9999-12-31")) == 25
    assert desk.positions("/trace?reference=r-1&concerne=record:12") != []


def test_pages_follow_one_another_to_the_end(desk: Desk) -> None:
    with desk.db.reading() as session:
        whole = [row[0] for row in session.fetch("SELECT position FROM audit_entry ORDER BY position DESC")]
    found, path = [], "/trace?sans=on"
    while path:
        found += desk.positions(path)
        text = desk.text(path)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert found == whole


def test_a_part_without_any_leads_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_LOOKED_AT", 20)
    text = desk.text("/trace?concerne=record:3&acte=test.read&structure=o-1&avant=200")
    assert "test.read" in text
    text = desk.text("/trace?acte=access.refused&avant=200")
    assert "Rien dans cette partie de la trace" in text
    assert 'rel="next"' in text


def test_wrong_days_are_told_at_their_field(desk: Desk) -> None:
    answer = desk.auditor.get("/trace?du=2026-11-22&au=2026-11-21")
    check_page(answer, 400)
    assert "Ce jour est avant celui du début." in answer.text
    assert desk.auditor.get("/trace?du=hier").status_code == 400
    assert desk.auditor.get("/trace/export/entrees.csv?du=hier").status_code == 400


def test_reading_leaves_a_trace(desk: Desk) -> None:
    desk.text("/trace?qui=operator@exemple.test")
    told = desk.last()
    assert told["action"] == "audit.searched"
    assert "operator" not in orjson.dumps(told).decode()
    desk.text("/trace/entrees/0")
    told = desk.last()
    assert (told["action"], told["data"]) == ("audit.read", {"as": "page"})


def test_the_proof_convinces_without_us(desk: Desk) -> None:
    assert "Vérifiée à l’instant" in desk.text(f"/trace/entrees/{desk.refused}")
    proof = desk.auditor.get(f"/trace/entrees/{desk.refused}/preuve.json").json()
    with desk.db.reading() as session:
        head = last_head(session)
    assert head is not None
    assert proof["checkpoint"] == head.checkpoint
    path = [bytes.fromhex(one) for one in proof["inclusion"]]
    leaf = leaf_hash(proof["facts"].encode())
    assert proves_inclusion(leaf, desk.refused, proof["size"], path, head.root)
    assert desk.last()["data"] == {"as": "proof"}


def test_sealed_details_open_with_a_reason(desk: Desk) -> None:
    position, _ = desk.positions("/trace?concerne=record:12")
    path = f"/trace/entrees/{position}"
    assert "urgence vitale" not in desk.text(path)
    bare = desk.auditor.post(path, do="open", reason=" ")
    check_page(bare, 400)
    assert "urgence vitale" not in bare.text
    opened = desk.auditor.post(path, do="open", reason="plainte du patient")
    check_page(opened)
    assert "urgence vitale" in opened.text
    assert "192.0.2.7" in opened.text
    told = desk.last()
    assert (told["action"], told["subject"]) == ("audit.details-opened", "record:12")
    assert "plainte" not in orjson.dumps(told).decode()


def test_the_export_is_the_same_list(desk: Desk) -> None:
    lines = desk.auditor.get("/trace/export/entrees.jsonl?concerne=record:7").text.splitlines()
    first, *entries = (orjson.loads(line) for line in lines)
    assert (first["format"], first["asked"]) == ("socle-audit-entries-1", "concerne=record%3A7")
    assert [one["position"] for one in entries] == desk.positions("/trace?concerne=record:7")
    assert all(orjson.loads(one["facts"])["subject"] == "record:7" for one in entries)
    answer = desk.auditor.get("/trace/export/entrees.csv?concerne=record:7")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [int(row["position"]) for row in rows] == [one["position"] for one in entries]
    assert {(row["auteur"], row["à propos de"]) for row in rows} == {("professional:p-1", "record:7")}
    english = desk.auditor.get("/trace/export/entrees.csv?concerne=record:7&lang=en")
    heading, first, *_ = csv.reader(io.StringIO(english.text.removeprefix("\ufeff")), delimiter=";")
    assert heading[:5] == ["position", "instant", "act", "outcome", "author"]
    assert first == list(rows[0].values()), "the codes are those of every language"
    assert "attachment" in answer.headers["content-disposition"]
    told = desk.last()
    assert (told["action"], told["data"]) == ("audit.exported", {"as": "csv"})
    whole = desk.auditor.get("/trace/export/entrees.csv").text
    assert whole.count("test.read") > 280


def test_the_journal_says_how_it_is(desk: Desk) -> None:
    assert "n’a pas encore été vérifiée" in desk.text("/trace/journal")
    head = desk.auditor.get("/trace/journal/tete.txt")
    assert head.text.startswith("socle.localhost/audit\n")
    for failed in (False, True):
        with desk.db.unit() as unit:
            schedules.begin(unit, JOB, 60_000_000, 60_000_000)
            if failed:
                schedules.fail(unit, BY_SYSTEM, JOB, 60_000_000, "SocleError somewhere", 61_000_000)
            else:
                schedules.end(
                    unit, BY_SYSTEM, JOB, 60_000_000, {"entries": 3, "heads": 2, "units": 1}, 61_000_000
                )
        told = desk.text("/trace/journal")
        assert ("SocleError somewhere" in told) is failed
        assert ("Entrées : 3 ; têtes : 2 ; actes : 1" in told) is not failed


def test_an_entry_that_was_changed_says_so(desk: Desk) -> None:
    with desk.db.unit() as unit:
        unit.execute("UPDATE audit_entry SET subject = 'record:99' WHERE position = 40")
    told = desk.text("/trace/entrees/40")
    assert 'role="alert"' in told
    assert "socle audit verify" in told
    with desk.db.unit() as unit:
        unit.execute("UPDATE audit_entry SET subject = 'record:39' WHERE position = 40")


def test_an_entry_that_says_nothing_any_more_hides_no_other(desk: Desk) -> None:
    with desk.db.reading() as session:
        ((position, facts),) = session.fetch(
            "SELECT position, facts FROM audit_entry WHERE subject = 'record:12' AND subject_sealed IS NOT NULL"
        )
    with desk.db.unit() as unit:
        forged = bytes(facts).replace(b'"kind":', b'"kinc":')
        unit.execute("UPDATE audit_entry SET facts = ?1 WHERE position = ?2", forged, position)
    assert len(desk.positions("/trace?concerne=record:12")) > 1
    assert "socle audit verify" in desk.text(f"/trace/entrees/{position}")
    opened = desk.auditor.post(f"/trace/entrees/{position}", do="open", reason="plainte 12")
    assert opened.status_code == 200
    assert "urgence vitale" not in opened.text
    for form in ("csv", "jsonl"):
        answer = desk.auditor.get(f"/trace/export/entrees.{form}?concerne=record:12")
        assert answer.status_code == 200
        assert str(position) in answer.text
    with desk.db.unit() as unit:
        unit.execute("UPDATE audit_entry SET facts = ?1 WHERE position = ?2", bytes(facts), position)


def test_an_entry_that_waits_or_is_none(desk: Desk) -> None:
    assert desk.auditor.get("/trace/entrees/999999").status_code == 404
    assert desk.auditor.get("/trace/entrees/999999/preuve.json").status_code == 404


@pytest.mark.parametrize("path", [*PATHS, "/trace/journal/tete.txt", "/trace/export/entrees.csv"])
def test_the_desk_is_for_auditors(desk: Desk, path: str) -> None:
    assert desk.operator.get(path).status_code == 403
