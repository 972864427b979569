"""The professionals of one department: who they are, what they may do, where they do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import NamedTuple

from socle.foundations.directory.demo.kinds import OFFICE, SHARED_ROOMS
from socle.foundations.directory.demo.names import NameSampler
from socle.foundations.directory.demo.professions import (
    EMPLOYERS,
    HAS_SPECIALTY,
    PROFILE_WHEEL,
    ROLES,
    SECOND_SKILLS,
    SPECIALTIES,
    Profile,
    Skill,
)
from socle.foundations.directory.demo.structures import Structures
from socle.standards.annuaire.identifiers import luhn_key
from socle.territory.fr.names import Gender

# RPPS numbers that begin with 8997, 8998 and 8999 are given to nobody. The first hundred thousand stay free
# for named personas and tests.
_RPPS_BASE = 8_997_100_000

MOST_PLACES = 4
_NOWHERE = -1


class Activity(NamedTuple):
    """One line of work. `structure` is a rank in the department, -1 for a role without structure; the others
    are codes: mode TRE_R23, role TRE_R21 or R85, section TRE_R06, kind TRE_R22.
    """

    structure: int
    mode: str
    role: str
    section: str
    kind: str


@dataclass(slots=True)
class Person:
    """A professional. `diploma` (TRE_R48) and `authorization` (field, TRE_R18) may be empty."""

    rpps: str
    gender: Gender
    family: str
    given: str
    profile: Profile
    profession: str
    category: str
    title: str
    authority: str
    skills: tuple[Skill, ...] = ()
    activities: list[Activity] = field(default_factory=list)
    diploma: str = ""
    authorization: str = ""
    # Address of the personal mailbox, and the activity it is tied to (-1: the person's everywhere).
    mailbox: str = ""
    mailbox_place: int = _NOWHERE

    @property
    def national_id(self) -> str:
        return "8" + self.rpps


def rpps(rank: int) -> str:
    """The fictional RPPS number of this rank, its key included."""
    base = str(_RPPS_BASE + rank)
    return base + str(luhn_key(base))


class Recruiter:
    """Makes the people of a department and gives them places; no structure stays empty."""

    def __init__(self, structures: Structures, random: Random, *, opening: bool = True) -> None:
        """`opening`: the structures have nobody yet, the first people go to the empty ones."""
        self._structures = structures
        self._random = random.random
        self._names = NameSampler(random)
        empty = structures.by_kind if opening else {}
        self._empty = {kind: list(ranks) for kind, ranks in empty.items() if kind != OFFICE}

    def one(self, rank: int) -> Person:
        """A person with skills and places."""
        draw = self._random
        profile = PROFILE_WHEEL[int(draw() * len(PROFILE_WHEEL))]
        gender: Gender = "F" if draw() < profile.women else "M"
        family, given = self._names.full(gender)
        person = Person(rpps(rank), gender, family, given, profile, profile.code, "C", "", profile.authority)
        self._qualify(person)
        self._place(person)
        return person

    def _qualify(self, person: Person) -> None:
        draw, profile = self._random(), person.profile
        if not profile.code:
            person.profession, person.category = ("99", "C") if draw < 0.25 else ("", "")
            return
        if draw < 0.004:
            person.category, person.authority = "M", "SSA"
        elif draw < 0.03 and profile.code == "10":
            person.category = "E"
        if profile.doctor and person.category != "E":
            person.title = "DR" if draw < 0.985 else "PR"
        if person.category != "E" and draw < 0.9:
            person.diploma = profile.diploma
        if profile.code == "10" and 0.5 < draw < 0.515:
            person.authorization = f"DAUT{1 + int(draw * 100_000) % 41:02d}"
        self._specialise(person)

    def _specialise(self, person: Person) -> None:
        code = person.profession
        if self._random() >= HAS_SPECIALTY.get(code, 0.0) or person.category == "E":
            return
        table = SPECIALTIES[code]
        person.skills = (table[int(self._random() * len(table))],)
        draw = self._random()
        if code == "10" and draw < 0.04:
            person.skills += (SECOND_SKILLS[int(draw / 0.04 * len(SECOND_SKILLS))],)

    def _place(self, person: Person) -> None:
        """0 to 4 places: most people have one, one in twelve none."""
        draw = self._random()
        if draw < 0.075:
            return
        liberal = person.category == "C" and self._random() < person.profile.liberal
        if liberal and draw < 0.1:
            # A locum practises everywhere: a role without structure.
            person.activities.append(Activity(_NOWHERE, "L", "FON-22", "", "GENR02"))
            return
        places = 1 if draw < 0.54 else 2 if draw < 0.85 else 3 if draw < 0.96 else MOST_PLACES
        self.settle(person, liberal=liberal)
        for _ in range(places - 1):
            self.settle(person, liberal=liberal and self._random() < 0.6)

    def settle(self, person: Person, *, liberal: bool = False) -> None:
        """Find the person one more place, in practice or employed."""
        place = self._practice(person) if liberal else self._employer(person)
        if place != _NOWHERE:
            self.give(person, place)

    def _practice(self, person: Person) -> int:
        """A free practice of the person's own, else one shared with people of the same room."""
        room = person.profile.room
        free = self._structures.free_offices.get(room)
        shared = self._structures.shared.get(room, [])
        if free and (self._random() < 0.5 or not shared):
            return free.pop()
        if not shared:
            return _NOWHERE
        return shared[int(len(shared) * self._random())]

    def _employer(self, person: Person) -> int:
        employers = EMPLOYERS[person.profile]
        kind = "military" if person.category == "M" else employers[int(self._random() * len(employers))]
        empty = self._empty.get(kind)
        if empty:
            return empty.pop()
        ranks = self._structures.by_kind.get(kind) or self._structures.by_kind.get("hospital", [])
        # Squared: the first structures of a kind are the large ones.
        return ranks[int(len(ranks) * self._random() ** 2)] if ranks else _NOWHERE

    def give(self, person: Person, place: int) -> None:
        """Let the person work in a structure, once, in the way its kind and their profession call for."""
        if any(activity.structure == place for activity in person.activities):
            return
        structure = self._structures.all[place]
        person.activities.append(Activity(place, *self._work(person, structure.kind.id)))
        if structure.kind.id == OFFICE and not structure.name:
            title = {"DR": "DU DR", "PR": "DU PR"}.get(person.title, "MME" if person.gender == "F" else "M")
            structure.name = structure.recipient = f"CABINET {title} {person.given.upper()} {person.family}"

    def _work(self, person: Person, kind: str) -> tuple[str, str, str, str]:
        """Mode, role, section and kind of activity."""
        draw = self._random()
        if not person.profile.code:
            return "S", *_role(draw)
        if person.category == "E":
            return "S", "FON-48", "", "GENR01"
        if person.profession == "21":
            return *_pharmacist(kind, draw), "GENR01"
        if kind == OFFICE:
            return "L", "FON-01", "", "GENR01"
        if kind in SHARED_ROOMS:
            role = "FON-02" if kind == "partners" else "FON-01" if draw < 0.7 else "FON-17"
            return ("L", "FON-22", "", "GENR02") if draw > 0.95 else ("L", role, "", "GENR01")
        if kind == "laboratory" and person.profession == "10":
            return "L", "FON-41", "", "GENR01"
        if draw > 0.998:
            return "B", "FON-AU", "", "GENR04"
        role = (
            "FON-43"
            if person.profession == "60" and draw < 0.03
            else "FON-29"
            if kind == "work"
            else "FON-33"
        )
        return "S", role, "", "GENR04" if draw > 0.97 else "GENR01"

    def fill(self, people: list[Person]) -> None:
        """Give every structure that is still empty somebody who could work there."""
        able: dict[str, list[Person]] = {}
        for person in people:
            if person.category != "E":
                for wanted in _could_work(person.profile):
                    able.setdefault(wanted, []).append(person)
        for wanted, places in (*self._empty.items(), *self._structures.free_offices.items()):
            for place in places:
                self.give(self._somebody(able.get(wanted) or people), place)

    def _somebody(self, people: list[Person]) -> Person:
        """One of these people, rather one who has room for another place."""
        for _ in range(8):
            person = people[int(len(people) * self._random())]
            if len(person.activities) < MOST_PLACES:
                break
        return person


@cache
def _could_work(profile: Profile) -> tuple[str, ...]:
    """The kinds of structures that employ this profession, and the room where it practises."""
    return (profile.room, *(kind for kind, _ in profile.works_at))


def _role(draw: float) -> tuple[str, str, str]:
    role, kind = ROLES[int(draw * len(ROLES))]
    return role, "", kind


def _pharmacist(kind: str, draw: float) -> tuple[str, str, str]:
    """Mode, role, and section of the Order (TRE_R06) of a pharmacist."""
    if kind == "pharmacy":
        return ("L", "FON-03", "A") if draw < 0.42 else ("S", "FON-05", "D")
    if kind == "laboratory":
        return ("L", "FON-40", "G") if draw < 0.5 else ("S", "FON-41", "G")
    if kind == "industry":
        return "S", "FON-33", "B"
    return ("S", "FON-37", "H") if draw < 0.2 else ("S", "FON-33", "H")
