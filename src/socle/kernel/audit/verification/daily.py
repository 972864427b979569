"""The daily verification: what it found is the outcome of its run, which operators and auditors see."""

from collections.abc import Mapping

from socle.kernel.audit.faults import TRAIL_UNSOUND
from socle.kernel.audit.verification.run import verify
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.manifest import load_attribute
from socle.kernel.privacy.holdings import holdings

JOB = "audit.verify"


def verify_daily(db: Database) -> Mapping[str, int]:
    """What was compared. Raises SocleError(TRAIL_UNSOUND) on any finding: the run has failed, and operators hear of it.

    One process: it is night, and others serve beside it.
    """
    effects = [load_attribute(one.effects) for one in holdings().manifests if one.effects]
    report = verify(db, processes=1, effects=effects)  # type: ignore[arg-type]
    if report.findings:
        raise SocleError(TRAIL_UNSOUND, count=len(report.findings))
    return {"entries": report.entries, "heads": report.heads, "units": report.units, "size": report.size}
