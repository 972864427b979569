"""Tests that `make test` leaves out are skipped by name, with the command that runs them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CONFORMANCE, TIERS
from tests.support import tree

CASES = """
import os, pytest

def test_always(): assert "SOCLE_DATABASE" not in os.environ and os.path.isdir(os.environ["SOCLE_HOME"])

@pytest.mark.conformance
def test_official(): assert True

@pytest.mark.interop
def test_foreign(): assert True

@pytest.mark.soak
def test_long(record_property): record_property("did", f"{1 + 2} rounds")
"""
CANNOT = """
import pytest

@pytest.mark.interop
def test_foreign(): pytest.skip("needs a client")
"""


@pytest.fixture
def run(tmp_path: Path):
    """Runs the cases above in a pytest of their own, to the exit code expected; gives what it prints."""
    (tmp_path / "test_cases.py").write_text(CASES)

    def run(*options: str, code: int = 0, **environment: str) -> str:
        where = ["-c", str(tree.ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]
        plugins = ["-p", "tests.conftest", "-p", "no:schemathesis"]
        command = [sys.executable, "-m", "pytest", *plugins, *where, *options]
        paths = os.pathsep.join([str(tree.ROOT), str(tree.ROOT / "src")])
        known = {name: value for name, value in os.environ.items() if name != CONFORMANCE}
        done = subprocess.run(
            command,
            env={**known, "PYTHONPATH": paths, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    return run


def test_other_tiers_are_skipped_with_the_command_that_runs_them(run) -> None:
    said = run(SOCLE_DATABASE="postgresql://the.developers.own/base")
    assert "1 passed, 3 skipped" in said
    assert all(f"make {tier}" in said for tier in TIERS)


def test_a_tier_of_which_nothing_ran_fails_and_says_so(run) -> None:
    none = "nothing ran, which shows nothing"
    said = run("-m", "interop", "-k", "no_such_client", code=5)
    assert f"interop: {none}" in said
    skipping = run("-m", "soak", "--deselect", "test_cases.py::test_long", code=5)
    assert f"soak: {none}" in skipping


def test_a_tier_that_only_skips_fails_with_the_reasons(run, tmp_path: Path) -> None:
    (tmp_path / "test_cases.py").write_text(CANNOT)
    said = run("-m", "interop", code=5)
    assert "interop: nothing ran" in said
    assert "needs a client" in said


def test_the_soak_tier_says_what_each_loop_did(run) -> None:
    assert re.search(r"^passed +0 s  test_long: 3 rounds$", run("-m", "soak"), re.MULTILINE)


def test_a_tier_runs_when_it_is_asked_for(run) -> None:
    said = run("-m", "conformance")
    assert "1 passed, 3 deselected" in said
    assert "1 / 1      test_cases.py" in said


def test_conformance_runs_where_its_data_are_given(run, tmp_path: Path) -> None:
    assert "2 passed, 2 skipped" in run(**{CONFORMANCE: str(tmp_path)})
