"""Named stores and what each promises."""

from collections.abc import Callable
from dataclasses import dataclass, field

from socle.engines.fhirstore.parameters import Canonical, SearchParameter, TypeParameters, by_type, same
from socle.engines.fhirstore.references import nowhere
from socle.kernel.access import Permission
from socle.kernel.db import Session, Unit

OPEN_ENDED = 2_147_483_647


@dataclass(frozen=True)
class TypeProfile:
    """What a store promises for one type: profiles, includes and reverse includes (`Type:param`)."""

    type: str
    profiles: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    reverse_includes: tuple[str, ...] = ()


def no_limit() -> int:
    """`_lastUpdated` may go back as far as one likes."""
    return 0


@dataclass(frozen=True)
class StoreDefinition:
    """One named store. `canonical` gives the name in force of an identifier or code system, so that older ones are
    accepted. `aliases` does the same for parameter names, per type. `beside` are the service's own tables whose rows
    hold over this store's transactions (columns valid_from, valid_to): an abandoned transaction is undone there too.
    `delta_days` limits how far back `_lastUpdated` may go (0: no limit). `base` is the public address of the store's
    door, without trailing slash: references under it are the store's own."""

    name: str
    title: str
    permission: Permission
    types: tuple[TypeProfile, ...]
    declared: tuple[SearchParameter, ...]
    canonical: Canonical = same
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    implementation_guide: str = ""
    beside: tuple[str, ...] = ()
    delta_days: Callable[[], int] = no_limit
    base: Callable[[], str] = nowhere
    parameters: dict[str, TypeParameters] = field(init=False)
    profiles: dict[str, TypeProfile] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", self._parameters())
        object.__setattr__(self, "profiles", {profile.type: profile for profile in self.types})

    def _parameters(self) -> dict[str, TypeParameters]:
        without = {
            profile.type: TypeParameters(profile.type, (), self.canonical, self.base)
            for profile in self.types
        }
        return without | by_type(self.declared, self.canonical, self.base)

    def reference(self, path: str) -> SearchParameter | None:
        """The reference parameter named `Type:param`."""
        type_name, _, code = path.partition(":")
        known = self.parameters.get(type_name)
        found = known.by_code.get(code) if known else None
        return found if found and found.kind == "reference" else None


@dataclass(frozen=True, slots=True)
class StoreRow:
    id: int
    published: int
    next_transaction: int
    next_rid: int


_FIND = "SELECT id, published, next_transaction, next_rid FROM fhirstore_store WHERE name = ?1"


def find_store(session: Session, name: str) -> StoreRow | None:
    row = session.fetch_one(_FIND, name)
    return StoreRow(*row) if row else None


def ensure_store(unit: Unit, name: str) -> StoreRow:
    """The store's row, made when the store is used for the first time; of those who make it at once, one does."""
    while (found := find_store(unit, name)) is None:
        unit.execute(
            "INSERT INTO fhirstore_store (id, name, published, next_transaction, next_rid) "
            "SELECT COALESCE(MAX(id), 0) + 1, ?1, 0, 1, 1 FROM fhirstore_store WHERE true ON CONFLICT DO NOTHING",
            name,
        )
    return found


def published_counts(session: Session, store: int, number: int) -> str:
    """JSON object {type: resources} of a published transaction; `{}` before the first."""
    row = session.fetch_one(
        "SELECT counts FROM fhirstore_transaction WHERE store = ?1 AND number = ?2", store, number
    )
    return str(row[0]) if row else "{}"
