"""Where tests keep their files."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support.room import ENOUGH, choose_room, is_roomy


def test_a_folder_is_roomy_when_a_whole_run_fits(tmp_path: Path) -> None:
    assert is_roomy(tmp_path) is (shutil.disk_usage(tmp_path).free >= ENOUGH)
    assert not is_roomy(tmp_path / "absent")


@pytest.fixture
def unchosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("TMPDIR", raising=False)


@pytest.mark.usefixtures("unchosen")
def test_files_stay_where_the_system_puts_them_without_room_elsewhere(tmp_path: Path) -> None:
    usual = Path(tempfile.gettempdir())
    assert choose_room(tmp_path / "absent") == usual


@pytest.mark.usefixtures("unchosen")
def test_what_a_person_chose_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert choose_room(tmp_path.parent) == tmp_path
