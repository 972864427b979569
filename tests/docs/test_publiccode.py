"""`publiccode.yml` says what its standard requires (version 0.4, core), and the same as the rest of the project."""

import re
import tomllib
from datetime import date
from typing import Any

import pytest
import yaml

from tests.support import tree

FILE = tree.ROOT / "publiccode.yml"
SAID: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
PROJECT = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED = (
    "publiccodeYmlVersion",
    "name",
    "releaseDate",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal/license",
    "maintenance/type",
    "localisation/localisationReady",
    "localisation/availableLanguages",
)
# Only whoever publishes the repository knows its address and who answers for it.
OF_THE_PUBLISHER = ("url", "maintenance/contacts")
ALLOWED = {
    "developmentStatus": {"concept", "development", "beta", "stable", "obsolete"},
    "softwareType": {"standalone/web", "standalone/backend", "standalone/other", "library"},
    "maintenance/type": {"internal", "contract", "community", "none"},
}


def at(path: str) -> Any:
    found: Any = SAID
    for key in path.split("/"):
        found = found.get(key) if isinstance(found, dict) else None
    return found


@pytest.mark.parametrize("key", REQUIRED)
def test_a_required_key_is_there(key: str) -> None:
    assert at(key) not in (None, "", [], {})


@pytest.mark.parametrize("key", OF_THE_PUBLISHER)
def test_what_only_a_publisher_knows_is_asked_of_them(key: str) -> None:
    assert at(key) or f"`{key}`" in FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ALLOWED)
def test_a_value_is_one_of_the_standard_s(key: str) -> None:
    assert at(key) in ALLOWED[key]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_descriptions_have_the_lengths_allowed(lang: str) -> None:
    told = at(f"description/{lang}")
    assert 0 < len(told["shortDescription"]) <= 150
    assert 150 <= len(told["longDescription"]) <= 10_000
    assert all(0 < len(feature) <= 100 for feature in told["features"])


def test_it_says_what_the_project_says() -> None:
    assert at("name").lower() == PROJECT["name"]
    assert at("legal/license") == PROJECT["license"]
    assert set(at("description")) == set(at("localisation/availableLanguages")) == {"fr", "en"}
    assert date.fromisoformat(at("releaseDate"))
    assert all(re.fullmatch("[a-z]{2}", country) for country in at("intendedAudience/countries"))
