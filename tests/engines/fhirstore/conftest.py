"""A caller of FHIR doors on each engine. Tests share nothing of a store: each takes one under a name of its own."""

from collections.abc import Iterator

import pytest

from tests.support.fhir_client import Caller, calling


@pytest.fixture
def caller(database_url: str) -> Iterator[Caller]:
    with calling(database_url) as opened:
        yield opened
