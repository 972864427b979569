"""What a service says of itself: the home page, `socle services`, `/services.json`, the documents and the tests
are drawn from it, and the gateway mounts nothing that is not in one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Any

from socle.kernel.access import Permission, require_declared
from socle.kernel.settings import ServiceSettings


class Fidelity(StrEnum):
    """How far an endpoint is known to match the national one it stands for."""

    PUBLISHED = "published"
    OBSERVED = "observed"
    ASSUMED = "assumed"


class Wing(StrEnum):
    """The floors of the house, from the ground up."""

    GROUND = "ground"
    FOUNDATIONS = "foundations"
    RULES = "rules"
    PLATFORMS = "platforms"
    CYBER = "cyber"
    STEERING = "steering"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    fr: str
    en: str

    def of(self, lang: str) -> str:
        return self.fr if lang == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Standard:
    name: str
    version: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A protocol address. `path` is absolute and may hold `{name}` parts; `curl` is the argument of a command that
    works on this instance (`{base}` is replaced by its address)."""

    path: str
    methods: tuple[str, ...]
    title: Text
    fidelity: Fidelity
    source: str
    permission: Permission
    curl: str = ""

    def __post_init__(self) -> None:
        require_declared(self.path, self.permission)


@dataclass(frozen=True, slots=True)
class Mount:
    """An ASGI door and the path prefix it answers under; `app` is `module:attribute`, imported by the gateway only."""

    prefix: str
    app: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page for people. `route` is a Django path without leading slash; `view` is `module:attribute`."""

    route: str
    name: str
    view: str
    title: Text
    permission: Permission
    menu: bool = False

    def __post_init__(self) -> None:
        require_declared(self.route, self.permission)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A column or field that says something of a person (GDPR art. 30): why it is held and for how long."""

    where: str
    what: Text
    purpose: Text
    retention: Text


@dataclass(frozen=True, slots=True)
class Counter:
    """One figure shown in a room. `read` is `module:attribute`, a callable `(db) -> int | str | None`."""

    label: Text
    read: str


@dataclass(frozen=True, slots=True)
class Story:
    """One step of the guided visit: what happens, and the commands that show it."""

    order: int
    title: Text
    tells: Text
    page: str
    curl: str
    check: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    wing: Wing
    title: Text
    subtitle: Text
    system: str
    standards: tuple[Standard, ...] = ()
    mounts: tuple[Mount, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    pages: tuple[Page, ...] = ()
    events: tuple[str, ...] = ()
    settings: type[ServiceSettings] | None = None
    personal_data: tuple[PersonalData, ...] = ()
    counters: tuple[Counter, ...] = ()
    story: tuple[Story, ...] = ()
    health: str = ""
    django_app: str = ""
    order: int = field(default=100)

    def door(self) -> Page | None:
        """The page a visitor is led to from the service's room."""
        return next((page for page in self.pages if page.menu), self.pages[0] if self.pages else None)


def load_attribute(path: str) -> Callable[..., Any]:
    """The object a manifest names as `package.module:attribute`."""
    module, _, attribute = path.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found
