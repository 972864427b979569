"""What a service says of itself: the home page, `socle services`, `/services.json`, the documents and the tests
are drawn from it, and the gateway mounts nothing that is not in one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Any

from socle.kernel.access import PUBLIC, Permission, require_declared
from socle.kernel.schedules.when import When
from socle.kernel.settings import ServiceSettings

DEMO_KEY = "socle-demo"
"""The API key that a demonstration knows without its having been made; production refuses it."""


class Fidelity(StrEnum):
    """How far an endpoint is known to match the national one it stands for; `own` where it stands for none."""

    PUBLISHED = "published"
    OBSERVED = "observed"
    ASSUMED = "assumed"
    OWN = "own"


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
    works on this instance (`{key}` is replaced by an API key, `{base}` by its address). `by_door`: the door checks the
    permission itself, by a proof that sessions do not carry (a key, a token, the address of the caller)."""

    path: str
    methods: tuple[str, ...]
    title: Text
    fidelity: Fidelity
    source: str
    permission: Permission
    curl: str = ""
    by_door: bool = False

    def __post_init__(self) -> None:
        require_declared(self.path, self.permission)


@dataclass(frozen=True, slots=True)
class Mount:
    """An ASGI door and the path prefix it answers under; `app` is `module:attribute`, imported by the gateway only.
    `everywhere`: the process of the pages answers for it too."""

    prefix: str
    app: str
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page for people. `route` is a Django path without leading slash; `view` is `module:attribute`. A page that
    writes says so by its methods."""

    route: str
    name: str
    view: str
    title: Text
    permission: Permission
    menu: bool = False
    methods: tuple[str, ...] = ("GET",)

    def __post_init__(self) -> None:
        require_declared(self.route, self.permission)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A column or field that says something of a person (GDPR art. 30): why it is held and for how long. `where` lists
    columns as `table.column`, and fields of FHIR resources as `Type.field`. `kept_because` is the ground on which it
    stays when the person is erased (GDPR art. 17(3), or because it is published by law); without one it goes: by the
    service's part in erasures, or, where `by_kernel`, with the key and the sealed bytes that every erasure destroys."""

    where: str
    what: Text
    purpose: Text
    retention: Text
    kept_because: Text | None = None
    by_kernel: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A person of whom a service holds something: the identifier under which it does, and what it is."""

    subject: str
    what: Text


class LegalBasis(StrEnum):
    """Why processing is lawful: the letter of GDPR art. 6(1)."""

    CONSENT = "a"
    CONTRACT = "b"
    LEGAL_OBLIGATION = "c"
    PUBLIC_TASK = "e"
    LEGITIMATE_INTEREST = "f"


@dataclass(frozen=True, slots=True)
class Processing:
    """On what ground a service holds what it holds of persons, in which text of law or need (`why`), and who is given
    it (GDPR art. 13 and 30)."""

    basis: LegalBasis
    why: Text
    recipients: Text


@dataclass(frozen=True, slots=True)
class Retention:
    """What is forgotten when its time has come. `purge` is `module:attribute`, a callable `(unit) -> int` that takes
    away what is past its time and says how many rows that was."""

    name: str
    what: Text
    purge: str


@dataclass(frozen=True, slots=True)
class Job:
    """Work that comes back. `run` is `module:attribute`, a callable `(db) -> counts`: what it did, figures by name;
    what it raises is a failed run, tried again. `owner`: it needs rights that no serving process has; in production the
    owner of the tables runs it (`socle schedule run`)."""

    name: str
    title: Text
    when: When
    run: str
    owner: bool = False


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
class Listener:
    """Who hears events: `name` is kept with what is still to be heard and never changes; `kinds` are codes of events.
    `handler` is `module:attribute`, a callable `(unit, heard) -> None` that writes in the unit it is given; of one that
    is `outside`, who speaks with another machine, a callable `(db, heard) -> None` that may be called again for an
    event whose effect was not yet written down."""

    name: str
    kinds: tuple[str, ...]
    handler: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """`impersonal` lists the text and binary columns that say nothing of a person, as `table.column`: each such column
    is either there or in `personal_data`. `effects` is `module:attribute`, the Effects that verification of the audit
    trail compares with its entries. `export` is `module:attribute`, a callable `(session, subject) -> JSON value`
    of what is held of a person; `erase` one `(unit, subject) -> rows` that takes it away; `find` one
    `(session, words) -> list[Held]` of whom it holds something, by what one knows of them: an address, a number, an
    identifier, also that under which another service holds them. `rekey` is one
    `(unit, after) -> Rekeyed` that computes anew, in pieces, what was computed under an earlier master key."""

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
    notices: tuple[str, ...] = ()
    listeners: tuple[Listener, ...] = ()
    settings: type[ServiceSettings] | None = None
    personal_data: tuple[PersonalData, ...] = ()
    processing: Processing | None = None
    impersonal: tuple[str, ...] = ()
    retention: tuple[Retention, ...] = ()
    jobs: tuple[Job, ...] = ()
    effects: str = ""
    export: str = ""
    find: str = ""
    erase: str = ""
    rekey: str = ""
    counters: tuple[Counter, ...] = ()
    story: tuple[Story, ...] = ()
    health: str = ""
    django_app: str = ""
    order: int = field(default=100)

    def door(self) -> Page | None:
        """The page a visitor is led to from the service's room: one that is open to all."""
        opened = [page for page in self.pages if page.permission is PUBLIC]
        return next((page for page in opened if page.menu), opened[0] if opened else None)


def load_attribute(path: str) -> Callable[..., Any]:
    """The object a manifest names as `package.module:attribute`."""
    module, _, attribute = path.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found


def command(curl: str, base: str, *, demo: bool) -> str:
    """The `curl` of an endpoint or of a step of the visit, as one types it here."""
    key = DEMO_KEY if demo else "$ESANTE_API_KEY"
    return f"curl {curl.replace('{base}', base).replace('{key}', key)}" if curl else ""
