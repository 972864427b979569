"""The plan of the house: floors, rooms and steps of the visit as `rooms.toml` places them, filled with what the
manifests have built."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from socle.kernel.manifest import Manifest, Story, Text, Wing


@dataclass(frozen=True, slots=True)
class Room:
    """A place of the plan; `manifest` is None as long as nothing is built there."""

    name: str
    wing: Wing
    title: Text
    subtitle: Text
    manifest: Manifest | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    wing: Wing
    title: Text
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the visit; `story` is None as long as its service is to come."""

    order: int
    title: Text
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    floors: tuple[Floor, ...]
    steps: tuple[Step, ...]

    @property
    def rooms(self) -> list[Room]:
        return [room for floor in self.floors for room in floor.rooms]


@cache
def empty_plan() -> Plan:
    """The plan as drawn, before anything is built."""
    table = tomllib.loads((files("socle.app") / "rooms.toml").read_text("utf-8"))
    rooms = [
        Room(row["name"], Wing(row["wing"]), Text(**row["title"]), Text(**row["subtitle"]))
        for row in table["room"]
    ]
    floors = tuple(
        Floor(Wing(row["wing"]), Text(row["fr"], row["en"]), tuple(r for r in rooms if r.wing == row["wing"]))
        for row in table["floor"]
    )
    steps = tuple(Step(row["order"], Text(row["fr"], row["en"])) for row in table["step"])
    return Plan(floors, steps)


def plan_of(manifests: Sequence[Manifest]) -> Plan:
    """The plan with the rooms and steps of these manifests built."""
    built = {manifest.name: manifest for manifest in manifests}
    told = {story.order: story for manifest in manifests for story in manifest.story}
    drawn = empty_plan()
    floors = tuple(
        Floor(floor.wing, floor.title, tuple(_filled(room, built.get(room.name)) for room in floor.rooms))
        for floor in drawn.floors
    )
    steps = tuple(_told(step, told.get(step.order)) for step in drawn.steps)
    return Plan(floors, steps)


def _filled(room: Room, manifest: Manifest | None) -> Room:
    if manifest is None:
        return room
    return Room(room.name, room.wing, manifest.title, manifest.subtitle, manifest)


def _told(step: Step, story: Story | None) -> Step:
    return step if story is None else Step(step.order, story.title, story)
