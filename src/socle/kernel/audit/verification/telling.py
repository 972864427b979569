"""What the trail says of itself: erasures, purges, keys, clocks. Verification judges the rest by it."""

from dataclasses import dataclass, field
from typing import Any

from socle.kernel.audit.entry import micros_of
from socle.kernel.audit.introductions import introduced_key
from socle.kernel.audit.verification.documents import TELLING, read


@dataclass(frozen=True, slots=True)
class Purge:
    """Entries before position `size`, and older than `before` (microseconds), were removed. `keys` is the digest of
    the keys that they introduced."""

    size: int
    before: int
    keys: str


@dataclass(slots=True)
class Told:
    """`erased` is, by subject, the position of the last erasure; `introduced`, by key, that of its introduction. `acts`
    gives, for each action whose effects are looked for, (unit in hexadecimal, target) of its entries."""

    erased: dict[str, int] = field(default_factory=dict)
    introduced: dict[bytes, int] = field(default_factory=dict)
    set_back: set[tuple[str, str]] = field(default_factory=set)
    purge: Purge | None = None
    events_purged_before: int = 0
    acts: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    @property
    def listens_to(self) -> frozenset[str]:
        """The actions that `hear` wants to know."""
        return TELLING | self.acts.keys()

    def hear(self, position: int, facts: bytes) -> None:
        document = read(facts)
        if document is None:
            return
        data = document.get("data")
        data = data if isinstance(data, dict) else {}
        if (acts := self.acts.get(document["action"])) is not None:
            acts.add((document["unit"], str(document.get("target", ""))))
        match document["action"]:
            case "privacy.erased":
                self.erased[str(document.get("subject", ""))] = position
            case "clock.set-back":
                self.set_back.add((str(data.get("before")), str(data.get("after"))))
            case "audit.purged":
                self._purged(data)
            case "outbox.purged":
                self.events_purged_before = max(self.events_purged_before, _instant(data))
            case _:
                key = introduced_key(document)
                if key is not None:
                    self.introduced.setdefault(key, position)

    def _purged(self, data: dict[str, Any]) -> None:
        size = data.get("size")
        if isinstance(size, int) and (self.purge is None or size >= self.purge.size):
            self.purge = Purge(size, _instant(data), str(data.get("keys")))


def _instant(data: dict[str, Any]) -> int:
    try:
        return micros_of(str(data.get("before")))
    except ValueError:
        return 0
