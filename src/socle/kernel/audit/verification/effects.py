"""What acts leave outside of the trail, against the entries that tell of it: neither stands without the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from socle.kernel.audit.verification.findings import EFFECT_MISSING, EFFECT_UNTOLD, Finding
from socle.kernel.audit.verification.telling import Told
from socle.kernel.audit.verification.units import unit_place
from socle.kernel.db import Session
from socle.kernel.work import began

Left = tuple[bytes, str]


@dataclass(frozen=True, slots=True)
class Effects:
    """`action` is the code of the entries which say that such a thing was made. `rows` gives, for each thing that is
    there, the unit that made it (16 bytes; none when the row has lost it) and the target that its entry names."""

    action: str
    rows: Callable[[Session], Iterable[Left]]


def check_effects(session: Session, effects: Effects, told: Told) -> Iterator[Finding]:
    """What is older than the last purge of the trail has no entry any more, and need not have one."""
    missing = set(told.acts.get(effects.action, ()))
    for unit, target in effects.rows(session):
        if (unit.hex(), target) in missing:
            missing.remove((unit.hex(), target))
        elif not unit or began(unit) >= told.purged_before:
            yield Finding(EFFECT_UNTOLD, target, (("action", effects.action),))
    for made_by, target in sorted(missing):
        yield Finding(EFFECT_MISSING, unit_place(bytes.fromhex(made_by)), (("target", target),))
