"""Whatever is done in whatever order, what can be read of each person is what a model says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.app.backup.make import Backup, back_up
from socle.app.backup.restore import restore
from socle.kernel.audit.sequencer import sequence
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.keyring.tombstones import tombstones
from socle.kernel.privacy.erasure import Reason, erase
from tests.support.databases import SqliteTemplate
from tests.support.keeping import look, opened_details

PERSONS = ("1", "2")
steps = st.one_of(
    st.tuples(st.just("look"), st.sampled_from(PERSONS)),
    st.tuples(st.just("erase"), st.sampled_from(PERSONS)),
    st.tuples(st.just("save"), st.none()),
    st.tuples(st.just("restore"), st.integers(0, 3)),
)


@dataclass
class Model:
    """`looks` are the moments at which each person was looked at, as the database still has them; `erased` the last
    erasure of each, which no restoration takes back."""

    looks: dict[str, list[int]] = field(default_factory=lambda: {person: [] for person in PERSONS})
    erased: dict[str, int] = field(default_factory=dict)
    saved: list[tuple[Backup, dict[str, list[int]]]] = field(default_factory=list)

    def readable(self, person: str) -> int:
        return sum(moment > self.erased.get(person, -1) for moment in self.looks[person])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SOCLE_BACKUP_FOLDER", str(tmp_path / "backups"))
    keyring_settings.cache_clear()
    yield tmp_path / "backups"
    monkeypatch.undo()
    keyring_settings.cache_clear()


def act(db: Database, model: Model, folder: Path, moment: int, step: tuple[str, object]) -> None:
    name, about = step
    if name == "look":
        look(db, str(about))
        model.looks[str(about)].append(moment)
    elif name == "erase":
        erase(db, f"record:{about}", Reason.REQUEST)
        model.erased[str(about)] = moment
    elif name == "save":
        model.saved.append(
            (back_up(db, folder), {person: list(seen) for person, seen in model.looks.items()})
        )
    elif model.saved:
        made, looks = model.saved[int(str(about)) % len(model.saved)]
        restore(db, made.path, align=lambda _: None, replace=True)
        model.looks = {person: list(seen) for person, seen in looks.items()}
    while sequence(db):
        pass


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25)
@given(st.lists(steps, max_size=9))
def test_what_is_readable_follows_erasures_through_restorations(
    sqlite_template: SqliteTemplate, tmp_path: Path, folder: Path, history: list[tuple[str, object]]
) -> None:
    home = tmp_path / "home"
    for left in (home, folder):
        rmtree(left, ignore_errors=True)
    home.mkdir()
    with sqlite_template.fresh(home) as url:
        db, model, clock = Database(url), Model(), count()
        try:
            for step in history:
                act(db, model, folder, next(clock), step)
                for person in PERSONS:
                    assert len(opened_details(db, f"record:{person}")) == model.readable(person)
            with db.reading() as session:
                assert {stone.subject for stone in tombstones(session)} == {
                    f"record:{person}" for person in model.erased
                }
            assert verify(db, processes=1).findings == []
        finally:
            db.close()
