"""What happens to a department in one day: moves, arrivals, departures, new names and telephones."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from socle.foundations.directory.demo import personas
from socle.foundations.directory.demo.chance import wheel
from socle.foundations.directory.demo.model import Department
from socle.foundations.directory.demo.names import NameSampler
from socle.foundations.directory.demo.people import MOST_PLACES, Recruiter
from socle.foundations.directory.demo.places import address, phone

_EVENTS = wheel(
    (
        ("moved", 0.40),
        ("activity_began", 0.20),
        ("activity_ended", 0.15),
        ("renamed", 0.10),
        ("arrived", 0.10),
        ("withdrawn", 0.05),
    ),
    1024,
)


class Day:
    """Applies the changes of one day to a department. Personas and their structures stay as they are."""

    def __init__(self, department: Department, random: Random, newcomers: Iterator[int]) -> None:
        self._department = department
        self._random = random
        self._newcomers = newcomers
        self._names = NameSampler(random)
        self._recruiter = Recruiter(department.structures, random, opening=False)
        with_personas = department.code == personas.DEPARTMENT
        self._first_person = personas.COUNT if with_personas else 0
        self._first_structure = personas.STRUCTURES if with_personas else 0

    def change(self, changes: int) -> None:
        for _ in range(changes):
            event = _EVENTS[int(self._random.random() * len(_EVENTS))]
            getattr(self, "_" + event)()

    def _someone(self) -> int:
        return self._random.randrange(self._first_person, len(self._department.people))

    def _moved(self) -> None:
        """A structure has a new telephone, one time in three a new address too: all who work there are
        touched.
        """
        structures = self._department.structures.all
        structure = structures[self._random.randrange(self._first_structure, len(structures))]
        structure.phone = phone(self._random, self._department.code)
        if self._random.random() < 0.33:
            structure.address = address(self._random)

    def _activity_began(self) -> None:
        person = self._department.people[self._someone()]
        if len(person.activities) < MOST_PLACES:
            self._recruiter.settle(person)

    def _activity_ended(self) -> None:
        """Never the last one: that would be a withdrawal."""
        person = self._department.people[self._someone()]
        if len(person.activities) > 1:
            ended = person.activities.pop()
            if person.mailbox_place == ended.structure:
                person.mailbox_place = -1

    def _renamed(self) -> None:
        person = self._department.people[self._someone()]
        person.family = self._names.family()

    def _arrived(self) -> None:
        person = self._recruiter.one(next(self._newcomers))
        self._department.postmaster.person(person, self._random)
        self._department.people.append(person)

    def _withdrawn(self) -> None:
        if len(self._department.people) > self._first_person + 1:
            self._department.people.pop(self._someone())
