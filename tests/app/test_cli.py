"""The command line as a person meets it: what each command says, and its exit code."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from socle import __version__
from tests.support import tree
from tests.support.command_line import environment, socle
from tests.support.served import Served, free_port, up

CURL = shutil.which("curl")
LOCAL = "http://localhost:8000"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`socle up` on an empty data folder: it makes and loads its own village, then serves it."""
    with up(tmp_path_factory.mktemp("demo"), SOCLE_DEMO_SIZE="village") as served:
        yield served


# -- What it says


def test_it_says_its_version(tmp_path: Path) -> None:
    told = socle("version", home=tmp_path)
    assert (told.returncode, told.stdout) == (0, f"{__version__}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full belongs to Linux")
def test_it_names_a_full_disk(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "-m", "socle", "version"],
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert told.returncode == 2
    assert "disk-full" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("arguments", [(), ("load", "directory", "--help")])
def test_help_is_in_both_languages(arguments: tuple[str, ...], tmp_path: Path) -> None:
    told = socle(*arguments, home=tmp_path)
    said = " ".join((told.stdout + told.stderr).split())
    assert "Usage: " in said
    assert re.search(r"Charger|fichiers|fondations", said)
    assert re.search(r"Load|files|foundations", said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("load", "directory", "no-such-file.txt"),
        ("load", "fhir", "--store", "elsewhere", __file__),
        ("demo", "x", "--changes", "0"),
    ],
)
def test_a_command_that_is_not_one_is_told_without_a_traceback(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    told = socle(*arguments, home=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "Error: " in told.stderr
    assert "Traceback" not in told.stderr


def test_a_database_that_is_not_there_is_told_without_a_traceback(tmp_path: Path) -> None:
    nobody = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    told = socle("up", home=tmp_path, SOCLE_DATABASE=nobody)
    assert told.returncode == 1
    assert "La base de données ne répond pas" in told.stderr
    assert "The database does not answer" in told.stderr
    assert "Traceback" not in told.stderr


# -- Reading


@pytest.mark.parametrize(
    ("command", "name", "value", "shown"),
    [("doctor", "SOCLE_PORT", "[red]x", True), ("up", "SOCLE_MAIL_RELAY", "user:pass-word@relay", False)],
)
def test_a_setting_that_cannot_be_read_is_told_in_both_languages(
    command: str, name: str, value: str, shown: bool, tmp_path: Path
) -> None:
    done = socle(command, home=tmp_path, **{name: value})
    said = done.stdout + done.stderr
    assert (done.returncode, value in said, "Traceback" in said) == (2, shown, False)
    assert re.search(f"illisible.*{name}.*donnez", said)
    assert re.search(f"cannot be read.*{name}.*give", said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ("Practitioner/nobody", "fhir-not-found"),
        ("Patient/1", "fhir-unknown-type"),
        ("x", "fhir-unknown-type"),
    ],
)
def test_a_resource_that_is_not_there_is_told_in_both_languages(
    resource: str, code: str, demo: Served
) -> None:
    told = socle("read", "directory-public", resource, home=demo.home)
    assert (told.returncode, told.stdout) == (2, "")
    french, english, rule = told.stderr.splitlines()
    assert french != english
    assert rule.startswith(f"({code} · ")


def test_nothing_is_read_where_nothing_was_made(tmp_path: Path) -> None:
    told = socle("read", "directory-public", "Practitioner/1", home=tmp_path)
    assert (told.returncode, told.stdout) == (1, "")
    assert "socle doctor" in told.stderr
    assert "Traceback" not in told.stderr


def test_nothing_is_loaded_into_an_unsafe_production(tmp_path: Path) -> None:
    told = socle("load", "fhir", __file__, home=tmp_path, SOCLE_PROFILE="production")
    assert (told.returncode, told.stdout) == (2, "")
    assert "unsafe-start" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_schema_is_brought_up_to_date_once(tmp_path: Path) -> None:
    first = socle("migrate", home=tmp_path)
    assert {"fhirstore.0001_initial", "directory.0001_initial"} <= set(first.stdout.split())
    assert socle("migrate", home=tmp_path).stdout == "À jour. / Up to date.\n"


# -- The house


def test_services_are_those_of_the_running_house(demo: Served) -> None:
    told = socle("services", "--json", home=demo.home, SOCLE_PORT=demo.port)
    assert json.loads(told.stdout) == demo.client.get("/services.json").json()


def test_services_fit_a_line_each_and_nothing_is_cut(demo: Served) -> None:
    told = socle("services", home=demo.home, COLUMNS="80")
    listed = demo.client.get("/services.json").json()["services"]
    assert "…" not in told.stdout
    for service in listed:
        for endpoint in service["endpoints"]:
            line = f"{' '.join(endpoint['methods'])} {endpoint['path']}"
            assert re.search(
                rf"^{service['name']} .*{re.escape(line)} .*{endpoint['fidelity']}", told.stdout, re.M
            )
        for page in service["pages"]:
            assert f"page {page['path']} " in told.stdout


def test_the_doctor_finds_a_running_house_well(demo: Served) -> None:
    told = socle("doctor", home=demo.home)
    assert told.returncode == 0, told.stdout
    assert {line[0] for line in told.stdout.splitlines()} == {"✓"}
    assert "None" not in told.stdout
    for what in ("Python", "Profil / Profile: demo", "Schéma / Schema", "Annuaire / Directory"):
        assert f"✓ {what}" in told.stdout


def test_the_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    told = socle("doctor", home=tmp_path, SOCLE_PROFILE="production")
    assert told.returncode == 1
    wrong = [line for line in told.stdout.splitlines() if line.startswith("✗")]
    assert [line.partition(":")[0] for line in wrong] == ["✗ Profil / Profile"]
    assert "SOCLE_SECRET a moins de 32 caractères" in told.stdout
    assert "SOCLE_SECRET has fewer than 32 characters" in told.stdout


def test_the_doctor_makes_nothing_where_nothing_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    told = socle("doctor", home=home)
    assert told.returncode == 0, told.stdout
    assert "! Base de données / Database: pas encore créée / not made yet" in told.stdout
    assert not home.exists()
    home.mkdir()
    assert socle("doctor", home=home).returncode == 0
    assert list(home.iterdir()) == []


def test_the_doctor_looks_no_further_than_a_missing_schema(tmp_path: Path) -> None:
    """What an interrupted first start leaves: a database without tables."""
    with closing(sqlite3.connect(tmp_path / "socle.sqlite3")) as begun:
        begun.execute("PRAGMA journal_mode = WAL")
    told = socle("doctor", home=tmp_path)
    assert (told.returncode, told.stderr) == (1, "")
    wrong = [line.partition(":")[0] for line in told.stdout.splitlines() if line.startswith("✗")]
    assert wrong == ["✗ Schéma / Schema"]
    assert "Run “socle upgrade”." in told.stdout


def test_the_doctor_changes_nothing_of_what_it_looks_at(tmp_path: Path) -> None:
    assert socle("migrate", home=tmp_path).returncode == 0
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert socle("doctor", home=tmp_path).returncode == 0
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


# -- Starting


def test_the_first_start_fills_the_demonstration_and_says_so(demo: Served) -> None:
    assert demo.client.get("/readyz").json() == {"status": "ready"}
    # Those of the files; the roles that are registered here are published a moment later.
    assert demo.client.get("/fhir/v2/Practitioner?_count=0&_total=accurate").json()["total"] >= 300
    assert "village : 300 professionnels" in demo.printed
    assert "village: 300 professionals" in demo.printed
    assert "ce n’est pas un service de l’État." in demo.printed
    assert "this is not a service of the State." in demo.printed
    assert "Ctrl-C pour arrêter / to stop" in demo.printed
    assert demo.base in demo.printed
    assert (demo.home / "socle.sock").stat().st_mode & 0o777 == 0o600


def test_a_second_server_on_the_same_folder_is_refused(demo: Served) -> None:
    told = socle("up", home=demo.home, SOCLE_PORT=str(free_port()))
    assert (told.returncode, told.stdout) == (2, "")
    french, english = told.stderr.splitlines()
    for line in (french, english):
        assert str(demo.process.pid) in line
        assert "socle.lock" in line
    assert "tenu par le processus" in french
    assert "held by process" in english
    assert demo.client.get("/healthz").status_code == 200


def test_a_second_start_keeps_what_was_loaded(tmp_path: Path) -> None:
    target = "/fhir/v2/Practitioner?_count=50&_total=accurate"
    with up(tmp_path, SOCLE_DEMO_SIZE="village") as first:
        before = first.client.get(target).json()
    with up(tmp_path, SOCLE_DEMO_SIZE="town") as second:
        after = second.client.get(target).json()
    assert [entry["resource"] for entry in after["entry"]] == [entry["resource"] for entry in before["entry"]]
    assert not (tmp_path / "socle.sock").exists()


PRODUCTION = {
    "SOCLE_PROFILE": "production",
    "SOCLE_SECRET": "9f2c1d7ae06b4835c2d1f0a97b6e5d38",
    "SOCLE_BASE_URL": "https://annuaire.example",
    "SOCLE_DATABASE": "postgresql://127.0.0.1:1/nothing",
}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SOCLE_SECRET": ""}, ["SOCLE_SECRET"]),
        ({"SOCLE_BASE_URL": "http://annuaire.example"}, ["SOCLE_BASE_URL"]),
        ({"SOCLE_DATABASE": ""}, ["SOCLE_DATABASE"]),
        (
            {"SOCLE_SECRET": "", "SOCLE_BASE_URL": "", "SOCLE_DATABASE": ""},
            ["SOCLE_SECRET", "SOCLE_DATABASE", "SOCLE_BASE_URL"],
        ),
    ],
)
def test_production_does_not_start_unsafe(changed: dict[str, str], named: list[str], tmp_path: Path) -> None:
    told = socle("up", home=tmp_path, **{**PRODUCTION, **changed})
    assert (told.returncode, told.stdout) == (2, "")
    french, english, rule = told.stderr.splitlines()
    assert re.findall(r"SOCLE_\w+", french) == re.findall(r"SOCLE_\w+", english) == named
    assert "unsafe-start" in rule
    assert not (tmp_path / "socle.sqlite3").exists()


