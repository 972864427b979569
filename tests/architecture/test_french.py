"""French as it is printed: no-break spaces, so that no sign is left alone at the start of a line.

All the literals of the sources are looked at, whatever they are for (errors, manifests, what the commands say, remedies
of the FHIR checker), since English has no space before these signs; then the templates and the texts of data files.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from socle.app.faults import catalogue
from socle.foundations.directory.loading.faults import RULES
from tests.support import tree

LOOSE = re.compile(r"(?<=[^\s(]) [:;?!»](?=[\s.)]|$)|« ")
# What a template says is between its tags, and in the arguments of `translate`.
TEMPLATE_CODE = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<style.*?</style>", re.DOTALL)


def literals(path: Path) -> Iterator[tuple[ast.expr, str]]:
    """The texts of a module, its documentation apart; where a text holds values, `{}` stands for each."""
    module = tree.parsed(path)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    apart = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    apart |= {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            yield node, node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node, "".join(parts)


@pytest.mark.parametrize(
    "path", [pytest.param(one, id=tree.name_of(one)) for one in tree.python_files("src")]
)
def test_no_text_of_the_sources_leaves_a_sign_alone(path: Path) -> None:
    assert [tree.name_of(path, node) for node, text in literals(path) if LOOSE.search(text)] == []


def test_no_text_of_a_template_or_a_data_file_leaves_a_sign_alone() -> None:
    kinds = (".html", ".toml", ".po")
    files = [one for one in tree.project_files() if one.suffix in kinds and one.is_relative_to(tree.SOURCES)]
    assert {path.suffix for path in files} == set(kinds)
    loose = [
        f"{tree.name_of(path)}: {line.strip()[:80]}"
        for path in files
        for line in TEMPLATE_CODE.sub("", path.read_text(encoding="utf-8")).splitlines()
        if LOOSE.search(line) and not line.startswith('"Plural-Forms')
    ]
    assert loose == []


def test_the_errors_are_among_the_texts_looked_at() -> None:
    """What is built while the program runs would escape the reading of its sources."""
    said = {text for path in tree.python_files("src") for _, text in literals(path)}
    assert {error.fr for error in catalogue().values()} | {rule.fr for rule in RULES} <= said


@pytest.mark.parametrize("text", ["Reçu : 1", "Quoi ?", "« ici", "ici »", "refusé ; corrigez", "« {} » : {}"])
def test_the_rule_finds_a_plain_space(text: str) -> None:
    assert LOOSE.search(text)
    assert not LOOSE.search(text.replace(" ", "\u00a0"))


@pytest.mark.parametrize("text", ["got: 1", "What?", "SELECT ?1, :name", "écrivez :59.", "(:missing)"])
def test_the_rule_leaves_other_texts_alone(text: str) -> None:
    assert not LOOSE.search(text)
