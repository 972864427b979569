"""What services declare of persons' data in their manifests, ready to be used: exports, erasures, retention."""

from typing import Any

from socle.app.manifests import house
from socle.kernel.db import Session
from socle.kernel.privacy.erasure import Eraser
from socle.kernel.privacy.holdings import Holdings
from socle.kernel.privacy.retention import Rule


def erasers() -> list[Eraser]:
    return Holdings(house()).erasers()


def exported(session: Session, subject: str) -> dict[str, Any]:
    """All that is held of a person, by service: what answers a request of access or portability (GDPR art. 15, 20)."""
    return Holdings(house()).exported(session, subject)


def retentions() -> list[Rule]:
    return Holdings(house()).retentions()
