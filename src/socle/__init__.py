"""Socle: a national digital-health platform that runs on one machine."""

__version__ = "0.1.0"
