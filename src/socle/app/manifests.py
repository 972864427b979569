"""The services of this house, in the order in which they are set up, and what a set of manifests must hold to.

A service exists when it is named here: its pages, doors, tables and settings are found through its manifest and
nowhere else.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from socle.app.plan import empty_plan
from socle.kernel.access import require_declared
from socle.kernel.manifest import Manifest, Page, load_attribute

if TYPE_CHECKING:
    from socle.kernel.audit.verification import Effects

MODULES: tuple[str, ...] = (
    "socle.engines.fhirstore.manifest",
    "socle.kernel.audit.manifest",
    "socle.kernel.outbox.manifest",
    "socle.kernel.webhooks.manifest",
    "socle.kernel.schedules.manifest",
    "socle.kernel.keyring.manifest",
    "socle.kernel.certificates.manifest",
    "socle.kernel.privacy.manifest",
    "socle.kernel.apikeys.manifest",
    "socle.kernel.accounts.manifest",
    "socle.kernel.notify.manifest",
    "socle.foundations.terminology.manifest",
    "socle.foundations.directory.manifest",
    "socle.app.manifest",
)


class ManifestFault(RuntimeError):
    """The manifests contradict each other or the plan: the program refuses to start."""


@cache
def house() -> tuple[Manifest, ...]:
    """The manifests, checked. Raises ManifestFault with every contradiction found."""
    found = tuple(import_module(module).MANIFEST for module in MODULES)
    faults = list(check(found))
    if faults:
        raise ManifestFault("; ".join(faults))
    return found


def effects() -> "list[Effects]":
    """What the services leave outside of the audit trail, for its verification."""
    return [load_attribute(manifest.effects) for manifest in house() if manifest.effects]  # type: ignore[misc]


def menu(manifests: Sequence[Manifest]) -> tuple[Page, ...]:
    """The pages of the main menu, in the order that the manifests ask for."""
    ordered = sorted(manifests, key=lambda manifest: manifest.order)
    return tuple(page for manifest in ordered for page in manifest.pages if page.menu)


def check(manifests: Sequence[Manifest]) -> Iterator[str]:
    """One sentence per contradiction; none when the house is sound."""
    yield from _twice("service", (m.name for m in manifests))
    yield from _twice("page", (p.name for m in manifests for p in m.pages))
    yield from _twice("route", (p.route for m in manifests for p in m.pages))
    yield from _twice("mount", (d.prefix for m in manifests for d in m.mounts))
    yield from _twice(
        "endpoint", (f"{v} {e.path}" for m in manifests for e in m.endpoints for v in e.methods)
    )
    yield from _twice("step of the visit", (str(s.order) for m in manifests for s in m.story))
    yield from _twice("event", (event for m in manifests for event in m.events))
    yield from _twice("kind of notification", (notice for m in manifests for notice in m.notices))
    yield from _twice("listener", (listener.name for m in manifests for listener in m.listeners))
    announced = {event for m in manifests for event in m.events}
    for listener in (listener for m in manifests for listener in m.listeners):
        for code in set(listener.kinds) - announced:
            yield f"{listener.name} listens to {code}, which no service announces"
    placed = {room.name: room.wing for room in empty_plan().rooms}
    for manifest in manifests:
        yield from _alone(manifest)
        if placed.get(manifest.name) != manifest.wing:
            yield f"{manifest.name}: rooms.toml has no room of that name on the floor {manifest.wing.value}"


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{what} declared twice: {name!r}"
        seen.add(name)


def _alone(manifest: Manifest) -> Iterator[str]:
    """What a manifest must hold to by itself: permissions, and doors and endpoints that cover each other."""
    for where, permission in [(p.route, p.permission) for p in manifest.pages] + [
        (e.path, e.permission) for e in manifest.endpoints
    ]:
        require_declared(f"{manifest.name} {where}", permission)
    for mount in manifest.mounts:
        if not mount.prefix.startswith("/") or mount.prefix.endswith("/"):
            yield f"{manifest.name}: mount {mount.prefix!r} must start with a slash and not end with one"
        if not any(covers(mount.prefix, endpoint.path) for endpoint in manifest.endpoints):
            yield f"{manifest.name}: mount {mount.prefix} is described by no endpoint"
    for endpoint in manifest.endpoints:
        if not any(covers(mount.prefix, endpoint.path) for mount in manifest.mounts):
            yield f"{manifest.name}: endpoint {endpoint.path} is under no mount"


def covers(prefix: str, path: str) -> bool:
    """Whether a door at `prefix` answers `path`: whole path segments, `/fhir` does not cover `/fhirstore`."""
    return path == prefix or path.startswith(f"{prefix}/")
