"""The shape of the code: short functions, files on one subject, texts that say something."""

import ast
import re
from statistics import quantiles

import pytest

from tests.support import tree

CODE = ("src", "tools", "benchmarks")
EVERYTHING = (*CODE, "tests")
LONGEST_FUNCTION = 60
LONG_FUNCTION = 40
LONGEST_FILE = 450
_SAYS_NOTHING = re.compile(
    "an?|and|as|at|by|for|from|given|get|in|into|i|it|make|of|on|one|or|return|set|that|the|thi|to|value|with"
)
_ASSERTING = re.compile(r"(assert|check|expect|verify|raises|fail)", re.IGNORECASE)


def test_no_function_is_too_long_to_be_read_at_once() -> None:
    offenders = [
        f"{tree.name_of(path, function)}: {tree.length(function)} lines"
        for path in tree.python_files(*EVERYTHING)
        for function in tree.functions(path)
        if tree.length(function) > LONGEST_FUNCTION
    ]
    assert not offenders, "\n".join(offenders)


@pytest.mark.parametrize("part", ["src", "tests"])
def test_nine_functions_in_ten_are_short(part: str) -> None:
    lengths = [tree.length(function) for path in tree.python_files(part) for function in tree.functions(path)]
    assert quantiles(lengths, n=10)[8] < LONG_FUNCTION


def test_no_file_holds_several_subjects() -> None:
    sizes = {path: path.read_text(encoding="utf-8").count("\n") for path in tree.python_files(*CODE)}
    offenders = [f"{tree.name_of(path)}: {size} lines" for path, size in sizes.items() if size > LONGEST_FILE]
    assert not offenders, "\n".join(offenders)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        tree.name_of(path)
        for path in tree.python_files(*EVERYTHING)
        if path.name != "apps.py" and tree.parsed(path).body and not ast.get_docstring(tree.parsed(path))
    ]
    assert not silent, "\n".join(silent)


def test_no_docstring_repeats_its_signature() -> None:
    echoes = [
        f"{tree.name_of(path, function)}: {ast.get_docstring(function)!r}"
        for path in tree.python_files(*EVERYTHING)
        for function in tree.functions(path)
        if repeats_signature(function)
    ]
    assert not echoes, "\n".join(echoes)


def repeats_signature(function: tree.Function) -> bool:
    """Whether each telling word of the docstring already stands in the name, the arguments or the types."""
    words = _words(ast.get_docstring(function) or "")
    said = {word for word in words if not _SAYS_NOTHING.fullmatch(word)}
    return bool(said) and said <= _words(
        f"{function.name} {ast.unparse(function.args)} {_returned(function)}"
    )


def _returned(function: tree.Function) -> str:
    return ast.unparse(function.returns) if function.returns else ""


def _words(text: str) -> set[str]:
    return {word.lower().rstrip("s") for word in re.findall(r"[A-Za-zÀ-ÿ][a-zà-ÿ]*", text)}


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("def load_file(path: Path) -> Rows:\n    'Load the file at path.'", True),
        ("def load_file(path: Path) -> Rows:\n    'Load the file, or nothing when it is empty.'", False),
        ("def load_file(path: Path) -> Rows: ...", False),
    ],
)
def test_the_rule_on_docstrings_itself(source: str, verdict: bool) -> None:
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert repeats_signature(function) is verdict


def test_every_test_can_fail() -> None:
    idle = [
        tree.name_of(path, function)
        for path in tree.python_files("tests")
        for function in tree.functions(path)
        if function.name.startswith("test_") and not any(_asserts(node) for node in ast.walk(function))
    ]
    assert not idle, "\n".join(idle)


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return bool(_ASSERTING.match(name))
    return isinstance(node, ast.Assert)


def test_no_test_sleeps() -> None:
    sleepers = [
        tree.name_of(path, node)
        for path in tree.python_files("tests")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sleep", "time.sleep")
    ]
    assert not sleepers, "\n".join(sleepers)
