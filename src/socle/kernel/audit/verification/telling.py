"""What the trail says of itself: erasures, purges, keys, clocks. Verification judges the rest by it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from socle.kernel.audit.entry import micros_of, stamp
from socle.kernel.audit.introductions import introduced_key
from socle.kernel.audit.verification.documents import TELLING, read
from socle.kernel.audit.verification.findings import ERASURE_FORGED, PURGE_FORGED, Finding
from socle.kernel.audit.vouching import BOUNDARIES, ERASED, REMOVING, Standing, believable, standing


@dataclass(frozen=True, slots=True)
class Purge:
    """Entries before position `size`, and older than `before` (microseconds), were removed. `keys` is the digest of
    the keys that they introduced; `by` is who removed them, `at` when (RFC 3339)."""

    size: int
    before: int
    keys: str
    by: str = ""
    at: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"size": self.size, "before": stamp(self.before), "by": self.by, "at": self.at}


@dataclass(frozen=True, slots=True)
class _Removal:
    position: int
    document: dict[str, Any]
    standing: Standing


@dataclass(slots=True)
class Told:
    """`erased` is, by subject, the position of the last erasure; `introduced`, by key, that of its introduction. `acts`
    gives, for each action whose effects are looked for, (unit in hexadecimal, target) of its entries. `unvouched` are
    the positions of purges and erasures that are believed without proof: made by an earlier version, or under a master
    key that is not held any more."""

    erased: dict[str, int] = field(default_factory=dict)
    introduced: dict[bytes, int] = field(default_factory=dict)
    set_back: set[tuple[str, str]] = field(default_factory=set)
    purge: Purge | None = None
    purged_before: int = 0
    events_purged_before: int = 0
    acts: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    unvouched: list[int] = field(default_factory=list)
    removals: list[_Removal] = field(default_factory=list)
    boundaries: dict[int, str] = field(default_factory=dict)

    @property
    def listens_to(self) -> frozenset[str]:
        """The actions that `hear` wants to know."""
        return TELLING | self.acts.keys()

    def hear(self, position: int, facts: bytes) -> None:
        """Purges and erasures count once `settle` has judged them."""
        document = read(facts)
        if document is None:
            return
        action = document["action"]
        if (acts := self.acts.get(action)) is not None:
            acts.add((document["unit"], str(document.get("target", ""))))
        if action in REMOVING:
            self.removals.append(_Removal(position, document, standing(document)))
        elif action in BOUNDARIES:
            if standing(document) is Standing.HOLDS:
                self.boundaries[position] = action
        elif action == "clock.set-back":
            data = _data(document)
            self.set_back.add((str(data.get("before")), str(data.get("after"))))
        elif (key := introduced_key(document)) is not None:
            self.introduced.setdefault(key, position)

    def settle(self) -> Iterator[Finding]:
        """Once everything was heard: what removes is believed, or found to be forged and then not believed."""
        for one in self.removals:
            if not believable(one.standing, one.position, self.boundaries):
                kind = ERASURE_FORGED if one.document["action"] == ERASED else PURGE_FORGED
                yield Finding(kind, f"entry {one.position}")
                continue
            if one.standing is not Standing.HOLDS:
                self.unvouched.append(one.position)
            self._believe(one)

    def bound(self, floor: int, first: int) -> None:
        """`first` is the instant of the first kept entry, at position `floor`. A purge says nothing of what is younger;
        those of earlier versions left one entry of an act of which they took the others."""
        self.purged_before = min(self.purge.before, first + 1) if self.purge and floor else 0

    def _believe(self, removal: _Removal) -> None:
        document, data = removal.document, _data(removal.document)
        match document["action"]:
            case "privacy.erased":
                self.erased[str(document.get("subject", ""))] = removal.position
            case "audit.purged":
                size = data.get("size")
                if isinstance(size, int) and (self.purge is None or size >= self.purge.size):
                    actor = document["actor"]
                    by = f"{actor['kind']}:{actor['id']}"
                    self.purge = Purge(size, _instant(data), str(data.get("keys")), by, document["at"])
            case _:
                self.events_purged_before = max(self.events_purged_before, _instant(data))


def _data(document: dict[str, Any]) -> dict[str, Any]:
    data = document.get("data")
    return data if isinstance(data, dict) else {}


def _instant(data: dict[str, Any]) -> int:
    try:
        return micros_of(str(data.get("before")))
    except ValueError:
        return 0
