"""Small territories as the official files state them, drawn so that sources meet, disagree, come and go.

A territory is a choice, for each person, structure and mailbox of a small pool, of one of a few ways to be told. Two
draws share the pool: what one file says and the next does not is then the ordinary case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from random import Random

from hypothesis import strategies as st

from socle.standards.annuaire.files import (
    ACTIVITY,
    DIPLOMA,
    FORMATS,
    MAILBOX,
    SEPARATOR,
    SKILL,
    FileFormat,
    Kind,
)

Grouped = Mapping[str, list[str]]
Choice = Mapping[str, int | None]

# RPPS, ADELI and numbers scoped by a structure.
PERSONS = ("810000000001", "810000000019", "810000000027", "0691234562", "3690000001/7")
ADDRESSES = ("a@t.mssante.example", "B@t.mssante.example", "c@t.mssante.example", "d@t.mssante.example")
WAYS = 12
_NAMES = ("DUPONT", "LE GOFF", "MÜLLER", "D'ARC", "ÉLAN")
_EVERYWHERE = ("690000001", "690000019", "R10109000000036", "C99000006900015", "")
# Numbers that no structure file describes as a site.
_LEGAL = ("690780101", "690000019", "")


def line(form: FileFormat, **columns: str) -> str:
    assert columns.keys() <= set(form.columns), columns.keys() - set(form.columns)
    return SEPARATOR.join(columns.get(name, "") for name in form.columns)


def identified(national_id: str) -> dict[str, str]:
    return {"id_type": national_id[0], "id": national_id[1:], "national_id": national_id}


def structure_columns(key: str, way: int) -> dict[str, str]:
    """A structure as one line tells it; the ways disagree on its name, town, sector and legal entity."""
    if not key:
        return {}
    random = Random(f"{key}/{way}")
    numbers = {"finess": key, "structure_id": f"F{key}"} if key[0].isdigit() else {"structure_id": key}
    if key[0] == "C":
        numbers = {"siret": key[1:], "siren": key[1:10], "structure_id": random.choice((key, ""))}
    town, code, department = random.choice((("LYON", "69003", "69"), ("Bourg-en-Bresse", "01000", "01")))
    return {
        **numbers,
        "finess_ej": random.choice(_LEGAL),
        "structure_name": random.choice(("CABINET", "CLINIQUE DE L'ÉTANG", "")),
        "trade_name": random.choice(("", "", "ENSEIGNE")),
        "street_number": str(way),
        "street_type": random.choice(("AV", "")),
        "street_name": "DES FABLES",
        "post_office": f"{code} {town} CEDEX",
        "postal_code": code,
        "commune_label": random.choice((town, town.upper())),
        "phone": random.choice(("0465710001", "")),
        "email": random.choice(("x@y.example", "")),
        "department": department,
        "former_structure_id": random.choice(("", f"1{key}")),
        "sector": random.choice(("SA01", "SA07", "SA99", "")),
        "sector_label": "Secteur",
    }


@lru_cache
def activity_lines(national_id: str, way: int) -> tuple[str, ...]:
    """One to four lines of a person: a line a skill and a place, with or without structure, mode and role."""
    random = Random(f"{national_id}/activity/{way}")
    person = {
        **identified(national_id),
        "civility": random.choice(("M", "MME", "")),
        "exercise_civility": random.choice(("DR", "")),
        "family_name": random.choice(_NAMES),
        "given_name": random.choice(("Anne", "")),
    }
    made = []
    for _ in range(random.randint(1, 4)):
        key = random.choice(_EVERYWHERE)
        made.append(
            line(
                ACTIVITY,
                **person,
                **_profession(random),
                **_skill(random),
                mode=random.choice(("S", "L", "")),
                role=random.choice(("", "", "FON-01", "318")),
                activity_kind=random.choice(("", "GENR01")),
                pharmacist_section=random.choice(("", "", "A")),
                authority=random.choice(("CNOM/CNOM/CNOM", "ARS/ARS/ARS")),
                **structure_columns(key, random.randrange(3)),
            )
        )
    return tuple(dict.fromkeys(made))


def _profession(random: Random) -> dict[str, str]:
    code, label = random.choice((("10", "Médecin"), ("60", "Infirmier"), ("", "")))
    return {"profession": code, "profession_label": label, "category": random.choice("CM") if code else ""}


def _skill(random: Random) -> dict[str, str]:
    code = random.choice(("SM26", "SM04", ""))
    return {"skill_type": "S" if code else "", "skill": code, "skill_label": "Une spécialité" if code else ""}


@lru_cache
def skill_lines(national_id: str, way: int) -> tuple[str, ...]:
    random = Random(f"{national_id}/skill/{way}")
    person = {**identified(national_id), "family_name": random.choice(_NAMES)}
    told = (
        line(SKILL, **person, **_profession(random), **_skill(random)) for _ in range(random.randint(1, 2))
    )
    return tuple(dict.fromkeys(told))


@lru_cache
def diploma_lines(national_id: str, way: int) -> tuple[str, ...]:
    random = Random(f"{national_id}/diploma/{way}")
    person = {**identified(national_id), "family_name": random.choice(_NAMES)}
    degree = line(DIPLOMA, **person, diploma_type="DE", diploma=random.choice(("DE05", "DE28")))
    right = line(
        DIPLOMA, **person, authorization_type="AM01", authorization_field=random.choice(("DAUT01", ""))
    )
    return ((degree,), (right,), (degree, right), (right, degree))[way % 4]


@lru_cache
def mailbox_lines(address: str, way: int) -> tuple[str, ...]:
    """An address of one or two holders: a person, a person in a place, a structure, or nobody that we know."""
    random = Random(f"{address}/{way}")
    made = []
    for _ in range(random.randint(1, 2)):
        person = random.choice((*PERSONS, "810000009999", "", ""))
        type_code, number = random.choice(
            (("1", "690000001"), ("4", "10109000000036"), ("1", "699999999"), ("", ""))
        )
        made.append(
            line(
                MAILBOX,
                mailbox_type="PER" if person else "ORG",
                address=address,
                **(identified(person) if person else {}),
                structure_id_type=type_code,
                structure_id=number,
                service=random.choice(("", "SECRETARIAT")),
                structure_name=random.choice(("", "CABINET")) if number else "",
                post_office="69003 LYON" if number else "",
                postal_code="69003" if number else "",
            )
        )
    return tuple(dict.fromkeys(made))


_TELLERS = {
    Kind.ACTIVITY: (activity_lines, PERSONS),
    Kind.SKILL: (skill_lines, PERSONS),
    Kind.DIPLOMA: (diploma_lines, PERSONS),
    Kind.MAILBOX: (mailbox_lines, ADDRESSES),
}


@dataclass(frozen=True)
class Territory:
    """What the four files say: all lines of each key, by kind of file."""

    told: Mapping[Kind, Grouped]

    def lines(self, kind: Kind) -> list[str]:
        return list(chain.from_iterable(self.told[kind].values()))

    def texts(self) -> dict[Kind, str]:
        return {kind: text_of(FORMATS[kind], self.lines(kind)) for kind in FORMATS}


def text_of(form: FileFormat, lines: Iterable[str]) -> str:
    return "\n".join((form.header, *lines)) + "\n"


def territory_of(choices: Mapping[Kind, Choice]) -> Territory:
    return Territory(
        {
            kind: {key: list(teller(key, way)) for key, way in choices[kind].items() if way is not None}
            for kind, (teller, _) in _TELLERS.items()
        }
    )


def _choices(keys: tuple[str, ...]) -> st.SearchStrategy[Choice]:
    way = st.none() | st.integers(0, WAYS - 1)
    return st.fixed_dictionaries(dict.fromkeys(keys, way))


territories: st.SearchStrategy[Territory] = st.fixed_dictionaries(
    {kind: _choices(keys) for kind, (_, keys) in _TELLERS.items()}
).map(territory_of)
