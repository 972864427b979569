"""How large the demonstration territory is, and how it is cut into departments."""

from __future__ import annotations

from dataclasses import dataclass, replace

from socle.territory.fr.geography import departments
from socle.territory.fr.population import populations

# From Lyon outwards: the order in which a larger territory takes its departments.
_AROUND_LYON = (
    "69",
    "01",
    "38",
    "42",
    "71",
    "26",
    "07",
    "73",
    "74",
    "43",
    "03",
    "39",
    "63",
    "21",
    "05",
    "84",
    "58",
)


@dataclass(frozen=True, slots=True)
class Size:
    """Persons and structures to make, and the weight of each department among them."""

    name: str
    persons: int
    structures: int
    weights: tuple[tuple[str, int], ...]

    def times(self, factor: int) -> Size:
        """This size over `factor` departments, each with its own communes, people and structures.

        ValueError when the country has not that many departments, or when the size already covers several.
        """
        if len(self.weights) > 1 or not 1 <= factor <= len(departments()):
            raise ValueError(f"{self.name} cannot be taken {factor} times")
        others = [code for code in departments() if code not in _AROUND_LYON]
        chosen = [*_AROUND_LYON, *others][:factor]
        return replace(
            self,
            name=f"{self.name}-x{factor}",
            persons=self.persons * factor,
            structures=self.structures * factor,
            weights=tuple((code, 1) for code in chosen),
        )

    def parts(self) -> tuple[Part, ...]:
        """The territory cut by department; persons and structures add up exactly."""
        persons = share(self.persons, [weight for _, weight in self.weights])
        structures = share(self.structures, [weight for _, weight in self.weights])
        parts, first_person, first_structure = [], 0, 0
        for (code, _), some_persons, some_structures in zip(self.weights, persons, structures, strict=True):
            parts.append(Part(code, some_persons, some_structures, first_person, first_structure))
            first_person += some_persons
            first_structure += some_structures
        return tuple(parts)


@dataclass(frozen=True, slots=True)
class Part:
    """One department of a territory, and the ranks, in the whole of it, of its first person and structure."""

    department: str
    persons: int
    structures: int
    first_person: int
    first_structure: int


def share(total: int, weights: list[int]) -> list[int]:
    """`total` cut in whole numbers in proportion of the weights, by largest remainder."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda rank: -(total * weights[rank] % whole))
    for rank in by_remainder[: total - sum(shares)]:
        shares[rank] += 1
    return shares


VILLAGE = Size("village", 300, 80, (("69", 1),))
TOWN = Size("town", 4_000, 900, (("69", 7), ("01", 1), ("38", 1), ("42", 1)))
DEPARTMENT = Size("department", 40_000, 9_000, (("69", 1),))
NATION = Size(
    "nation",
    1_300_000,
    292_500,
    tuple((population.department, population.inhabitants) for population in populations().values()),
)

SIZES = {size.name: size for size in (VILLAGE, TOWN, DEPARTMENT, NATION)}
