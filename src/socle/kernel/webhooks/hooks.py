"""The rows: a webhook as it is read, and its secrets."""

from dataclasses import dataclass
from enum import StrEnum

import orjson

from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.envelopes import destroy
from socle.kernel.outbox.heard import Heard
from socle.kernel.outbox.states import SECOND
from socle.kernel.sealing import seal, unseal
from socle.kernel.webhooks.faults import UNKNOWN

_COLUMNS = (
    "id, url, kinds, state, reason, cursor, batch_message, batch_last, failures, failing_since, next_at, "
    "last_status, last_at, created"
)
_ONE = f"SELECT {_COLUMNS} FROM webhook WHERE id = ?1"
_ALL = f"SELECT {_COLUMNS} FROM webhook ORDER BY created, id"
_SECRETS = "SELECT secret_sealed, previous_sealed, previous_until FROM webhook WHERE id = ?1"

_LAST = "SELECT last FROM outbox_counter"
# Ten messages of the usual size.
_FAR_BEHIND = 1_000


class HookState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Hook:
    """Instants in microseconds, 0 for none. `reason` is why it is suspended, or what its last failure was."""

    id: str
    url: str
    kinds: frozenset[str]
    state: HookState
    reason: str
    cursor: int
    batch_message: str
    batch_last: int
    failures: int
    failing_since: int
    next_at: int
    last_status: int
    last_at: int
    created: int

    def hears(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


def hook(session: Session, id: str) -> Hook:
    """Raises SocleError(UNKNOWN)."""
    row = session.fetch_one(_ONE, id)
    if row is None:
        raise SocleError(UNKNOWN, id=id)
    return _hook(row)


def hooks(session: Session) -> list[Hook]:
    """All of them, the oldest first."""
    return [_hook(row) for row in session.fetch(_ALL)]


class Condition(StrEnum):
    """How a webhook does: LATE fails, or is far behind; STOPPED is not sent to."""

    WELL = "well"
    LATE = "late"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class HookFigures:
    """`behind` is how many events of the log the webhook has not gone past, whether it hears them or not; `failing` for
    how many seconds it has failed without a success; `silent` how long ago it last acknowledged something, when there
    is something for it."""

    id: str
    state: HookState
    behind: int
    failing: float
    silent: float

    @property
    def condition(self) -> Condition:
        if self.state is HookState.SUSPENDED:
            return Condition.STOPPED
        return Condition.LATE if self.failing or self.behind > _FAR_BEHIND else Condition.WELL


def figures(session: Session, now: int) -> list[HookFigures]:
    """For `/metrics` and the operator's pages, as of `now` (microseconds)."""
    last = last_number(session)
    return [figures_of(one, last, now) for one in hooks(session)]


def last_number(session: Session) -> int:
    """The number of the last event of the log."""
    return int(session.fetch(_LAST)[0][0])


def figures_of(one: Hook, last: int, now: int) -> HookFigures:
    """Those of one webhook, when `last` is the last number given."""
    behind = last - one.cursor
    failing = (now - one.failing_since) / SECOND if one.failing_since else 0.0
    silent = max(0, now - (one.last_at or one.created)) / SECOND if behind else 0.0
    return HookFigures(one.id, one.state, behind, failing, silent)


def _hook(row: tuple[object, ...]) -> Hook:
    id, url, kinds, state, *others = row
    return Hook(str(id), str(url), frozenset(orjson.loads(str(kinds))), HookState(str(state)), *others)  # type: ignore[arg-type]


def seal_key(unit: Unit, id: str, key: bytes) -> bytes:
    return seal(unit, _subject(id), _place(id), {"key": key.hex()})


def signing_keys(session: Session, id: str, now: int) -> list[bytes]:
    """The key in use, and for a while after a change the one before it."""
    row = session.fetch_one(_SECRETS, id)
    if row is None:
        raise SocleError(UNKNOWN, id=id)
    current, previous, until = row
    sealed = [current, previous] if previous is not None and now < until else [current]
    return [bytes.fromhex(unseal(session, _subject(id), _place(id), one)["key"]) for one in sealed]


def forget_key(unit: Unit, heard: Heard) -> None:
    """Listener: the key under which the secrets of a deleted webhook were sealed goes too. What serves pages may not
    remove keys; the worker may."""
    destroy(unit, _subject(str(heard.data["webhook"])))


def _subject(id: str) -> str:
    return f"webhook:{id}"


def _place(id: str) -> str:
    return f"webhook:{id}:secret"
