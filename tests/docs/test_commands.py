"""Every command that the documentation gives is one that exists, and every one that exists is explained."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import tree

TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
HELPED = re.compile(r"^([a-z]+):.*## (.+)$", re.MULTILINE)
CALLED = re.compile(r"\bmake ([a-z]+)\b")
FENCED = re.compile(r"```sh\n(.*?)```|`(make [^`]*)`", re.DOTALL)
MAKEFILE = (tree.ROOT / "Makefile").read_text(encoding="utf-8")


PAGES = [pytest.param(path, id=tree.name_of(path)) for path in tree.documents()]


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_is_a_target(page: Path) -> None:
    given = {
        target
        for fenced in FENCED.findall(page.read_text(encoding="utf-8"))
        for target in CALLED.findall("".join(fenced))
    }
    assert given <= set(TARGET.findall(MAKEFILE))


def test_every_target_is_in_the_help() -> None:
    shown = subprocess.run(["make"], cwd=tree.ROOT, capture_output=True, text=True, check=True).stdout
    explained = dict(HELPED.findall(MAKEFILE))
    assert set(explained) == set(TARGET.findall(MAKEFILE)) - {"help"}
    assert [
        name for name, meaning in explained.items() if f"make {name}" not in shown or meaning not in shown
    ] == []


def test_the_help_fits_one_screen() -> None:
    shown = subprocess.run(["make"], cwd=tree.ROOT, capture_output=True, text=True, check=True).stdout
    assert len(shown.splitlines()) <= 24
    assert max(map(len, shown.splitlines())) <= 110


@pytest.mark.parametrize("command", ["make run", "make test"])
@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_the_readme_gives_the_two_commands(readme: str, command: str) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (tree.ROOT / readme).read_text(encoding="utf-8"), re.DOTALL)
    assert any(command in block.splitlines() for block in blocks)


def test_the_promise_comes_first() -> None:
    start = " ".join((tree.ROOT / "README.md").read_text(encoding="utf-8").split("\n\n")[1].split())
    promise = (
        "no account, no network, no Docker; real protocols, fictional people, not a service of the State."
    )
    assert promise in start


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    script = tree.ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert re.search(r"^step test \S+ make test\b", script.read_text(encoding="utf-8"), re.MULTILINE)
