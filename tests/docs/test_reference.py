"""What is public is documented: settings, commands, errors, endpoints, environment variables."""

import os
import re
import subprocess
import sys

import pytest

from socle.app.manifests import house
from socle.kernel.settings import ServiceSettings, Settings
from tests.support import tree

VARIABLE = re.compile(r"\bSOCLE_[A-Z][A-Z_]*[A-Z]\b")
# What the manifests say, handed to the pages as settings of Django.
HANDED_DOWN = {"SOCLE_MENU", "SOCLE_EVENTS", "SOCLE_KEYED"}


def test_the_reference_pages_are_those_of_the_code() -> None:
    command = [sys.executable, str(tree.ROOT / "tools" / "reference.py"), "--check"]
    environment = {**os.environ, "PYTHONPATH": str(tree.ROOT / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def documented() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in tree.documents())


def test_every_environment_variable_is_documented() -> None:
    used = {
        name
        for path in tree.text_files()
        if path.suffix != ".md"
        for name in VARIABLE.findall(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert not used - set(VARIABLE.findall(documented())) - HANDED_DOWN


def test_every_setting_says_what_it_is_for() -> None:
    owners: list[type[ServiceSettings]] = [Settings]
    owners += [manifest.settings for manifest in house() if manifest.settings]
    silent = [
        f"{owner.__name__}.{name}"
        for owner in owners
        for name, field in owner.model_fields.items()
        if not field.description
    ]
    assert not silent


def test_every_parameter_of_a_command_says_what_it_is_for() -> None:
    rows = re.findall(r"^\| `.*$", (tree.ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows
    assert [row for row in rows if not row.split("|")[2].strip()] == []


@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_every_address_of_the_readme_is_declared_by_a_service(readme: str) -> None:
    text = (tree.ROOT / readme).read_text(encoding="utf-8")
    addresses = set(re.findall(r"^\| [^|]+ \| `(/[^`]*)` \|", text, re.MULTILINE))
    assert addresses
    paths = {endpoint.path for manifest in house() for endpoint in manifest.endpoints}
    routes = {f"/{page.route}" for manifest in house() for page in manifest.pages}
    mounts = {mount.prefix for manifest in house() for mount in manifest.mounts}
    assert addresses <= paths | routes | mounts


def test_the_version_is_told_once() -> None:
    version = re.search(r'__version__ = "(.+)"', (tree.SOURCES / "__init__.py").read_text())
    assert version
    assert f"softwareVersion: {version[1]}" in (tree.ROOT / "publiccode.yml").read_text()
    assert f"\n## {version[1]}" in (tree.ROOT / "UPGRADE.md").read_text()
