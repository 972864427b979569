"""Whoever knows one service knows all: each one has the same parts under the same names."""

import ast
from pathlib import Path

import pytest

from tests.support import tree

SERVICES = [
    pytest.param(folder, id=folder.relative_to(tree.SOURCES).as_posix()) for folder in tree.services()
]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_charter(service: Path) -> None:
    charter = ast.get_docstring(tree.parsed(service / "__init__.py")) or ""
    assert len(charter.split()) >= 20, "one paragraph: which French system, which standards"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("part", ["manifest.py", "apps.py"])
def test_a_service_has_its_parts(service: Path, part: str) -> None:
    assert (service / part).is_file()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_tests(service: Path) -> None:
    tests = tree.TESTS / service.relative_to(tree.SOURCES)
    assert list(tests.rglob("test_*.py"))


def test_every_folder_of_code_is_a_package() -> None:
    folders = {
        path.parent
        for path in tree.project_files()
        if path.suffix == ".py" and path.is_relative_to(tree.SOURCES)
    }
    ancestors = {
        parent for folder in folders for parent in folder.parents if parent.is_relative_to(tree.SOURCES)
    }
    bare = [
        tree.name_of(folder)
        for folder in sorted(folders | ancestors)
        if not (folder / "__init__.py").is_file()
    ]
    assert not bare


def test_the_tests_follow_the_tree_of_the_code() -> None:
    ours = {"architecture", "docs", "interop", "soak", "support"}
    strays = [
        tree.name_of(folder)
        for folder in {path.parent for path in tree.python_files("tests")} - {tree.TESTS}
        if folder.relative_to(tree.TESTS).parts[0] not in ours
        and not (tree.SOURCES / folder.relative_to(tree.TESTS)).is_dir()
    ]
    assert not strays
