"""A key stands as long as its owner may keep keys: it ends when they leave, or hold no role for it any more.

The keys of the operator have no owner, and stay with the installation.
"""

from socle.kernel.access import OWN_API_KEYS
from socle.kernel.accounts import grants
from socle.kernel.accounts.actions import HAS_LEFT, ROLE_ENDED
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.apikeys.acts import close
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.outbox.heard import Heard

HEARD_OF = (HAS_LEFT.code, ROLE_ENDED.code)
_OPEN = "FROM apikeys_key WHERE ended IS NULL AND (expires IS NULL OR expires > ?1)"


def hear(unit: Unit, heard: Heard) -> None:
    """Listener: ends the keys of who left, or of who holds no role any more that keeps keys. A role that was given
    back meanwhile, or is held twice, keeps them."""
    account = str(heard.data["account"])
    left = heard.kind == HAS_LEFT.code or heard.data["reason"] == "leaver"
    if heard.kind == HAS_LEFT.code or not _keeps_keys(unit, account):
        _end_all(unit, account, "owner-left" if left else "owner-role-ended")


def end_orphaned(db: Database) -> dict[str, int]:
    """The job: what no event tells. A role that was lent ends on its last day in silence, and a key may be made while
    its owner is leaving."""
    ended = 0
    with db.unit() as unit:
        for (owner,) in unit.fetch(f"SELECT DISTINCT owner {_OPEN} AND owner <> ''", micros()):
            if not _keeps_keys(unit, owner):
                ended += _end_all(unit, owner, "owner-role-ended")
    return {"keys-ended": ended}


def _keeps_keys(session: Session, account: str) -> bool:
    return any(one.held in OWN_API_KEYS.roles for one in grants.of_account(session, account))


def _end_all(unit: Unit, owner: str, reason: str) -> int:
    rows = unit.fetch(f"SELECT id {_OPEN} AND owner = ?2 ORDER BY id", micros(), owner)
    for (id,) in rows:
        close(unit, BY_SYSTEM, id, {"reason": reason})
    return len(rows)
