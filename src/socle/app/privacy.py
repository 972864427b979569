"""What services declare of persons' data in their manifests, ready to be used: exports, erasures, retention."""

from typing import Any

from socle.app.manifests import house
from socle.kernel.db import Session
from socle.kernel.manifest import load_attribute
from socle.kernel.privacy.erasure import Eraser
from socle.kernel.privacy.retention import Rule


def erasers() -> list[Eraser]:
    """Each service's part of an erasure."""
    return [load_attribute(manifest.erase) for manifest in house() if manifest.erase]


def exported(session: Session, subject: str) -> dict[str, Any]:
    """All that is held of a person, by service: what answers a request of access or portability (GDPR art. 15, 20)."""
    return {
        manifest.name: load_attribute(manifest.export)(session, subject)
        for manifest in house()
        if manifest.export
    }


def retentions() -> list[Rule]:
    """What is forgotten when its time has come."""
    return [
        Rule(manifest.name, rule.name, load_attribute(rule.purge))
        for manifest in house()
        for rule in manifest.retention
    ]
