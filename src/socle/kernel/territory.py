"""What the code needs to know of the country served, without naming it."""

from functools import cache
from importlib import import_module
from typing import Any

from socle.kernel.settings import settings


def facts(subject: str) -> Any:
    """The module `socle.territory.<SOCLE_TERRITORY>.<subject>`; ModuleNotFoundError when the territory lacks it."""
    return _module(settings().territory, subject)


# Every act asks for the day.
@cache
def _module(territory: str, subject: str) -> Any:
    return import_module(f"socle.territory.{territory}.{subject}")
