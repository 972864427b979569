"""Which events of the house become which notifications, and for whom."""

from collections.abc import Callable

from socle.kernel.db import Unit
from socle.kernel.notify.kinds import NoticeKind
from socle.kernel.notify.told import accounts, operation, privacy
from socle.kernel.outbox.heard import Heard

Teller = Callable[[Unit, Heard], None]
TELLERS: dict[str, Teller] = {**accounts.TELLERS, **operation.TELLERS, **privacy.TELLERS}
NOTICES = tuple(
    kind.code
    for module in (accounts, operation, privacy)
    for kind in vars(module).values()
    if isinstance(kind, NoticeKind)
)
"""The kinds of notifications that the kernel itself declares."""


def hear(unit: Unit, heard: Heard) -> None:
    """The handler of the listener `notify`."""
    TELLERS[heard.kind](unit, heard)
