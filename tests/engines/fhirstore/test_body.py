"""A resource's bytes: what was put is what is served, but for what the server says itself."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.engines.fhirstore.body import content_of, type_and_id
from socle.engines.fhirstore.bundle import subset
from socle.standards.fhir.json import dump, parse
from tests.support.fhir_client import Caller
from tests.support.fhir_store import changes_of, publish, store_like, without_server_meta

names = st.sampled_from(("name", "note", "_name", "extension", "text"))
values = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2) | st.dictionaries(names, inner, min_size=1, max_size=2)
    ),
    max_leaves=5,
)
metas = st.dictionaries(st.sampled_from(("source", "tag", "versionId", "lastUpdated")), st.text(max_size=4))


@st.composite
def resources(draw: st.DrawFn) -> dict[str, Any]:
    rest = draw(st.dictionaries(names, values, max_size=3))
    meta = draw(st.none() | metas)
    return {"resourceType": "Basic", "id": "a-1.B", **({"meta": meta} if meta is not None else {}), **rest}


@given(resource=resources())
def test_the_content_is_all_but_what_the_server_says(resource: dict[str, Any]) -> None:
    content = content_of(resource)
    assert (content.type, content.id) == ("Basic", "a-1.B")
    again = {"resourceType": "Basic", "id": "a-1.B", "meta": parse(content.meta), **json.loads(content.rest)}
    assert again == without_server_meta(resource)
    relabelled = {**resource, "meta": {**resource.get("meta", {}), "versionId": "9", "lastUpdated": "2025"}}
    assert content_of(relabelled).digest == content.digest


@given(resource=resources(), other=resources())
def test_contents_that_differ_have_other_digests(resource: dict[str, Any], other: dict[str, Any]) -> None:
    ours, theirs = content_of(resource), content_of(other)
    assert (ours.digest == theirs.digest) is ((ours.meta, ours.rest) == (theirs.meta, theirs.rest))


def test_numbers_keep_the_digits_they_were_written_with(caller: Caller) -> None:
    numbers = b'[{"url":"urn:x","valueDecimal":1.10},{"valueDecimal":1e-2}]'
    written = b'{"resourceType":"Device","id":"1","extension":' + numbers + b"}"
    resource = parse(written)
    assert isinstance(resource, dict)
    store = store_like()
    publish(caller.db, store, changes_of(resource))
    served = caller.ask(store, "GET", "Device/1").content
    assert b'"valueDecimal":1.10}' in served
    assert b'"valueDecimal":1e-2}' in served
    assert type_and_id(served) == ("Device", "1")
    again = parse(served)
    assert isinstance(again, dict)
    assert dump(without_server_meta(again)) == dump({**resource, "meta": {}})


@pytest.mark.parametrize(
    "elements", [("name",), ("_name", "extension"), ("nothing",), ("id", "meta", "name")]
)
def test_a_subset_holds_what_was_asked_for_and_says_so(elements: tuple[str, ...]) -> None:
    whole: dict[str, Any] = {
        "resourceType": "Basic",
        "id": "1",
        "meta": {"tag": [{"code": "x"}]},
        "name": "n",
        "_name": {"id": "2"},
    }
    cut = json.loads(subset(dump(whole), elements))
    assert cut.keys() - {"resourceType", "id", "meta"} <= {
        name for one in elements for name in (one, f"_{one}")
    }
    assert [tag["code"] for tag in cut["meta"]["tag"]] == ["x", "SUBSETTED"]
    assert ("name" in cut) is ("name" in elements)
