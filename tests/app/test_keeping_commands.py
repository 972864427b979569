"""`socle keys`, `backup`, `restore` and `privacy`, as an operator runs them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from socle.app.backup.archive import latest, moment_of
from socle.kernel.keyring.keyfile import KEPT, NAME
from socle.kernel.keys import Master
from tests.support.command_line import socle
from tests.support.databases import django_command
from tests.support.keeping import as_first_version


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a schema, a request of a person and a signing key."""
    folder = tmp_path_factory.mktemp("keeping")
    assert socle("migrate", home=folder).returncode == 0
    assert socle("keys", "rotate", "audit-head", home=folder).returncode == 0
    asked = socle("privacy", "receive", "access", "record:1", "--said", "tout", home=folder)
    assert asked.returncode == 0, asked.stderr
    return folder


def test_keys_are_rotated_in_two_steps(home: Path) -> None:
    announced = socle("keys", "rotate", "audit-head", home=home)
    assert "annoncée / announced" in announced.stdout
    early = socle("keys", "rotate", "audit-head", home=home)
    assert (early.returncode, early.stdout) == (2, "")
    assert "signing-key-too-early" in early.stderr
    forced = socle("keys", "rotate", "audit-head", "--force", home=home)
    assert "en usage / in use" in forced.stdout
    listed = socle("keys", "list", home=home).stdout
    assert {"retired", "active"} <= set(listed.split())
    assert socle("keys", "rotate", "letters", home=home).returncode == 2


def test_a_master_key_is_changed(home: Path) -> None:
    old = (home / "secret.key").read_bytes().decode("latin-1")
    assert socle("keys", "rewrap", home=home).stdout.startswith("0 ")
    assert old not in socle("keys", "list", home=home).stdout


def test_a_backup_is_restored_elsewhere(home: Path, tmp_path: Path) -> None:
    saved = socle("backup", tmp_path / "saved", home=home)
    assert saved.returncode == 0, saved.stderr
    assert "SOCLE_BACKUP_FOLDER" in saved.stdout
    there = tmp_path / "there"
    there.mkdir()
    (there / "secret.key").write_bytes((home / "secret.key").read_bytes())
    done = socle("restore", tmp_path / "saved", home=there)
    assert done.returncode == 0, done.stderr
    assert "comptes et empreintes égaux" in done.stdout
    made = moment_of(latest(tmp_path / "saved"))
    assert f"since {made:%Y-%m-%d %H:%M:%S} UTC has come back" in done.stdout
    assert "Warning" not in done.stdout
    assert "record" not in done.stderr
    exported = tmp_path / "person.json"
    assert socle("privacy", "export", "record:1", exported, home=there).returncode == 0
    (request,) = json.loads(exported.read_text(encoding="utf-8"))["privacy"]["requests"]
    assert request["details"] == {"said": "tout"}
    again = socle("restore", tmp_path / "saved", home=there)
    assert (again.returncode, "restore-not-empty" in again.stderr) == (2, True)
    as_first_version(tmp_path / "saved" / NAME, Master("", (home / "secret.key").read_bytes()))
    old = socle("restore", tmp_path / "saved", "--replace", home=there)
    assert (old.returncode, "Warning: this key file" in old.stdout) == (0, True)


