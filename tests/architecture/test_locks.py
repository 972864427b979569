"""What is installed is pinned, by hash, and says nothing of the place where it was resolved."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support import tree

LOCKS = ["runtime.txt", "dev.txt"]
PIN = re.compile(r"^([a-z0-9-]+)==([^\s;\\]+)", re.MULTILINE)
LINE = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; [\w\s.<>=!'()-]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((tree.ROOT / "requirements" / lock).read_text(encoding="utf-8")))


def names(requirements: list[str]) -> set[str]:
    return {
        re.split(r"[\s<>=!~\[;]", requirement)[0].lower().replace("_", "-") for requirement in requirements
    }


def project() -> dict[str, list[str]]:
    declared = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tools = declared["project"]["optional-dependencies"]["dev"]
    return {
        "runtime.txt": declared["project"]["dependencies"] + declared["build-system"]["requires"],
        "dev.txt": declared["project"]["dependencies"] + tools,
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_direct_dependency_is_pinned(lock: str) -> None:
    assert names(project()[lock]) <= set(pins(lock))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_only(lock: str) -> None:
    lines = (tree.ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_both_locks_agree() -> None:
    runtime, dev = pins("runtime.txt"), pins("dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_the_installed_versions_are_those_of_the_lock() -> None:
    direct, pinned = names(project()["runtime.txt"]), pins("runtime.txt")
    assert {name: version(name) for name in direct} == {name: pinned[name] for name in direct}


def test_no_lock_of_another_tool() -> None:
    strays = ["uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "yarn.lock"]
    assert not [path for path in tree.project_files() if path.name in strays]


def test_a_lock_of_npm_holds_no_address_of_a_package() -> None:
    locks = [path for path in tree.project_files() if path.name == "package-lock.json"]
    assert not [tree.name_of(path) for path in locks if '"resolved"' in path.read_text(encoding="utf-8")]


def test_the_licence_is_whole() -> None:
    text = Path(tree.ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
