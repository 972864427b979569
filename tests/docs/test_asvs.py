"""Each test that docs/asvs.md names exists, and each requirement is told once."""

import ast
import re
from collections import Counter

from tests.support import tree

PAGE = (tree.ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| ((?:\d+\.\d+\.\d+(?:, )?)+)", re.MULTILINE)


def test_every_test_named_exists() -> None:
    named = NAMED.findall(PAGE)
    missing = [f"{file}::{name}" for file, name in named if name not in functions(file)]
    assert missing == []
    assert len(named) > 40


def functions(file: str) -> set[str]:
    path = tree.ROOT / file
    found = tree.functions(path) if path.is_file() else ()
    return {function.name for function in found if isinstance(function, ast.FunctionDef)}


def test_each_requirement_is_told_once() -> None:
    told = Counter(number for row in ROW.findall(PAGE) for number in row.split(", "))
    assert [number for number, times in told.items() if times > 1] == []


def test_a_requirement_without_a_test_says_how_it_is_answered() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines() if ROW.match(line)]
    assert rows
    assert [row[0] for row in rows if not NAMED.search(row[-1]) and not row[2].strip()] == []
