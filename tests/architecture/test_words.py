"""What has no place in the repository: paths of one machine, addresses of registries, unfinished work."""

import re
import sys
from pathlib import Path

import pytest

from tests.support import tree

SLASH = "/"
BEFORE = r"(?<![\w.:/-])"
PERSONAL = re.compile(BEFORE + r"/(?:home|Users|root|tmp)/\w|\b[A-Z]:\\Users\\")
REGISTRY = re.compile(r"(?:pypi|pythonhosted|npmjs|yarnpkg)\.(?:org|com)")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError|for now)\b")


def findings(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{tree.name_of(path)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def this_machine() -> re.Pattern[str]:
    """The places where this very checkout, its interpreter and its user happen to live."""
    places = {tree.ROOT, Path.home(), Path(sys.prefix), Path(sys.base_prefix)} - {Path("/"), Path("/usr")}
    return re.compile("|".join(rf"{BEFORE}{re.escape(str(place))}(?!\w)" for place in places))


def test_no_path_of_a_machine() -> None:
    assert not findings(PERSONAL, tree.text_files())
    assert not findings(this_machine(), tree.text_files())


def test_no_address_of_a_package_registry() -> None:
    assert not findings(REGISTRY, tree.text_files())


def test_no_unfinished_work_in_the_product() -> None:
    assert not findings(UNFINISHED, [path for path in tree.text_files() if path.is_relative_to(tree.SOURCES)])


@pytest.mark.parametrize("line", ["open('{}home/x')", "cd {}root/socle", "folder = '{}tmp/socle'"])
def test_the_rule_finds_paths_of_a_machine(line: str) -> None:
    assert PERSONAL.search(line.format(SLASH))


@pytest.mark.parametrize("line", ["GET /fhir/v2", "http://localhost:8000/home/page", "in the /tmp folder"])
def test_the_rule_leaves_addresses_alone(line: str) -> None:
    assert not PERSONAL.search(line)
