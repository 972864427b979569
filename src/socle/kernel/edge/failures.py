"""What a failure that no door expected is told as, and what the log keeps of it."""

import logging

from socle.kernel.errors import DISK_FULL, UNEXPECTED, SocleError
from socle.kernel.full_disk import met, says_full

log = logging.getLogger("socle.edge")


def expected(failure: Exception, *, method: str, path: str, reference: str) -> SocleError:
    """The refusal itself; for anything else an error that tells the reference under which it is logged. The path comes
    without its query: what a person searched for does not belong in a log."""
    if isinstance(failure, SocleError):
        return failure
    where = {"request_id": reference, "method": method, "path": path}
    if says_full(failure):
        met()
        log.error(
            "the disk is full: %(method)s %(path)s [%(request_id)s]", where, extra=where, exc_info=failure
        )
        return SocleError(DISK_FULL)
    log.error("unexpected: %(method)s %(path)s [%(request_id)s]", where, extra=where, exc_info=failure)
    return SocleError(UNEXPECTED, reference=reference)
