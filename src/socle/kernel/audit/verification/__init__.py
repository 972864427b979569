"""Verification of the whole trail, from the database alone: what is wrong, where, and how far what is well vouches."""

from socle.kernel.audit.verification.effects import Effects
from socle.kernel.audit.verification.findings import CATALOGUE, Finding, FindingKind
from socle.kernel.audit.verification.run import Report, verify

__all__ = ["CATALOGUE", "Effects", "Finding", "FindingKind", "Report", "verify"]
