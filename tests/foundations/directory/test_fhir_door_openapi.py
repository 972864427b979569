"""The OpenAPI description of the FHIR API, tried out by a tool that nobody here wrote."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from socle.engines.fhirstore.openapi import openapi
from socle.foundations.directory.stores import PUBLIC
from tests.conftest import ENGINES
from tests.support.fhir_client import BASE
from tests.support.fhir_server import Served, serving
from tests.support.served import KEYED

# Without the portal before it: that calls without a key are refused is looked at apart.
DESCRIBED = schemathesis.openapi.from_dict(openapi(PUBLIC, BASE))
OPERATIONS = [found.ok() for found in DESCRIBED.get_all_operations() if isinstance(found, Ok)]


@pytest.fixture(scope="module", params=ENGINES)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(request.param, request, tmp_path_factory.mktemp("served")) as opened:
        yield opened


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data(), mode=st.sampled_from((GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))
def test_the_api_answers_as_it_is_described(
    served: Served, operation: Any, data: st.DataObject, mode: GenerationMode
) -> None:
    """Documented statuses, content types and shapes, for requests that keep to the description and for others."""
    case = data.draw(operation.as_strategy(generation_mode=mode))
    answer = case.call(base_url=served.base, headers=KEYED)
    assert answer.status_code < 500
    # What a date or a token looks like is FHIR's business; the description calls both text.
    case.validate_response(answer, headers=KEYED, excluded_checks=[positive_data_acceptance])


def test_the_description_names_every_address(served: Served) -> None:
    described = served.get("openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": served.base}]
    assert described["security"] == [{"key": []}]
    assert described["components"]["securitySchemes"]["key"]["name"] == "ESANTE-API-KEY"
    types = [profile.type for profile in PUBLIC.types]
    paths = {"/metadata", "/_page", *(f"/{name}" for name in types)}
    paths |= {f"/{name}/{{id}}" for name in types} | {f"/{name}/_search" for name in types}
    assert set(described["paths"]) == paths
    assert {operation.path for operation in OPERATIONS} == paths


def test_every_address_asks_for_a_key(served: Served) -> None:
    for operation in OPERATIONS:
        path = operation.path.replace("{id}", "1")
        answer = httpx.request(operation.method, served.base + path, timeout=60)
        assert (answer.status_code, answer.json()["http_status_code"]) == (401, 401), operation.label
        assert answer.headers["x-socle-fidelity"] == "assumed"
