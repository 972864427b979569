"""What the directory promises to search by, where the published guide is easy to get wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

from socle.engines.fhirstore.capability import capability_statement
from socle.foundations.directory.stores import PUBLIC
from socle.standards.annuaire import systems
from tests.support.fhir_client import Caller, calling
from tests.support.fhir_store import changes_of, publish, store_like


@pytest.fixture
def caller(database_url: str) -> Iterator[Caller]:
    with calling(database_url) as opened:
        yield opened


def promised(type_name: str) -> dict[str, str]:
    """Kind of each search parameter of a type, as the CapabilityStatement tells it."""
    statement = capability_statement(PUBLIC, "https://directory.example/fhir/v2", 0)
    (resource,) = (one for one in statement["rest"][0]["resource"] if one["type"] == type_name)
    return {parameter["name"]: parameter["type"] for parameter in resource["searchParam"]}


def organization(fid: str, commune: str) -> dict[str, Any]:
    coding = {"system": systems.COMMUNE, "code": commune, "display": "Lyon 3e"}
    return {
        "resourceType": "Organization",
        "id": fid,
        "address": [{"extension": [{"url": systems.INSEE_CODE, "valueCoding": coding}]}],
    }


def test_the_code_of_a_commune_is_promised_as_a_string() -> None:
    """SearchParameter as-sp-insee-code of the guide, although the extension it looks at is a Coding."""
    assert promised("Organization")["address-insee"] == "string"


@pytest.mark.parametrize(
    ("criterion", "found"),
    [
        (("address-insee", "69383"), ["1"]),
        (("address-insee", "69"), ["1", "2"]),
        (("address-insee", "2a004"), ["3"]),
        (("address-insee:exact", "2A004"), ["3"]),
        (("address-insee:exact", "2a004"), []),
        (("address-insee:contains", "383"), ["1"]),
        (("address-insee", "Lyon"), []),
        (("address-insee", f"{systems.COMMUNE}|69383"), []),
        (("address-insee:missing", "true"), ["4"]),
    ],
)
def test_a_commune_is_found_by_its_code(caller: Caller, criterion: tuple[str, str], found: list[str]) -> None:
    store = store_like()
    known = [organization(*told) for told in (("1", "69383"), ("2", "69123"), ("3", "2A004"))]
    publish(caller.db, store, changes_of(*known, {"resourceType": "Organization", "id": "4", "name": "A"}))
    assert caller.bundle(store, "Organization", [criterion]).ids == found