def test_a_damaged_key_file_is_replaced_when_that_is_asked(home: Path, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"nothing of a database" * 200)
    refused = socle("backup", tmp_path, home=home)
    assert (refused.returncode, "key-file-broken" in refused.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert socle("backup", tmp_path, "--replace-damaged", home=home).returncode == 0
    assert (tmp_path / KEPT).read_bytes() == b"nothing of a database" * 200


def test_a_backup_of_an_older_schema_is_restored_and_brought_up(home: Path, tmp_path: Path) -> None:
    """The schema is taken back to that of the backup, filled, and brought forward again."""
    older = tmp_path / "older"
    older.mkdir()
    (older / "secret.key").write_bytes((home / "secret.key").read_bytes())
    url = f"sqlite:///{older / 'socle.sqlite3'}"
    assert socle("migrate", home=older).returncode == 0
    for later in ("privacy", "keyring", "outbox", "audit"):
        django_command("migrate", later, "zero", "--skip-checks", database=url, home=older)
    saved = socle("backup", tmp_path / "saved", home=older)
    assert saved.returncode == 0, saved.stderr
    there = tmp_path / "there"
    there.mkdir()
    (there / "secret.key").write_bytes((home / "secret.key").read_bytes())
    done = socle("restore", tmp_path / "saved", home=there)
    assert done.returncode == 0, done.stderr
    assert socle("migrate", home=there).stdout.startswith("À jour")
    assert socle("privacy", "receive", "access", "record:1", home=there).returncode == 0


def test_a_backup_says_where_it_goes(home: Path, tmp_path: Path) -> None:
    beside = socle("backup", home=home)
    assert (beside.returncode, "SOCLE_BACKUP_FOLDER" in beside.stdout) == (0, False)
    assert (home / "backups" / NAME).is_file()
    followed = socle("backup", home=home, SOCLE_BACKUP_FOLDER=str(tmp_path))
    assert followed.returncode == 0
    assert "SOCLE_BACKUP_FOLDER" not in followed.stdout
    assert {path.suffix for path in tmp_path.iterdir()} == {".zip", ".sqlite3"}


def test_a_person_is_erased_when_it_is_confirmed(home: Path) -> None:
    unsure = socle("privacy", "erase", "record:9", home=home)
    assert (unsure.returncode, "--confirm" in unsure.stdout) == (2, True)
    asked = socle("privacy", "receive", "access", "record:9", "--said", "tout", home=home)
    assert asked.returncode == 0, asked.stderr
    assert socle("backup", home=home).returncode == 0
    assert "record:9" in keys_of(home / "backups")
    assert socle("privacy", "erase", "record:9", "--confirm", home=home).returncode == 0
    assert "record:9" not in keys_of(home / "backups")


def keys_of(folder: Path) -> set[str]:
    """Whose keys the key file of a folder holds."""
    with closing(sqlite3.connect(folder / NAME)) as file:
        return {subject for (subject,) in file.execute("SELECT subject FROM keyring_envelope")}


def test_a_refusal_has_a_ground_and_reasons_at_the_terminal_too(home: Path) -> None:
    asked = socle("privacy", "receive", "erasure", "record:5", home=home)
    number = asked.stdout.split()[0]
    refusing = ("privacy", "close", number, "refused")
    for options, code in (
        ((), "privacy-ground-unknown"),
        (("--ground", "not-portable", "--said", "non"), "privacy-ground-unknown"),
        (("--ground", "claims", "--said", " "), "privacy-reasons-needed"),
    ):
        told = socle(*refusing, *options, home=home)
        assert (told.returncode, code in told.stderr) == (2, True), told.stderr
    done = socle(*refusing, "--ground", "claims", "--said", "Un procès est en cours", home=home)
    assert "refused" in done.stdout


def test_an_export_is_a_new_file_for_its_owner_alone(home: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "there.json", tmp_path / "link.json"
    target.write_text("mine", encoding="utf-8")
    link.symlink_to(tmp_path / "elsewhere.json")
    for taken in (target, link):
        told = socle("privacy", "export", "record:1", taken, home=home)
        assert (told.returncode, "privacy-file-there" in told.stderr) == (2, True)
    assert target.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "elsewhere.json").exists()
    assert socle("privacy", "export", "record:1", tmp_path / "new.json", home=home).returncode == 0
    assert (tmp_path / "new.json").stat().st_mode & 0o777 == 0o600


def test_a_request_is_followed_to_its_end(home: Path) -> None:
    socle("privacy", "receive", "erasure", "record:2", "--received", "2026-01-31", home=home)
    listed = socle("privacy", "requests", home=home).stdout
    assert "EN RETARD" in " ".join(listed.split())
    assert "2026-03-02" in listed
    (line,) = [line for line in listed.splitlines() if "erasure" in line]
    number = line.split()[0]
    late = socle("privacy", "extend", number, "trop tard", home=home)
    assert (late.returncode, "privacy-extension-too-late" in late.stderr) == (2, True)
    assert "answered" in socle("privacy", "close", number, "answered", home=home).stdout
    assert number not in socle("privacy", "requests", home=home).stdout


def test_data_are_restricted_and_kept_for_their_time(home: Path) -> None:
    assert "20" in socle("privacy", "restrict", "record:3", home=home).stdout
    assert socle("privacy", "restrict", "record:3", "--lift", home=home).stdout == "record:3: -\n"
    assert "privacy.requests: 0" in socle("privacy", "retain", home=home).stdout
