"""The project's own files, as a reader of the repository sees them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "socle"
TESTS = ROOT / "tests"
WINGS = ("foundations", "rules", "platforms", "cyber", "steering")
Function = ast.FunctionDef | ast.AsyncFunctionDef
_NOT_OURS = {".venv", ".git", "var", "node_modules", "__pycache__", "dist"}
_TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".html",
    ".css",
    ".js",
    ".json",
    ".csv",
    ".po",
    ".txt",
    ".sh",
    ".svg",
}


@cache
def project_files() -> tuple[Path, ...]:
    """Everything that git keeps or would keep; outside of a checkout, everything that was not installed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = (
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        )
    except (OSError, subprocess.CalledProcessError):
        found = (path for path in ROOT.rglob("*") if not _NOT_OURS & set(path.relative_to(ROOT).parts))
    else:
        found = (ROOT / name for name in listed if name)
    return tuple(sorted(path for path in found if path.is_file()))


def text_files() -> list[Path]:
    return [path for path in project_files() if path.suffix in _TEXT or not path.suffix]


def documents() -> list[Path]:
    """The pages of documentation."""
    return [path for path in project_files() if path.suffix == ".md"]


def python_files(*folders: str) -> list[Path]:
    """Hand-written Python under the folders, relative to the root; Django writes the migrations."""
    roots = [ROOT / folder for folder in folders]
    return [
        path
        for path in project_files()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and any(path.is_relative_to(root) for root in roots)
    ]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines from the `def` to the last statement, decorators apart."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def name_of(path: Path, node: ast.AST | None = None) -> str:
    """How a finding names its place: `src/socle/x.py`, or `src/socle/x.py:12 function`."""
    place = path.relative_to(ROOT).as_posix()
    if isinstance(node, Function | ast.ClassDef):
        return f"{place}:{node.lineno} {node.name}"
    return f"{place}:{node.lineno}" if isinstance(node, ast.expr | ast.stmt) else place


def services() -> list[Path]:
    """The folders of the services that exist, wing by wing."""
    return [
        folder
        for wing in WINGS
        for folder in sorted((SOURCES / wing).glob("*/"))
        if folder.is_dir() and any(folder.glob("*.py"))
    ]
