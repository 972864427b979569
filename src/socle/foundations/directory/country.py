"""What the directory's pages need to know of the country served: departments, populations, usual names."""

from collections.abc import Mapping
from functools import cache

from socle.kernel.territory import facts


@cache
def department_names() -> Mapping[str, str]:
    """The name of each department, by code."""
    return {code: department.name for code, department in facts("geography").departments().items()}


@cache
def inhabitants() -> Mapping[str, int]:
    """Inhabitants of each department, by code."""
    return {code: population.inhabitants for code, population in facts("population").populations().items()}


@cache
def population_source() -> tuple[str, tuple[int, ...]]:
    """Who counted the inhabitants, and the years of the counts."""
    known = facts("population")
    return known.SOURCE, tuple(sorted({population.year for population in known.populations().values()}))


@cache
def common_names() -> tuple[str, ...]:
    """The most borne surnames and given names."""
    names = facts("names")
    return (*names.surnames(), *names.given_names("F"), *names.given_names("M"))


@cache
def tiles() -> Mapping[str, tuple[int, int]]:
    """(column, row) of each department on a map in tiles."""
    return {code: (tile.column, tile.row) for code, tile in facts("tiles").tiles().items()}
