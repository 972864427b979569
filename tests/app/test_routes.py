"""Nothing is reachable that no manifest declares, and nothing declared lacks a permission."""

from collections.abc import Callable

import pytest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

from socle.app.gateway import Doors, Part, mounted
from socle.app.manifests import covers, house
from socle.kernel.access import CATALOGUE
from socle.kernel.errors import METHOD_NOT_ALLOWED, SocleError
from tests.kernel.edge.exchanges import answering

pytestmark = pytest.mark.usefixtures("pages")


def patterns() -> list[URLPattern]:
    found = get_resolver().url_patterns
    assert all(isinstance(pattern, URLPattern) for pattern in found)
    return [pattern for pattern in found if isinstance(pattern, URLPattern)]


def view_of(pattern: URLPattern) -> Callable[..., HttpResponseBase]:
    assert pattern.callback is not None
    return pattern.callback


def test_every_page_address_comes_from_a_manifest() -> None:
    addresses = {(str(pattern.pattern), pattern.name) for pattern in patterns()}
    assert addresses == {(page.route, page.name) for manifest in house() for page in manifest.pages}


def test_every_page_and_endpoint_has_a_permission_of_the_catalogue() -> None:
    declared = [page.permission for manifest in house() for page in manifest.pages]
    declared += [endpoint.permission for manifest in house() for endpoint in manifest.endpoints]
    assert declared
    assert all(CATALOGUE[permission.code] is permission for permission in declared)


@pytest.mark.parametrize("part", list(Part))
def test_every_mounted_prefix_comes_from_a_manifest_and_has_an_endpoint(part: Part) -> None:
    prefixes = set(mounted(house(), part))
    assert prefixes <= {mount.prefix for manifest in house() for mount in manifest.mounts}
    endpoints = [endpoint.path for manifest in house() for endpoint in manifest.endpoints]
    assert all(any(covers(prefix, path) for path in endpoints) for prefix in prefixes)


def test_the_portal_answers_no_protocol_and_both_parts_answer_for_their_health() -> None:
    own = {mount.prefix for manifest in house() if manifest.name == "gateway" for mount in manifest.mounts}
    portal = set(mounted(house(), Part.PORTAL))
    assert own < portal
    assert not any(prefix.startswith("/fhir") for prefix in portal)
    assert portal <= set(mounted(house(), Part.PROTOCOLS)) == set(mounted(house(), Part.ALL))


def test_what_stands_among_the_pages_is_answered_by_their_process() -> None:
    """A proxy sends the addresses of the pages to one process; a file that lies below one of them must be there."""
    pages = {page.route.partition("/")[0] for manifest in house() for page in manifest.pages} - {""}
    below = {prefix for prefix in mounted(house(), Part.ALL) if prefix.split("/")[1] in pages}
    assert below
    assert below <= set(mounted(house(), Part.PORTAL))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_pages_are_read(method: str) -> None:
    view = next(view_of(pattern) for pattern in patterns() if pattern.name == "easy-read")
    assert view(RequestFactory().generic(method, "/facile-a-lire")).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_no_page_is_written_to_that_does_not_say_so(method: str) -> None:
    written = {page.name for manifest in house() for page in manifest.pages if method in page.methods}
    for pattern in patterns():
        if pattern.name in written:
            continue
        with pytest.raises(SocleError) as refused:
            view_of(pattern)(RequestFactory().generic(method, "/"))
        assert refused.value.kind is METHOD_NOT_ALLOWED


def test_the_longest_prefix_answers() -> None:
    named = {
        prefix: answering(prefix.encode()) for prefix in ("/fhir", "/fhir/v2", "/fhir/v2/metadata", "/sts")
    }
    doors = Doors(named)
    for path, prefix in [
        ("/fhir", "/fhir"),
        ("/fhir/v1/Patient", "/fhir"),
        ("/fhir/v2/Practitioner", "/fhir/v2"),
        ("/fhir/v2/metadata", "/fhir/v2/metadata"),
        ("/fhir/v2/metadatas", "/fhir/v2"),
        ("/sts/token", "/sts"),
    ]:
        assert doors.find(path) is named[prefix]
    assert [doors.find(path) for path in ("/", "/fhirstore", "", "/st", "//fhir")] == [None] * 5
