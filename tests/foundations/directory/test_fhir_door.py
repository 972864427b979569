"""The FHIR API over HTTP: reads, searches, result parameters, and what the CapabilityStatement promises."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import format_datetime
from typing import Any

import pytest

from socle.engines.fhirstore.write import writing
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.clock import now
from socle.kernel.db import Database
from socle.standards.annuaire import systems
from tests.conftest import ENGINES
from tests.support import fhir_oracle as oracle
from tests.support.fhir_client import Bundle, walk
from tests.support.fhir_queries import INCLUDES, REVERSE_INCLUDES
from tests.support.fhir_server import DELETED, HOSPITAL, Served, serving

JSON = "application/fhir+json"


@pytest.fixture(scope="module", params=ENGINES)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(request.param, request, tmp_path_factory.mktemp("served")) as opened:
        yield opened


def bundle(served: Served, target: str) -> Bundle:
    answer = served.get(target)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(JSON)
    return Bundle.read(answer)


# -- Reading


def test_a_read_gives_the_resource_with_its_version(served: Served) -> None:
    answer = served.get(f"Organization/{HOSPITAL}")
    resource = answer.json()
    assert (answer.status_code, resource["id"], resource["name"]) == (200, HOSPITAL, "HÔPITAL DES FABLES")
    assert answer.headers["content-type"] == "application/fhir+json;charset=utf-8"
    assert answer.headers["etag"] == f'W/"{resource["meta"]["versionId"]}"'
    assert answer.headers["last-modified"].endswith("GMT")
    assert resource["meta"]["lastUpdated"].endswith("Z")
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_head_tells_what_get_would(served: Served) -> None:
    for target in (f"Organization/{HOSPITAL}", "Organization?name=fables&_count=1", "metadata"):
        told, got = served.client.head(target), served.get(target)
        assert (told.status_code, told.content) == (200, b"")
        for name in ("content-type", "etag", "last-modified"):
            assert told.headers.get(name) == got.headers.get(name)
    assert served.client.head("Organization/nobody").status_code == 404


@pytest.mark.parametrize("held", ['W/"1"', '"1"', '"7", W/"1"', "*", 'w/"1"'])
def test_who_holds_the_version_is_not_sent_it_again(served: Served, held: str) -> None:
    answer = served.get(f"Organization/{HOSPITAL}", **{"If-None-Match": held})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", 'W/"1"')


@pytest.mark.parametrize("held", ['W/"2"', '"11"', "1", 'W/"', "", "é", "W/1"])
def test_who_holds_another_version_is_sent_this_one(served: Served, held: str) -> None:
    answer = served.client.get(f"Organization/{HOSPITAL}", headers={b"If-None-Match": held.encode()})
    assert answer.status_code == 200


def test_a_date_says_as_much_when_no_version_is_named(served: Served) -> None:
    target = f"Organization/{HOSPITAL}"
    modified = served.get(target).headers["last-modified"]
    for since, status in (
        (modified, 304),
        (format_datetime(now(), usegmt=True), 304),
        ("Mon, 06 Jan 2020 00:00:00 GMT", 200),
        ("yesterday", 200),
        ("Mon, 06 Jan 99999 00:00:00 GMT", 200),
        ("Mon, 06 Jan 2020 00:00:00 -9999", 200),
    ):
        assert served.get(target, **{"If-Modified-Since": since}).status_code == status, since
    both = {"If-None-Match": 'W/"9"', "If-Modified-Since": modified}
    assert served.get(target, **both).status_code == 200


def test_many_readers_at_once_each_get_what_they_asked_for(served: Served) -> None:
    ids = bundle(served, "Practitioner?_count=200").ids
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda fid: served.get(f"Practitioner/{fid}"), ids * 2))
    assert [answer.json()["id"] for answer in answers] == ids * 2


# -- Searching

QUERIES = (
    "",
    "family=dup&_count=3",
    f"identifier={systems.RPPS}|&_total=accurate&_count=1",
    "name:contains=an&active=true",
    "given=%C3%89,M&_elements=name",
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_by_post_is_the_search_by_get(served: Served, query: str) -> None:
    got = bundle(served, f"Practitioner?{query}")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    posted = served.client.post("Practitioner/_search", content=query, headers=form)
    mixed = served.client.post(f"Practitioner/_search?{query}", content="", headers=form)
    for answer in (posted, mixed):
        assert answer.status_code == 200
        found = Bundle.read(answer)
        assert (found.ids, found.total, found.links["self"]) == (got.ids, got.total, got.links["self"])


def test_a_search_set_says_what_it_is(served: Served) -> None:
    found = bundle(served, "Practitioner?active=true&_count=2")
    assert (len(found.ids), found.raw["total"] > 2, found.raw["id"]) == (2, True, found.raw["id"])
    for entry in found.raw["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"{served.base}/Practitioner/{resource['id']}"
        assert served.client.get(entry["fullUrl"]).json() == resource
    assert found.links["self"] == f"{served.base}/Practitioner?active=true&_count=2"
    nothing = bundle(served, "Practitioner?family=nobody-bears-this-name")
    assert (nothing.total, "entry" in nothing.raw, set(nothing.links)) == (0, False, {"self"})


def test_pages_hold_while_the_store_changes(served: Served) -> None:
    first = bundle(served, "PractitionerRole?_count=60&_include=PractitionerRole:practitioner")
    expected = bundle(served, "PractitionerRole?_count=2500")
    names = iter(range(1_000))
    db = Database(served.url)

    def between() -> None:
        number = next(names)
        with writing(db, PUBLIC, "meanwhile") as writer:
            writer.put({"resourceType": "PractitionerRole", "id": f"new-{number}", "active": True})
            writer.put({**expected.matches[number], "language": "en"})
            writer.delete("PractitionerRole", expected.ids[-1 - number])

    def ask(link: str) -> Bundle:
        return bundle(served, link)

    try:
        forward = walk(ask, first, "next", between)
        backward = walk(ask, forward[-1], "previous", between)
        assert [one for page in forward for one in page.matches] == expected.matches
        assert [one for page in reversed(backward) for one in page.matches] == expected.matches
        assert bundle(served, "PractitionerRole?_count=2500").ids != expected.ids
    finally:
        put_back(db, expected)
        db.close()


def put_back(db: Database, expected: Bundle) -> None:
    with writing(db, PUBLIC, "put back") as writer:
        for resource in expected.matches:
            writer.put(resource)
        for number in range(100):
            writer.delete("PractitionerRole", f"new-{number}")


@pytest.mark.parametrize(
    ("value", "status", "size"),
    [("0", 200, 0), ("1", 200, 1), ("2500", 200, None), ("10000", 200, None), ("999999999", 200, None)]
    + [(wrong, 400, None) for wrong in ("-1", "a", "", "1.5", " 1", "9" * 30, "%D9%A3")],
)
def test_the_size_of_a_page(served: Served, value: str, status: int, size: int | None) -> None:
    answer = served.get(f"Practitioner?_count={value}")
    assert answer.status_code == status
    if size is not None:
        found = Bundle.read(answer)
        assert (len(found.ids), (found.total or 0) > 200) == (size, True)


@pytest.mark.parametrize(("value", "told"), [("none", False), ("estimate", True), ("accurate", True)])
def test_the_total_is_told_when_asked_for(served: Served, value: str, told: bool) -> None:
    found = bundle(served, f"Practitioner?family:contains=a&_count=1&_total={value}")
    assert ("total" in found.raw) is told
    assert served.get("Practitioner?_total=maybe").status_code == 400


def test_elements_are_cut_and_said_to_be(served: Served) -> None:
    found = bundle(served, "Practitioner?_elements=name,identifier&_count=5")
    tag = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
    for resource in found.matches:
        assert (
            {"resourceType", "id", "meta"}
            <= resource.keys()
            <= {"resourceType", "id", "meta", "name", "identifier"}
        )
        assert tag in resource["meta"]["tag"]
        whole = served.get(f"Practitioner/{resource['id']}").json()
        assert resource.get("name") == whole.get("name")
        assert resource["identifier"] == whole["identifier"]


def test_included_resources_come_once_and_are_not_counted(served: Served) -> None:
    asked = "_count=30&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization"
    found = bundle(served, f"PractitionerRole?{asked}")
    keys = [(one["resourceType"], one["id"]) for one in found.included]
    assert len(keys) == len(set(keys))
    assert {kind for kind, _ in keys} == {"Practitioner", "Organization"}
    named = {
        tuple(one[name]["reference"].split("/"))
        for one in found.matches
        for name in ("practitioner", "organization")
        if name in one
    }
    assert set(keys) == named
    assert bundle(served, f"PractitionerRole?{asked.replace('&_include', '', 0)}").total == found.total
    starred = bundle(served, "PractitionerRole?_count=30&_include=*")
    assert starred.included == found.included


def test_what_refers_to_a_match_is_included_backwards(served: Served) -> None:
    asked = "".join(f"&_revinclude={path}" for path in REVERSE_INCLUDES["Organization"])
    found = bundle(served, f"Organization?_id={HOSPITAL}{asked}")
    assert (found.ids, found.total) == ([HOSPITAL], 1)
    assert {one["resourceType"] for one in found.included} == {
        "Device",
        "HealthcareService",
        "PractitionerRole",
    }


def test_a_deleted_target_is_not_included(served: Served) -> None:
    found = bundle(served, "PractitionerRole?_id=005-1&_include=*")
    assert [one["id"] for one in found.included] == [HOSPITAL]
    assert served.get(f"Practitioner/{DELETED}").status_code == 410


def test_what_is_not_understood_is_ignored_and_said_on_demand(served: Served) -> None:
    lenient = served.get("Practitioner?family=dup&colour=red", Prefer="handling=lenient")
    found = Bundle.read(lenient)
    assert found.ids == bundle(served, "Practitioner?family=dup").ids
    assert found.links["self"] == f"{served.base}/Practitioner?family=dup"
    (outcome,) = found.outcomes
    assert outcome["issue"][0]["severity"] == "warning"
    assert "colour" in outcome["issue"][0]["diagnostics"]
    assert served.get("Practitioner?family=dup&colour=red").status_code == 400
    assert served.get("Practitioner?colour=red", Prefer="handling=strict").status_code == 400


@pytest.mark.parametrize(
    "wanted", ["json", JSON, "application/json", "application/fhir%2Bjson;fhirVersion=4.0"]
)
def test_json_may_be_asked_for_under_its_names(served: Served, wanted: str) -> None:
    for target in (f"Organization/{HOSPITAL}", "Organization", "metadata"):
        assert served.get(f"{target}?_format={wanted}").status_code == 200
        assert served.get(f"{target}?_format={wanted}", Accept="application/fhir+xml").status_code == 200


@pytest.mark.parametrize(
    "accept", [JSON, "application/json", "*/*", "text/html", "application/xml;q=0.5, */*;q=0.1"]
)
def test_json_is_what_is_served(served: Served, accept: str) -> None:
    for target in (f"Organization/{HOSPITAL}", "Organization", "metadata"):
        answer = served.get(target, Accept=accept)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, JSON)


# -- What is promised is served


@pytest.fixture(scope="module")
def promised(served: Served) -> dict[str, dict[str, Any]]:
    statement = served.get("metadata").json()
    assert (statement["resourceType"], statement["fhirVersion"], statement["kind"]) == (
        "CapabilityStatement",
        "4.0.1",
        "instance",
    )
    return {resource["type"]: resource for resource in statement["rest"][0]["resource"]}


def test_the_promise_is_what_the_oracle_proves(promised: dict[str, dict[str, Any]]) -> None:
    for type_name, resource in promised.items():
        listed = {one["name"]: one["type"] for one in resource["searchParam"]}
        proven = {code: kind for code, (kind, _) in oracle.PARAMETERS[type_name].items()}
        assert listed == {**proven, "_id": "token", "_lastUpdated": "date"}
        assert resource.get("searchInclude", []) == (
            ["*", *INCLUDES[type_name]] if type_name in INCLUDES else []
        )
        assert resource.get("searchRevInclude", []) == list(REVERSE_INCLUDES.get(type_name, ()))
        assert [one["code"] for one in resource["interaction"]] == ["read", "search-type"]


EXAMPLES = {"token": "1", "string": "a", "date": "2025", "reference": "1", "uri": "urn:x"}


def test_every_promised_parameter_answers(served: Served, promised: dict[str, dict[str, Any]]) -> None:
    for type_name, resource in promised.items():
        for parameter in resource["searchParam"]:
            name, value = parameter["name"], EXAMPLES[parameter["type"]]
            assert bundle(served, f"{type_name}?{name}={value}&_count=0").total is not None
            assert served.get(f"{type_name}?{name}=").status_code == 400
        for path in (*resource.get("searchInclude", ()), ""):
            assert served.get(f"{type_name}?_count=1&_include={path}").status_code == 200
        for path in (*resource.get("searchRevInclude", ()), ""):
            assert served.get(f"{type_name}?_count=1&_revinclude={path}").status_code == 200


def test_what_is_not_promised_is_refused(served: Served, promised: dict[str, dict[str, Any]]) -> None:
    every = {one["name"] for resource in promised.values() for one in resource["searchParam"]}
    for type_name, resource in promised.items():
        for name in sorted(every - {one["name"] for one in resource["searchParam"]}):
            assert served.get(f"{type_name}?{name}=1").status_code == 400, (type_name, name)
        for path in (
            "Organization:foo",
            "Patient:organization",
            "Practitioner",
            ":",
            "a:b:c:d",
            "Device:type",
        ):
            assert served.get(f"{type_name}?_include={path}").status_code == 400, (type_name, path)


def test_every_promised_parameter_finds_what_bears_it(
    served: Served, promised: dict[str, dict[str, Any]]
) -> None:
    """On the village: the resources found by a value are those that the oracle finds among all."""
    for type_name, resource in promised.items():
        everyone = {one["id"]: one for one in bundle(served, f"{type_name}?_count=2500").matches}
        for parameter in resource["searchParam"]:
            for name, value in a_criterion(type_name, parameter["name"], list(everyone.values())):
                found = Bundle.read(served.client.get(type_name, params={name: value, "_count": "2500"}))
                world = {(type_name, fid): oracle.Held(one, 1, 0) for fid, one in everyone.items()}
                assert set(found.ids) == oracle.search(world, type_name, [(name, value)]), (name, value)
                assert found.ids


def a_criterion(type_name: str, code: str, everyone: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """A value that some resource bears, when one does."""
    if code == "_id":
        return [(code, everyone[0]["id"])]
    if code == "_lastUpdated":
        return []
    kind, look = oracle.PARAMETERS[type_name][code]
    value = next((found[0] for one in everyone if (found := look(one))), None)
    if value is None:
        return []
    if kind == "token":
        return [(code, "|".join(part or "" for part in value))]
    return [(code, str(value)[:5] if kind == "string" else str(value))]
