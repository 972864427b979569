"""A refusal of access: told outside in one sentence, and in the trail with what was asked for."""

from socle.kernel.access import ACCESS_REFUSED, Refused
from socle.kernel.accounts.actions import ACCESS_DENIED
from socle.kernel.accounts.acts.told import tell
from socle.kernel.audit.actions import Outcome
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.work import unit_id


def journaled(db: Database, refused: Refused) -> SocleError:
    """Write the refusal in a unit of its own. The reference given is that unit's number: an auditor finds the entry by
    it, and nobody learns anything from it."""
    told = {"permission": refused.permission.code, "structure": refused.structure}
    with db.unit() as unit:
        tell(unit, ACCESS_DENIED, refused.by, outcome=Outcome.REFUSED, **told)
        reference = unit_id(unit).hex()
    return SocleError(ACCESS_REFUSED, reference=reference)
