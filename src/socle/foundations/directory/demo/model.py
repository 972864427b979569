"""One department of the demonstration, whole: its structures and its people."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from socle.foundations.directory.demo import personas
from socle.foundations.directory.demo.mailboxes import Postmaster
from socle.foundations.directory.demo.people import Person, Recruiter
from socle.foundations.directory.demo.sizes import Part, Size
from socle.foundations.directory.demo.structures import Builder, Structures


@dataclass(slots=True)
class Department:
    """What the files say of a department. A person's activities name structures by their rank here."""

    part: Part
    structures: Structures
    people: list[Person]
    postmaster: Postmaster

    @property
    def code(self) -> str:
        return self.part.department

    def stated_structures(self) -> int:
        """How many structures somebody works in: no file states the others."""
        return len(
            {act.structure for person in self.people for act in person.activities if act.structure >= 0}
        )


def build(size: Size, part: Part, seed: int) -> Department:
    """The department as the seed makes it: same arguments, same result, on every machine."""
    random = Random(f"{seed}/{size.name}/{part.department}")
    structures, people = Structures(), []
    builder = Builder(part, random)
    if part.department == personas.DEPARTMENT:
        people = personas.settle(builder, structures)
    builder.build(structures, part.structures - len(structures.all))
    recruiter = Recruiter(structures, random)
    ranks = range(part.first_person, part.first_person + part.persons - len(people))
    others = [recruiter.one(rank) for rank in ranks]
    recruiter.fill(others)
    people += others
    postmaster = Postmaster(part.department)
    for person in people:
        postmaster.person(person, random)
    for structure in structures.all:
        postmaster.structure(structure, random)
    return Department(part, structures, people, postmaster)
