"""Engines: machines that services are built on; they know no service."""
