"""Who works in the demonstration territory: professions in their true proportions, where and how they
practise.

Shares (`data/professions.csv`) are rounded from the numbers that the DREES publishes for RPPS (2023-2024).
Roles without a profession (RPPS+) are rarer than they will be: their registration is recent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from socle.foundations.directory.demo.chance import wheel
from socle.standards.package_data import csv_rows


@dataclass(frozen=True, slots=True)
class Profile:
    """One profession, or the people with a role and no profession (`code` empty).

    `share`: of all persons. `women`, `liberal`: chances. `room`: the practice in which the self-employed
    meet. `works_at`: kinds of structures that employ, and their weights. `diploma`: code of TRE_R48.
    """

    code: str
    share: float
    women: float
    liberal: float
    room: str
    works_at: tuple[tuple[str, float], ...]
    authority: str
    doctor: bool
    diploma: str


class Skill(NamedTuple):
    """Type (TRE_R04) and code of a savoir-faire."""

    type: str
    code: str


def _profile(row: dict[str, str]) -> Profile:
    words = row["works_at"].split()
    works_at = tuple((kind, float(weight)) for kind, weight in zip(words[::2], words[1::2], strict=True))
    return Profile(
        code=row["code"],
        share=float(row["share"]),
        women=float(row["women"]),
        liberal=float(row["liberal"]),
        room=row["room"],
        works_at=works_at,
        authority=row["authority"],
        doctor=row["doctor"] == "yes",
        diploma=row["diploma"],
    )


PROFILES = tuple(_profile(row) for row in csv_rows(__package__, "data", "professions.csv"))

PROFILE_WHEEL = wheel(((profile, profile.share) for profile in PROFILES), 8192)
EMPLOYERS = {profile: wheel(profile.works_at, 256) for profile in PROFILES}

# Roles of TRE_R85 held without a profession, each with its kind of activity (TRE_R22).
ROLES = wheel(
    (((r["role"], r["kind"]), float(r["weight"])) for r in csv_rows(__package__, "data", "roles.csv")), 256
)

HAS_SPECIALTY = {"10": 0.93, "40": 0.08, "60": 0.006}
_SKILLS = csv_rows(__package__, "data", "skills.csv")


def _skills(holder: str) -> tuple[Skill, ...]:
    rows = (row for row in _SKILLS if row["profession"] == holder)
    return wheel((Skill(row["type"], row["code"]), float(row["weight"])) for row in rows)


# Specialties (TRE_R38) in proportion of who holds them, by profession; and what some physicians add to
# theirs.
SPECIALTIES = {profession: _skills(profession) for profession in HAS_SPECIALTY}
SECOND_SKILLS = _skills("second")

# Rooms of the practices of one professional, in proportion of the self-employed of each.
ROOMS = wheel(((p.room, p.share * p.liberal) for p in PROFILES if p.room and p.liberal), 512)