@pytest.mark.postgresql
def test_production_starts_empty_and_behind_tls(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    administrator = request.getfixturevalue("postgresql_server").create("production")
    url = administrator.replace("socle@", "started_app@")
    refused = socle("up", home=tmp_path, **{**PRODUCTION, "SOCLE_DATABASE": administrator})
    assert (refused.returncode, "socle_app" in refused.stderr) == (2, True)
    for command in (("upgrade",), ("database-roles", "--apply", "--prefix", "started")):
        done = socle(*command, home=tmp_path, **{**PRODUCTION, "SOCLE_DATABASE": administrator})
        assert done.returncode == 0, done.stderr
    issued = socle("admin", "api-key", "essai", home=tmp_path, **{**PRODUCTION, "SOCLE_DATABASE": url})
    name, _, key = issued.stdout.splitlines()[-1].partition(": ")
    with up(tmp_path, **{**PRODUCTION, "SOCLE_DATABASE": url}) as served:
        assert served.client.get("/readyz").json() == {"status": "ready"}
        found = served.client.get("/fhir/v2/Practitioner", headers={name: key})
        assert found.json()["total"] == 0
        assert found.json()["link"][0]["url"].startswith("https://annuaire.example/fhir/v2/")
        assert "strict-transport-security" in found.headers
        assert not (tmp_path / "secret.key").exists()
        assert not (tmp_path / "socle.lock").exists()


# -- Commands that the project prints for its readers


@pytest.mark.skipif(CURL is None, reason="needs curl")
def test_the_commands_of_the_story_work_as_printed(demo: Served) -> None:
    told = socle("story", home=demo.home, SOCLE_PORT=demo.port)
    commands = [line.strip() for line in told.stdout.splitlines() if line.strip().startswith("curl ")]
    pages = [line.strip() for line in told.stdout.splitlines() if line.strip().startswith("http")]
    assert len(commands) == len(pages) >= 1
    for command in commands:
        answer = json.loads(run(command))
        assert answer["resourceType"] == "Bundle"
        assert answer["entry"]
    for page in pages:
        shown = httpx.get(page, headers={"Accept": "text/html"}, timeout=60)
        assert shown.status_code == 200
        assert "EXEMPLE" in shown.text.upper()
    assert socle("story", "1", home=demo.home, SOCLE_PORT=demo.port).stdout.count("curl ") == 1


@pytest.mark.skipif(CURL is None, reason="needs curl")
def test_every_endpoint_that_says_how_to_try_it_works_as_printed(demo: Served) -> None:
    listed = demo.client.get("/services.json").json()["services"]
    commands = [endpoint["try"] for service in listed for endpoint in service["endpoints"] if endpoint["try"]]
    assert len(commands) >= 6
    figures = next(command for command in commands if command.endswith("/metrics"))
    assert "socle_build_info" in run(figures)
    for command in set(commands) - {figures}:
        answer = json.loads(run(command))
        assert answer.get("resourceType") != "OperationOutcome", command
        assert answer.get("total", 1) > 0, command


@pytest.mark.skipif(CURL is None, reason="needs curl")
@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_the_commands_of_the_readme_work_as_printed(demo: Served, readme: str) -> None:
    text = (tree.ROOT / readme).read_text(encoding="utf-8")
    commands = re.findall(r"`(curl [^`]+)`", text)
    assert len(commands) >= 3
    for command in commands:
        answer = json.loads(run(command.replace(LOCAL, demo.base)))
        assert answer.get("resourceType") != "OperationOutcome", command
        assert answer.get("total", 1) > 0, command


def run(command: str) -> str:
    """What a shell prints for the command; a refusal by the server is a failure."""
    told = subprocess.run(
        ["bash", "-c", command.replace("curl ", "curl --silent --show-error --fail-with-body ", 1)],
        env={**os.environ, "no_proxy": "localhost"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 0, (command, told.stdout, told.stderr)
    return told.stdout


def test_the_demonstration_is_the_same_files_everywhere(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, seed in zip(folders, ("0", "1234"), strict=True):
        told = socle(
            "demo",
            folder,
            "--size",
            "village",
            "--delta",
            "--changes",
            "20",
            home=tmp_path,
            PYTHONHASHSEED=seed,
        )
        assert told.returncode == 0, told.stderr
        assert sorted(told.stdout.splitlines()) == sorted(str(path) for path in folder.iterdir())
    one, two = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert len(one) == 12
    assert one == two


@pytest.mark.parametrize("part", ["protocols", "portal"])
def test_a_part_is_served_alone(part: str, tmp_path: Path) -> None:
    with up(tmp_path, "--part", part, SOCLE_DEMO_SIZE="village") as served:
        assert served.client.get("/fhir/v2/metadata").status_code == (200 if part == "protocols" else 404)
        page = served.client.get("/annuaire", headers={"Accept": "text/html"})
        assert page.status_code == (200 if part == "portal" else 404)


def test_ctrl_c_stops_a_server_without_a_traceback(tmp_path: Path) -> None:
    with up(tmp_path, SOCLE_DEMO_SIZE="village") as served:
        assert (tmp_path / "socle.sock").exists()
        assert served.stop(signal.SIGINT) == 130
        assert "Traceback" not in served.printed
        assert not (tmp_path / "socle.sock").exists()
