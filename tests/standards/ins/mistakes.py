"""A labelled set of people and of the same people entered a second time with mistakes, always the same for a seed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from string import ascii_uppercase

from socle.standards.ins.traits import KNOWN_SEXES, Sex, Traits
from socle.territory.fr.geography import communes
from socle.territory.fr.names import given_names, surnames

FIRST_DAY = date(1930, 1, 1)
DAYS = 96 * 365


def person(random: Random) -> Traits:
    sex = random.choice(KNOWN_SEXES)
    listed = random.sample(given_names("F" if sex is Sex.FEMALE else "M"), random.randint(1, 3))
    if random.random() < 0.1:
        listed[0] = f"{listed[0]}-{listed.pop()}" if len(listed) > 1 else listed[0]
    names = random.sample(surnames(), 2)
    family = "-".join(names) if random.random() < 0.08 else names[0]
    born = FIRST_DAY + timedelta(days=random.randrange(DAYS))
    used = random.choice(surnames()) if sex is Sex.FEMALE and random.random() < 0.4 else ""
    place = random.choice(communes()).insee
    return Traits(family, listed[0], born, sex, place, " ".join(listed), used)


def mistyped(name: str, random: Random) -> str:
    rank = random.randrange(len(name))
    letter = random.choice(ascii_uppercase)
    following = name[rank + 1 : rank + 2]
    return random.choice(
        [
            name[:rank] + letter + name[rank + 1 :],
            name[:rank] + letter + name[rank:],
            name[:rank] + name[rank + 1 :] if len(name) > 2 else name,
            name[:rank] + following + name[rank] + name[rank + 2 :],
        ]
    )


def wrong_date(traits: Traits, random: Random) -> Traits:
    day = traits.birth_date
    near = [
        moved(day, day=day.month, month=day.day),
        moved(day, day=random.randint(1, 28)),
        moved(day, month=random.randint(1, 12)),
        moved(day, year=day.year + random.choice([-10, -1, 1, 10])),
        date(day.year, 1, 1),
    ]
    return replace(traits, birth_date=random.choice(near))


def moved(born: date, *, year: int = 0, month: int = 0, day: int = 0) -> date:
    try:
        return date(year or born.year, month or born.month, day or born.day)
    except ValueError:
        return born.replace(day=1)


def other_given_name(traits: Traits, random: Random) -> Traits:
    return replace(
        traits, first_given_name=random.choice(traits.given_names.split() or [traits.first_given_name])
    )


def name_in_use_for_birth_name(traits: Traits, _random: Random) -> Traits:
    return replace(traits, birth_name=traits.used_name or traits.birth_name, used_name="")


MISTAKES: list[Callable[[Traits, Random], Traits]] = [
    lambda one, random: replace(one, birth_name=mistyped(one.birth_name, random)),
    lambda one, random: replace(one, first_given_name=mistyped(one.first_given_name, random)),
    wrong_date,
    other_given_name,
    name_in_use_for_birth_name,
    lambda one, _: replace(one, birth_name=one.birth_name.replace("-", " ").title()),
    lambda one, _: replace(one, birth_name=one.first_given_name, first_given_name=one.birth_name),
    lambda one, _: replace(one, birth_place="99999"),
    lambda one, random: replace(one, birth_place=random.choice(communes()).insee),
    lambda one, _: replace(one, sex=Sex.INDETERMINATE),
    lambda one, _: replace(one, given_names=""),
]


def entered_twice(count: int, seed: int) -> list[tuple[Traits, Traits]]:
    """People, each with the same person entered again with one to three mistakes of different kinds."""
    random = Random(seed)
    pairs = []
    for _ in range(count):
        first = again = person(random)
        for mistake in random.sample(MISTAKES, random.randint(1, 3)):
            again = mistake(again, random)
        pairs.append((first, again))
    return pairs
