"""What a set of manifests must hold to."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.app.manifests import check, covers, house, menu
from socle.app.plan import empty_plan, plan_of
from socle.kernel.access import PUBLIC, Permission, PermissionMissing
from socle.kernel.manifest import Endpoint, Fidelity, Listener, Manifest, Mount, Page, Story, Text, Wing

NAME = Text("nom", "name")
PAGE = Page("annuaire", "search", "m:view", NAME, PUBLIC)
ENDPOINT = Endpoint("/fhir/v2/{type}", ("GET",), NAME, Fidelity.PUBLISHED, "spec", PUBLIC)
MOUNT = Mount("/fhir/v2", "m:door")
SOUND = Manifest(
    "directory", Wing.FOUNDATIONS, NAME, NAME, "RPPS+", mounts=(MOUNT,), endpoints=(ENDPOINT,), pages=(PAGE,)
)
OTHER = replace(SOUND, name="terminology", mounts=(), endpoints=(), pages=())


def test_this_house_is_sound() -> None:
    assert list(check(house())) == []


def test_a_sound_manifest_has_no_fault() -> None:
    assert list(check([SOUND, OTHER])) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "directory"}, "service declared twice: 'directory'"),
        ({"pages": (replace(PAGE, route="other"),)}, "page declared twice: 'search'"),
        ({"pages": (replace(PAGE, name="other"),)}, "route declared twice: 'annuaire'"),
        ({"mounts": (MOUNT,)}, "mount declared twice: '/fhir/v2'"),
        ({"mounts": (MOUNT,), "endpoints": (ENDPOINT,)}, "endpoint declared twice: 'GET /fhir/v2/{type}'"),
        ({"mounts": (Mount("/cs", "m:d"),)}, "mount /cs is described by no endpoint"),
        ({"endpoints": (replace(ENDPOINT, path="/cs/a"),)}, "endpoint /cs/a is under no mount"),
        ({"mounts": (Mount("cs/", "m:d"),)}, "mount 'cs/' must start with a slash"),
        ({"wing": Wing.CYBER}, "no room of that name on the floor cyber"),
        ({"name": "kitchen"}, "no room of that name on the floor foundations"),
    ],
)
def test_each_contradiction_is_named(changed: dict[str, Any], sentence: str) -> None:
    faults = list(check([SOUND, replace(OTHER, **changed)]))
    assert any(sentence in fault for fault in faults), faults


def test_what_stands_for_no_national_address_says_so() -> None:
    """The gateway stands for no national system; elsewhere, what is our own says so of its source too."""
    endpoints = [(manifest, endpoint) for manifest in house() for endpoint in manifest.endpoints]
    for manifest, endpoint in endpoints:
        assert (endpoint.fidelity is Fidelity.OWN) == endpoint.source.startswith("Socle"), endpoint.path
        assert manifest.system or endpoint.fidelity is Fidelity.OWN, endpoint.path


def test_two_services_cannot_tell_the_same_step() -> None:
    story = Story(1, NAME, NAME, "/a", "{base}/a")
    faults = list(check([replace(SOUND, story=(story,)), replace(OTHER, story=(story,))]))
    assert faults == ["step of the visit declared twice: '1'"]


def test_events_and_listeners_agree() -> None:
    told = replace(SOUND, events=("a.1",), listeners=(Listener("one", ("a.1",), "m:hear"),))
    assert list(check([told, OTHER])) == []
    assert list(check([told, replace(OTHER, events=("a.1",))])) == ["event declared twice: 'a.1'"]
    again = replace(OTHER, listeners=(Listener("one", ("a.1", "b.1"), "m:hear"),))
    assert list(check([told, again])) == [
        "listener declared twice: 'one'",
        "one listens to b.1, which no service announces",
    ]


def test_a_permission_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(PermissionMissing):
        Page("a", "a", "m:v", NAME, Permission("public", "copie", "copy"))


@given(st.text(st.sampled_from("/ab"), max_size=8), st.text(st.sampled_from("/ab"), max_size=8))
def test_a_prefix_covers_whole_segments_only(prefix: str, path: str) -> None:
    segments, wanted = path.split("/"), prefix.split("/")
    assert covers(prefix, path) == (segments[: len(wanted)] == wanted)


def test_the_menu_follows_the_order_of_the_manifests() -> None:
    first = replace(SOUND, order=1, pages=(replace(PAGE, menu=True, name="b"),))
    second = replace(OTHER, order=2, pages=(replace(PAGE, menu=True, name="a"), replace(PAGE, name="c")))
    assert [page.name for page in menu([second, first])] == ["b", "a"]


def test_the_plan_places_every_room_once_and_on_a_floor() -> None:
    rooms = empty_plan().rooms
    assert len({room.name for room in rooms}) == len(rooms)
    assert {floor.wing for floor in empty_plan().floors} == set(Wing)
    assert [step.order for step in empty_plan().steps] == list(range(1, 10))


def test_a_built_room_speaks_with_its_own_words() -> None:
    plan = plan_of([replace(SOUND, title=Text("Annuaire ouvert", "Open directory"))])
    built = [room for room in plan.rooms if room.manifest]
    assert [(room.name, room.title.fr) for room in built] == [("directory", "Annuaire ouvert")]
    assert len(plan.rooms) == len(empty_plan().rooms)


def test_a_told_step_takes_the_place_of_the_planned_one() -> None:
    story = Story(1, Text("Trouver le docteur", "Find the doctor"), NAME, "/annuaire", "")
    first, *others = plan_of([replace(SOUND, story=(story,))]).steps
    assert (first.title.fr, first.story) == ("Trouver le docteur", story)
    assert not any(step.story for step in others)
